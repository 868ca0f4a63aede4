"""An earlier session of 100,000 calls: opening it, and folding what its answers told, against bare rows and JSON."""

import asyncio
import gc
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from lateness import Lateness, idle

from tests.unit.core.recorded import job, logged, polled, started
from tui.exchanges.kept.rows import ENTRY_COLUMNS
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Entry, Exchange
from tui.replay.app import ReplayApp
from tui.replay.source import open_session
from tui.screens.job.panel import JobPanel

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
CALLS = 100_000
MOST_TO_OPEN = 4.0
"""Opening may cost this many readings of the bare rows."""
MOST_TO_FOLD = 20.0
"""A call may cost this many readings of its row and its JSON."""


def exchange(number: int) -> Exchange:
    if number == 1:
        return started(1, job())
    if number % 50 == 0:
        return logged(number, f"line {number}")
    return polled(number, job(state="Running", Info="x" * 1_200, HostMachineName=f"M{number // 1_000}"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.touch(0o600)
    store = ExchangeStore.open(path, version="1", profile="", complain=pytest.fail)
    assert store is not None
    for number in range(1, CALLS + 1):
        each = exchange(number)
        store.keep(each, Entry.of(each))
    store.close()
    return path


def test_opening_and_folding(path: Path, stopwatch: Any, report: Any) -> None:
    bare = sqlite3.connect(path)
    with stopwatch() as floor:
        rows = bare.execute(f"SELECT {ENTRY_COLUMNS} FROM exchanges ORDER BY number").fetchall()  # noqa: S608 - names are ours
    assert len(rows) == CALLS
    del rows
    with stopwatch() as opening:
        past = open_session(path)
    telling = past.telling
    with stopwatch() as reading:
        for number in range(1, CALLS + 1):
            ((data,),) = bare.execute("SELECT response_body FROM messages WHERE id = ?", (number,)).fetchall()
            json.loads(data)
    with stopwatch() as folding:
        past.fold(telling)
    assert past.replay.at(CALLS).jobs[0].job.state == "Running"
    opened, folded = opening.seconds / floor.seconds, folding.seconds / reading.seconds
    report(f"opening {CALLS:,} calls: {opening.seconds:.2f} s, {opened:.1f} × the bare rows")
    report(f"folding them: {folding.seconds / CALLS * 1e6:.0f} µs each, {folded:.1f} × row and JSON")
    past.close()
    bare.close()
    gc.collect()
    assert opened <= MOST_TO_OPEN
    assert folded <= MOST_TO_FOLD


async def test_the_last_state_is_there_at_once_and_keys_do_not_wait(path: Path, report: Any) -> None:
    past = open_session(path)
    app = ReplayApp(past)
    gc.collect()
    gc.freeze()  # as the command does once the session is open
    async with app.run_test(size=(120, 40)) as pilot:
        began = time.perf_counter()
        while not (app.screen.query(JobPanel) and app.screen.query_one(JobPanel).display):
            await asyncio.sleep(0.002)
        report(f"the state at the end of {CALLS:,} calls: after {time.perf_counter() - began:.2f} s")
        late = Lateness()
        while any(worker.group == "replay" for worker in app.workers):
            await late.wait()
        report(f"all of them: after {time.perf_counter() - began:.1f} s, {late}")
        report(f"a loop with nothing to do is {await idle()}")
        await pilot.pause()
    gc.unfreeze()
