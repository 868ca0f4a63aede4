"""Runs the program as its users do: a process of its own, in a home of its own, against a simulator in this one."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tui.simulator.journal import ReceivedRequest
from tui.simulator.server import SimulatorServer
from tui.simulator.world import World

Result = TypeVar("Result")
PROGRAM = (sys.executable, "-m", "tui")
SPEED = 60.0
RUN_SECONDS = 60
AT_ONCE = 4
START = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"
INTAKE = "Invoice Intake"
PAYROLL = "Payroll Export"
TOKEN_VARIABLE = "UIPATH_TUI_TOKEN"


@dataclass(frozen=True)
class Ran:
    """One finished run, and what the server received meanwhile."""

    code: int
    out: str
    err: str
    journal: Sequence[ReceivedRequest]
    summary: Mapping[str, Any]
    world: World
    files: Mapping[str, Path] = field(default_factory=dict[str, Path])

    @property
    def starts(self) -> list[ReceivedRequest]:
        """The StartJobs requests that arrived."""
        return [request for request in self.journal if request.path.endswith("StartJobs")]

    @property
    def lines(self) -> list[str]:
        """The lines on standard output."""
        return self.out.splitlines()


@dataclass(frozen=True)
class Case:
    """One run to make: the scenarios, the arguments after the place, and how the token is given."""

    arguments: tuple[str, ...] = ("--release", INTAKE)
    scenarios: tuple[str, ...] = ("happy",)
    today: bool = False
    instance: str = ""
    speed: float = SPEED
    token: str | None = None
    by_variable: bool = False
    files: tuple[str, ...] = ()


def isolated(home: Path) -> dict[str, str]:
    """Return an environment in which everything a program may write to lies below ``home``."""
    folders = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
        "XDG_DATA_HOME": home / "data",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT", "LOCALAPPDATA") if name in os.environ
    }
    return {
        **kept,
        **{name: str(folder) for name, folder in folders.items()},
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def place(summary: Mapping[str, Any], *, today: bool, instance: str = "") -> list[str]:
    """Return the arguments that name the server, the account and the service instance."""
    if today:
        cloud = summary["automation_cloud"]
        names = ["--account", cloud["organization"], "--instance", instance or cloud["tenant"]]
        folder = cloud["folders"][0]["path"]
        return ["--deployment", "automation-cloud", "--base-url", summary["base_url"], *names, "--folder", folder]
    account = summary["cloud_2019"]["accounts"][0]
    names = ["--account", account["logical_name"], "--instance", instance or account["instances"][0]]
    return ["--deployment", "cloud-2019", "--base-url", summary["base_url"], *names]


def token(summary: Mapping[str, Any], *, today: bool) -> str:
    """Return the invented token that signs in."""
    if today:
        return str(summary["automation_cloud"]["personal_access_token"])
    return str(summary["cloud_2019"]["user_key"])


def run(
    arguments: Sequence[str], home: Path, *, stdin: str = "", env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run ``uipath-tui`` with ``arguments`` in an isolated home and wait for its end."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        env={**isolated(home), **(env or {})},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
    )


def start_arguments(case: Case, summary: Mapping[str, Any]) -> list[str]:
    """Return the whole ``start`` command of ``case``."""
    how = [] if case.by_variable else ["--token-stdin"]
    return ["start", *place(summary, today=case.today, instance=case.instance), *how, *case.arguments]


def run_case(case: Case, home: Path) -> Ran:
    """Serve the scenarios, run the twin against them, and return both sides.

    A job that is not followed runs at its own pace, so that it is surely not over when the start is answered.
    """
    home.mkdir(parents=True, exist_ok=True)
    speed = 1.0 if "--no-follow" in case.arguments else case.speed
    with SimulatorServer(case.scenarios, speed=speed) as server:
        given = token(server.summary, today=case.today) if case.token is None else case.token
        by_variable = {TOKEN_VARIABLE: given} if case.by_variable else {}
        arguments = start_arguments(case, server.summary)
        done = run(arguments, home, stdin="" if case.by_variable else given, env=by_variable)
        files = {name: home / name for name in case.files}
        return Ran(
            done.returncode, done.stdout, done.stderr, tuple(server.journal), server.summary, server.world, files
        )


@contextmanager
def running(cases: Mapping[str, Case], folder: Path) -> Iterator[Callable[[str], Ran]]:
    """Run the cases beside each other; gives a function that waits for one by its name.

    A run mostly waits for its next poll, so several together take little longer than one.
    """
    with several({name: partial(run_case, case, folder / name) for name, case in cases.items()}) as result:
        yield result


@contextmanager
def several(jobs: Mapping[str, Callable[[], Result]]) -> Iterator[Callable[[str], Result]]:
    """Call the jobs beside each other; gives a function that waits for one by its name."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures: dict[str, Future[Result]] = {name: pool.submit(job) for name, job in jobs.items()}
        try:
            yield lambda name: futures[name].result()
        finally:
            for future in futures.values():
                future.cancel()


def addressed(requests: Iterable[ReceivedRequest]) -> list[tuple[str, str]]:
    """Return method and path of each request."""
    return [(request.method, request.path) for request in requests]


def bearer(request: ReceivedRequest) -> str:
    """Return the bearer token of a request, ``""`` for none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value if scheme == "Bearer" else ""
