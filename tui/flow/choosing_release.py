"""Step 3: the release. Imports types only."""

from __future__ import annotations

from dataclasses import replace

from tui.flow.choosing import proven, with_parked
from tui.flow.effects import FetchReleases, FindRelease
from tui.flow.events import (
    CallFailed,
    MoreRequested,
    ReleaseFound,
    ReleaseKeyEntered,
    ReleasesLoaded,
    Retried,
    SearchRequested,
    WatchResumed,
    WentBack,
)
from tui.flow.states import ChoosingRelease
from tui.flow.table import Step, ask, ask_afresh, awaiting, back_to, on, stay
from tui.flow.watching import resume


@on(ChoosingRelease, ReleasesLoaded)
def _releases(state: ChoosingRelease, event: ReleasesLoaded) -> Step:
    if event.search != state.search:
        return stay(state)
    known = {release.id for release in state.releases} if event.skip else set[int]()
    fresh = tuple(release for release in event.releases if release.id not in known)
    releases = (*state.releases, *fresh) if event.skip else fresh
    # A page that brings nothing new ends the list, whatever the server counts.
    total = event.total if fresh else len(releases)
    state = replace(state, releases=releases, total=total, failure=None, failed=None)
    return stay(state) if event.search or event.skip else proven(state)


@on(ChoosingRelease, SearchRequested)
def _search(state: ChoosingRelease, event: SearchRequested) -> Step:
    return ask_afresh(replace(state, search=event.text), FetchReleases(folder=state.answers.folder, search=event.text))


@on(ChoosingRelease, MoreRequested)
def _more(state: ChoosingRelease, _event: MoreRequested) -> Step:
    everything = state.total is not None and len(state.releases) >= state.total
    if everything or awaiting(state, FetchReleases):
        return stay(state)
    return ask(state, FetchReleases(folder=state.answers.folder, search=state.search, skip=len(state.releases)))


@on(ChoosingRelease, ReleaseKeyEntered)
def _find(state: ChoosingRelease, event: ReleaseKeyEntered) -> Step:
    return ask_afresh(state, FindRelease(key=event.key, folder=state.answers.folder))


@on(ChoosingRelease, ReleaseFound)
def _found(state: ChoosingRelease, event: ReleaseFound) -> Step:
    others = tuple(release for release in state.releases if release.key != event.release.key)
    return stay(replace(state, releases=(event.release, *others), search="", failure=None, failed=None))


@on(ChoosingRelease, WatchResumed)
def _resume(state: ChoosingRelease, _event: WatchResumed) -> Step:
    if state.parked is None:
        return stay(state)
    return resume(state.parked, state)


@on(ChoosingRelease, WentBack)
def _release_back(state: ChoosingRelease, _event: WentBack) -> Step:
    if state.pending and state.releases:
        return stay(back_to(state, state))
    return with_parked(back_to(state.step_back, state), state.parked)


@on(ChoosingRelease, CallFailed)
def _failed(state: ChoosingRelease, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure))


@on(ChoosingRelease, Retried)
def _retry(state: ChoosingRelease, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)
