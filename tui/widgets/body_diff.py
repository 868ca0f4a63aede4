"""What differs between two exchanges as rows: a glyph, the path, what it was and what it is. Wrapped, never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.text import clean
from tui.widgets.exchange_head import Row, fold
from tui.widgets.lines import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.exchanges.diff import Change, Part

_PARTS = ("text", "key", "string", "number", "constant", "punctuation", "note", "error", "title")


def rows_of_parts(parts: Sequence[Part], width: int) -> list[Row]:
    """Return the rows of every part, wrapped to ``width``."""
    rows: list[Row] = []
    for part in parts:
        if rows:
            rows.append([])
        rows += fold("", part.title, "title", width)
        if part.note:
            rows += fold("  ", part.note, "note", width)
        for change in part.changes:
            rows += _change(change, width)
        if part.more:
            rows += fold("  ", f"… and {part.more:,} more", "note", width)
    return rows


def _change(change: Change, width: int) -> list[Row]:
    path, before, now = clean(change.path), clean(change.before), clean(change.now)
    label = f"{change.glyph} {path}{': ' if path else ''}"
    if change.glyph != "~":
        return fold(label, before or now, "error" if change.glyph == "-" else "string", width)
    if cell_len(label) + cell_len(before) + cell_len(now) + 3 <= width:
        return [[(label, "key"), (before, "error"), (" → ", "punctuation"), (now, "string")]]
    return [
        *fold("", label.rstrip(": "), "key", width),
        *fold("    was ", before, "error", width),
        *fold("    now ", now, "string", width),
    ]


class DiffLines(LineView):
    """Scrolls through the differences."""

    DEFAULT_CSS = """
    DiffLines {
        height: 1fr;
        padding: 0 1;
        background: $surface;
        & > .diff-lines--key { color: $text-primary; }
        & > .diff-lines--text, & > .diff-lines--string { color: $text; }
        & > .diff-lines--number { color: $text-accent; }
        & > .diff-lines--constant { color: $text-secondary; }
        & > .diff-lines--punctuation { color: $text-muted; }
        & > .diff-lines--note { color: $text-warning; }
        & > .diff-lines--error { color: $text-muted; }
        & > .diff-lines--title { color: $text; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"diff-lines--{part}" for part in _PARTS}
    ALLOW_SELECT = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._parts: Sequence[Part] = ()
        self._rows: list[Row] = []
        self._made_for = 0

    def show(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        self._parts, self._made_for = parts, 0
        self.resized()
        self.refresh()

    @property
    def row_count(self) -> int:
        """Rows of all parts."""
        return len(self._rows)

    def resized(self) -> None:
        """Wrap anew at a new width."""
        if self.row_width > 0 and self.row_width != self._made_for:
            self._made_for = self.row_width
            self._rows = rows_of_parts(self._parts, self.row_width)
            self.rows_changed(0)
        super().resized()

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw one row."""
        del width
        style = self.get_component_rich_style
        return Strip([Segment(text, style(f"diff-lines--{kind}")) for text, kind in self._rows[index]])
