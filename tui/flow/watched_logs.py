"""What the robots log, merged into what is known of their jobs. Pure; imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.outcome import is_final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.api.models import RobotLog
    from tui.flow.states import WatchedJob


def with_logs(watched: WatchedJob, logs: tuple[RobotLog, ...]) -> WatchedJob:
    """Return the job with what was read, counting the reads after its end."""
    reads = watched.reads_after_end + 1 if is_final(watched.job.state) else 0
    return replace(watched, logs=merged_logs(watched.logs, logs), reads_after_end=reads)


def merged_logs(known: tuple[RobotLog, ...], fresh: Iterable[RobotLog]) -> tuple[RobotLog, ...]:
    """Return both in time order, equal rows once. The cloud gives every row the id 0, so rows are told by value."""
    rows = {(log.time_stamp, log.level, log.message): log for log in (*known, *fresh)}
    if len(rows) == len(known):
        return known
    dated = [log for log in rows.values() if log.time_stamp is not None]
    undated = tuple(log for log in rows.values() if log.time_stamp is None)
    dated.sort(key=lambda log: log.time_stamp.timestamp() if log.time_stamp else 0.0)
    return (*dated, *undated)


def with_refusal(watched: WatchedJob, refused: str) -> WatchedJob:
    """Return the job after a read of its log that failed; ``refused`` says why it is not tried again."""
    reads = watched.reads_after_end + is_final(watched.job.state)
    return replace(watched, logs_refused=refused, reads_after_end=reads)
