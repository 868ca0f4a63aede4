"""A start that got no complete answer: look for its job, never repeat it. Imports types only.

What is known of it comes with the intent; the person alone may say that a job is theirs, or start again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.errors import Exit, Failure
from tui.flow import schedule, watching
from tui.flow.effects import AdoptJobs, CheckStart, CloseStart, PreviewStart, Wait
from tui.flow.events import (
    CallFailed,
    CandidateAdopted,
    CandidateDenied,
    CheckRequested,
    Retried,
    StartAgainRequested,
    StartChecked,
    StartClosed,
    WaitEnded,
    WentBack,
)
from tui.flow.memory import after_find
from tui.flow.profiles import keep
from tui.flow.start_info import release_folder, start_info
from tui.flow.states import PreparingStart, Starting, StartUnresolved, Watching
from tui.flow.table import Step, also, ask, ask_afresh, awaiting, back_to, on, stay
from tui.intent import IntentState
from tui.text import clean, clock_time, counted

if TYPE_CHECKING:
    from tui.api.models import Job
    from tui.flow.effects import Effect
    from tui.flow.states import Answers
    from tui.intent import Intent

JUDGED = (IntentState.LIKELY, IntentState.ASK_USER)
"""What only the person can decide: looking again brings nothing."""
NAMED = 3
"""How many of the jobs found are named."""


def begin(state: Starting, intent: Intent) -> Step:
    """Remember that the start of this release is unresolved, and look for its job at once."""
    return _look(back_to(state.step_back, state), intent, resumed=False)


def resume(state: PreparingStart, intent: Intent) -> Step:
    """Look for the job of an earlier start before another one of its release can be made."""
    return _look(state, intent, resumed=True)


def settled(answers: Answers, intent: Intent) -> Answers:
    """Return the answers without the start, now that it no longer stands in the way of another."""
    return replace(answers, intents=tuple(each for each in answers.intents if each.release_key != intent.release_key))


def _known(answers: Answers, intent: Intent) -> Answers:
    return replace(settled(answers, intent), intents=(*settled(answers, intent).intents, intent))


def _look(state: PreparingStart, intent: Intent, *, resumed: bool) -> Step:
    answers = _known(state.answers, intent)
    following = StartUnresolved(
        answers=answers,
        ticket=state.ticket,
        step_back=replace(state, answers=answers, pending=()),
        intent=intent,
        resumed=resumed,
    )
    return check(following)


def check(state: StartUnresolved) -> Step:
    """Look for the job now."""
    return ask_afresh(state, CheckStart(intent=state.intent, folder=release_folder(state.answers)))


def _later(state: StartUnresolved) -> Step:
    if state.intent.state in JUDGED:
        return stay(state)
    return ask(state, Wait(seconds=schedule.next_check(state.checks)))


@on(StartUnresolved, StartChecked)
def _checked(state: StartUnresolved, event: StartChecked) -> Step:
    intent = event.intent
    if intent.state is IntentState.ACCEPTED and event.jobs:
        return _found(state, intent, event.jobs, event.proof)
    if not intent.open:
        return _no_job_to_watch(state, intent)
    checks = state.checks + 1
    return _later(
        replace(
            state,
            answers=_known(state.answers, intent),
            intent=intent,
            groups=event.groups,
            checks=checks,
            looked=state.looked + 1,
            failure=None,
            failed=None,
        )
    )


def _found(state: StartUnresolved, intent: Intent, jobs: tuple[Job, ...], proof: str) -> Step:
    """Watch the jobs that are proven to be those of the start."""
    following, effects = _watch(state, intent, jobs)
    more = f" and {len(jobs) - NAMED:,} more" if len(jobs) > NAMED else ""
    numbers = ", ".join(str(job.id) for job in jobs[:NAMED]) + more
    first = f"{'job' if len(jobs) == 1 else 'jobs'} {numbers}, created {clock_time(jobs[0].creation_time)}"
    notice = f"It did start: {first}, {'tagged by this app' if intent.exact else proof or 'as its sender knows'}."
    calls = len({job.batch_execution_key for job in jobs})
    if intent.count and len(jobs) > intent.count:
        wanted = counted(intent.count, "job")
        notice = f"More jobs than asked for: {len(jobs)} instead of {wanted}. Stop what is too much. {notice}"
    elif not intent.count and calls > 1:
        notice = f"More jobs than asked for: {calls} calls made jobs with this mark. Stop what is too much. {notice}"
    return keep(after_find((replace(following, notice=notice), effects), following.answers, intent, jobs))


def _watch(state: StartUnresolved, intent: Intent, jobs: tuple[Job, ...]) -> tuple[Watching, tuple[Effect, ...]]:
    answers = settled(state.answers, intent)
    origin = back_to(state.step_back, replace(state, answers=answers))
    following, effects = watching.adopt(origin, state.ticket, jobs)
    assert isinstance(following, Watching)  # noqa: S101 - what `adopt` returns
    return following, effects


def _no_job_to_watch(state: StartUnresolved, intent: Intent) -> Step:
    """Go back to the form with what is known elsewhere by now: that it made no job, or that one can't be seen."""
    match intent.state:
        case IntentState.ACCEPTED:
            numbers = ", ".join(map(str, intent.jobs))
            failure = _doubtful("The earlier start did make jobs", f"the server does not list them: {numbers}")
        case IntentState.CLOSED if state.intent.again:
            failure = _doubtful(
                "The earlier start stays given up", "what fitted is not yours; its job may still turn up"
            )
        case IntentState.CLOSED:
            failure = _doubtful("The earlier start was given up in another window", "its job may still turn up")
        case known:
            cause = f"it was {'refused by the server' if known is IntentState.REJECTED else 'never sent'}"
            failure = Failure("The earlier start made no job", cause, "You may start now.", exit=Exit.REFUSED)
    following, effects = _prepare(state, intent)
    return replace(following, failure=failure), effects


