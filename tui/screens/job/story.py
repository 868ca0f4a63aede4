"""The time line of a job: its states and what its robot logged, in one order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.exchanges.brought import bringing, bringing_line, logged_at
from tui.flow.outcome import is_final
from tui.screens.job.detail import stages
from tui.text import clock_time, duration
from tui.widgets.content import state_look
from tui.widgets.robot_log_rows import STATE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tui.api.models import RobotLog
    from tui.exchanges.log import ExchangeLog
    from tui.flow.states import WatchedJob
    from tui.widgets.robot_log_rows import Row

Dated = tuple[float, int, "Row", "RobotLog | int"]
"""A row with what it is made of: a line of the robot log, or the number of a state."""
UNDATED = float("inf")


class Story:
    """Makes the rows of one job after another; what was made of the same log rows before is used again."""

    def __init__(self) -> None:
        self._logs: Sequence[RobotLog] = ()
        self._made: list[Dated] = []

    def rows(self, watched: WatchedJob) -> list[Row]:
        """Return states and robot log of ``watched``, oldest first; a state stands before what was logged in it.

        Where the log may not be read, the reason is the last row.
        """
        rows = [row for _, _, row, _ in self.dated(watched)]
        return [*rows, ("", "Warn", watched.logs_refused)] if watched.logs_refused else rows

    def dated(self, watched: WatchedJob) -> list[Dated]:
        """Return the rows, each with what it is made of."""
        every = [*self._of_logs(watched.logs), *_of_states(stages(watched))]
        every.sort(key=lambda row: row[:2])
        return every

    def _of_logs(self, logs: Sequence[RobotLog]) -> list[Dated]:
        same = next((n for n, (old, new) in enumerate(zip(self._logs, logs, strict=False)) if old is not new), None)
        if same is None:
            same = min(len(self._logs), len(logs))
        self._logs = logs
        self._made[same:] = [
            (_number(log.time_stamp), 1, (clock_time(log.time_stamp), log.level, log.message), log)
            for log in logs[same:]
        ]
        return self._made


def call_of_row(log: ExchangeLog, watched: WatchedJob, row: int) -> int | None:
    """Return the id of the call that told or brought this row of the time line, ``None`` where the log has none.

    Where the call that brought a line is not found, it is that of the state above.
    """
    above = [source for *_, source in Story().dated(watched)][: row + 1]
    line = above[-1] if row < len(above) else None
    if line is not None and not isinstance(line, int) and line.time_stamp is not None:
        found = bringing_line(log.entries, log.exchange, _names(watched), line.time_stamp)
        if found is not None:
            return found
    return _call_of_state(log, watched, next((each for each in reversed(above) if isinstance(each, int)), 0))


def rows_of_call(log: ExchangeLog, watched: WatchedJob, number: int) -> frozenset[int]:
    """Return which rows of the time line a call told or brought; none for one that said nothing new of it."""
    brought = logged_at(log.exchange(number))
    every = [source for *_, source in Story().dated(watched)]
    return frozenset(
        row
        for row, source in enumerate(every)
        if (_call_of_state(log, watched, source) == number if isinstance(source, int) else source.time_stamp in brought)
    )


def _names(watched: WatchedJob) -> tuple[str, str]:
    return str(watched.job.id), watched.job.key.lower()


def _call_of_state(log: ExchangeLog, watched: WatchedJob, index: int) -> int | None:
    """Return the id of the call that told state ``index`` of the job.

    A state that came and went between two looks was told by the look that followed.
    """
    shown, seen = stages(watched), watched.seen
    at, state = None, shown[min(index, len(shown) - 1)][0]
    place = 0
    for number, (name, _) in enumerate(shown):
        if place < len(seen):
            at, state = seen[place].at, seen[place].state
            place += seen[place].state == name
        if number == index:
            break
    return bringing(log.entries, log.exchange, _names(watched), state, at)


def _number(at: datetime | None) -> float:
    """Return when, to the millisecond: robots tell no more, and must not seem to log before their job runs."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000).timestamp() if at is not None else UNDATED


def _of_states(seen: Sequence[tuple[str, datetime | None]]) -> list[Dated]:
    rows: list[Dated] = []
    before, began = "", None
    for number, (state, at) in enumerate(seen):
        text = f"{state_look(state).glyph} {state}{_held(before, began, state, at)}"
        rows.append((_number(at), 2 if is_final(state) else 0, (clock_time(at), STATE, text), number))
        before, began = state, at
    return rows


def _held(before: str, began: datetime | None, state: str, at: datetime | None) -> str:
    """Return how long the state ``before`` held; who never ran visibly between waiting and its end, ran unseen."""
    if before == "Pending" and state == "Successful":
        return "; it ran between two looks"
    if at is None or began is None or at < began:
        return ""
    return f", after {duration((at - began).total_seconds())} {before}"
