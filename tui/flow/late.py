"""Starts that were not found may be delivered late: they are looked for beside the jobs under watch, and told of.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import schedule
from tui.flow.events import LateFound
from tui.flow.memory import after_late
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
    Watching,
)
from tui.flow.table import Step, on, stay

if TYPE_CHECKING:
    from datetime import datetime

    from tui.flow.states import State


def due(state: Watching, at: datetime) -> bool:
    """Tell whether it is time to look for the starts of this tenant whose jobs may yet turn up."""
    if not (state.answers.intents or state.answers.given_up):
        return False
    before = state.late_looked_at
    return before is None or (at - before).total_seconds() >= schedule.KEPT_UP


def _found(state: State, event: LateFound) -> Step:
    """Say it, wherever the person is, and remember it; the release of such a start can be started again."""
    if not event.found:
        return stay(state)
    ids = {intent.id for intent in event.found}
    answers = replace(
        state.answers,
        intents=tuple(intent for intent in state.answers.intents if intent.id not in ids),
        given_up=tuple(intent for intent in state.answers.given_up if intent.id not in ids),
        late=(*state.answers.late, *event.said),
    )
    state = replace(state, answers=answers)
    if event.said and isinstance(state, Watching):
        state = replace(state, notice=f"{'. '.join(event.said)}.")
    step = stay(state)
    for intent in event.found:
        step = after_late(step, intent)
    return step


for _state in (
    *(SigningIn, AwaitingBrowser, ChoosingInstance, ChoosingFolder, ChoosingRelease, PreparingStart),
    *(ConfirmingStart, Starting, StartUnresolved, Watching, ListingJobs),
):
    on(_state, LateFound)(_found)
