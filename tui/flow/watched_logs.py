"""What the robots log: whose log is read when, and how it is merged into what is known. Pure; imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.effects import FetchRobotLogs
from tui.flow.start_info import release_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.api.models import RobotLog
    from tui.flow.states import WatchedJob, Watching

LOGS_EVERY = 2
AT_ONCE = 5
"""Logs that are read beside one look at the jobs."""
FEW = 20
"""Up to so many jobs the logs of all are read; of more only that of the selected one."""


def followed(state: Watching) -> tuple[WatchedJob, ...]:
    """Return the jobs whose logs are read, the selected one first, the others in turns."""
    if len(state.jobs) > FEW:
        return (state.current,)
    turn = state.polls % len(state.jobs)
    others = (*state.jobs[turn:], *state.jobs[:turn])
    return (state.current, *(watched for watched in others if watched is not state.current))


def reads_due(state: Watching) -> tuple[FetchRobotLogs, ...]:
    """Return the reads that belong to this look at the jobs."""
    if state.paused:
        return ()
    return _reads(state, [watched for watched in followed(state) if _is_due(state, watched)])


def last_reads(state: Watching) -> tuple[FetchRobotLogs, ...]:
    """Return the reads that are still wanted after every job is over."""
    return _reads(state, [watched for watched in followed(state) if not watched.logs_complete])


def _reads(state: Watching, wanted: list[WatchedJob]) -> tuple[FetchRobotLogs, ...]:
    asked = {effect.job_key for effect in state.pending if isinstance(effect, FetchRobotLogs)}
    free = [watched for watched in wanted if watched.job.key not in asked]
    return tuple(read(state, watched) for watched in free[: AT_ONCE - len(asked)])


def read(state: Watching, watched: WatchedJob) -> FetchRobotLogs:
    """Return the read of what a job has logged since the newest row known."""
    newest = max((log.time_stamp for log in watched.logs if log.time_stamp), default=None)
    return FetchRobotLogs(job_key=watched.job.key, folder=release_folder(state.answers), since=newest)


def _is_due(state: Watching, watched: WatchedJob) -> bool:
    if watched.logs_complete or watched.job.state == "Pending":
        return False
    if watched.over:
        return watched.reads_after_end == 0
    return state.unchanged == 0 or state.polls % LOGS_EVERY == 0 or not watched.logs


def with_logs(watched: WatchedJob, logs: tuple[RobotLog, ...]) -> WatchedJob:
    """Return the job with what was read, counting the reads after its end."""
    reads = watched.reads_after_end + 1 if watched.over else 0
    return replace(watched, logs=merged_logs(watched.logs, logs), reads_after_end=reads)


def merged_logs(known: tuple[RobotLog, ...], fresh: Iterable[RobotLog]) -> tuple[RobotLog, ...]:
    """Return both in time order, equal rows once. The cloud gives every row the id 0, so rows are told by value."""
    rows = {(log.time_stamp, log.level, log.message, log.raw_message): log for log in (*known, *fresh)}
    if len(rows) == len(known):
        return known
    dated = [log for log in rows.values() if log.time_stamp is not None]
    undated = tuple(log for log in rows.values() if log.time_stamp is None)
    dated.sort(key=lambda log: log.time_stamp.timestamp() if log.time_stamp else 0.0)
    return (*dated, *undated)


def with_refusal(watched: WatchedJob, refused: str) -> WatchedJob:
    """Return the job after a read of its log that failed; ``refused`` says why it is not tried again."""
    reads = watched.reads_after_end + watched.over
    return replace(watched, logs_refused=refused, reads_after_end=reads)
