"""Polls, back-off, robot logs and stop, as numbers and effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flow_samples import FAILURE, JOB, NOW, awaiting, sample

from tui.api.models import Job, RobotLog
from tui.errors import Exit, Failure
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import outcome, schedule
from tui.flow import states as st
from tui.flow.machine import transition
from tui.flow.watching import merged_logs

WATCHING = sample(st.Watching)
POLL = fx.PollJobs(ids=(101,), folder=None)
LOGS = fx.FetchRobotLogs(job_key=JOB.key, folder=None)


def polled(before: st.State, **changes: object) -> tuple[st.Watching, tuple[fx.Effect, ...]]:
    job = JOB.model_copy(update=changes)
    following, effects = transition(awaiting(before, POLL), ev.JobsPolled(ticket=1, jobs=(job,), at=NOW))
    assert isinstance(following, st.Watching)
    return following, effects


def kinds(effects: tuple[fx.Effect, ...]) -> list[type[fx.Effect]]:
    return [type(effect) for effect in effects]


def test_news_are_merged_and_the_states_are_kept_in_order() -> None:
    state, _ = polled(WATCHING, state="Stopping")
    state, _ = polled(state, state="Stopped")
    assert [seen.state for seen in state.current.seen] == ["Running", "Stopping", "Stopped"]


def test_a_final_state_never_changes_again() -> None:
    state, _ = polled(WATCHING, state="Successful")
    state, _ = polled(state, state="Running")
    assert state.current.job.state == "Successful"


def test_after_the_end_only_the_late_logs_are_read() -> None:
    state, effects = polled(WATCHING, state="Successful")
    assert kinds(effects) == [fx.FetchRobotLogs]
    loaded = ev.RobotLogsLoaded(ticket=effects[0].ticket, job_key=JOB.key, logs=())
    state, effects = transition(state, loaded)
    assert kinds(effects) == [fx.Wait]
    state, effects = transition(state, ev.WaitEnded(ticket=effects[0].ticket))
    assert kinds(effects) == [fx.FetchRobotLogs]
    state, effects = transition(state, replace(loaded, ticket=effects[0].ticket))
    assert effects == ()
    assert isinstance(state, st.Watching)
    assert state.current.logs_complete


def test_unknown_states_are_not_final() -> None:
    _state, effects = polled(WATCHING, state="Teleported")
    assert fx.Wait in kinds(effects)


def test_forbidden_logs_are_asked_for_once() -> None:
    refused = Failure("Not allowed", "the role lacks Logs.View", "Ask for it.", exit=Exit.REFUSED, status=403)
    state = awaiting(WATCHING, LOGS)
    state, _ = transition(state, ev.CallFailed(ticket=1, failure=refused, at=NOW))
    assert isinstance(state, st.Watching)
    assert "Logs.View" in state.current.logs_refused
    assert state.failure is None
    _state, effects = polled(state, state="Successful")
    assert fx.FetchRobotLogs not in kinds(effects)


def test_failures_back_off_honour_retry_after_and_heal() -> None:
    state: st.State = WATCHING
    delays = []
    for _ in range(5):
        state, (wait,) = transition(
            awaiting(replace(state, pending=()), POLL), ev.CallFailed(ticket=1, failure=FAILURE, at=NOW)
        )
        assert isinstance(wait, fx.Wait)
        delays.append(wait.seconds)
    assert delays == [5, 10, 20, 40, 60]
    assert isinstance(state, st.Watching)
    assert state.failures == 5
    state, _ = polled(state)
    assert (state.failures, state.failure) == (0, None)
    failed = ev.CallFailed(ticket=1, failure=FAILURE, at=NOW, retry_after=42)
    _state, (wait,) = transition(awaiting(state, POLL), failed)
    assert isinstance(wait, fx.Wait)
    assert wait.seconds == 42


def test_pause_drops_the_wait_and_resuming_asks_at_once() -> None:
    state, _ = polled(WATCHING)
    paused, effects = transition(state, ev.PauseToggled())
    assert effects == ()
    assert not any(isinstance(effect, fx.Wait) for effect in paused.pending)
    _state, effects = transition(replace(paused, pending=()), ev.PauseToggled())
    assert kinds(effects) == [fx.PollJobs]


def test_a_poll_on_its_way_is_not_doubled() -> None:
    assert transition(awaiting(WATCHING, POLL), ev.PollRequested())[1] == ()


def test_stop_asks_for_unfinished_jobs_only_and_once() -> None:
    done = st.WatchedJob(job=Job(id=102, key="job-102", state="Successful"))
    state = replace(WATCHING, jobs=(*WATCHING.jobs, done))
    state, (stop,) = transition(state, ev.StopRequested(kill=True, every=True))
    assert isinstance(stop, fx.StopJobs)
    assert (stop.ids, stop.kill) == ((101,), True)
    assert transition(state, ev.StopRequested(kill=True))[1] == ()


def test_logs_are_sorted_and_equal_rows_kept_once() -> None:
    first = RobotLog(time_stamp=NOW, level="Info", message="first")
    second = RobotLog(time_stamp=NOW + timedelta(seconds=1), level="Info", message="second")
    merged = merged_logs((second,), (first, second, RobotLog(message="undated")))
    assert [log.message for log in merged] == ["first", "second", "undated"]
    assert merged_logs(merged, (first,)) is merged


def test_the_schedule_slows_down_and_lists_stay_below_twelve_a_minute() -> None:
    single = [schedule.next_poll(count, 1) for count in range(16)]
    assert single[0] == 2.0
    assert single == sorted(single)
    assert single[-1] == schedule.SLOWEST
    for jobs in (2, 100, 500, 5000):
        turns = -(-jobs // 100)
        pauses = [schedule.next_poll(count, jobs, turns) for count in range(30)]
        assert all(60 / pause <= 12 for pause in pauses)
        assert all(turns * pause <= max(schedule.ROUND, turns * schedule.LISTED) for pause in pauses)
    assert schedule.after_failure(1, 9999) == schedule.RETRY_AFTER_LIMIT
    gaps = [schedule.next_check(count) for count in range(1, 12)]
    assert gaps[:6] == [2.0, 3.0, 5.0, 10.0, 20.0, 20.0]
    assert sum(gaps[:8]) > 300
    assert gaps[8:] == [schedule.KEPT_UP] * 3


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["Successful", "Successful"], Exit.SUCCESSFUL),
        (["Successful", "Stopped"], Exit.STOPPED),
        (["Stopped", "Faulted", "Successful"], Exit.FAULTED),
        (["Successful", "Running"], Exit.UNFINISHED),
        (["Suspended"], Exit.UNFINISHED),
        (["successful"], Exit.UNFINISHED),
    ],
)
def test_outcome(states: list[str], expected: Exit) -> None:
    assert outcome.outcome(states) is expected


def test_nothing_is_asked_by_itself_while_paused() -> None:
    state, _ = polled(WATCHING)
    state, _ = transition(state, ev.PauseToggled())
    state = awaiting(replace(state, pending=()), LOGS)
    row = RobotLog(message="late")
    for answer in (
        ev.RobotLogsLoaded(ticket=1, job_key=JOB.key, logs=(row,)),
        ev.CallFailed(ticket=1, failure=FAILURE, at=NOW),
    ):
        assert transition(state, answer)[1] == ()


def test_a_refused_sign_in_stops_everything_until_asked() -> None:
    refused = Failure("Sign-in expired", "401", "Sign in again.", exit=Exit.SIGN_IN)
    state = replace(WATCHING, pending=(replace(POLL, ticket=1), replace(LOGS, ticket=2)), ticket=2)
    state, effects = transition(state, ev.CallFailed(ticket=1, failure=refused, at=NOW))
    assert effects == ()
    state, effects = transition(state, ev.RobotLogsLoaded(ticket=2, job_key=JOB.key, logs=()))
    assert effects == ()
    state, effects = transition(state, ev.PollRequested())
    assert kinds(effects) == [fx.PollJobs]
    assert isinstance(state, st.Watching)
    assert not state.halted


def test_a_job_that_is_no_longer_listed_ends_its_watch_without_an_outcome() -> None:
    other = st.WatchedJob(job=Job(id=102, key="job-102", state="Running"))
    state: st.State = replace(WATCHING, jobs=(*WATCHING.jobs, other))
    for _ in range(st.MISSES):
        state, _ = polled(state)
    assert isinstance(state, st.Watching)
    assert state.jobs[1].over
    assert "102" in state.notice
    _state, (poll,) = transition(replace(state, pending=()), ev.PollRequested())
    assert isinstance(poll, fx.PollJobs)
    assert poll.ids == (101,)


def test_a_job_may_be_pending_for_days() -> None:
    assert schedule.next_poll(1_000_000, 1) == schedule.SLOWEST
    assert schedule.next_poll(1_000_000, 100) >= schedule.SLOWEST


def several(count: int, state: str = "Running") -> st.Watching:
    jobs = tuple(st.WatchedJob(job=Job(id=n, key=f"job-{n}", state=state)) for n in range(1, count + 1))
    return replace(WATCHING, jobs=jobs)


def read_keys(effects: tuple[fx.Effect, ...]) -> list[str]:
    return [effect.job_key for effect in effects if isinstance(effect, fx.FetchRobotLogs)]


def test_the_logs_of_a_few_jobs_are_all_read_in_turns() -> None:
    state: st.State = several(12)
    keys: set[str] = set()
    for _ in range(12):
        jobs = tuple(watched.job for watched in several(12).jobs)
        state, effects = transition(
            awaiting(replace(state, pending=()), POLL), ev.JobsPolled(ticket=1, jobs=jobs, at=NOW)
        )
        assert len(read_keys(effects)) <= 5
        keys |= set(read_keys(effects))
    assert len(keys) == 12
    _state, effects = transition(
        awaiting(several(500), POLL),
        ev.JobsPolled(ticket=1, jobs=tuple(watched.job for watched in several(500).jobs), at=NOW),
    )
    assert read_keys(effects) == ["job-1"]


def test_after_the_end_of_all_every_log_is_read_twice_and_then_nothing() -> None:
    state: st.State = several(7)
    ended = tuple(watched.job for watched in several(7, "Successful").jobs)
    state, effects = transition(awaiting(state, POLL), ev.JobsPolled(ticket=1, jobs=ended, at=NOW))
    reads: list[str] = []
    for _ in range(40):
        if not effects:
            break
        queue, effects = effects, ()
        for effect in queue:
            answer: ev.Event = ev.WaitEnded(ticket=effect.ticket)
            if isinstance(effect, fx.FetchRobotLogs):
                reads.append(effect.job_key)
                answer = ev.RobotLogsLoaded(ticket=effect.ticket, job_key=effect.job_key, logs=())
            state, more = transition(state, answer)
            effects += more
    assert sorted(reads) == sorted([f"job-{n}" for n in range(1, 8)] * 2)
    assert isinstance(state, st.Watching)
    assert not state.pending


def test_a_job_that_is_no_longer_listed_keeps_nobody_waiting_for_its_log() -> None:
    watched = st.WatchedJob(job=JOB, misses=st.MISSES)
    state: st.State = replace(WATCHING, jobs=(watched,))
    for _ in range(st.READS_AFTER_END):
        state, _ = transition(
            awaiting(replace(state, pending=()), LOGS), ev.RobotLogsLoaded(ticket=1, job_key=JOB.key, logs=())
        )
    assert isinstance(state, st.Watching)
    assert state.current.logs_complete
