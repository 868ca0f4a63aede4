"""A clock of this computer that is wrong, by seconds or by years, changes nothing: eight skews, three flows."""

from datetime import timedelta

import pytest

from tests.e2e.soak.long_watch import SteppingClock, opened, start
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow import watching
from tui.flow.machine import transition
from tui.flow.start_info import release_folder, start_info
from tui.intent import IntentState
from tui.runtime.performer import Runtime

SKEWS = [
    timedelta(seconds=-90),
    timedelta(seconds=90),
    timedelta(minutes=-10),
    timedelta(minutes=10),
    timedelta(hours=-14),
    timedelta(hours=14),
    timedelta(days=-400),
    timedelta(days=400),
]
WRONG = pytest.mark.parametrize("skew", SKEWS, ids=str)
HOUR = 3600.0


@WRONG
async def test_access_is_renewed_once_when_it_ends(skew: timedelta) -> None:
    """Three days of one call an hour: the access of 24 hours is renewed twice, whatever the clock says."""
    clock = SteppingClock(skew)
    async with opened(clock) as (runtime, front, state):
        signing = front.count(b"/oauth/token")
        for _ in range(72):
            event = await runtime.perform(fx.FetchReleases(ticket=9, folder=release_folder(state.answers)))
            assert isinstance(event, ev.ReleasesLoaded), event
            await clock.sleep(HOUR)
        assert signing == 1
        assert front.count(b"/oauth/token") - signing == 2


@WRONG
async def test_a_lost_start_is_judged_by_the_clock_of_the_server(skew: timedelta) -> None:
    """2019 platform: one fitting job is likely behind 120 s and not before, and lies in the window all the same."""
    clock = SteppingClock(skew)
    async with opened(clock, scenario="ambiguous") as (runtime, _front, state):
        lost = await lose(runtime, state)
        began = clock.seconds
        seen: list[tuple[float, IntentState]] = []
        for seconds in (0, 60, 118, 125):
            await clock.sleep(began + seconds - clock.seconds)
            effect = fx.CheckStart(ticket=9, intent=lost.intent, folder=None)
            event = await runtime.perform(effect)
            assert isinstance(event, ev.StartChecked), event
            seen.append((seconds, event.intent.state))
        unknown, likely = IntentState.UNKNOWN, IntentState.LIKELY
        assert seen == [(0, unknown), (60, unknown), (118, unknown), (125, likely)]


async def lose(runtime: Runtime, state: st.PreparingStart) -> ev.StartLost:
    info = start_info(state.answers)
    assert info is not None
    ready = await runtime.perform(fx.ReadFence(ticket=5, info=info, folder=None, release_name="Invoice Intake"))
    assert isinstance(ready, ev.FenceRead), ready
    event = await runtime.perform(fx.StartJob(ticket=6, info=ready.info, folder=None, intent=ready.intent))
    assert isinstance(event, ev.StartLost), event
    return event


@WRONG
async def test_jobs_are_looked_at_as_often_as_ever(skew: timedelta) -> None:
    """Ten minutes of watching make as many looks as with a right clock; each is a poll's pause behind the other."""
    assert await looks(skew) == await looks(timedelta(0))


async def looks(skew: timedelta) -> list[float]:
    clock = SteppingClock(skew)
    found: list[float] = []
    async with opened(clock) as (runtime, _front, state):
        jobs = (await start(runtime, state)).jobs
        began = clock.seconds
        following, effects = watching.begin(state, 100, jobs[:1], clock.now())
        todo = list(effects)
        while clock.seconds - began < 600:
            effect = todo.pop(0)
            if isinstance(effect, fx.PollJobs):
                found.append(round(clock.seconds - began, 3))
            following, effects = transition(following, await runtime.perform(effect))
            todo = sorted((*todo, *effects), key=lambda each: isinstance(each, fx.Wait))
    return found
