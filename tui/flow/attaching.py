"""From the list of jobs to one of them and back, and what is known of jobs started from this computer.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import watching
from tui.flow.effects import AttachJob, FetchPrevious, LookAtStarted
from tui.flow.events import (
    CompareRequested,
    JobAttached,
    JobChosen,
    JobsRequested,
    PreviousFound,
    StartedChanged,
    StartedLookRequested,
    WentBack,
)
from tui.flow.job_list import open_list, reopened
from tui.flow.marking import unmarked
from tui.flow.start_info import release_folder
from tui.flow.start_options import PLAIN
from tui.flow.states import (
    AwaitingBrowser,
    ChoosingFolder,
    ChoosingInstance,
    ChoosingRelease,
    ConfirmingStart,
    ListingJobs,
    PreparingStart,
    PreviousRun,
    SigningIn,
    Starting,
    StartUnresolved,
    Watching,
)
from tui.flow.table import Step, also, ask, awaiting, back_to, on, stay, without

if TYPE_CHECKING:
    from tui.flow.states import State


@on(Watching, JobsRequested)
def _from_job(state: Watching, event: JobsRequested) -> Step:
    if state.listing is not None:
        return reopened(state.listing, state)
    listing = ListingJobs(
        answers=state.answers,
        ticket=state.ticket,
        step_back=state.step_back.step_back,
        parked=replace(state, pending=()),
        shown=event.shown,
        from_job=True,
    )
    return open_list(listing)


@on(ChoosingRelease, JobChosen)
def _by_name(state: ChoosingRelease, event: JobChosen) -> Step:
    """Attach without a list, as the line-by-line twin does."""
    before = replace(state, pending=(), failure=None, failed=None)
    listing = ListingJobs(answers=state.answers, ticket=state.ticket, step_back=before, parked=state.parked)
    return _chosen(listing, event)


@on(ListingJobs, JobChosen)
def _chosen(state: ListingJobs, event: JobChosen) -> Step:
    parked = state.parked
    places = [place for place, each in enumerate(parked.jobs) if each.job.id == event.job_id] if parked else []
    if parked is not None and places:
        return watching.resume(replace(parked, selected=places[0]), state)
    folder = event.folder or state.answers.folder
    state = replace(without(state, AttachJob), failure=None, failed=None)
    return ask(state, AttachJob(job_id=event.job_id, key=event.key, folder=folder))


@on(ListingJobs, JobAttached)
def _attached(state: ListingJobs, event: JobAttached) -> Step:
    from tui.api.models import Release

    listing = back_to(state, state)
    release = event.release or Release(name=event.job.release_name)
    answers = replace(state.answers, folder=event.folder, release=release, options=PLAIN, finished=False)
    answers = replace(answers, inputs=unmarked(answers, event.job.input_arguments))
    origin = PreparingStart(answers=answers, ticket=state.ticket, step_back=listing.step_back)
    return watching.attach(origin, state.ticket, (event.job,), event.at, listing)


@on(ListingJobs, WentBack)
def _back(state: ListingJobs, _event: WentBack) -> Step:
    if awaiting(state, AttachJob):
        return stay(back_to(state, state))
    if state.from_job and state.parked is not None:
        return watching.resume(state.parked, state)
    return stay(replace(back_to(state.step_back, state), parked=state.parked))


@on(Watching, CompareRequested)
def _compare(state: Watching, _event: CompareRequested) -> Step:
    if awaiting(state, FetchPrevious):
        return stay(state)
    release = state.answers.release
    key = release.key if release is not None else ""
    effect = FetchPrevious(job=state.current.job, folder=release_folder(state.answers), release_key=key)
    return ask(replace(state, previous=None, failure=None), effect)


@on(Watching, PreviousFound)
def _previous(state: Watching, event: PreviousFound) -> Step:
    asked = state.answered
    of = asked.job.id if isinstance(asked, FetchPrevious) else state.current.job.id
    return stay(replace(state, previous=PreviousRun(of=of, job=event.previous)))


@on(ChoosingRelease, StartedLookRequested)
def _look(state: ChoosingRelease, _event: StartedLookRequested) -> Step:
    return also(stay(state), LookAtStarted())


def _news(state: State, event: StartedChanged) -> Step:
    answers = replace(
        state.answers,
        started=event.started,
        started_looked=event.looked or (state.answers.started_looked and not event.opened),
        started_trouble=event.trouble,
    )
    return stay(replace(state, answers=answers))


for _state in (
    SigningIn, AwaitingBrowser, ChoosingInstance, ChoosingFolder, ChoosingRelease, PreparingStart, ConfirmingStart,
    Starting, StartUnresolved, Watching, ListingJobs,
):  # fmt: skip
    on(_state, StartedChanged)(_news)