def _doubtful(title: str, cause: str) -> Failure:
    return Failure(title, cause, "Look at the jobs of the process before you start it again.", Exit.OUTCOME_UNKNOWN)


def _prepare(state: StartUnresolved, intent: Intent) -> Step:
    answers = settled(state.answers, intent)
    preparing = back_to(state.step_back, replace(state, answers=answers))
    info = start_info(answers)
    return stay(preparing) if info is None else ask(preparing, PreviewStart(info=info, folder=release_folder(answers)))


@on(StartUnresolved, CallFailed)
def _failed(state: StartUnresolved, event: CallFailed) -> Step:
    if isinstance(state.failed, CloseStart):
        return stay(replace(state, failure=event.failure))
    return _later(replace(state, failure=event.failure, checks=state.checks + 1))


@on(StartUnresolved, WaitEnded)
def _due(state: StartUnresolved, _event: WaitEnded) -> Step:
    return check(state)


@on(StartUnresolved, CheckRequested)
def _now(state: StartUnresolved, _event: CheckRequested) -> Step:
    return stay(state) if awaiting(state, CloseStart) else check(state)


@on(StartUnresolved, Retried)
def _retry(state: StartUnresolved, _event: Retried) -> Step:
    return stay(state) if awaiting(state, CloseStart) else check(state)


def _of_one_call(state: StartUnresolved, job: Job) -> tuple[Job, ...]:
    return next((group.jobs for group in state.groups if job in group.jobs), (job,))


@on(StartUnresolved, CandidateAdopted)
def _adopt(state: StartUnresolved, event: CandidateAdopted) -> Step:
    """Watch the job the person recognised, and those of the same call."""
    jobs = _of_one_call(state, event.job)
    ids = tuple(job.id for job in jobs)
    step = also(_watch(state, state.intent, jobs), AdoptJobs(intent=state.intent, ids=ids))
    return after_find(step, state.answers, state.intent, jobs)


@on(StartUnresolved, CandidateDenied)
def _deny(state: StartUnresolved, event: CandidateDenied) -> Step:
    denied = tuple(job.id for job in _of_one_call(state, event.job))
    effect = CheckStart(intent=state.intent, folder=release_folder(state.answers), denied=denied)
    return ask_afresh(state, effect)


@on(StartUnresolved, StartAgainRequested)
def _again(state: StartUnresolved, event: StartAgainRequested) -> Step:
    """Let a new start be made, but only to whoever typed the process's name, and only when waiting brings nothing."""
    named = event.name.strip() == clean(state.intent.release_name).strip()
    if not named or not state.may_start_again or awaiting(state, CloseStart):
        return stay(state)
    seen = max((job.id for job in state.candidates), default=0)
    return ask_afresh(state, CloseStart(intent=state.intent, seen=seen))


@on(StartUnresolved, StartClosed)
def _closed(state: StartUnresolved, event: StartClosed) -> Step:
    following, effects = _prepare(state, event.intent)
    answers = replace(following.answers, given_up=(*following.answers.given_up, event.intent))
    return replace(following, answers=answers), effects


@on(StartUnresolved, WentBack)
def _leave(state: StartUnresolved, _event: WentBack) -> Step:
    return stay(back_to(state.step_back.step_back, state))
