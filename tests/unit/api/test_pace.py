"""Lists of jobs are asked for twelve times in any minute at most, whoever asks."""

import asyncio

import pytest

from tests.unit.api.raw_servers import ManualClock, always, answer, connected, serving
from tui.api import job_list
from tui.api.models import Job
from tui.api.pace import LEFT, MINUTE, MOST, Pace
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


async def test_who_waits_can_be_told_how_long() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    told: list[float] = []

    async def sleep(seconds: float) -> None:
        told.append(pace.left())
        clock.seconds += seconds

    for _ in range(MOST):
        await pace.turn()
    assert pace.left() == 0
    clock.sleep = sleep  # pyright: ignore[reportAttributeAccessIssue]
    await pace.turn()
    assert told == [pytest.approx(MINUTE)]
    assert pace.left() == 0


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


async def test_what_is_repeated_leaves_some_turns_to_the_person() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    for _ in range(MOST - LEFT):
        await pace.turn(repeated=True)
    assert clock.slept == []
    for _ in range(LEFT):
        await pace.turn()
    assert clock.slept == [], "a person's own question goes first"
    await pace.turn(repeated=True)
    assert clock.seconds >= MINUTE - 1e-3


async def test_every_list_of_jobs_counts_whoever_asks() -> None:
    row = {"Id": 7, "Key": "00000000-0000-4000-8000-000000000007", "State": "Running"}
    async with (
        serving(always(answer(200, {**row, "value": [row]}))) as server,
        connected(server.url) as (client, _, clock),
    ):
        sent: list[float] = []
        for _ in range(6):
            for ask in (
                client.jobs([7, 8], None),
                client.fence(None),
                job_list.jobs(client.caller, None),
                client.newest_job_id(None),
                job_list.previous(client.caller, None, Job(id=9, release_name="P"), ""),
            ):
                before = len(server.requests)
                await ask
                assert len(server.requests) == before + 1
                sent.append(clock.seconds)
        assert all(later - earlier >= MINUTE - 1e-3 for earlier, later in zip(sent, sent[MOST:], strict=False))
        lists = clock.seconds
        for _ in range(3 * MOST):
            await client.job(7, None)
        assert clock.seconds == lists, "one job is read by its id, as often as wanted"
