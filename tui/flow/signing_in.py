"""Step 1: from a pasted token to the accounts it may use. Imports types only."""

from __future__ import annotations

from dataclasses import replace

from tui.flow.choosing import take_account
from tui.flow.effects import SignIn
from tui.flow.events import CallFailed, Retried, SignedIn, SignInKept, TokenSubmitted, WentBack
from tui.flow.states import Answers, ChoosingInstance, SigningIn
from tui.flow.table import Step, ask_afresh, awaiting, back_to, on, stay


@on(SigningIn, TokenSubmitted)
def _submit(state: SigningIn, event: TokenSubmitted) -> Step:
    if awaiting(state, SignIn):
        return stay(state)
    kept = state.answers
    same_place = (kept.deployment, kept.base_url) == (event.deployment, event.base_url)
    answers = kept if same_place else Answers(deployment=event.deployment, base_url=event.base_url)
    effect = SignIn(
        token=event.token,
        deployment=event.deployment,
        base_url=event.base_url,
        account=event.account,
        instance=event.instance,
    )
    return ask_afresh(replace(state, answers=answers), effect)


@on(SigningIn, SignedIn)
def _signed_in(state: SigningIn, event: SignedIn) -> Step:
    answers = replace(state.answers, identity=event.identity)
    nothing_listed = not event.accounts
    following = ChoosingInstance(
        answers=answers,
        ticket=state.ticket,
        step_back=replace(state, forward=None),
        accounts=event.accounts,
        instances=event.instances,
        typed=nothing_listed,
        typed_reason=event.reason,
    )
    if len(event.accounts) == 1:
        return take_account(following, event.accounts[0])
    return stay(following)


@on(SigningIn, SignInKept)
def _go_on(state: SigningIn, _event: SignInKept) -> Step:
    return stay(state if state.forward is None or state.pending else back_to(state.forward, state))


@on(SigningIn, CallFailed)
def _failed(state: SigningIn, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure))


@on(SigningIn, Retried)
def _retry(state: SigningIn, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)


@on(SigningIn, WentBack)
def _cancel(state: SigningIn, _event: WentBack) -> Step:
    return stay(back_to(state, state))
