"""What differs between two exchanges as rows: a glyph, the path, what it was and what it is. Wrapped, never cut."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.text import clean
from tui.widgets.body.exchange_head import Row, fold
from tui.widgets.lines import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.exchanges.diff.exchanges import Change, Part

_PARTS = ("text", "key", "string", "number", "constant", "punctuation", "note", "error", "title")


AT_ONCE: Final = 100
"""Changes whose rows are made between two keys."""


def rows_of_parts(parts: Sequence[Part], width: int) -> Iterator[list[Row]]:
    """Yield the rows of every part, wrapped to ``width``: of a title, a note or a change at a time."""
    for at, part in enumerate(parts):
        yield [[], *fold("", part.title, "title", width)] if at else fold("", part.title, "title", width)
        if part.note:
            yield fold("  ", part.note, "note", width)
        for change in part.changes:
            yield _change(change, width)
        if part.more:
            yield fold("  ", f"… and {part.more:,} more", "note", width)


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
        self._coming: Iterator[list[Row]] = iter(())
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
            self._coming, self._rows = rows_of_parts(self._parts, self.row_width), []
            self._take(self._coming)
        super().resized()

    def _take(self, coming: Iterator[list[Row]]) -> None:
        """Make the rows of some more changes, and of others once the keys had their turn."""
        if coming is not self._coming:
            return  # of another width, or of what was shown before
        known = len(self._rows)
        for rows in islice(coming, AT_ONCE):
            self._rows += rows
        if len(self._rows) > known:
            self.rows_changed(known)
            self.call_later(self._take, coming)

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw one row."""
        del width
        style = self.get_component_rich_style
        return Strip([Segment(text, style(f"diff-lines--{kind}")) for text, kind in self._rows[index]])
