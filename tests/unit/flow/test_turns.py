"""Many jobs are read by turns: one list request a look, no job forgotten, what was asked for first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flow_samples import NOW, awaiting, sample

from tui.api.models import Job
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import transition


def many(count: int, *, over: int = 0) -> st.Watching:
    jobs = tuple(
        st.WatchedJob(job=Job(id=n, key=f"job-{n}", state="Successful" if n <= over else "Running"))
        for n in range(1, count + 1)
    )
    return replace(sample(st.Watching), jobs=jobs, tried_at=NOW, checked_at=NOW, selected=count - 1)


def watched_for(state: st.State, seconds: float, capacity: int) -> tuple[st.State, list[tuple[float, tuple[int, ...]]]]:
    """Watch without a change; return what each look asked the server for, and when."""
    looks: list[tuple[float, tuple[int, ...]]] = []
    at = 0.0
    state, effects = transition(awaiting(state, fx.Wait(seconds=1)), ev.WaitEnded(ticket=1))
    while at < seconds:
        poll = next(effect for effect in effects if isinstance(effect, fx.PollJobs))
        ids = poll.ids[:capacity]
        looks.append((at, ids))
        jobs = tuple(Job(id=n, key=f"job-{n}", state="Running") for n in ids)
        now: datetime = NOW + timedelta(seconds=at)
        state, effects = transition(state, ev.JobsPolled(ticket=poll.ticket, jobs=jobs, ids=ids, at=now))
        wait = next(effect for effect in effects if isinstance(effect, fx.Wait))
        at += wait.seconds
        state = replace(state, pending=(wait,))
        state, effects = transition(state, ev.WaitEnded(ticket=wait.ticket))
    return state, looks


@pytest.mark.parametrize(
    ("count", "capacity", "within"), [(2, 100, 15), (100, 100, 15), (200, 100, 30), (500, 100, 30), (500, 55, 66)]
)
def test_every_job_is_read_soon_again_in_twelve_requests_a_minute(count: int, capacity: int, within: float) -> None:
    _state, looks = watched_for(many(count), 600, capacity)
    last = dict.fromkeys(range(1, count + 1), 0.0)
    for at, ids in looks:
        for each in ids:
            assert at - last[each] <= within
            last[each] = at
    assert all(600 - at <= within + 15 for at in last.values())
    times = [at for at, _ in looks]
    assert max(sum(start <= at < start + 60 for at in times) for start in range(540)) <= 12


def test_what_is_over_is_not_asked_for_again() -> None:
    state, looks = watched_for(many(500, over=420), 60, 100)
    assert all(min(ids) > 420 for _, ids in looks)
    assert isinstance(state, st.Watching)
    assert state.turns == 1


def test_jobs_that_were_not_asked_for_are_not_missed() -> None:
    state, _ = watched_for(many(500), 120, 100)
    assert isinstance(state, st.Watching)
    assert not any(watched.misses for watched in state.jobs)
    poll = next(effect for effect in state.pending if isinstance(effect, fx.PollJobs))
    gone = ev.JobsPolled(ticket=poll.ticket, jobs=(), ids=poll.ids[:100], at=NOW)
    state, _ = transition(state, gone)
    assert isinstance(state, st.Watching)
    assert sum(bool(watched.misses) for watched in state.jobs) == 100


def test_what_a_person_asks_about_is_in_the_next_look() -> None:
    state, _ = watched_for(many(500), 12, 100)
    assert isinstance(state, st.Watching)
    poll = next(effect for effect in state.pending if isinstance(effect, fx.PollJobs))
    assert 500 not in poll.ids[:100]
    state = replace(state, pending=())
    _state, (poll,) = transition(state, ev.PollRequested(at=NOW + timedelta(hours=1)))
    assert isinstance(poll, fx.PollJobs)
    assert poll.ids[0] == 500
    state = awaiting(state, fx.StopJobs(ids=(150, 400), kill=False, folder=None))
    _state, (poll,) = transition(state, ev.StopAccepted(ticket=1, kill=False))
    assert isinstance(poll, fx.PollJobs)
    assert {150, 400} <= set(poll.ids[:100])
