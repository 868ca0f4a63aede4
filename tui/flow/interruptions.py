"""Signing in anew in the middle of something, opening another profile, and news of what this computer keeps.

What was being done goes on afterwards, where the same service instance is open again. Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.flow import signing_in
from tui.flow.events import HereChanged, ProfileChosen, SignInAgainRequested
from tui.flow.states import (
    AwaitingBrowser,
    ChoosingFolder,
    ChoosingInstance,
    ChoosingRelease,
    ConfirmingStart,
    ListingJobs,
    PreparingStart,
    SigningIn,
    Starting,
    StartUnresolved,
    State,
    Watching,
)
from tui.flow.table import Step, back_to, on, stay

if TYPE_CHECKING:
    Leavable = (
        ChoosingInstance | ChoosingFolder | ChoosingRelease | ListingJobs | PreparingStart | StartUnresolved | Watching
    )

LEAVABLE = (
    ChoosingInstance,
    ChoosingFolder,
    ChoosingRelease,
    ListingJobs,
    PreparingStart,
    StartUnresolved,
    Watching,
)
"""The states in which a new sign-in may be asked for: never while a start is on its way or being confirmed."""


def first_step(state: State) -> SigningIn:
    """Return the first step behind ``state``."""
    step: Any = state
    while not isinstance(step, SigningIn):
        step = step.step_back
    return step


def _leave(state: Leavable) -> SigningIn:
    answers = replace(state.answers, resuming=True)
    return replace(
        back_to(first_step(state), state), answers=answers, forward=None, interrupted=replace(state, pending=())
    )


def _again(state: Leavable, _event: SignInAgainRequested) -> Step:
    return stay(_leave(state))


def _other_profile(state: Leavable, event: ProfileChosen) -> Step:
    return signing_in.open_profile(_leave(state), event.profile)


def _news(state: State, event: HereChanged) -> Step:
    answers = replace(state.answers, here=event.here)
    if event.saved is not None and event.saved.name == answers.save_as:
        answers = replace(answers, profile=event.saved)
    identity = answers.identity
    if event.failure is not None and identity is not None:
        answers = replace(answers, identity=replace(identity, warning=str(event.failure)))
    return stay(replace(state, answers=answers))


for _state in LEAVABLE:
    on(_state, SignInAgainRequested)(_again)
    on(_state, ProfileChosen)(_other_profile)
for _state in (SigningIn, AwaitingBrowser, ConfirmingStart, Starting, *LEAVABLE):
    on(_state, HereChanged)(_news)
