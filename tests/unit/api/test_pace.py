"""Lists of jobs are asked for twelve times in any minute at most, whoever asks."""

import asyncio

import pytest

from tests.unit.api.raw_servers import ManualClock, always, answer, connected, serving
from tui.api.pace import MINUTE, MOST, Pace
from tui.errors import UiPathTuiError


async def test_no_minute_holds_more_turns_than_it_may() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    given: list[float] = []
    for _ in range(5 * MOST):
        await pace.turn()
        given.append(clock.seconds)
        clock.seconds += 0.3
    assert all(later - earlier >= MINUTE - 1e-3 for earlier, later in zip(given, given[MOST:], strict=False))
    assert given[MOST - 1] < MINUTE, "the first ones need not wait"


async def test_who_comes_seldom_never_waits() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    for _ in range(50):
        await pace.turn()
        clock.seconds += MINUTE / MOST
    assert clock.slept == []


async def test_many_at_once_wait_for_each_other() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    await asyncio.gather(*(pace.turn() for _ in range(2 * MOST + 1)))
    assert clock.seconds >= 2 * MINUTE - 1e-3


async def test_tries_after_faults_count_too() -> None:
    async with serving(always(answer(500, {}))) as server, connected(server.url) as (client, _, clock):
        for _ in range(6):
            with pytest.raises(UiPathTuiError):
                await client.jobs([1, 2], None)
        assert len(server.requests) > MOST
        assert clock.seconds >= MINUTE - 1
