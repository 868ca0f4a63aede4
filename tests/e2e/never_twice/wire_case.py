"""One start over a faulty wire, from the form to the verdict: workflow, desk, journal and client are the real ones."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.e2e.never_twice.faults import FAULTS
from tests.e2e.never_twice.front import FastClock, Front
from tui.api.client import OrchestratorClient
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.limits import Limits
from tui.api.sign_in.identity import accounts, service_instances
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in
from tui.clock import Clock
from tui.errors import UiPathTuiError
from tui.exchanges.log import ExchangeLog
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import transition
from tui.intent import IntentState
from tui.runtime.start_desk import StartDesk
from tui.simulator.server import SimulatorServer
from tui.store.journal import Journal

QUICK = Limits(connect=2.0, get=3.0, token=3.0, start=0.6, first_wait=0.5)
RELEASE = "Invoice Intake"
MARKED = "Payroll Export"
"""A release with a text argument, ``in_Note``, which carries the mark."""
GIVEN = '{"in_Month":"May","in_HeadCount":3}'
VERDICTS = (IntentState.LIKELY, IntentState.ASK_USER, IntentState.NOT_FOUND)


@dataclass(frozen=True)
class Case:
    """``address`` gives the base address for a front; ``None`` for the front's own.

    ``marked`` lets an input argument carry the mark.
    """

    fault: str
    today: bool
    operator: bool
    address: Callable[[Front], str] | None = None
    marked: bool = False

    @property
    def name(self) -> str:
        generation = "today" if self.today else "2019"
        return (
            f"{self.fault} / {generation}{' / operator' if self.operator else ''}{' / marked' if self.marked else ''}"
        )


@dataclass
class Ended:
    """What came of a case, and the truth at the server."""

    case: Case
    state: st.State
    front: Front
    blocked: bool
    """Whether the journal refuses another start of the release."""
    starts: int = 0
    bad: list[str] = field(default_factory=list[str])


async def client_for(today: bool, summary: Mapping[str, Any], base_url: str, clock: Clock) -> OrchestratorClient:
    key = "automation-cloud" if today else "cloud-2019"
    connection = Connection(deployment(key, base_url), log=ExchangeLog(), clock=clock, limits=QUICK)
    facts = summary["automation_cloud" if today else "cloud_2019"]
    secret = facts["personal_access_token"] if today else facts["user_key"]
    credentials = await sign_in(connection, recognise(secret, connection.deployment.generation))
    if today:
        base = connection.deployment.orchestrator_bases(facts["organization"], facts["tenant"])[0]
        return OrchestratorClient(connection, credentials, base=base)
    account = (await accounts(connection, credentials)).accounts[0].account_logical_name
    instance = (await service_instances(connection, credentials, account))[0].logical_name
    base = connection.deployment.orchestrator_bases(account, instance, "path")[0]
    return OrchestratorClient(connection, credentials, base=base, tenant=instance)


async def first_state(
    client: OrchestratorClient, summary: Mapping[str, Any], *, today: bool, marked: bool = False
) -> st.PreparingStart:
    folder = None
    if today:
        wanted = summary["automation_cloud"]["folders"][0]["id"]
        folder = next(each for each in await client.folders() if each.id == wanted)
    releases = (await client.releases(folder)).value
    release = next(each for each in releases if each.name == (MARKED if marked else RELEASE))
    answers = st.Answers(modern=today, folder=folder, release=release, base=client.base)
    if marked:
        answers = replace(answers, inputs=GIVEN, carriers=((MARKED, "in_Note"),))
    choosing = st.ChoosingRelease(
        answers=answers, step_back=st.ChoosingInstance(answers=answers, step_back=st.SigningIn(answers=answers))
    )
    return st.PreparingStart(answers=answers, step_back=choosing)


class Person:
    """Goes through the workflow by itself: presses start, confirms, and waits for a verdict."""

    def __init__(self, client: OrchestratorClient, desk: StartDesk, clock: Clock) -> None:
        self.client = client
        self.desk = desk
        self.clock = clock
        self.doing = {
            fx.ReadFence: desk.read_fence,
            fx.StartJob: desk.start,
            fx.CheckStart: desk.check,
            fx.AdoptJobs: desk.adopt,
            fx.CloseStart: desk.give_up,
        }

    async def perform(self, effect: fx.Effect) -> ev.Event | None:
        if isinstance(effect, fx.Wait):
            await self.clock.sleep(effect.seconds)
            return ev.WaitEnded(ticket=effect.ticket)
        doing = self.doing.get(type(effect))
        if doing is None:
            return None
        try:
            return await doing(self.client, effect)
        except UiPathTuiError as error:
            return ev.CallFailed(ticket=effect.ticket, failure=error.failure, at=self.clock.now())

    async def go(self, state: st.State) -> tuple[st.State, int]:
        """Return the last state, and how many starts the workflow asked for."""
        starts = 0
        todo: list[ev.Event] = [ev.StartRequested()]
        while todo:
            state, effects = transition(state, todo.pop(0))
            starts += sum(isinstance(effect, fx.StartJob) for effect in effects)
            if isinstance(state, st.ConfirmingStart):
                todo += [ev.StartConfirmed()]
            if isinstance(state, st.Watching) or self.decided(state):
                break
            for effect in effects:
                event = await self.perform(effect)
                todo += [event] if event is not None else []
        return state, starts

    def decided(self, state: st.State) -> bool:
        return isinstance(state, st.StartUnresolved) and state.intent.state in VERDICTS


async def run(case: Case, folder: Path) -> Ended:
    """Run one case and return what came of it, with everything that must not have happened in ``bad``."""
    clock = FastClock()
    fault = FAULTS[case.fault]
    with SimulatorServer(("happy",)) as server:
        server.world.now = clock.now
        front = Front(server.port, clock, fault.respond, operator=case.operator)
        await front.open()
        base_url = case.address(front) if case.address else f"http://127.0.0.1:{front.port}"
        client = await client_for(case.today, server.summary, base_url, clock)
        journal = Journal(folder)
        try:
            person = Person(client, StartDesk(journal, clock), clock)
            beginning = await first_state(client, server.summary, today=case.today, marked=case.marked)
            front.refuse_next = not fault.sent
            async with asyncio.timeout(40):
                state, starts = await person.go(beginning)
            release = beginning.answers.release
            assert release is not None
            blocked = journal.open_for(client.place, release.key) is not None
            ended = Ended(case, state, front, blocked, starts)
            made = {job.id for tenant in server.world.tenants for job in tenant.jobs}
            ended.bad += judged(ended, made)
            return ended
        finally:
            await client._connection.aclose()  # pyright: ignore[reportPrivateUsage]
            front.shut()
            journal.close()
            for task in front.later:
                task.cancel()


def judged(ended: Ended, made: set[int]) -> list[str]:
    """Return what must not have happened."""
    case, state, front = ended.case, ended.state, ended.front
    fault, bad = FAULTS[case.fault], list[str]()
    if ended.starts != 1 or front.executed > 1:
        bad.append(f"double: {ended.starts} asked for, {front.executed} carried out")
    if front.posts > fault.tries:
        bad.append(f"sent {front.posts} times")
    if not set(front.ours) <= made:
        bad.append("the truth is not the truth")
    match state:
        case st.Watching():
            bad += _watching(ended, state)
        case st.StartUnresolved():
            bad += _unresolved(ended, state)
        case _ if front.ours or not (fault.refused or not fault.sent):
            bad.append(f"said not started: {type(state).__name__} {state.failure}")
        case _ if ended.blocked:
            bad.append("not started and still open")
        case _:
            pass
    return [f"{case.name}: {each}" for each in bad]


def _watching(ended: Ended, state: st.Watching) -> Iterator[str]:
    watched = {watched.job.id for watched in state.jobs}
    if watched != set(ended.front.ours):
        yield f"said started without proof: {watched} instead of {ended.front.ours}"
    if ended.blocked:
        yield "proven and still open"
    if not (ended.case.today or ended.case.marked) and not FAULTS[ended.case.fault].answered:
        yield "proven where nothing can be proven"


def _unresolved(ended: Ended, state: st.StartUnresolved) -> Iterator[str]:
    ours = set(ended.front.ours)
    if not ended.blocked:
        yield "not settled, and another start is let through"
    if ours and (ended.case.today or ended.case.marked or not ours <= {job.id for job in state.candidates}):
        yield f"lost {ours}: {state.intent.state}"


def cases(*, today: bool, faults: tuple[str, ...] = tuple(FAULTS), marked: bool = False) -> list[Case]:
    """Return the cases of one generation, alone and with another operator."""
    return [Case(fault, today, operator, marked=marked) for fault in faults for operator in (False, True)]


async def run_all(wanted: list[Case], folder: Path, at_once: int = 6) -> list[Ended]:
    """Run the cases beside each other."""
    gate = asyncio.Semaphore(at_once)

    async def one(number: int, case: Case) -> Ended:
        async with gate:
            return await run(case, folder / str(number))

    return await asyncio.gather(*(one(number, case) for number, case in enumerate(wanted)))


def through(wanted: list[Case], address: Callable[[Front], str]) -> list[Case]:
    """Return the cases on another way to their front."""
    return [replace(case, address=address) for case in wanted]
