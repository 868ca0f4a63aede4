"""Rows in columns over the virtual list: the first column is prominent, the others are quiet, the widest give way."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

GAP = 2
NARROWEST = 4
MARKED = "› "
UNMARKED = "  "


def cells(text: str) -> int:
    """Return the width of ``text`` in a terminal."""
    return len(text) if text.isascii() else cell_len(text)


def natural_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the widest cell of every column."""
    return [max(map(cells, column)) for column in zip(*rows, strict=True)]


def fitted(natural: Sequence[int], room: int, rigid: int = 0) -> list[int]:
    """Return column widths that fit ``room``: after the first ``rigid`` columns, the widest give way first."""
    kept, widths = list(natural[:rigid]), list(natural[rigid:])
    excess = sum(natural) + GAP * max(0, len(natural) - 1) - room
    while excess > 0 and max(widths, default=0) > NARROWEST:
        widest = widths.index(max(widths))
        second = max((width for index, width in enumerate(widths) if index != widest), default=0)
        taken = min(excess, max(1, widths[widest] - second), widths[widest] - NARROWEST)
        widths[widest] -= taken
        excess -= taken
    return kept + widths


def cut(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` cells; a cut is marked."""
    if cells(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width) if width > 1 else "…"[:width]


class Rows(VirtualLines):
    """Rows of plain cells with a cursor. The first ``RIGID`` columns are never cut."""

    RIGID: ClassVar[int] = 0
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--quiet", "rows--cursor"}

    class Marked(Message):
        """The cursor is on another row."""

        def __init__(self, rows: Rows, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> Rows:
            """The rows that posted this."""
            return self.rows

    class Chosen(Marked):
        """The row was taken."""

    class EndReached(Message):
        """The cursor or the view came to the last row."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._rows: Sequence[Sequence[str]] = ()
        self._natural: list[int] = []
        self._widths: tuple[int, list[int]] = (-1, [])
        self._quietly = False

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def set_rows(self, rows: Sequence[Sequence[str]], cursor: int = 0, *, natural: Sequence[int] = ()) -> None:
        """Show ``rows``, the cursor on ``cursor``; ``natural`` are the column widths if the caller knows them."""
        self._rows = rows
        self._natural = list(natural) or natural_widths(rows)
        self._widths = (-1, [])
        self._quietly = True
        try:
            self.rows_changed(0)
            self.cursor = cursor
        finally:
            self._quietly = False
        self.show_row(self.cursor)
        self.refresh()

    def row_highlighted(self, index: int, *, followed: bool) -> None:
        """Tell which row is marked, when the person moved there."""
        if not self._quietly and not followed:
            self.post_message(self.Marked(self, index))
            if index >= self.row_count - 1:
                self.post_message(self.EndReached())

    def row_opened(self, index: int) -> None:
        """Tell which row was taken."""
        self.post_message(self.Chosen(self, index))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notice the end of the list when it is reached by scrolling."""
        super().watch_scroll_y(old_value, new_value)
        if self._rows and not self._quietly and new_value > old_value and new_value >= self.max_scroll_y:
            self.post_message(self.EndReached())

    def draw_row(self, index: int, width: int) -> Strip:
        """Return one row as a strip."""
        marked = index == self.cursor
        style = self.get_component_rich_style("rows--cursor") if marked else self.rich_style
        segments = [Segment(MARKED if marked else UNMARKED, style)]
        row = self._rows[index]
        for column, (text, room) in enumerate(zip(row, self._columns(width), strict=False)):
            segments.append(Segment(cut(text, room) + " " * GAP, self.cell_style(row, column, style, marked=marked)))
        return Strip(segments)

    def cell_style(self, row: Sequence[str], column: int, style: Style, *, marked: bool) -> Style:
        """Return the style of one cell."""
        del row
        return style if marked or not column else self.get_component_rich_style("rows--quiet")

    def fit(self, natural: Sequence[int], room: int) -> list[int]:
        """Return the widths of the columns in ``room``; fewer widths than columns leave the last ones out."""
        return fitted(natural, room, self.RIGID)

    def _columns(self, width: int) -> list[int]:
        known, widths = self._widths
        if known != width:
            widths = self.fit(self._natural, max(1, width - len(MARKED)))
            self._widths = (width, widths)
        return widths
