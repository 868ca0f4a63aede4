"""How soon the server is asked again, what a sleep and a Retry-After do, and the server's reasons for a long wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flow_samples import FAILURE, NOW, awaiting, sample

from tui.api.models import Job, ValidationResult
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.explain import CHECKLIST, explain
from tui.flow.machine import transition
from tui.runtime.watch_desk import wait

WATCHING = sample(st.Watching)
POLL = fx.PollJobs(ids=(101,), folder=None)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def many(count: int) -> st.Watching:
    jobs = tuple(st.WatchedJob(job=Job(id=n, key=f"job-{n}", state="Running")) for n in range(count))
    return replace(WATCHING, jobs=jobs, tried_at=NOW)


def asks(effects: tuple[fx.Effect, ...]) -> int:
    return sum(isinstance(effect, fx.PollJobs) for effect in effects)


def test_one_job_is_read_whenever_it_is_asked_for() -> None:
    state = replace(WATCHING, tried_at=NOW)
    assert asks(transition(state, ev.PollRequested(at=later(0.1)))[1]) == 1


@pytest.mark.parametrize("count", [2, 500])
def test_hammering_keys_never_asks_for_more_than_twelve_lists_a_minute(count: int) -> None:
    state: st.State = many(count)
    sent: list[float] = []
    for tenth in range(1, 3000):
        at = later(tenth / 10)
        event = (ev.PollRequested(at=at), ev.PauseToggled(at=at), ev.PauseToggled(at=at), ev.Retried(at=at))[tenth % 4]
        state, effects = transition(state, event)
        for effect in effects:
            if isinstance(effect, fx.PollJobs):
                sent.append(tenth / 10)
                polled = ev.JobsPolled(ticket=effect.ticket, jobs=(), ids=effect.ids[:100], at=at)
                state, _ = transition(state, polled)
                assert isinstance(state, st.Watching)
                state = replace(state, jobs=many(count).jobs)
    assert sent
    for start in range(240):
        assert sum(start < at <= start + 60 for at in sent) <= 12


def test_a_hasty_check_is_told_why_nothing_happens() -> None:
    state, effects = transition(many(3), ev.PollRequested(at=later(1)))
    assert effects == ()
    assert isinstance(state, st.Watching)
    assert state.hint == "just read: a list is not asked for again for 5 s"
    state, effects = transition(state, ev.PollRequested(at=later(7)))
    (poll,) = effects
    state, _ = transition(state, ev.JobsPolled(ticket=poll.ticket, jobs=(), at=later(7)))
    assert isinstance(state, st.Watching)
    assert state.hint == ""


def test_what_the_server_asked_for_is_kept_to_and_told() -> None:
    failed = ev.CallFailed(ticket=1, failure=FAILURE, at=NOW, retry_after=30)
    state, (first,) = transition(awaiting(WATCHING, POLL), failed)
    assert isinstance(state, st.Watching)
    assert isinstance(first, fx.Wait)
    assert (first.seconds, state.asked_to_wait) == (30, 30)
    for event in (ev.PollRequested(at=later(2)), ev.Retried()):
        hasty, effects = transition(state, event)
        assert effects == ()
        assert isinstance(hasty, st.Watching)
        assert "asked to wait 30 s" in hasty.hint
    paused, _ = transition(state, ev.PauseToggled(at=later(2)))
    resumed, (rest,) = transition(paused, ev.PauseToggled(at=later(12)))
    assert isinstance(rest, fx.Wait)
    assert rest.seconds == pytest.approx(18)
    _state, (poll,) = transition(resumed, ev.WaitEnded(ticket=rest.ticket))
    assert isinstance(poll, fx.PollJobs)


def test_after_a_sleep_it_is_read_once_and_told() -> None:
    state = awaiting(WATCHING, fx.Wait(seconds=2))
    state, effects = transition(state, ev.WaitEnded(ticket=1, slept=7800))
    assert asks(effects) == 1
    assert isinstance(state, st.Watching)
    assert "slept for 2 h 10 min" in state.notice


class Sleeper:
    """A clock whose computer falls asleep during the second wait."""

    def __init__(self) -> None:
        self.at = NOW
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds + (7200 if len(self.waits) == 2 else 0))


async def test_a_sleep_of_the_computer_ends_the_wait() -> None:
    clock = Sleeper()
    ended = await wait(clock, fx.Wait(seconds=60, ticket=4))
    assert isinstance(ended, ev.WaitEnded)
    assert (ended.ticket, ended.slept) == (4, 7200)
    assert clock.waits == [5, 5]
    assert await wait(clock, fx.Wait(seconds=12)) == ev.WaitEnded(ticket=0)


def pending(at: datetime) -> tuple[st.Watching, tuple[fx.Effect, ...]]:
    job = Job(id=101, key="job-101", state="Pending")
    seen = (st.StateSeen("Pending", NOW),)
    state = replace(WATCHING, jobs=(st.WatchedJob(job=job, seen=seen),))
    state, effects = transition(awaiting(state, POLL), ev.JobsPolled(ticket=1, jobs=(job,), at=at))
    assert isinstance(state, st.Watching)
    return state, effects


def question(effects: tuple[fx.Effect, ...]) -> fx.AskWhyPending | None:
    return next((effect for effect in effects if isinstance(effect, fx.AskWhyPending)), None)


def test_a_long_wait_is_explained_by_the_server_with_the_time() -> None:
    assert question(pending(later(29))[1]) is None
    state, effects = pending(later(31))
    asked = question(effects)
    assert asked is not None
    result = ValidationResult(is_valid=False, errors=("[b]No machine.",), error_codes=("TemplateNoHostsAvailable",))
    following, _ = transition(state, ev.PendingExplained(ticket=asked.ticket, result=result, at=later(32)))
    assert isinstance(following, st.Watching)
    why = explain(following.current, later(33))
    assert why is not None
    assert (why.cause, why.at) == ("the server says: [b]No machine", later(32))
    assert "Connect a machine" in why.next_steps[0]


@pytest.mark.parametrize("fails", [True, False])
def test_a_server_that_can_not_say_leaves_the_checklist_and_is_not_asked_again(fails: bool) -> None:
    state, effects = pending(later(31))
    asked = question(effects)
    assert asked is not None
    answer: ev.Answer = ev.PendingExplained(ticket=asked.ticket, result=None, at=later(32))
    if fails:
        answer = ev.CallFailed(ticket=asked.ticket, failure=FAILURE, at=later(32))
    following, _ = transition(state, answer)
    assert isinstance(following, st.Watching)
    assert following.failure is None
    why = explain(following.current, later(33))
    assert why is not None
    assert why.next_steps == CHECKLIST
    again = ev.JobsPolled(ticket=1, jobs=(following.current.job,), at=later(200))
    _state, effects = transition(awaiting(replace(following, pending=()), POLL), again)
    assert question(effects) is None
