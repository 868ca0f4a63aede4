"""A runtime that answers from a script, and a small world of releases and jobs for it."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from textual.app import App

from tui.api.models import (
    Account,
    Folder,
    Job,
    Release,
    ReleaseArguments,
    Robot,
    RobotLog,
    ServiceInstance,
    ValidationResult,
)
from tui.api.outcome import RequestPreview
from tui.app import UiPathApp
from tui.errors import Exit, Failure
from tui.exchanges.log import ExchangeLog
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.form_effects import RememberStart, ValidateStart
from tui.flow.state import Here
from tui.flow.states import Answers, Identity, SigningIn, State
from tui.intent import Group, Intent, IntentState
from tui.started_job import StartedJob

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
ADDRESS = "https://account.example.test/authorize?response_type=code&state=made-up"
REDIRECT = "http://127.0.0.1:8765/"
USER_KEY = "8f3kQ0-invented-user-key-for-tests-only-77"
ARGUMENTS = (
    '[{"name":"in_Text","type":"System.String, mscorlib","required":true,"hasDefault":false},'
    '{"name":"in_Count","type":"System.Int32, mscorlib","required":false,"hasDefault":false},'
    '{"name":"in_List","type":"System.String[], mscorlib","required":false,"hasDefault":false}]'
)
FAILURE = Failure(
    "Could not list the releases", "the server answered 500", "Try again", Exit.NETWORK, 500, "[/boom]", 1
)


def release(number: int = 1, arguments: str = "", **more: Any) -> Release:
    return Release(
        id=number,
        key=f"00000000-0000-4000-8000-{number:012d}",
        name=more.pop("name", f"Process {number:05d}"),
        process_key="P",
        process_version="1.0.0",
        arguments=ReleaseArguments(input=arguments),
        **more,
    )


def job(number: int = 1, state: str = "Pending", **more: Any) -> Job:
    return Job(id=number, key=f"k{number}", state=state, release_name="Process", creation_time=NOW, **more)


PREVIEW = RequestPreview("POST", "https://h/odata/Jobs/StartJobs", (("Authorization", "Bearer …a3f1"),), b'{"a":1}')
IDENTITY = Identity(who="ada@example.com", kind="user key", fingerprint="…a3f1")
ACCOUNTS = (Account(account_name="Acme", account_logical_name="acme"), Account(account_logical_name="other"))
INSTANCES = (
    ServiceInstance(service_instance_name="Default", service_instance_logical_name="acmedefault"),
    ServiceInstance(service_instance_name="Test", service_instance_logical_name="acmetest"),
)
ROBOTS = (Robot(id=11, name="Oven", machine_name="PC-1"), Robot(id=12, name="[b]Mixer", machine_name="PC-2"))
FOLDERS = (Folder(id=1, key="f1", fully_qualified_name="Shared"), Folder(id=2, key="f2", fully_qualified_name="Fin/In"))


def intent_for(info: Any) -> Intent:
    return Intent(id="intent-1", tenant="https://h", release_key=info.release_key, release_name="Process 00001")


def lost(intent: Intent) -> Intent:
    return replace(intent, state=IntentState.UNKNOWN, cause="the server answered 500", sent_at=NOW, failed_at=NOW)


@dataclass
class ScriptedRuntime:
    """Answers each kind of effect; an effect whose kind is in ``held`` waits until it is released."""

    releases: tuple[Release, ...] = (release(1), release(2, ARGUMENTS))
    jobs: tuple[Job, ...] = (job(),)
    logs: tuple[RobotLog, ...] = ()
    listed: tuple[Job, ...] = ()
    previous: Job | None = None
    started: tuple[StartedJob, ...] = ()
    folders: tuple[Folder, ...] | None = None
    accounts: tuple[Account, ...] = ACCOUNTS
    page: int = 200
    at_once: int = 100
    caught: bool = True
    here: Here = field(default_factory=lambda: Here(looked=True, key_store="Secret Service"))
    performed: list[fx.Effect] = field(default_factory=list)
    held: dict[type[fx.Effect], asyncio.Event] = field(default_factory=dict)
    fail: dict[type[fx.Effect], Failure] = field(default_factory=dict)
    lost: bool = False
    opinion: ValidationResult | None = field(default_factory=ValidationResult)
    memory: Any = ()
    verdict: IntentState = IntentState.LIKELY
    cancelled: list[type[fx.Effect]] = field(default_factory=list)
    closed: bool = False
    told: bool = False

    def hold(self, kind: type[fx.Effect]) -> asyncio.Event:
        self.held[kind] = asyncio.Event()
        return self.held[kind]

    def count(self, kind: type[fx.Effect]) -> int:
        return sum(isinstance(effect, kind) for effect in self.performed)

    async def perform(self, effect: fx.Effect) -> ev.Event:
        self.performed.append(effect)
        try:
            if (gate := self.held.get(type(effect))) is not None:
                await gate.wait()
            if isinstance(effect, fx.Wait):
                await asyncio.sleep(min(effect.seconds, 0.05))
        except asyncio.CancelledError:
            self.cancelled.append(type(effect))
            raise
        if (failure := self.fail.get(type(effect))) is not None:
            return ev.CallFailed(ticket=effect.ticket, failure=failure, at=NOW)
        return self._answer(effect)

    def _answer(self, effect: fx.Effect) -> ev.Event:  # noqa: C901
        ticket = effect.ticket
        match effect:
            case fx.SignIn():
                return ev.SignedIn(
                    ticket=ticket, identity=IDENTITY, accounts=self.accounts, reason="Nothing is listed."
                )
            case fx.BeginBrowser():
                return ev.BrowserBegun(ticket=ticket, address=ADDRESS, redirect_uri=REDIRECT, caught=self.caught)
            case fx.AwaitRedirect():
                return ev.SignedIn(ticket=ticket, identity=IDENTITY, accounts=self.accounts)
            case fx.LookAround():
                return ev.HereChanged(here=self.here)
            case fx.SaveProfile():
                return ev.HereChanged(here=self.here, saved=None if effect.unfinished else effect.profile)
            case fx.FetchAccounts():
                return ev.AccountsListed(ticket=ticket, accounts=self.accounts)
            case fx.FetchInstances():
                return ev.InstancesLoaded(ticket=ticket, instances=INSTANCES)
            case fx.OpenInstance():
                return ev.InstanceOpened(
                    ticket=ticket,
                    base="https://h",
                    version="20",
                    modern=self.folders is not None,
                    folders=self.folders,
                    memory=self.memory,
                )
            case fx.FetchReleases():
                return self._releases(effect)
            case fx.FindRelease():
                found = release(77, name="Found by key")
                return ev.ReleaseFound(ticket=ticket, release=found)
            case fx.PreviewStart():
                return ev.StartPreviewed(ticket=ticket, preview=PREVIEW)
            case RememberStart():
                return ev.StartRemembered(base=effect.base)
            case ValidateStart():
                return ev.StartValidated(ticket=ticket, verdict=self.opinion)
            case fx.FetchRobots():
                return ev.RobotsLoaded(ticket=ticket, robots=ROBOTS)
            case fx.ReadFence():
                return ev.FenceRead(ticket=ticket, intent=intent_for(effect.info), info=effect.info, preview=PREVIEW)
            case fx.StartJob() if self.lost:
                return ev.StartLost(ticket=ticket, failure=FAILURE, intent=lost(effect.intent))
            case fx.StartJob():
                return ev.JobsStarted(ticket=ticket, jobs=self.jobs, at=NOW)
            case fx.CheckStart():
                intent = replace(effect.intent, state=self.verdict)
                proven = self.jobs if self.verdict is IntentState.ACCEPTED else ()
                return ev.StartChecked(ticket=ticket, intent=intent, groups=(Group(self.jobs),), jobs=proven)
            case fx.AdoptJobs() | fx.CloseStart():
                return ev.StartClosed(ticket=ticket, intent=effect.intent)
            case fx.PollJobs():
                ids = effect.ids[: self.at_once]
                asked = frozenset(ids)
                found = tuple(each for each in self.jobs if each.id in asked)
                return ev.JobsPolled(ticket=ticket, jobs=found, ids=ids, at=NOW)
            case fx.FetchJobs():
                return self._jobs(effect)
            case fx.AttachJob():
                found = next(each for each in self.listed if effect.job_id == each.id or effect.key == each.key)
                return ev.JobAttached(ticket=ticket, job=found, at=NOW, release=release(1), folder=effect.folder)
            case fx.FetchPrevious():
                return ev.PreviousFound(ticket=ticket, previous=self.previous)
            case fx.LookAtStarted():
                return ev.StartedChanged(started=self.started, looked=True)
            case fx.FetchRobotLogs():
                return ev.RobotLogsLoaded(ticket=ticket, job_key=effect.job_key, logs=self.logs)
            case fx.AskWhyPending():
                return ev.PendingExplained(ticket=ticket, result=None, at=NOW)
            case fx.StopJobs():
                return ev.StopAccepted(ticket=ticket, kill=effect.kill)
            case _:
                return ev.WaitEnded(ticket=ticket)

    def _releases(self, effect: fx.FetchReleases) -> ev.Event:
        found = tuple(row for row in self.releases if effect.search.lower() in row.name.lower())
        part = found[effect.skip : effect.skip + self.page]
        return ev.ReleasesLoaded(
            ticket=effect.ticket, releases=part, total=len(found), search=effect.search, skip=effect.skip
        )

    def _jobs(self, effect: fx.FetchJobs) -> ev.Event:
        wanted = effect.shown
        found = tuple(
            each
            for each in self.listed
            if effect.search.lower() in each.release_name.lower() and wanted in ("", "unfinished", each.state)
        )
        part = found[effect.skip : effect.skip + self.page]
        return ev.JobsListed(ticket=effect.ticket, jobs=part, total=len(found), at=NOW)

    def news(self) -> ev.Event | None:
        """Tell once what was started here."""
        if not self.started or self.told:
            return None
        self.told = True
        return ev.StartedChanged(started=self.started)

    async def aclose(self) -> None:
        self.closed = True


class FixedClock:
    """A clock that stands still; sleeping only gives way."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)


