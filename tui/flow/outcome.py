"""What a job's state means: final or not, which outcome, which exit code. Data, and the functions that read it.

States: Orchestrator definitions 2019.4 (seven) and 20.0; meanings: UiPath's user guide, "Job states". A state that is
not in the table is never taken for final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable

FINAL: Final = {"Successful": Exit.SUCCESSFUL, "Faulted": Exit.FAULTED, "Stopped": Exit.STOPPED}
PARKED: Final = frozenset({"Suspended"})

MEANINGS: Final = {
    "Pending": "waiting for a robot",
    "Running": "a robot is working on it",
    "Stopping": "asked to stop; the process decides when",
    "Terminating": "being killed",
    "Suspended": "parked until what it waits for comes",
    "Resumed": "about to continue",
    "Successful": "ended normally",
    "Faulted": "ended by an error",
    "Stopped": "ended before it was done",
}


def is_final(state: str) -> bool:
    """Tell whether the state never changes again. Unknown states are not final."""
    return state in FINAL


def meaning(state: str) -> str:
    """Return the state in plain words; an unknown state says so."""
    return MEANINGS.get(state, "a state this program does not know")


def outcome(states: Iterable[str]) -> Exit:
    """Return the exit code for jobs in these states: the worst final one, or UNFINISHED while any is not final."""
    worst = Exit.SUCCESSFUL
    for state in states:
        code = FINAL.get(state, Exit.UNFINISHED)
        if code is Exit.UNFINISHED:
            return code
        if worst is Exit.SUCCESSFUL or code is Exit.FAULTED:
            worst = code
    return worst


def is_settled(states: Iterable[str]) -> bool:
    """Tell whether waiting brings nothing soon: every job is final or parked."""
    return all(is_final(state) or state in PARKED for state in states)
