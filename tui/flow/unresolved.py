"""A start that got no complete answer: look for its job, never repeat it. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import schedule, watching
from tui.flow.effects import CheckStart, Wait
from tui.flow.events import CallFailed, CandidateAdopted, CandidatesFound, CheckRequested, Retried, WaitEnded, WentBack
from tui.flow.start_info import release_folder
from tui.flow.states import Starting, StartUnresolved
from tui.flow.table import Step, ask, ask_afresh, back_to, on, stay

if TYPE_CHECKING:
    from tui.errors import Failure


def begin(state: Starting, lost: Failure) -> Step:
    """Remember that the start of this release is unresolved, and look for its job at once."""
    answers = state.answers
    key = state.info.release_key
    answers = replace(answers, unresolved=(*(other for other in answers.unresolved if other != key), key))
    following = StartUnresolved(
        answers=answers,
        ticket=state.ticket,
        step_back=state.step_back,
        info=state.info,
        preview=state.preview,
        fence=state.fence,
        lost=lost,
    )
    return check(following)


def check(state: StartUnresolved) -> Step:
    """Look for the job now."""
    release = state.answers.release
    name = release.name if release is not None else ""
    return ask_afresh(state, CheckStart(release_name=name, fence=state.fence, folder=release_folder(state.answers)))


def _later(state: StartUnresolved) -> Step:
    delay = schedule.next_check(state.checks)
    return stay(state) if delay is None else ask(state, Wait(seconds=delay))


@on(StartUnresolved, CandidatesFound)
def _found(state: StartUnresolved, event: CandidatesFound) -> Step:
    return _later(
        replace(
            state, candidates=event.jobs, checks=state.checks + 1, looked=state.looked + 1, failure=None, failed=None
        )
    )


@on(StartUnresolved, CallFailed)
def _failed(state: StartUnresolved, event: CallFailed) -> Step:
    return _later(replace(state, failure=event.failure, checks=state.checks + 1))


@on(StartUnresolved, WaitEnded)
def _due(state: StartUnresolved, _event: WaitEnded) -> Step:
    return check(state)


@on(StartUnresolved, CheckRequested)
def _now(state: StartUnresolved, _event: CheckRequested) -> Step:
    return check(state)


@on(StartUnresolved, Retried)
def _retry(state: StartUnresolved, _event: Retried) -> Step:
    return check(state)


@on(StartUnresolved, CandidateAdopted)
def _adopt(state: StartUnresolved, event: CandidateAdopted) -> Step:
    """Watch the job the person recognised, and those of the same call."""
    batch = event.job.batch_execution_key
    jobs = tuple(job for job in state.candidates if job == event.job or (batch and job.batch_execution_key == batch))
    answers = state.answers
    answers = replace(answers, unresolved=tuple(key for key in answers.unresolved if key != state.info.release_key))
    origin = back_to(state.step_back, replace(state, answers=answers))
    return watching.adopt(origin, state.ticket, jobs or (event.job,))


@on(StartUnresolved, WentBack)
def _leave(state: StartUnresolved, _event: WentBack) -> Step:
    return stay(back_to(state.step_back.step_back, state))
