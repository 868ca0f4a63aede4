"""Which of many jobs are read by the next look: one list request holds so many, the others come by turns.

Pure; imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.outcome import is_final
from tui.flow.states import StateSeen

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tui.api.models import Job
    from tui.flow.events import JobsPolled
    from tui.flow.states import WatchedJob, Watching

FIRST = -1
"""Read before those that were never read."""


def in_order(state: Watching) -> tuple[int, ...]:
    """Return the ids of the unfinished jobs, those first that were read longest ago."""
    waiting = [watched for watched in state.jobs if not watched.over]
    waiting.sort(key=lambda watched: watched.looked)
    return tuple(watched.job.id for watched in waiting)


def sooner(state: Watching, ids: Collection[int]) -> Watching:
    """Return the watch whose next look reads these jobs before the others."""
    jobs = (replace(watched, looked=FIRST) if watched.job.id in ids else watched for watched in state.jobs)
    return replace(state, jobs=tuple(jobs))


def with_news(state: Watching, event: JobsPolled) -> tuple[WatchedJob, ...]:
    """Return the jobs under watch with what a look told; those that it did not ask for stay as they are."""
    asked = frozenset(event.ids)
    news = {job.id: job for job in event.jobs}
    look = state.polls + 1
    return tuple(
        merged(watched, news.get(watched.job.id), event.at, look) if not asked or watched.job.id in asked else watched
        for watched in state.jobs
    )


def merged(watched: WatchedJob, news: Job | None, at: datetime, look: int) -> WatchedJob:
    """Return the job with what look number ``look`` told of it; ``None`` when the server did not list it."""
    if is_final(watched.job.state):
        return watched
    if news is None:
        return replace(watched, misses=watched.misses + 1, looked=look)
    seen = watched.seen
    if news.state != watched.job.state:
        seen = (*seen, StateSeen(news.state, at))
    return replace(watched, job=news, seen=seen, misses=0, looked=look)
