"""Step 5: polls, robot logs, stop. Live data merges in; nothing here decides what the screen shows.

Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.errors import Exit
from tui.flow import late, pace, pending_reasons, schedule, turns
from tui.flow.carried import carried
from tui.flow.effects import (
    AskWhyPending,
    FetchPrevious,
    FetchRobotLogs,
    LookForLate,
    PollJobs,
    StopJobs,
    Wait,
)
from tui.flow.events import (
    CallFailed,
    JobSelected,
    JobsPolled,
    PauseToggled,
    PollRequested,
    Retried,
    RobotLogsLoaded,
    StopAccepted,
    StopRequested,
    WaitEnded,
    WentBack,
)
from tui.flow.job_list import reopened
from tui.flow.outcome import is_final
from tui.flow.start_info import release_folder
from tui.flow.states import PreparingStart, PreviousRun, StateSeen, WatchedJob, Watching
from tui.flow.table import Step, also, ask, awaiting, back_to, on, stay, without
from tui.flow.watched_logs import last_reads, read, reads_due, with_logs, with_refusal
from tui.flow.watched_logs import merged_logs as merged_logs
from tui.text import duration

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job
    from tui.flow.effects import Effect
    from tui.flow.states import ListingJobs, State

LATE_LOGS = 2.0
FORBIDDEN = 403


def begin(origin: PreparingStart, ticket: int, jobs: tuple[Job, ...], at: datetime) -> Step:
    """Watch freshly started jobs."""
    watched = tuple(WatchedJob(job=job, seen=(StateSeen(job.state, at),)) for job in jobs)
    state = Watching(
        answers=origin.answers,
        ticket=ticket,
        step_back=origin,
        jobs=watched,
        started_at=at,
        checked_at=at,
        tried_at=at,
    )
    return _go_on(state, schedule.FIRST)


def adopt(origin: PreparingStart, ticket: int, jobs: tuple[Job, ...]) -> Step:
    """Watch jobs that were found, not answered; when their states were reached is not known yet."""
    watched = tuple(WatchedJob(job=job) for job in jobs)
    return poll_now(Watching(answers=origin.answers, ticket=ticket, step_back=origin, jobs=watched))


def attach(origin: PreparingStart, ticket: int, jobs: tuple[Job, ...], at: datetime, listing: ListingJobs) -> Step:
    """Watch jobs that were read just now, chosen from ``listing``."""
    state = Watching(
        answers=origin.answers,
        ticket=ticket,
        step_back=origin,
        jobs=tuple(WatchedJob(job=job) for job in jobs),
        checked_at=at,
        tried_at=at,
        listing=listing,
    )
    return _go_on(state, schedule.FIRST)


def resume(parked: Watching, state: State) -> Step:
    """Return to a watch left running, with the sign-in and the ticket of ``state``."""
    return poll_now(replace(parked, ticket=state.ticket, answers=carried(parked.answers, state.answers)))


def poll_now(state: Watching) -> Step:
    """Ask at once, unless an answer is on its way or every job is over."""
    state = without(state, Wait)
    if awaiting(state, PollJobs):
        return stay(state)
    ids = turns.in_order(state)
    if not ids:
        return _go_on(state, schedule.FIRST)
    state = replace(state, halted=False)
    return ask(state, PollJobs(ids=ids, folder=release_folder(state.answers), looked_at=state.current.job.id))


def _go_on(state: Watching, delay: float) -> Step:
    """Ask for what is due: robot logs of the selected job, and the wait before the next poll."""
    if state.halted:
        return stay(state)
    effects: list[Effect] = [*reads_due(state)]
    effects += pending_reasons.question(state, state.checked_at)
    over = all(watched.over for watched in state.jobs)
    state = replace(without(state, Wait), delay=delay)
    if not over and not state.paused:
        effects.append(Wait(seconds=delay))
    elif over and not effects and not awaiting(state, FetchRobotLogs) and last_reads(state):
        effects.append(Wait(seconds=LATE_LOGS))
    return ask(state, *effects)


@on(Watching, WaitEnded)
def _due(state: Watching, event: WaitEnded) -> Step:
    if event.slept:
        state = replace(state, notice=f"This computer slept for {duration(event.slept)}; read at once afterwards.")
    if all(watched.over for watched in state.jobs):
        return ask(state, *last_reads(state))
    return stay(state) if state.paused else poll_now(state)


@on(Watching, JobsPolled)
def _polled(state: Watching, event: JobsPolled) -> Step:
    jobs = turns.with_news(state, event)
    changed = any(new.job is not old.job and new.job != old.job for new, old in zip(jobs, state.jobs, strict=True))
    state = replace(
        state,
        jobs=jobs,
        read=len(event.ids) or state.unfinished,
        checked_at=event.at,
        tried_at=event.at,
        polls=state.polls + 1,
        unchanged=0 if changed else state.unchanged + 1,
        failures=0,
        asked_to_wait=0.0,
        hint="",
        failure=None,
        failed=None,
    )
    gone = [watched.job.id for watched in jobs if watched.misses and watched.over]
    if gone:
        state = replace(state, notice=f"The server no longer lists job {', '.join(map(str, gone[:3]))}.")
    delay = schedule.next_poll(state.unchanged, state.unfinished, state.turns)
    if not late.due(state, event.at):
        return _go_on(state, delay)
    # The other list request counts too, so the next look at the jobs comes later.
    return also(_go_on(replace(state, late_looked_at=event.at), delay + schedule.STEADY), LookForLate())


@on(Watching, RobotLogsLoaded)
def _logs(state: Watching, event: RobotLogsLoaded) -> Step:
    jobs = tuple(
        with_logs(watched, event.logs) if watched.job.key == event.job_key else watched for watched in state.jobs
    )
    state = replace(state, jobs=jobs)
    return stay(state) if state.paused or awaiting(state, Wait, PollJobs) else _go_on(state, state.delay)


@on(Watching, CallFailed)
def _failed(state: Watching, event: CallFailed) -> Step:
    if isinstance(state.failed, FetchRobotLogs):
        return _logs_failed(state, state.failed, event)
    if isinstance(state.failed, FetchPrevious):
        found = PreviousRun(of=state.failed.job.id, failure=event.failure)
        return stay(replace(state, previous=found, failed=None))
    if isinstance(state.failed, AskWhyPending):
        return pending_reasons.unanswered(state, state.failed, event.at)
    if isinstance(state.failed, StopJobs):
        # The state may be the reason for the refusal, so it is read at once.
        following, effects = poll_now(replace(state, failed=None, notice=""))
        return replace(following, failure=event.failure), effects
    failures = state.failures + 1
    state = replace(state, failure=event.failure, tried_at=event.at, failures=failures)
    if event.failure.exit is Exit.SIGN_IN:
        return stay(replace(state, delay=0.0, halted=True))
    delay = schedule.after_failure(failures, event.retry_after)
    asked = min(delay, event.retry_after or 0.0)
    return ask(replace(state, delay=delay, asked_to_wait=asked, hint=""), Wait(seconds=delay))


def _logs_failed(state: Watching, effect: FetchRobotLogs, event: CallFailed) -> Step:
    refused = str(event.failure) if event.failure.status == FORBIDDEN else ""
    jobs = tuple(
        with_refusal(watched, refused) if watched.job.key == effect.job_key else watched for watched in state.jobs
    )
    state = replace(state, jobs=jobs, failed=None)
    return (
        stay(state)
        if state.paused or awaiting(state, Wait, PollJobs)
        else _go_on(state, max(state.delay, schedule.STEADY))
    )


@on(Watching, PollRequested)
def _now(state: Watching, event: PollRequested) -> Step:
    early = pace.left(state, event.at)
    if early:
        return stay(replace(state, hint=pace.sentence(state, early)))
    return poll_now(turns.sooner(state, {state.current.job.id}))


@on(Watching, Retried)
def _retry(state: Watching, event: Retried) -> Step:
    early = pace.left(state, event.at)
    if early:
        return stay(replace(state, hint=pace.sentence(state, early)))
    return poll_now(replace(state, failed=None, failure=None))


@on(Watching, PauseToggled)
def _pause(state: Watching, event: PauseToggled) -> Step:
    if not state.paused:
        return stay(replace(without(state, Wait), paused=True))
    state = replace(state, paused=False)
    early = pace.left(state, event.at)
    if early and not awaiting(state, PollJobs):
        return ask(replace(state, hint=pace.sentence(state, early)), Wait(seconds=early))
    return poll_now(state)


@on(Watching, JobSelected)
def _select(state: Watching, event: JobSelected) -> Step:
    if not 0 <= event.index < len(state.jobs) or event.index == state.selected:
        return stay(state)
    state = replace(state, selected=event.index)
    if state.current.logs_complete or awaiting(state, FetchRobotLogs) or state.current.job.state == "Pending":
        return stay(state)
    return ask(state, read(state, state.current))


@on(Watching, StopRequested)
def _stop(state: Watching, event: StopRequested) -> Step:
    chosen = state.jobs if event.every else (state.current,)
    ids = tuple(watched.job.id for watched in chosen if not is_final(watched.job.state))
    if not ids or awaiting(state, StopJobs):
        return stay(state)
    return ask(state, StopJobs(ids=ids, kill=event.kill, folder=release_folder(state.answers)))


@on(Watching, StopAccepted)
def _stopping(state: Watching, event: StopAccepted) -> Step:
    word = "Kill" if event.kill else "Stop"
    notice = f"{word} was accepted; the robot decides when it takes effect."
    if isinstance(state.answered, StopJobs):
        state = turns.sooner(state, state.answered.ids)
    return poll_now(replace(state, notice=notice, unchanged=0, failure=None, failed=None))


@on(Watching, WentBack)
def _back(state: Watching, _event: WentBack) -> Step:
    if state.listing is not None:
        return reopened(state.listing, state)
    parked = replace(state, pending=())
    return stay(replace(back_to(state.step_back.step_back, state), parked=parked))
