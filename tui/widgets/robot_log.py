"""A time line: time, level (word and colour), message. Draws only the lines in view; filters by level, finds text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from tui.widgets.lines import VirtualLines
from tui.widgets.robot_log_rows import FILTERS, LEVEL_WIDTH, LEVELS, RANKS, SHORT, TIME_WIDTH, common, lines_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tui.widgets.robot_log_rows import Row


class RobotLogLines(VirtualLines):
    """Follows the end while the cursor stands there; new lines never move what is being read.

    The border tells whether it follows, what is filtered away, and which match of a search is marked.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "robot-log--quiet",
        "robot-log--info",
        "robot-log--warn",
        "robot-log--error",
        "robot-log--state",
        "robot-log--found",
        "robot-log--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "level", "Level", id="robot_log.level", tooltip="Show all levels, Info, Warn or Error and up"),
        Binding("slash", "search", "Search", id="robot_log.search", tooltip="Find text in the time line"),
        Binding("n", "found(1)", "Next", id="robot_log.next", tooltip="Go to the next line found"),
        Binding("N", "found(-1)", "Previous", id="robot_log.previous", tooltip="Go to the line found before"),
        Binding("g", "call", "Its call", id="robot_log.call", tooltip="Go to the call that brought this line"),
        Binding("f", "last", "Follow", id="robot_log.follow", tooltip="Go to the last line and follow new ones"),
    ]
    ALLOW_SELECT = True

    class CallRequested(Message):
        """The person wants to see the call that brought the row marked, by its number in `RobotLogLines.set_rows`."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    class SearchRequested(Message):
        """The person wants to type what to find."""

    def __init__(self, empty: str, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._every: Sequence[Row] = ()
        self._rows: Sequence[Row] = ()
        self._lines: list[Row] = []
        self._empty = empty
        self._room = 0
        self._least = 0
        self._sought = ""
        self._matches: list[int] = []
        self._followed = True

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def sought(self) -> str:
        """The text that is looked for, ``""`` for none."""
        return self._sought

    def explain(self, empty: str) -> None:
        """Say why there is nothing, while there is nothing."""
        if empty != self._empty:
            self._empty = empty
            self.refresh()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``; only what differs from before is drawn again, and rows put in above move nothing in view."""
        self._every = rows
        self._show([row for row in rows if self._wanted(row)] if self._least else rows)

    def _wanted(self, row: Row) -> bool:
        return RANKS[LEVELS.get(row[1], "info")] >= self._least

    def _show(self, rows: Sequence[Row]) -> None:
        old, same = self._rows, common(self._rows, rows)
        if same == len(old) == len(rows):
            return
        kept = sum(len(lines_of(row, self._room)) for row in old[:same]) if same < len(old) else len(self._lines)
        fresh = [line for row in rows[same:] for line in lines_of(row, self._room)]
        moved = self._moved(kept, fresh)
        self._rows = rows
        self._lines[kept:] = fresh
        self._find()
        self.rows_changed(kept)
        if moved:
            self.set_scroll(None, self.scroll_offset.y + moved)
            self.cursor += moved
        if kept == 0:
            self.refresh()
        self._tell()

    def _moved(self, kept: int, fresh: Sequence[Row]) -> int:
        """Return by how many lines what is read has moved down, because lines were put in above it."""
        if self.following or self.cursor < kept:
            return 0
        rest = self._lines[self.cursor :]
        first = len(fresh) - (len(self._lines) - self.cursor)
        more = len(fresh) - (len(self._lines) - kept)
        # Lines put in above and lines added below can come at once: look for the line that is read.
        for at in range(max(0, self.cursor - kept), max(0, first) + more + 1):
            if fresh[at : at + min(len(rest), 8)] == rest[:8]:
                return at - (self.cursor - kept)
        return 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no opening: a line is all there is; the next match only where something is looked for."""
        if action == "found":
            return bool(self._sought)
        return False if action == "open" else super().check_action(action, parameters)

    def action_level(self) -> None:
        """Show fewer levels, then all again; the line that is read stays marked where it is shown."""
        follows, marked = self.following, self._lines[self.cursor] if self._lines else None
        self._least = (self._least + 1) % len(FILTERS)
        self._rows = [row for row in self._every if self._wanted(row)]
        self._fold()
        if follows or marked not in self._lines:
            self.action_last()
        else:
            self.cursor = self._lines.index(marked)
        self._tell()

    def action_call(self) -> None:
        """Ask for the call that brought the row at the cursor."""
        if self._lines:
            self.post_message(self.CallRequested(self._row_at_cursor()))

    def _row_at_cursor(self) -> int:
        """Return the number of the row at the cursor among all of them, those not shown included."""
        last, shown = 0, self._rows[0]
        for shown in self._rows:
            last += len(lines_of(shown, self._room))
            if last > self.cursor:
                break
        return next(number for number, row in enumerate(self._every) if row is shown)

    def go_to_one_of(self, rows: Collection[int]) -> None:
        """Put the cursor on the first of these rows that is shown, unless it stands on one of them."""
        if not self._lines or not rows or self._row_at_cursor() in rows:
            return
        wanted = {id(self._every[number]) for number in rows if number < len(self._every)}
        line = 0
        for row in self._rows:
            if id(row) in wanted:
                self.cursor = line
                return
            line += len(lines_of(row, self._room))

    def action_search(self) -> None:
        """Ask for the text to find."""
        self.post_message(self.SearchRequested())

    def search(self, text: str) -> None:
        """Look for ``text``, in any case, and go to the next line that has it; nothing ends the search."""
        self._sought = text.strip().casefold()
        self._find()
        if self._matches and self.cursor not in self._matches:
            self.action_found(1)
        self.refresh()
        self.refresh_bindings()
        self._tell()

    def _find(self) -> None:
        sought = self._sought
        self._matches = [n for n, line in enumerate(self._lines) if sought in line[2].casefold()] if sought else []

    def action_found(self, step: int) -> None:
        """Go to the next or previous line found, around the ends."""
        if not self._matches:
            return
        if step > 0:
            self.cursor = next((n for n in self._matches if n > self.cursor), self._matches[0])
        else:
            self.cursor = next((n for n in reversed(self._matches) if n < self.cursor), self._matches[-1])

    def row_highlighted(self, index: int, *, followed: bool) -> None:
        """Tell in the border where the cursor stands."""
        del index, followed
        self._tell()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling away ends following; the border says so."""
        super().watch_scroll_y(old_value, new_value)
        self._tell()

    def _tell(self) -> None:
        parts = [FILTERS[self._least]] if self._least else []
        if self._sought:
            place = self._matches.index(self.cursor) + 1 if self.cursor in self._matches else 0
            parts.append(f"found {place or '–'} of {len(self._matches)}")
        if self._lines:
            parts.append("following" if self.following else "not following, f does")
        told = " · ".join(parts)
        if told != (self.border_subtitle or ""):
            self.border_subtitle = Content(told).markup

    def _fold(self) -> None:
        self._lines = [line for row in self._rows for line in lines_of(row, self._room)]
        self._find()
        self.rows_changed(0)
        self.refresh()

    def on_resize(self) -> None:
        """Fold the messages to the new width; the first line in view stays about where it was."""
        room = max(0, self.row_width - TIME_WIDTH - LEVEL_WIDTH - 2)
        if room != self._room:
            self._room = room
            self._fold()
        super().on_resize()
        self._tell()

    def on_hide(self) -> None:
        """Remember whether the end was followed; what is hidden can't scroll."""
        self._followed = self.following

    def on_show(self) -> None:
        """Go to the end where it was followed before."""
        if self._followed and self._lines:
            self.call_after_refresh(self.action_last)

    def draw_row(self, index: int, width: int) -> Strip:
        """Return one line."""
        del width
        time, level, message = self._lines[index]
        quiet = self.get_component_rich_style("robot-log--quiet")
        kind = LEVELS.get(level, "info")
        style = self.get_component_rich_style(f"robot-log--{kind}")
        segments = [
            Segment(f"{time:<{TIME_WIDTH}}", quiet),
            Segment(f"{SHORT.get(level, level)[:LEVEL_WIDTH]:<{LEVEL_WIDTH}}  ", style),
            Segment(message, style if kind in ("error", "state") else self.rich_style),
        ]
        strip = Strip(segments)
        if self._sought and self._sought in message.casefold():
            strip = strip.apply_style(self.get_component_rich_style("robot-log--found"))
        if index == self.cursor and (self.has_focus or self._sought):
            return strip.apply_style(self.get_component_rich_style("robot-log--cursor"))
        return strip

    def draw_blank(self, y: int, width: int) -> Strip:
        """Say in the first line why nothing is shown."""
        if y == 0 and not self._lines:
            quiet = self.get_component_rich_style("robot-log--quiet")
            return Strip([Segment(self._empty, quiet)]).adjust_cell_length(width, quiet)
        return super().draw_blank(y, width)
