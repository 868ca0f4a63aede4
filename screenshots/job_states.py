"""Draws the job screen in each state that a job, or the picture of it, can be in.

Every state is one that a scenario of the simulator brings about, but the unknown one, which the simulator is told to
answer. Program and simulator share a clock that stands still until it is moved, so every run draws the same.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from drawing import SIZE, runtime_for, save, until
from textual.widgets import Input

from tui.app import UiPathApp
from tui.cli.demo import demo_order, demo_settings
from tui.exchanges.log import ExchangeLog
from tui.settings import Settings
from tui.simulator.lifecycle import Transition
from tui.simulator.scenarios import parse_scenarios
from tui.simulator.server import SimulatorServer
from tui.simulator.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from textual.pilot import Pilot

    from tui.simulator.model import Job

THEME = "uipath-dark"
BEGINNING = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
UNKNOWN = "Quarantined"
ANSWERS = {"ChoosingInstance": "", "ChoosingFolder": "Finance", "ChoosingRelease": "Travel"}
"""What is typed at each question before Enter."""


@dataclass
class HeldClock:
    """A clock that stands still until it is moved."""

    seconds: float = 0.0
    _sleepers: list[tuple[float, asyncio.Event]] = field(default_factory=list[tuple[float, asyncio.Event]])

    def now(self) -> datetime:
        """Return the wall clock."""
        return BEGINNING + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds it was moved by."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until it was moved by ``seconds``."""
        if seconds > 0:
            sleeper = (self.seconds + seconds, asyncio.Event())
            self._sleepers.append(sleeper)
            try:
                await sleeper[1].wait()
            finally:
                self._sleepers.remove(sleeper)

    @property
    def held(self) -> int:
        """How many wait."""
        return len(self._sleepers)

    def move(self, target: float) -> bool:
        """Go on to ``target``, or to the first moment before it that somebody waits for; tell whether it is reached."""
        due = [(at, wake) for at, wake in self._sleepers if at <= target and not wake.is_set()]
        self.seconds = min([at for at, _ in due], default=target)
        for at, wake in due:
            if at <= self.seconds:
                wake.set()
        return not due


@dataclass
class Show:
    """A session with the simulator, and the keys of whoever sits before it."""

    app: UiPathApp
    pilot: Pilot[Any]
    clock: HeldClock
    server: SimulatorServer

    @property
    def state(self) -> Any:
        """The state shown."""
        return self.app.state

    @property
    def jobs(self) -> list[Job]:
        """The jobs that were started, as the simulator has them."""
        ids = [watched.job.id for watched in self.state.jobs]
        return [job for tenant in self.server.world.tenants for job in tenant.jobs if job.id in ids]

    async def settle(self) -> None:
        """Wait until everything that is under way waits for the clock: the next look, or the next try of a call."""

        def quiet() -> bool:
            return self.clock.held >= len(self.state.pending)

        await until(self.pilot, quiet, rest=0.02)
        await until(self.pilot, quiet, rest=0.0)

    async def wait(self, seconds: float) -> None:
        """Let ``seconds`` go by."""
        target = self.clock.seconds + seconds
        while not self.clock.move(target):
            await self.settle()
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they ask for come."""
        await self.pilot.press(*keys)
        await self.settle()

    async def start(self, jobs: int = 1) -> None:
        """Go from the sign-in to a started job."""
        while type(self.state).__name__ != "PreparingStart":
            typed = ANSWERS.get(type(self.state).__name__)
            if typed is not None:
                await self.pilot.press(*typed)
                await self.pilot.pause(0.2)
                await self.pilot.press("enter")
            await self.wait(0.4)
        if jobs > 1:
            await self.press("f6")
            self.app.screen.query_one("#jobs-count", Input).value = str(jobs)
        await self.press("f5")
        await self.wait(2)
        await self.press("enter")
        await until(self.pilot, lambda: type(self.state).__name__ == "Watching")
        await self.settle()

    async def draw(self, name: str) -> None:
        """Draw the screen once its clockwork has shown the moment."""
        self.app.clear_notifications()
        await self.pilot.pause(1.1)
        save(self.app, f"job-{name}", times=False)


@asynccontextmanager
async def session(scenario: str) -> AsyncGenerator[Show]:
    """Open the program on today's platform in ``scenario``."""
    clock = HeldClock()
    scenarios = parse_scenarios(scenario)
    server = SimulatorServer(scenarios)
    server.world = World(scenarios, clock=clock.now)
    with server:
        settings = demo_settings(replace(Settings(), deployment="automation-cloud"), server.summary)
        log = ExchangeLog()
        order = demo_order(settings, server.summary)
        app = UiPathApp(
            state=order.state,
            first=lambda: order.first,
            load_runtime=lambda: runtime_for(settings, log, clock),
            log=log,
            clock=clock,
            theme=THEME,
        )
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: type(app.state).__name__ in ANSWERS)
            yield Show(app, pilot, clock, server)


async def draw_job_states() -> None:
    """Draw them all."""
    async with session("happy") as show:
        await show.start()
        await show.draw("pending")
        await show.wait(6)
        await show.draw("running")
        await show.wait(45)
        await show.draw("successful")
    for scenario, seconds, name in (
        ("pending", 95, "pending-long"),
        ("faulted", 30, "faulted"),
        ("stopped", 30, "stopped"),
    ):
        async with session(scenario) as show:
            await show.start()
            await show.wait(seconds)
            await show.draw(name)
    async with session("suspended") as show:
        await show.start()
        await wait_for(show, "Suspended")
        await show.wait(3)
        await show.draw("suspended")
        await wait_for(show, "Resumed")
        await show.draw("resumed")
    for key, state in (("s", "Stopping"), ("k", "Terminating")):
        async with session("happy") as show:
            await show.start()
            await show.wait(6)
            await show.press(key)
            await show.press("enter")
            await wait_for(show, state)
            await show.draw(state.lower())
    await draw_what_no_scenario_brings()
    async with session("happy") as show:
        await show.start(jobs=6)
        await show.wait(7)
        show.app.screen.query_one("#jobs").focus()
        await show.press("down", "down")
        await show.press("s")
        await show.press("enter")
        await wait_for(show, "Stopping")
        # Several robot logs are read at once: the order of their answers is nobody's to say.
        await show.press("f8", "f8")
        await show.draw("several")


async def draw_what_no_scenario_brings() -> None:
    """Draw a state that nobody knows, and then a network that is gone."""
    async with session("happy") as show:
        await show.start()
        await show.wait(6)
        lifecycle = show.jobs[0].lifecycle
        lifecycle.transitions = [*lifecycle.transitions[:2], Transition(show.clock.now(), UNKNOWN)]
        await wait_for(show, UNKNOWN)
        await show.wait(1)
        await show.draw("unknown")
    async with session("happy") as show:
        await show.start()
        await show.wait(6)
        show.server.stop()
        await show.wait(21)
        await show.draw("stale")


async def wait_for(show: Show, state: str) -> None:
    """Let seconds go by, looking often, until the job is in ``state``."""
    for _ in range(120):
        if show.state.current.job.state == state:
            return
        await show.wait(0.5)
        await show.press("c")
    raise TimeoutError(f"the job never was {state}")
