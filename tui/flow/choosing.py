"""Steps 2 and 3: service instance, folder, release. One choice only is taken by itself. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.effects import FetchInstances, FetchReleases, FindRelease, OpenInstance
from tui.flow.events import (
    AccountChosen,
    CallFailed,
    FolderChosen,
    InstanceChosen,
    InstanceOpened,
    InstancesLoaded,
    InstanceTyped,
    MoreRequested,
    ReleaseFound,
    ReleaseKeyEntered,
    ReleasesLoaded,
    Retried,
    SearchRequested,
    WatchResumed,
    WentBack,
)
from tui.flow.states import ChoosingFolder, ChoosingInstance, ChoosingRelease
from tui.flow.table import Step, ask, ask_afresh, awaiting, back_to, on, stay
from tui.flow.watching import poll_now

if TYPE_CHECKING:
    from tui.api.models import Account, Folder, ServiceInstance
    from tui.flow.states import Watching

NO_INSTANCE_LISTED = "The server lists no service instance for this account."
NO_FOLDER_LISTED = "The server lists no folder for this sign-in (an external application sees none)."


def take_account(state: ChoosingInstance, account: Account) -> Step:
    """Choose ``account``; its instances are asked for unless they came with it."""
    kept = state.answers.account
    same = kept is not None and kept.account_logical_name == account.account_logical_name
    known = state.instances if same or len(state.accounts) == 1 else None
    state = replace(state, answers=replace(state.answers, account=account), instances=known)
    if known is None:
        return ask_afresh(state, FetchInstances(account=account))
    return _offer(state, known)


def _offer(state: ChoosingInstance, instances: tuple[ServiceInstance, ...]) -> Step:
    state = replace(state, instances=instances, failure=None, failed=None)
    if len(instances) == 1:
        return _open(state, instances[0])
    return stay(state)


def _open(state: ChoosingInstance, instance: ServiceInstance) -> Step:
    account = state.answers.account
    if account is None:
        return stay(state)
    answers = replace(state.answers, instance=instance)
    return ask_afresh(replace(state, answers=answers), OpenInstance(account=account, instance=instance))


@on(ChoosingInstance, AccountChosen)
def _account(state: ChoosingInstance, event: AccountChosen) -> Step:
    return take_account(state, event.account)


@on(ChoosingInstance, InstancesLoaded)
def _instances(state: ChoosingInstance, event: InstancesLoaded) -> Step:
    if not event.instances:
        reason = event.reason or NO_INSTANCE_LISTED
        return stay(replace(state, instances=(), typed=True, typed_reason=reason, failure=None, failed=None))
    return _offer(state, event.instances)


@on(ChoosingInstance, InstanceChosen)
def _instance(state: ChoosingInstance, event: InstanceChosen) -> Step:
    return _open(state, event.instance)


@on(ChoosingInstance, InstanceTyped)
def _typed(state: ChoosingInstance, event: InstanceTyped) -> Step:
    return _open(replace(state, answers=replace(state.answers, account=event.account)), event.instance)


@on(ChoosingInstance, InstanceOpened)
def _opened(state: ChoosingInstance, event: InstanceOpened) -> Step:
    answers = replace(
        state.answers,
        base=event.base,
        server_version=event.version,
        modern=event.modern,
        folder=state.answers.folder if event.folders is not None else None,
    )
    parked = state.parked if state.parked is not None and state.parked.answers.base == event.base else None
    state = replace(state, answers=answers, failure=None, failed=None)
    if event.folders is None:
        following = ChoosingRelease(answers=answers, ticket=state.ticket, step_back=state, parked=parked)
        return ask(following, FetchReleases(folder=None))
    reason = event.folders_refused or ("" if event.folders else NO_FOLDER_LISTED)
    following = ChoosingFolder(
        answers=answers,
        ticket=state.ticket,
        step_back=replace(state, parked=None),
        parked=parked,
        folders=event.folders,
        typed=bool(reason),
        typed_reason=reason,
    )
    return _into(following, event.folders[0]) if len(event.folders) == 1 else stay(following)


@on(ChoosingInstance, WentBack)
def _instance_back(state: ChoosingInstance, _event: WentBack) -> Step:
    if state.pending:
        return stay(back_to(state, state))
    if state.instances is not None and len(state.accounts) > 1:
        return stay(replace(back_to(state, state), instances=None))
    return stay(replace(back_to(state.step_back, state), forward=state))


def _with_parked(earlier: ChoosingInstance | ChoosingFolder, parked: Watching | None) -> Step:
    """Take a watch left running along on the way back."""
    return stay(replace(earlier, parked=parked))


def _into(state: ChoosingFolder, folder: Folder) -> Step:
    """Choose ``folder``; it is proven by listing its releases."""
    return ask_afresh(replace(state, answers=replace(state.answers, folder=folder)), FetchReleases(folder=folder))


@on(ChoosingFolder, FolderChosen)
def _folder(state: ChoosingFolder, event: FolderChosen) -> Step:
    return _into(state, event.folder)


@on(ChoosingFolder, ReleasesLoaded)
def _proven(state: ChoosingFolder, event: ReleasesLoaded) -> Step:
    back = replace(state, failure=None, failed=None)
    return stay(
        ChoosingRelease(
            answers=state.answers,
            ticket=state.ticket,
            step_back=back,
            releases=event.releases,
            total=event.total,
            parked=state.parked,
        )
    )


@on(ChoosingFolder, WentBack)
def _folder_back(state: ChoosingFolder, _event: WentBack) -> Step:
    if state.pending:
        return stay(back_to(state, state))
    return _with_parked(back_to(state.step_back, state), state.parked)


@on(ChoosingRelease, ReleasesLoaded)
def _releases(state: ChoosingRelease, event: ReleasesLoaded) -> Step:
    if event.search != state.search:
        return stay(state)
    known = {release.id for release in state.releases} if event.skip else set[int]()
    fresh = tuple(release for release in event.releases if release.id not in known)
    releases = (*state.releases, *fresh) if event.skip else fresh
    # A page that brings nothing new ends the list, whatever the server counts.
    total = event.total if fresh else len(releases)
    return stay(replace(state, releases=releases, total=total, failure=None, failed=None))


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
    answers = replace(state.parked.answers, unresolved=state.answers.unresolved)
    return poll_now(replace(state.parked, ticket=state.ticket, answers=answers))


@on(ChoosingRelease, WentBack)
def _release_back(state: ChoosingRelease, _event: WentBack) -> Step:
    if state.pending and state.releases:
        return stay(back_to(state, state))
    return _with_parked(back_to(state.step_back, state), state.parked)


def _failed(state: ChoosingInstance | ChoosingFolder | ChoosingRelease, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure))


def _retry(state: ChoosingInstance | ChoosingFolder | ChoosingRelease, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)


for _state in (ChoosingInstance, ChoosingFolder, ChoosingRelease):
    on(_state, CallFailed)(_failed)
    on(_state, Retried)(_retry)
