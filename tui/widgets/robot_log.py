"""What the robot logged: time, level (word and colour), message. Draws only the lines in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = {"Trace": "quiet", "Verbose": "quiet", "Info": "info", "Warn": "warn", "Error": "error", "Fatal": "error"}
LEVEL_WIDTH = 5

Row = tuple[str, str, str]
"""Time of day, level, message."""


class RobotLogLines(VirtualLines):
    """Follows the end while the cursor stands there; new lines never move what is being read."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "robot-log--quiet",
        "robot-log--info",
        "robot-log--warn",
        "robot-log--error",
        "robot-log--cursor",
    }
    ALLOW_SELECT = True

    def __init__(self, empty: str, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._lines: list[Row] = []
        self._empty = empty

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def explain(self, empty: str) -> None:
        """Say why there is nothing, while there is nothing."""
        if empty != self._empty:
            self._empty = empty
            self.refresh()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``; only what differs from before is drawn again."""
        same = next((n for n, (old, new) in enumerate(zip(self._rows, rows, strict=False)) if old != new), None)
        if same is None:
            same = min(len(self._rows), len(rows))
        if same == len(self._rows) == len(rows):
            return
        kept = sum(_height(row) for row in self._rows[:same])
        self._rows = rows
        self._lines[kept:] = [line for row in rows[same:] for line in _lines(row)]
        self.rows_changed(kept)
        if kept == 0:
            self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no opening: a line is all there is."""
        return False if action == "open" else super().check_action(action, parameters)

    def draw_row(self, index: int, width: int) -> Strip:
        """Return one line."""
        del width
        time, level, message = self._lines[index]
        quiet = self.get_component_rich_style("robot-log--quiet")
        style = self.get_component_rich_style(f"robot-log--{LEVELS.get(level, 'info')}")
        plain = self.rich_style
        segments = [
            Segment(f"{time:<9}", quiet),
            Segment(f"{level[:LEVEL_WIDTH]:<{LEVEL_WIDTH}}  ", style),
            Segment(message, style if level in ("Error", "Fatal") else plain),
        ]
        strip = Strip(segments)
        if index == self.cursor and self.has_focus:
            return strip.apply_style(self.get_component_rich_style("robot-log--cursor"))
        return strip

    def draw_blank(self, y: int, width: int) -> Strip:
        """Say in the first line why nothing is shown."""
        if y == 0 and not self._lines:
            quiet = self.get_component_rich_style("robot-log--quiet")
            return Strip([Segment(self._empty, quiet)]).adjust_cell_length(width, quiet)
        return super().draw_blank(y, width)


def _height(row: Row) -> int:
    return row[2].count("\n") + 1


def _lines(row: Row) -> list[Row]:
    time, level, message = row
    first, *others = message.split("\n")
    return [(time, level, first), *(("", "", other) for other in others)]
