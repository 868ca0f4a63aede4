"""How soon the server may be asked again, whoever wants it. Pure; imports types only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.flow import schedule
from tui.flow.effects import Wait
from tui.flow.table import awaiting
from tui.text import short_duration

if TYPE_CHECKING:
    from datetime import datetime

    from tui.flow.states import Watching


def left(state: Watching, at: datetime | None) -> float:
    """Return the seconds that must pass before the jobs may be read again; 0 when they may be at once.

    The server's own ``Retry-After`` counts, and the least pause between two lists. ``at`` is now, ``None`` when it is
    not known.
    """
    if at is None or state.tried_at is None:
        return state.delay if state.asked_to_wait and awaiting(state, Wait) else 0.0
    gap = state.asked_to_wait or schedule.least_gap(sum(not watched.over for watched in state.jobs))
    return max(0.0, min(gap, gap - (at - state.tried_at).total_seconds()))


def sentence(state: Watching, seconds: float) -> str:
    """Return why nothing is asked before ``seconds`` are over."""
    soon = f"{short_duration(max(1.0, seconds))}"
    if state.asked_to_wait:
        return f"the server asked to wait {short_duration(state.asked_to_wait)}: not asked again for {soon}"
    return f"just read: a list is not asked for again for {soon}"
