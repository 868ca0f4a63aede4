"""A watch that lasts days in minutes: the real runtime and HTTP, on a clock that only sleeping moves."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tui.api.models import Folder, Release
from tui.exchanges.log import ExchangeLog
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow import watching
from tui.flow.machine import transition
from tui.flow.ways import Pasted, Target
from tui.runtime.performer import Runtime
from tui.runtime.session import Session
from tui.secret import Secret
from tui.settings import Settings
from tui.simulator.server import SimulatorServer

RELEASE = "Invoice Intake"
LOG = 2**20
"""Bytes of whole exchanges that the log holds: full early, so that its filling is not taken for a leak."""
BEGIN = datetime(2026, 3, 4, 9, 28, tzinfo=UTC)
_END = b"Connection: close\r\n\r\n"
_PAGE = b"Content-Type: text/html\r\nContent-Length: 6\r\n" + _END + b"<html>"
FAULTS = {
    "garbage": b"\x16\x03\x01 no HTTP\r\n\r\n",
    "500": b"HTTP/1.1 500 E\r\nContent-Length: 2\r\n" + _END + b"{}",
    "502": b"HTTP/1.1 502 B\r\n" + _PAGE,
    "429": b"HTTP/1.1 429 T\r\nRetry-After: 20\r\nContent-Length: 2\r\n" + _END + b"{}",
    "page": b"HTTP/1.1 200 O\r\n" + _PAGE,
}


class SteppingClock:
    """Sleeping moves it, and nothing else; its wall clock may be wrong by ``skew``."""

    def __init__(self, skew: timedelta = timedelta(0)) -> None:
        self.seconds = 0.0
        self.skew = skew

    def now(self) -> datetime:
        return self.true() + self.skew

    def true(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class Faulty:
    """Stands before the simulator; spoils a share of the reads and notes when each request came."""

    server: SimulatorServer
    clock: SteppingClock
    share: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(14))
    seen: list[tuple[float, bytes]] = field(default_factory=list[tuple[float, bytes]])
    spoiled: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Faulty"]:
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", 0, limit=2**20)
        try:
            yield self
        finally:
            self._server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    def count(self, word: bytes) -> int:
        return sum(word in line for _, line in self.seen)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin_reader, origin_writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            while True:
                head, body = await _message(reader)
                line = head.partition(b"\r\n")[0]
                self.seen.append((self.clock.seconds, line))
                if not len(self.seen) % 100:
                    self.server.journal.clear()  # what the simulator remembers is not what is measured
                origin_writer.write(head + body)
                answer_head, answer = await _message(origin_reader)
                date = format_datetime(self.clock.true(), usegmt=True).encode()
                lines = [each for each in answer_head.rstrip().split(b"\r\n") if not each.lower().startswith(b"date:")]
                whole = b"\r\n".join([*lines, b"Date: " + date]) + b"\r\n\r\n" + answer
                if line.startswith(b"GET") and self.chance.random() < self.share:
                    self.spoiled += 1
                    await self._spoil(whole, writer)
                    return
                writer.write(whole)
                await writer.drain()
        finally:
            origin_writer.close()

    async def _spoil(self, whole: bytes, writer: asyncio.StreamWriter) -> None:
        fault = self.chance.choice(("abort", "half", *FAULTS))
        if fault == "abort":
            writer.transport.abort()
            return
        writer.write(whole[: len(whole) // 2] if fault == "half" else FAULTS[fault])
        await writer.drain()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return head, await reader.readexactly(int(value))
    return head, b""


@dataclass
class Watch:
    """The workflow at its last step, and what performs its effects."""

    state: st.Watching
    effects: tuple[fx.Effect, ...]
    runtime: Runtime
    front: Faulty
    clock: SteppingClock
    polls: int = 0
    answered: int = 0

    async def go_on(self, polls: int) -> None:
        """Perform what the workflow asks for, until so many more polls were answered or failed."""
        wanted = self.polls + polls
        todo = list(self.effects)
        while self.polls < wanted:
            effect = todo.pop(0)
            event = await self.runtime.perform(effect)
            if isinstance(effect, fx.PollJobs):
                self.polls += 1
                self.answered += isinstance(event, ev.JobsPolled)
            state, effects = transition(self.state, event)
            assert isinstance(state, st.Watching), state
            self.state = state
            # What takes time is done last, as it would be.
            todo = sorted((*todo, *effects), key=lambda each: isinstance(each, fx.Wait))
        self.effects = tuple(todo)


@asynccontextmanager
async def long_watch(*, today: bool = False, share: float = 0.0, jobs: int = 1) -> AsyncIterator[Watch]:
    """Sign in, start a job that stays pending ``jobs`` times, and watch them."""
    clock = SteppingClock()
    async with opened(clock, today=today, share=share) as (runtime, front, state):
        started: list[Any] = []
        for _ in range(jobs):
            started += (await start(runtime, state)).jobs
        front.seen.clear()  # before the watch each start asked once for the newest job
        step = watching.begin(state, 10_000, tuple(started[:jobs]), clock.now())
        following, effects = step
        assert isinstance(following, st.Watching)
        yield Watch(following, effects, runtime, front, clock)


@asynccontextmanager
async def opened(
    clock: SteppingClock, *, today: bool = False, share: float = 0.0, scenario: str = "pending"
) -> AsyncIterator[tuple[Runtime, Faulty, st.PreparingStart]]:
    """Sign in by the real session and go to the start form."""
    kind = "automation-cloud" if today else "cloud-2019"
    log = ExchangeLog(held=LOG, cached=LOG)
    settings = Settings(open_browser="never")
    session = Session(settings=settings, log=log, clock=clock)
    runtime = Runtime(settings=settings, session=session, clock=clock)
    with SimulatorServer((scenario,)) as server:
        server.world.now = clock.true
        server.world.tokens.now = clock.true
        async with Faulty(server, clock).serving() as front:
            facts = server.summary["automation_cloud" if today else "cloud_2019"]
            secret = facts["personal_access_token"] if today else facts["user_key"]
            named = {"account": facts["organization"], "instance": facts["tenant"]} if today else {}
            target = Target(deployment=kind, base_url=front.url, **named)
            signed = await runtime.perform(fx.SignIn(ticket=1, way=Pasted(Secret(secret)), target=target))
            assert isinstance(signed, ev.SignedIn), signed
            state = await form(runtime, signed, today=today)
            front.share = share
            try:
                yield runtime, front, state
            finally:
                await runtime.aclose()


async def form(runtime: Runtime, signed: ev.SignedIn, *, today: bool) -> st.PreparingStart:
    account = signed.accounts[0]
    instances = signed.instances
    if not instances:
        listed = await runtime.perform(fx.FetchInstances(ticket=2, account=account))
        assert isinstance(listed, ev.InstancesLoaded), listed
        instances = listed.instances
    there = await runtime.perform(fx.OpenInstance(ticket=3, account=account, instance=instances[0]))
    assert isinstance(there, ev.InstanceOpened), there
    folder, release = await _with_release(runtime, there.folders or (None,))
    answers = st.Answers(modern=today, folder=folder, release=release, base=there.base, account=account)
    answers = replace(answers, instance=instances[0])
    instance = st.ChoosingInstance(answers=answers, step_back=st.SigningIn(answers=answers))
    return st.PreparingStart(answers=answers, step_back=st.ChoosingRelease(answers=answers, step_back=instance))


async def _with_release(runtime: Runtime, folders: Iterable[Folder | None]) -> tuple[Folder | None, Release]:
    for folder in folders:
        found = await runtime.perform(fx.FetchReleases(ticket=4, folder=folder, search=RELEASE))
        assert isinstance(found, ev.ReleasesLoaded), found
        for release in found.releases:
            if release.name == RELEASE:
                return folder, release
    raise AssertionError("no folder has the release")


async def start(runtime: Runtime, state: st.PreparingStart, jobs: int = 1) -> ev.JobsStarted:
    """Start the release once, as so many jobs where the server can."""
    from tui.flow.start_info import release_folder, start_info

    info = start_info(replace(state.answers, options=replace(state.answers.options, jobs_count=jobs)))
    assert info is not None
    folder = release_folder(state.answers)
    ready = await runtime.perform(fx.ReadFence(ticket=5, info=info, folder=folder, release_name=RELEASE))
    assert isinstance(ready, ev.FenceRead), ready
    event = await runtime.perform(fx.StartJob(ticket=6, info=ready.info, folder=folder, intent=ready.intent))
    assert isinstance(event, ev.JobsStarted), event
    return event
