"""Step 2: service instance and folder. One choice only is taken by itself, and so is what a profile answers.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.effects import FetchAccounts, FetchInstances, FetchReleases, OpenInstance
from tui.flow.events import (
    AccountChosen,
    AccountsListed,
    CallFailed,
    FolderChosen,
    InstanceChosen,
    InstanceOpened,
    InstancesLoaded,
    InstanceTyped,
    ReleasesLoaded,
    Retried,
    WentBack,
)
from tui.flow.going_on import go_on, same_place
from tui.flow.profiles import keep, keep_unfinished
from tui.flow.states import ChoosingFolder, ChoosingInstance, ChoosingRelease
from tui.flow.table import Step, ask, ask_afresh, back_to, on, stay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.api.models import Account, Folder, ServiceInstance
    from tui.flow.events import SignedIn
    from tui.flow.states import Answers, SigningIn, Watching

NO_INSTANCE_LISTED = "The server lists no service instance for this account."
NO_FOLDER_LISTED = "The server lists no folder for this sign-in (an external application sees none)."


def arrive(origin: SigningIn, event: SignedIn) -> Step:
    """Enter step 2 with a new sign-in; what the profile answers is taken without asking."""
    kept = origin.answers
    answers = replace(
        kept, identity=event.identity, folder=event.folder or kept.folder, new_sign_in=not event.partial, finished=False
    )
    state = ChoosingInstance(
        answers=answers,
        ticket=origin.ticket,
        step_back=replace(origin, forward=None, opening=False, pending=(), failure=None, failed=None),
        accounts=event.accounts,
        instances=event.instances,
        typed=not event.accounts,
        typed_reason=event.reason,
        partial=event.partial,
        interrupted=origin.interrupted,
    )
    account = _answered_account(answers, event.accounts)
    step = take_account(state, account) if account is not None else stay(state)
    return step if event.partial else keep_unfinished(step)


def _answered_account(answers: Answers, accounts: Iterable[Account]) -> Account | None:
    """Return the only account, or the one that the profile names while it is being resumed."""
    listed = tuple(accounts)
    if len(listed) == 1:
        return listed[0]
    wanted = answers.profile.account.casefold() if answers.resuming and answers.profile else ""
    return next((each for each in listed if wanted and each.account_logical_name.casefold() == wanted), None)


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
    profile = state.answers.profile if state.answers.resuming else None
    wanted = profile.instance.casefold() if profile is not None else ""
    same = next((each for each in instances if wanted and each.logical_name.casefold() == wanted), None)
    return _open(state, same) if same is not None else stay(state)


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
        intents=event.intents,
        given_up=(),
        late=event.late,
        memory=event.memory,
        carriers=event.carriers,
        folder=state.answers.folder if event.folders is not None else None,
    )
    interrupted = state.interrupted
    if interrupted is not None and same_place(interrupted.answers, answers):
        return keep(go_on(interrupted, replace(state, answers=answers)))
    parked = state.parked if state.parked is not None and same_place(state.parked.answers, answers) else None
    state = replace(state, answers=answers, failure=None, failed=None, interrupted=None)
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
    if len(event.folders) == 1:
        return _into(following, event.folders[0])
    return _folder_of_last_time(following)


def _folder_of_last_time(state: ChoosingFolder) -> Step:
    """Take the folder that the profile names while it is being resumed: its number of today, or its key as it is."""
    last = state.answers.folder
    if not state.answers.resuming or last is None:
        return stay(state)
    same = [each for each in state.folders if last.key and each.key.casefold() == last.key.casefold()]
    same = same or [each for each in state.folders if each.path.casefold() == last.path.casefold()]
    if same:
        return _into(state, same[0])
    if state.typed:
        return _into(state, last)
    note = f"The folder of last time, {last.path or last.key}, is not listed any more. "
    return stay(replace(state, note=note))


@on(ChoosingInstance, AccountsListed)
def _listed(state: ChoosingInstance, event: AccountsListed) -> Step:
    """Offer everything now; the account in use stays chosen, its instances are asked for but none is taken."""
    answers = replace(state.answers, resuming=False)
    typed = not event.accounts
    state = replace(
        state,
        answers=answers,
        accounts=event.accounts,
        instances=event.instances,
        typed=typed,
        typed_reason=event.reason,
        partial=False,
    )
    return stay(state)


@on(ChoosingInstance, WentBack)
def _instance_back(state: ChoosingInstance, _event: WentBack) -> Step:
    if state.pending:
        return stay(back_to(state, state))
    if state.instances is not None and len(state.accounts) > 1:
        return stay(replace(back_to(state, state), instances=None))
    return stay(replace(back_to(state.step_back, state), forward=state))


def with_parked(earlier: ChoosingInstance | ChoosingFolder, parked: Watching | None) -> Step:
    """Take a watch left running along on the way back; what a profile answered without a list is listed now."""
    state = replace(earlier, parked=parked)
    return ask(state, FetchAccounts()) if isinstance(state, ChoosingInstance) and state.partial else stay(state)


def _into(state: ChoosingFolder, folder: Folder) -> Step:
    """Choose ``folder``; it is proven by listing its releases."""
    return ask_afresh(replace(state, answers=replace(state.answers, folder=folder)), FetchReleases(folder=folder))


@on(ChoosingFolder, FolderChosen)
def _folder(state: ChoosingFolder, event: FolderChosen) -> Step:
    return _into(state, event.folder)


@on(ChoosingFolder, ReleasesLoaded)
def _proven(state: ChoosingFolder, event: ReleasesLoaded) -> Step:
    back = replace(state, failure=None, failed=None, note="")
    following = ChoosingRelease(
        answers=state.answers,
        ticket=state.ticket,
        step_back=back,
        releases=event.releases,
        total=event.total,
        parked=state.parked,
    )
    return proven(following)


def proven(state: ChoosingRelease) -> Step:
    """Keep the answers as the profile: a list of releases proves them all."""
    fresh = state.answers.new_sign_in
    answers = replace(state.answers, new_sign_in=False, resuming=False, finished=fresh or state.answers.finished)
    return keep(stay(replace(state, answers=answers)))


@on(ChoosingFolder, WentBack)
def _folder_back(state: ChoosingFolder, _event: WentBack) -> Step:
    if state.pending:
        return stay(back_to(state, state))
    return with_parked(back_to(state.step_back, state), state.parked)


def _failed(state: ChoosingInstance | ChoosingFolder, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure))


def _retry(state: ChoosingInstance | ChoosingFolder, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)


for _state in (ChoosingInstance, ChoosingFolder):
    on(_state, CallFailed)(_failed)
    on(_state, Retried)(_retry)
