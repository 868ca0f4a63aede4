"""The time line of a job: its states and what its robot logged, in one order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.exchanges.brought import bringing
from tui.flow.outcome import is_final
from tui.screens.job_detail import stages
from tui.text import clock_time, duration
from tui.widgets.content import state_look
from tui.widgets.robot_log import STATE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tui.api.models import RobotLog
    from tui.exchanges.log import ExchangeLog
    from tui.flow.states import WatchedJob
    from tui.widgets.robot_log import Row

Dated = tuple[float, int, "Row"]
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
        every = [*self._of_logs(watched.logs), *_of_states(stages(watched))]
        every.sort(key=lambda row: row[:2])
        rows = [row for _, _, row in every]
        return [*rows, ("", "Warn", watched.logs_refused)] if watched.logs_refused else rows

    def _of_logs(self, logs: Sequence[RobotLog]) -> list[Dated]:
        same = next((n for n, (old, new) in enumerate(zip(self._logs, logs, strict=False)) if old is not new), None)
        if same is None:
            same = min(len(self._logs), len(logs))
        self._logs = logs
        self._made[same:] = [
            (_number(log.time_stamp), 1, (clock_time(log.time_stamp), log.level, log.message)) for log in logs[same:]
        ]
        return self._made


def call_of_state(log: ExchangeLog, watched: WatchedJob, index: int) -> int | None:
    """Return the id of the call that told state ``index`` of the time line, ``None`` where the log has none.

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
    job = watched.job
    return bringing(log.entries, log.exchange, (str(job.id), job.key.lower()), state, at)


def _number(at: datetime | None) -> float:
    """Return when, to the millisecond: robots tell no more, and must not seem to log before their job runs."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000).timestamp() if at is not None else UNDATED


def _of_states(seen: Sequence[tuple[str, datetime | None]]) -> list[Dated]:
    rows: list[Dated] = []
    before, began = "", None
    for state, at in seen:
        text = f"{state_look(state).glyph} {state}{_held(before, began, state, at)}"
        rows.append((_number(at), 2 if is_final(state) else 0, (clock_time(at), STATE, text)))
        before, began = state, at
    return rows


def _held(before: str, began: datetime | None, state: str, at: datetime | None) -> str:
    """Return how long the state ``before`` held; who never ran visibly between waiting and its end, ran unseen."""
    if before == "Pending" and state == "Successful":
        return "; it ran between two looks"
    if at is None or began is None or at < began:
        return ""
    return f", after {duration((at - began).total_seconds())} {before}"
