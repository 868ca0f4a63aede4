"""Why a job is still waiting for a robot, as the server sees it. Asked for once a minute while it waits long.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import explain
from tui.flow.effects import AskWhyPending
from tui.flow.events import PendingExplained
from tui.flow.start_info import release_folder
from tui.flow.states import PendingReasons, Watching
from tui.flow.table import Step, awaiting, on, stay

if TYPE_CHECKING:
    from datetime import datetime

EVERY = 60.0
"""Seconds between two questions: the server does not find reasons anew all the time."""


def question(state: Watching, at: datetime | None) -> tuple[AskWhyPending, ...]:
    """Return the question to ask now about the selected job, or nothing."""
    current = state.current
    if at is None or state.paused or awaiting(state, AskWhyPending) or not explain.pending_long(current, at):
        return ()
    known = current.reasons
    if known is not None and (not known.told or (at - known.at).total_seconds() < EVERY):
        return ()
    return (AskWhyPending(job_id=current.job.id, folder=release_folder(state.answers)),)


@on(Watching, PendingExplained)
def _explained(state: Watching, event: PendingExplained) -> Step:
    if not isinstance(state.answered, AskWhyPending):
        return stay(state)
    result = event.result
    reasons = PendingReasons(
        at=event.at,
        told=result is not None,
        errors=result.errors if result is not None else (),
        codes=result.error_codes if result is not None else (),
    )
    return stay(_with(state, state.answered.job_id, reasons))


def unanswered(state: Watching, question: AskWhyPending, at: datetime) -> Step:
    """Go on without reasons: the question is not worth a failure. It is not asked again."""
    known = next((watched.reasons for watched in state.jobs if watched.job.id == question.job_id), None)
    reasons = replace(known, at=at) if known is not None else PendingReasons(at=at, told=False)
    return stay(replace(_with(state, question.job_id, reasons), failed=None))


def _with(state: Watching, job_id: int, reasons: PendingReasons) -> Watching:
    jobs = tuple(replace(watched, reasons=reasons) if watched.job.id == job_id else watched for watched in state.jobs)
    return replace(state, jobs=jobs)
