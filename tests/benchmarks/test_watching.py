"""Processor time while jobs are watched and nothing changes, against an idle Textual application in the same run.

The polls are answered in the process: what HTTP costs (1.5 ms a request) is measured elsewhere.
"""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Footer, Header, Input

sys.path.insert(0, str(Path(__file__).parents[1] / "ui" / "app"))
from scripted_runtime import ScriptedRuntime, job, make_app, to_job

from tui.clock import SystemClock
from tui.flow import effects as fx

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]
SECONDS = 20.0
ROUNDS = 2
GOALS = {1: 0.01, 100: 0.03, 500: 0.03}
"""Jobs under watch → the share of a core that watching may take more than an idle application."""


class Floor(App[None]):
    """The least a Textual program does."""

    def compose(self):
        yield Header()
        yield Input()
        yield Footer()


class InRealTime(ScriptedRuntime):
    """Waits as long as it is asked to."""

    async def perform(self, effect):
        if isinstance(effect, fx.Wait):
            await asyncio.sleep(effect.seconds)
        return await super().perform(effect)


async def share() -> float:
    """Return the share of a core that this process takes for a while."""
    await asyncio.sleep(2)
    began, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(SECONDS)
    return (time.process_time() - used) / (time.perf_counter() - began)


async def idle() -> float:
    async with Floor().run_test(size=(120, 40)):
        return await share()


async def watching(number: int) -> float:
    runtime = InRealTime(jobs=tuple(job(each, "Running") for each in range(1, number + 1)))
    app = make_app(runtime)
    app._clock = SystemClock()
    async with app.run_test(size=(120, 40)) as pilot:
        await to_job(pilot)
        polls = runtime.count(fx.PollJobs)
        found = await share()
        assert runtime.count(fx.PollJobs) > polls, "it watches"
        return found


@pytest.mark.parametrize("number", GOALS)
async def test_watching_costs_little_more_than_nothing(number: int) -> None:
    floor = min([await idle() for _ in range(ROUNDS)])
    ours = min([await watching(number) for _ in range(ROUNDS)])
    print(f"\n{number} jobs: {ours:.2%} of a core, idle application {floor:.2%}, difference {ours - floor:.2%}")
    assert ours - floor <= GOALS[number]
