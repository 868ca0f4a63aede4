"""Step 1: from what was pasted, typed or kept to the accounts it may use. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.choosing import arrive
from tui.flow.effects import AwaitRedirect, BeginBrowser, FetchAccounts, SignIn
from tui.flow.events import (
    BrowserBegun,
    BrowserRequested,
    CallFailed,
    ProfileChosen,
    RedirectGiven,
    Retried,
    SignedIn,
    SignInKept,
    SignInSubmitted,
    WentBack,
)
from tui.flow.states import Answers, AwaitingBrowser, ChoosingInstance, SigningIn
from tui.flow.table import Step, ask, ask_afresh, awaiting, back_to, on, stay, without
from tui.flow.ways import ByKept, ByRedirect, Target
from tui.keeping import Keeping

if TYPE_CHECKING:
    from tui.profile import Profile


def open_profile(origin: SigningIn, profile: Profile, *, keep: bool = True) -> Step:
    """Sign in with what the profile keeps; where it keeps no secret, its answers are the defaults of the form."""
    kept = origin.answers
    answers = replace(Answers.of(profile, kept.here), intents=kept.intents, resuming=True)
    if not keep:
        answers = replace(answers, save_as="")
    lasting = profile.keeping.lasts and bool(profile.credential)
    state = replace(origin, answers=answers, forward=None, opening=lasting)
    if not lasting:
        return stay(replace(state, pending=(), failure=None, failed=None))
    target = Target(
        deployment=profile.deployment,
        base_url=profile.base_url,
        account=profile.account,
        instance=profile.instance,
        keeping=profile.keeping,
        save_as=answers.save_as,
    )
    return ask_afresh(state, SignIn(way=ByKept(), target=target, profile=profile, as_profiled=True))


@on(SigningIn, ProfileChosen)
def _open(state: SigningIn, event: ProfileChosen) -> Step:
    return open_profile(state, event.profile, keep=event.keep)


def _answers(state: SigningIn, target: Target) -> Answers:
    """Return what stays answered when the sign-in is made anew: everything at the same place, nothing elsewhere."""
    kept = state.answers
    if (kept.deployment, kept.base_url) != (target.deployment, target.base_url):
        kept = Answers(deployment=target.deployment, base_url=target.base_url, here=kept.here)
    profile = kept.here.book.named(target.save_as) or kept.profile
    if profile is not None and profile.name != target.save_as:
        profile = None
    return replace(kept, save_as=target.save_as, profile=profile, named=(target.account, target.instance))


@on(SigningIn, SignInSubmitted)
def _submit(state: SigningIn, event: SignInSubmitted) -> Step:
    if awaiting(state, SignIn, BeginBrowser):
        return stay(state)
    answers = _answers(state, event.target)
    answers = replace(answers, way=event.way_name, client_id=event.client_id, scopes=event.scopes)
    effect = SignIn(way=event.way, target=event.target, profile=answers.profile)
    opening = state.opening and event.target.keeping is Keeping.ENVIRONMENT
    return ask_afresh(replace(state, answers=answers, opening=opening), effect)


@on(SigningIn, BrowserRequested)
def _browser(state: SigningIn, event: BrowserRequested) -> Step:
    if awaiting(state, SignIn, BeginBrowser):
        return stay(state)
    application, answers = event.application, _answers(state, event.target)
    answers = replace(answers, way="browser", client_id=application.client_id, scopes=application.scopes)
    effect = BeginBrowser(application=application, target=event.target, profile=answers.profile)
    return ask_afresh(replace(state, answers=answers, opening=False), effect)


def _listen(state: SigningIn, begun: BeginBrowser, event: BrowserBegun) -> Step:
    following = AwaitingBrowser(
        answers=state.answers,
        ticket=state.ticket,
        step_back=replace(state, pending=(), failure=None, failed=None),
        begun=begun,
        address=event.address,
        redirect_uri=event.redirect_uri,
        opened=event.opened,
        caught=event.caught,
        uncaught=event.failure,
    )
    return ask(following, AwaitRedirect(begun=begun)) if event.caught else stay(following)


@on(SigningIn, BrowserBegun)
def _begun(state: SigningIn, event: BrowserBegun) -> Step:
    begun = state.answered
    return _listen(state, begun, event) if isinstance(begun, BeginBrowser) else stay(state)


@on(AwaitingBrowser, BrowserBegun)
def _begun_again(state: AwaitingBrowser, event: BrowserBegun) -> Step:
    return _listen(back_to(state.step_back, state), state.begun, event)


@on(AwaitingBrowser, RedirectGiven)
def _pasted(state: AwaitingBrowser, event: RedirectGiven) -> Step:
    """Try what was pasted; the browser may still come back by itself meanwhile."""
    if awaiting(state, SignIn):
        return stay(state)
    begun = state.begun
    effect = SignIn(way=ByRedirect(event.text), target=begun.target, profile=begun.profile)
    return ask(replace(state, failure=None, failed=None), effect)


@on(AwaitingBrowser, SignedIn)
def _back_from_browser(state: AwaitingBrowser, event: SignedIn) -> Step:
    return arrive(back_to(state.step_back, state), event)


@on(AwaitingBrowser, CallFailed)
def _browser_failed(state: AwaitingBrowser, event: CallFailed) -> Step:
    """Show why; a code that the server has refused uses the page up, and nothing more is awaited from it."""
    refused = isinstance(state.answered, SignIn) and event.failure.status is not None
    state = replace(state, failure=event.failure)
    return stay(replace(without(state, AwaitRedirect), caught=False, spent=True) if refused else state)


@on(AwaitingBrowser, Retried)
def _new_attempt(state: AwaitingBrowser, _event: Retried) -> Step:
    """Begin anew: an attempt and its code work once."""
    return ask_afresh(state, state.begun)


@on(AwaitingBrowser, WentBack)
def _no_browser(state: AwaitingBrowser, _event: WentBack) -> Step:
    if awaiting(state, SignIn):
        return stay(replace(state, pending=tuple(each for each in state.pending if not isinstance(each, SignIn))))
    return stay(back_to(state.step_back, state))


@on(SigningIn, SignedIn)
def _signed_in(state: SigningIn, event: SignedIn) -> Step:
    return arrive(state, event)


@on(SigningIn, SignInKept)
def _go_on(state: SigningIn, event: SignInKept) -> Step:
    if state.forward is None or state.pending:
        return stay(state)
    following = back_to(state.forward, state)
    if event.named is None or not isinstance(following, ChoosingInstance):
        return stay(following)
    answers = replace(following.answers, named=event.named)
    return ask(replace(following, answers=answers, accounts=(), instances=None, typed=False), FetchAccounts())


@on(SigningIn, CallFailed)
def _failed(state: SigningIn, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure, opening=False))


@on(SigningIn, Retried)
def _retry(state: SigningIn, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)


@on(SigningIn, WentBack)
def _cancel(state: SigningIn, _event: WentBack) -> Step:
    """Stop what is under way; then go back to what a new sign-in was asked for in, with the old one."""
    interrupted = state.interrupted
    if state.pending or interrupted is None:
        return stay(replace(back_to(state, state), opening=False))
    answers = replace(interrupted.answers, here=state.answers.here)
    return stay(replace(interrupted, answers=answers, ticket=state.ticket))
