"""The transition table and how reducers write into it. Owns tickets: every call gets one, answers are matched by it.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from tui.flow.effects import Effect
from tui.flow.events import Event
from tui.flow.states import State

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S", bound=State)
E = TypeVar("E", bound=Event)
Step = tuple[State, tuple[Effect, ...]]

TABLE: dict[tuple[type[State], type[Event]], Callable[[Any, Any], Step]] = {}


def on(state: type[S], event: type[E]) -> Callable[[Callable[[S, E], Step]], Callable[[S, E], Step]]:
    """Enter a reducer into the table for one state and one event."""

    def enter(reducer: Callable[[S, E], Step]) -> Callable[[S, E], Step]:
        TABLE[state, event] = reducer
        return reducer

    return enter


def stay(state: State) -> Step:
    """Return the state as it is, with nothing to do."""
    return state, ()


def ask(state: S, *effects: Effect) -> tuple[S, tuple[Effect, ...]]:
    """Give each effect the next ticket and await its answer in ``state``."""
    ticket = state.ticket
    issued: list[Effect] = []
    for effect in effects:
        ticket += 1
        issued.append(replace(effect, ticket=ticket))
    return replace(state, ticket=ticket, pending=(*state.pending, *issued)), tuple(issued)


def ask_afresh(state: S, *effects: Effect) -> tuple[S, tuple[Effect, ...]]:
    """As `ask`, forgetting a shown failure and whatever was awaited before."""
    return ask(replace(state, pending=(), failure=None, failed=None), *effects)


def also(step: Step, *effects: Effect) -> Step:
    """Add effects whose outcome nobody awaits; each gets a ticket of its own."""
    state, given = step
    issued = tuple(replace(effect, ticket=state.ticket + number) for number, effect in enumerate(effects, 1))
    return replace(state, ticket=state.ticket + len(issued)), (*given, *issued)


def without(state: S, *kinds: type[Effect]) -> S:
    """Return the state no longer awaiting effects of these kinds."""
    return replace(state, pending=tuple(effect for effect in state.pending if not isinstance(effect, kinds)))


def awaiting(state: State, *kinds: type[Effect]) -> bool:
    """Tell whether an answer to an effect of these kinds is awaited."""
    return any(isinstance(effect, kinds) for effect in state.pending)


def back_to(earlier: S, state: State) -> S:
    """Return to an earlier phase with the answers and ticket of now, awaiting nothing."""
    return replace(earlier, answers=state.answers, ticket=state.ticket, pending=(), failure=None, failed=None)
