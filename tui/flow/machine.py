"""The workflow: one pure function from state and event to state and effects. An illegal event raises.

Imports the reducers for their entries in the table; no clock, no I/O, no terminal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import (
    attaching,
    choosing,
    choosing_release,
    interruptions,
    job_list,
    late,
    pending_reasons,
    remembering,
    signing_in,
    starting,
    unresolved,
    watching,
)
from tui.flow.events import Answer, CallFailed, Event
from tui.flow.table import TABLE

if TYPE_CHECKING:
    from tui.flow.effects import Effect
    from tui.flow.states import State

REDUCERS = (
    signing_in,
    interruptions,
    choosing,
    choosing_release,
    starting,
    unresolved,
    watching,
    pending_reasons,
    job_list,
    attaching,
    late,
    remembering,
)
"""The modules whose reducers fill the table."""


class IllegalEvent(ValueError):  # noqa: N818 - a protocol violation in the sense of a state machine
    """An event that the state has no answer to: a defect of the caller."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{type(event).__name__} is not possible while {type(state).__name__}")


def transition(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Return the next state and what to do.

    An `Answer` that nobody awaits any more (its step was left or asked again) changes nothing. The reducer finds what
    is answered in ``state.answered``, and for `CallFailed` in ``state.failed``.
    """
    if isinstance(event, Answer):
        awaited = next((effect for effect in state.pending if effect.ticket == event.ticket), None)
        if awaited is None:
            return state, ()
        rest = tuple(effect for effect in state.pending if effect is not awaited)
        failed = awaited if isinstance(event, CallFailed) else state.failed
        state = replace(state, pending=rest, failed=failed, answered=awaited)
    reducer = TABLE.get((type(state), type(event)))
    if reducer is None:
        raise IllegalEvent(state, event)
    return reducer(state, event)
