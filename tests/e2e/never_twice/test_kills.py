"""A program that is killed on the way to a job neither loses it nor starts it twice: real ``kill -9``, real journal.

12 named points × two generations × 10, and 260 at random times: 500.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.never_twice.kill_worker import POINTS
from tests.e2e.never_twice.wire_case import Person, client_for, first_state
from tui.clock import SystemClock
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import transition
from tui.intent import IntentState
from tui.runtime.start_desk import StartDesk
from tui.simulator.server import SimulatorServer
from tui.store.journal import Journal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
ROOT = Path(__file__).parents[3]
GENERATIONS = pytest.mark.parametrize("today", [False, True], ids=["2019", "today"])
MEASURED_EVERY = 10
"""Kills at random times between two starts that are left alone, to know how long one takes now."""
LONGER = 1.1
"""How much later than that the last kills come."""
NEXT_START = 1.0


@contextmanager
def worker(server: SimulatorServer, *, today: bool) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.e2e.never_twice.kill_worker", json.dumps(server.summary)]
    with subprocess.Popen(
        [*command, "today" if today else "2019"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def killed(process: "subprocess.Popen[str]", folder: Path, point: str, seconds: float) -> tuple[int, float]:
    """Return the signal that ended the program, and after how long."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{point}\t{seconds}\t{folder}\n")
    process.stdin.flush()
    signal, took = process.stdout.readline().split()
    return int(signal), float(took)


async def next_start(server: SimulatorServer, folder: Path, *, today: bool, made: set[int]) -> str:
    """Open the program again after a kill, choose the release, and return how that ended; raises on any harm."""
    clock = SystemClock()
    client = await client_for(today, server.summary, server.base_url, clock)
    beginning = await first_state(client, server.summary, today=today)
    release = beginning.answers.release
    assert release is not None
    journal = Journal(folder)
    person = Person(client, StartDesk(journal, clock), clock)
    try:
        began = time.monotonic()
        intents, _late = await person.desk.opened(client)
        assert time.monotonic() - began <= NEXT_START
        choosing = beginning.step_back
        choosing = replace(choosing, answers=replace(beginning.answers, intents=intents))
        state, effects = transition(choosing, ev.ReleaseChosen(release=release))
        assert not any(isinstance(effect, fx.StartJob) for effect in effects)
        if isinstance(state, st.PreparingStart):
            # A start may be made now: then nothing of the killed one is open, and what it made is known.
            if made:
                with journal._transaction() as connection:  # pyright: ignore[reportPrivateUsage]
                    ((_, intent),) = journal._select(connection, "1 = 1")  # pyright: ignore[reportPrivateUsage]
                assert (intent.state, set(intent.jobs)) == (IntentState.ACCEPTED, made)
            return "free"
        assert isinstance(state, st.StartUnresolved)
        (check,) = effects
        event = await person.perform(check)
        assert event is not None
        state, _ = transition(state, event)
        if isinstance(state, st.Watching):
            assert today, "2019 proves nothing"
            assert {watched.job.id for watched in state.jobs} == made
            return "found"
        assert isinstance(state, st.StartUnresolved)
        assert state.intent.open
        assert not (today and made), "the mark finds it"
        assert made <= {job.id for job in state.candidates}, "and without one it is in the list"
        return "open"
    finally:
        await client._connection.aclose()  # pyright: ignore[reportPrivateUsage]
        journal.close()


def kill_all(folder: Path, kills: Sequence[tuple[str, float]], *, today: bool) -> Counter[str]:
    """Kill a start at each point, or after a part of the time that one takes; what is open then must fit the truth."""
    ended: Counter[str] = Counter()
    with SimulatorServer(("happy",), speed=50) as server, worker(server, today=today) as process:
        whole = 0.0
        for number, (point, part) in enumerate(kills):
            if part >= 0 and number % MEASURED_EVERY == 0:
                died, whole = killed(process, folder / f"{number} alone", "", -1.0)
                assert not died
            seconds = part * whole * LONGER
            before, starts = jobs_of(server), server.world.started_count
            place = folder / f"{number}"
            died, _ = killed(process, place, point, seconds if part >= 0 else -1.0)
            assert part >= 0 or died == 9, point
            time.sleep(0.02)  # what was on its way to the server arrives
            assert server.world.started_count - starts <= 1
            made = jobs_of(server) - before
            ended[asyncio.run(next_start(server, place, today=today, made=made))] += 1
            assert server.world.started_count - starts <= 1
    return ended


def jobs_of(server: SimulatorServer) -> set[int]:
    return {job.id for tenant in server.world.tenants for job in tenant.jobs}


@GENERATIONS
def test_a_kill_at_each_point(today: bool, tmp_path: Path) -> None:
    ended = kill_all(tmp_path, [(point, -1.0) for point in POINTS], today=today)
    assert ended["free"] >= 4
    assert sum(ended.values()) == len(POINTS)


@pytest.mark.full
@pytest.mark.timeout(600)
@GENERATIONS
def test_ten_kills_at_each_point(today: bool, tmp_path: Path) -> None:
    print(dict(kill_all(tmp_path, [(point, -1.0) for point in POINTS * 10], today=today)))


@pytest.mark.full
@pytest.mark.timeout(600)
@GENERATIONS
def test_kills_at_random_times(today: bool, tmp_path: Path) -> None:
    chance = random.Random(7)
    ended = kill_all(tmp_path, [("", chance.random()) for _ in range(130)], today=today)
    print(dict(ended))
    assert ended["open"] + ended["found"] >= 5, "some meet a start on its way"
