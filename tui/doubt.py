"""What is said while it is not known whether a start made a job. Never says “started” without the server's proof. Pure.

Shared by the screen and the line-by-line twin, so that both say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.flow.schedule import CHECKS
from tui.intent import IntentState
from tui.text import clean, clock_time, counted

if TYPE_CHECKING:
    from tui.api.models import Job
    from tui.flow.states import StartUnresolved

FORBIDDEN: Final = 403
LATE: Final = "It most likely never started, but a late delivery is possible."


def name_of(state: StartUnresolved) -> str:
    """Return the release's name, harmless to a terminal."""
    return clean(state.intent.release_name)


def story(state: StartUnresolved) -> str:
    """Return what was done and what must not be done now."""
    intent = state.intent
    if intent.busy:
        return (
            f"Another uipath-tui is starting {name_of(state)} right now. Nothing was started here. "
            "Its outcome is waited for."
        )
    when = f" at {clock_time(intent.sent_at)}" if intent.sent_at else ""
    cause = f" ({intent.cause})" if intent.cause else ""
    said = f"We sent the start of {name_of(state)}{when} but got no complete answer{cause}. The job may exist."
    if state.resumed:
        return f"{said} Nothing was started now: that earlier start comes first."
    return f"{said} Do not start it again."


def finding(state: StartUnresolved) -> str:
    """Return what the looks so far have brought, and what can be done."""
    if state.failure is not None and state.failure.status == FORBIDDEN:
        return _not_allowed(state)
    match state.intent.state:
        case IntentState.LIKELY:
            return (
                f"One {_likely(state.candidates)}. "
                "This server version cannot prove it is yours: somebody else may have started the same."
            )
        case IntentState.ASK_USER:
            return (
                f"{counted(sum(group.fits for group in state.groups), 'start')} fit. "
                "This server version cannot prove which is yours; only you can tell."
            )
        case IntentState.NOT_FOUND if state.intent.denied:
            return f"{_denied(state.intent.denied)} No other was seen for 5 minutes. {LATE}"
        case IntentState.NOT_FOUND:
            return f"No such job seen for 5 minutes. {LATE}"
        case _:
            return _checking(state)


def _likely(jobs: tuple[Job, ...]) -> str:
    first = jobs[0] if jobs else None
    if first is None:
        return "job fits"
    created = f"created {clock_time(first.creation_time)}, same arguments"
    if len(jobs) == 1:
        return f"job fits ({first.id}, {created})"
    return f"start of {len(jobs)} jobs fits ({first.id} …, {created})"


def _denied(jobs: tuple[int, ...]) -> str:
    return "The job that fitted is not yours." if len(jobs) == 1 else "The jobs that fitted are not yours."


def _checking(state: StartUnresolved) -> str:
    if state.checks and not state.looked:
        return "Nobody could look for the job so far. Check in Orchestrator before you start it again."
    looks = f"Checking… {min(state.checks + 1, len(CHECKS))} of {len(CHECKS)}."
    if state.candidates:
        newer = counted(len(state.candidates), "newer job fits", "newer jobs fit")
        return f"{looks} {newer} so far; nothing proves that it is yours, and others may still come."
    if not state.looked:
        return looks
    if state.intent.denied:
        return f"{looks} {_denied(state.intent.denied)} No other has been seen so far; it may still appear."
    return f"{looks} No such job has been seen so far; it may still appear."


def _not_allowed(state: StartUnresolved) -> str:
    intent = state.intent
    folder = f"folder {clean(intent.folder)}, " if intent.folder else ""
    after = f", after {clock_time(intent.sent_at)}" if intent.sent_at else ""
    return f"We are not allowed to look for the job. Check in Orchestrator: {folder}process {name_of(state)}{after}."
