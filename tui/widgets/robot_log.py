"""What the robot logged: time, level (word and colour), message. Draws only the lines in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = {"Trace": "quiet", "Verbose": "quiet", "Info": "info", "Warn": "warn", "Error": "error", "Fatal": "error"}
LEVEL_WIDTH = 5
TIME_WIDTH = 9
NARROWEST = 10

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
        self._room = 0

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
        kept = (
            sum(len(_lines(row, self._room)) for row in self._rows[:same])
            if same < len(self._rows)
            else len(self._lines)
        )
        self._rows = rows
        self._lines[kept:] = [line for row in rows[same:] for line in _lines(row, self._room)]
        self.rows_changed(kept)
        if kept == 0:
            self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no opening: a line is all there is."""
        return False if action == "open" else super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Fold the messages to the new width; the first line in view stays about where it was."""
        room = max(0, self.row_width - TIME_WIDTH - LEVEL_WIDTH - 2)
        if room != self._room:
            self._room = room
            self._lines = [line for row in self._rows for line in _lines(row, room)]
            self.rows_changed(0)
        super().on_resize()

    def draw_row(self, index: int, width: int) -> Strip:
        """Return one line."""
        del width
        time, level, message = self._lines[index]
        quiet = self.get_component_rich_style("robot-log--quiet")
        style = self.get_component_rich_style(f"robot-log--{LEVELS.get(level, 'info')}")
        plain = self.rich_style
        segments = [
            Segment(f"{time:<{TIME_WIDTH}}", quiet),
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


def _lines(row: Row, room: int) -> list[Row]:
    """Return the lines of one row: its own, each folded to ``room`` cells (0: not folded)."""
    time, level, message = row
    parts = [part for line in message.split("\n") for part in _folded(line, room)]
    return [(time, level, parts[0]), *(("", "", part) for part in parts[1:])]


def _folded(line: str, room: int) -> list[str]:
    if room < NARROWEST or len(line) * 2 <= room or cell_len(line) <= room:
        return [line]
    return [part.plain for part in Content(line).wrap(room)]
