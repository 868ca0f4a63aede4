"""The list of jobs: pages, what is shown of it, and its renewal. Imports types only; who attaches is `attaching`'s."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tui.flow import schedule
from tui.flow.carried import carried
from tui.flow.effects import FetchJobs, Wait
from tui.flow.events import (
    CallFailed,
    JobsListed,
    JobsRequested,
    MoreRequested,
    PollRequested,
    Retried,
    SearchRequested,
    WaitEnded,
)
from tui.flow.outcome import is_final
from tui.flow.states import ChoosingRelease, ListingJobs, StateSeen
from tui.flow.table import Step, ask, ask_afresh, awaiting, on, stay, without

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Folder, Job
    from tui.flow.states import WatchedJob, Watching
    from tui.started_job import StartedJob

UNFINISHED: Final = "unfinished"
"""Every job that is not over, in whatever state."""
RENEWED: Final = 15.0
"""Seconds until a list with unfinished jobs is read again; twice as long without any."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: a job of the folder, or one started here in another folder, of which only ``started`` is known."""

    id: int
    key: str
    state: str
    release_name: str
    created: datetime | None
    job: Job | None = None
    started: StartedJob | None = None
    elsewhere: bool = False


def rows(state: ListingJobs) -> tuple[Listed, ...]:
    """Return what the list shows: unfinished jobs started here in other folders, then the jobs of the folder."""
    mine = {job.id: job for job in state.answers.started}
    known = {job.id for job in state.jobs}
    other = [
        Listed(job.id, job.key, job.state, job.release_name, job.started_at, started=job, elsewhere=True)
        for job in state.answers.started
        if not job.over and job.id not in known and _is_elsewhere(job, state.answers.folder) and not state.search
    ]
    here = [
        Listed(job.id, job.key, job.state, job.release_name, job.creation_time, job, mine.get(job.id))
        for job in state.jobs
    ]
    return (*other, *here)


def _is_elsewhere(job: StartedJob, folder: Folder | None) -> bool:
    if folder is None:
        return False
    same = (folder.key and job.folder_key == folder.key) or (folder.path and job.folder_path == folder.path)
    return not same and (not folder.id or job.folder_id != folder.id)


def fetched(state: ListingJobs, *, skip: int = 0, quiet: bool = False) -> FetchJobs:
    """Return the request for a page of what ``state`` shows."""
    folder = state.answers.folder
    return FetchJobs(folder=folder, search=state.search, shown=state.shown, skip=skip, quiet=quiet)


def open_list(state: ListingJobs) -> Step:
    """Ask for the first page anew; what is shown meanwhile stays."""
    return ask_afresh(state, fetched(state, quiet=state.listed_at is not None))


def reopened(listing: ListingJobs, watch: Watching) -> Step:
    """Return from a job to the list it was chosen from, with its folder and answers."""
    parked = listing.parked if listing.from_job else replace(watch, pending=())
    answers = carried(listing.answers, watch.answers)
    return open_list(replace(listing, answers=answers, ticket=watch.ticket, parked=parked))


@on(ChoosingRelease, JobsRequested)
def _from_releases(state: ChoosingRelease, event: JobsRequested) -> Step:
    before = replace(state, pending=(), failure=None, failed=None)
    listing = ListingJobs(
        answers=state.answers, ticket=state.ticket, step_back=before, parked=state.parked, shown=event.shown
    )
    return open_list(listing)


@on(ListingJobs, JobsRequested)
def _other_states(state: ListingJobs, event: JobsRequested) -> Step:
    if event.shown == state.shown:
        return stay(state)
    return open_list(replace(state, shown=event.shown, jobs=(), total=None, listed_at=None))


@on(ListingJobs, SearchRequested)
def _search(state: ListingJobs, event: SearchRequested) -> Step:
    return open_list(replace(state, search=event.text, jobs=(), total=None, listed_at=None))


@on(ListingJobs, MoreRequested)
def _more(state: ListingJobs, _event: MoreRequested) -> Step:
    everything = state.total is not None and len(state.jobs) >= state.total
    if everything or awaiting(state, FetchJobs):
        return stay(state)
    return ask(without(state, Wait), fetched(state, skip=len(state.jobs)))


@on(ListingJobs, PollRequested)
def _now(state: ListingJobs, _event: PollRequested) -> Step:
    return _renewed(state)


@on(ListingJobs, WaitEnded)
def _due(state: ListingJobs, _event: WaitEnded) -> Step:
    return _renewed(state)


def _renewed(state: ListingJobs) -> Step:
    if awaiting(state, FetchJobs):
        return stay(state)
    return ask(without(state, Wait), fetched(state, quiet=state.listed_at is not None))


@on(ListingJobs, JobsListed)
def _listed(state: ListingJobs, event: JobsListed) -> Step:
    asked = state.answered
    skip = asked.skip if isinstance(asked, FetchJobs) else 0
    jobs = _merged(state.jobs, event.jobs, skip, complete=event.total == len(event.jobs))
    # A page that brings nothing new ends the list, whatever the server counts.
    total = event.total if event.jobs or not skip else len(jobs)
    parked = _seen(state.parked, event)
    state = replace(state, jobs=jobs, total=total, listed_at=event.at, parked=parked, failure=None, failed=None)
    pause = RENEWED if any(not is_final(job.state) for job in jobs) else 2 * RENEWED
    return ask(without(state, Wait), Wait(seconds=pause))


def _seen(parked: Watching | None, event: JobsListed) -> Watching | None:
    """Return the watch left running with the states that the list tells of its jobs."""
    if parked is None:
        return None
    news = {job.id: job for job in event.jobs}

    def later(watched: WatchedJob) -> WatchedJob:
        job = news.get(watched.job.id)
        if job is None or is_final(watched.job.state) or job.state == watched.job.state:
            return watched
        return replace(watched, job=job, seen=(*watched.seen, StateSeen(job.state, event.at)))

    return replace(parked, jobs=tuple(map(later, parked.jobs)))


def _merged(known: tuple[Job, ...], page: tuple[Job, ...], skip: int, *, complete: bool) -> tuple[Job, ...]:
    """Return the list with a page in it; rows that moved while new jobs came are not doubled."""
    fresh = {job.id: job for job in page}
    if skip:
        ids = {job.id for job in known}
        return (*(fresh.get(job.id, job) for job in known), *(job for job in fresh.values() if job.id not in ids))
    # A job between the newest and the oldest of the page that is not in it has left what is shown.
    oldest = min(fresh, default=0)
    rest = tuple(job for job in known if job.id < oldest) if fresh and not complete else ()
    return (*fresh.values(), *rest)


@on(ListingJobs, CallFailed)
def _failed(state: ListingJobs, event: CallFailed) -> Step:
    state = replace(state, failure=event.failure)
    if isinstance(state.failed, FetchJobs) and state.failed.quiet:
        return ask(without(state, Wait), Wait(seconds=schedule.after_failure(4, event.retry_after)))
    return stay(state)


@on(ListingJobs, Retried)
def _retry(state: ListingJobs, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)