def make_app(
    runtime: ScriptedRuntime, state: State | None = None, load: Callable[[], Any] | None = None, **more: Any
) -> UiPathApp:
    first = state or SigningIn(answers=Answers(deployment="cloud-2019"))
    return UiPathApp(state=first, load_runtime=load or (lambda: runtime), log=ExchangeLog(), clock=FixedClock(), **more)


async def until(pilot: Any, condition: Callable[[], Any], seconds: float = 8.0) -> None:
    """Wait for a condition with a deadline."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        if loop.time() > deadline:
            raise AssertionError(f"not within {seconds} s; {type(pilot.app.state).__name__}\n{on_screen(pilot.app)}")
        await asyncio.sleep(0.01)
    await pilot.pause()


def at(pilot: Any, name: str) -> Callable[[], bool]:
    """Return a condition: the state has this name and its screen is in front."""
    return lambda: (
        type(pilot.app.state).__name__ == name and getattr(pilot.app.screen, "_state", None) is pilot.app.state
    )


def on_screen(app: App[Any]) -> str:
    """Return the text now on the screen."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text[:width] for strip in lines[:height])


async def sign_in(pilot: Any) -> None:
    await until(pilot, lambda: at(pilot, "SigningIn")() and pilot.app.screen.query("#tenant"))
    pilot.app.screen.query_one("#token").value = USER_KEY
    await pilot.press("enter")
    await until(pilot, at(pilot, "ChoosingInstance"))


async def to_releases(pilot: Any) -> None:
    await sign_in(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.state.instances is not None)
    await pilot.press("enter")
    await until(pilot, at(pilot, "ChoosingRelease"))


async def to_start(pilot: Any, index: int = 0) -> None:
    await to_releases(pilot)
    await pilot.press(*["down"] * index, "enter")
    await until(pilot, at(pilot, "PreparingStart"))
    await until(pilot, lambda: pilot.app.state.preview is not None)


async def to_question(pilot: Any) -> None:
    await to_start(pilot)
    await pilot.press("f5")
    await until(pilot, at(pilot, "ConfirmingStart"))
    # A key from before the whole question was painted is no answer to it.
    await until(pilot, lambda: getattr(pilot.app.screen, "seen", False) or "Too small" in on_screen(pilot.app))


async def to_job(pilot: Any) -> None:
    await to_question(pilot)
    await pilot.press("enter")
    await until(pilot, at(pilot, "Watching"))
