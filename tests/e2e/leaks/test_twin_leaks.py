"""After a run of the twin no token is anywhere: not on standard output, in the log file, on the disk, in ``/proc``."""

import base64
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.e2e.leaks.sweeper import Sweeper, secrets_of, sweeper
from tests.e2e.twin.running import (
    INTAKE,
    PROGRAM,
    RUN_SECONDS,
    TOKEN_VARIABLE,
    Case,
    isolated,
    place,
    several,
    start_arguments,
    token,
)
from tui.simulator.server import SimulatorServer

LOGGED = ("--release", INTAKE, "--log", "log.jsonl")
CASES = {
    "2019": Case(LOGGED),
    "2019 json": Case((*LOGGED, "--json"), by_variable=True),
    "today": Case((*LOGGED, "--json"), today=True),
    "token dies": Case((*LOGGED, "--json"), ("expired",)),
    "outage": Case((*LOGGED, "--json"), ("outage",), speed=4.0),
    "ambiguous": Case(LOGGED, ("ambiguous",)),
    "hostile": Case(LOGGED, ("hostile",)),
    "wrong user key": Case(LOGGED, token="Some_User_Key-of_nobody-that_is_long_enough"),
    "wrong access token": Case(LOGGED, today=True, token=f"rt_{'1f2e3d4c' * 8}-1"),
    "pasted with its name": Case(LOGGED, token="Authorization: Bearer Some_User_Key-of_nobody-and_long_enough"),
    "no token at all": Case(LOGGED, token='{"refresh_token": "Some_User_Key-that_is_cut_off_in_the_mid'),
}


Observed = tuple[str, str, dict[str, str]]


@dataclass(frozen=True)
class Swept:
    """Everything one run left behind, and the sweeper that knows its secrets."""

    sweeper: Sweeper
    out: str
    err: str
    home: Path
    processes: Mapping[str, str]
    requests: int


def observed(
    command: list[str], given: str, environment: dict[str, str], home: Path
) -> tuple[str, str, dict[str, str]]:
    """Run a command; also return what other users could read of it in ``/proc`` meanwhile."""
    seen: dict[str, str] = {}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, cwd=home, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        folder = Path("/proc") / str(process.pid)

        def look() -> None:
            for name in ("cmdline", "environ"):
                try:
                    content = (folder / name).read_bytes().decode("latin-1")
                except OSError:
                    continue
                seen[name] = seen.get(name, "") + content if content not in seen.get(name, "") else seen[name]

        finished = threading.Event()

        def watch() -> None:
            while not finished.wait(0.05):
                look()

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            out, err = process.communicate(given, timeout=RUN_SECONDS)
        finally:
            finished.set()
            watching.join()
    return out, err, seen


def sweep(case: Case, home: Path) -> Swept:
    """Run a case and collect all it left behind."""
    home.mkdir()
    with SimulatorServer(case.scenarios, speed=case.speed) as server:
        given = token(server.summary, today=case.today) if case.token is None else case.token
        environment = isolated(home) | ({TOKEN_VARIABLE: given} if case.by_variable else {})
        command = [*PROGRAM, *start_arguments(case, server.summary)]
        out, err, processes = observed(command, "" if case.by_variable else given, environment, home)
        secrets = secrets_of(server.world, server.journal)
        secrets.add(given.removeprefix("Authorization: Bearer ").removeprefix('{"refresh_token": "'))
        return Swept(sweeper(secrets), out, err, home, processes, len(server.journal))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Swept]]:
    """Every case, run once."""
    folder = tmp_path_factory.mktemp("leaks")
    with several(
        {name: partial(sweep, case, folder / name.replace(" ", "-")) for name, case in CASES.items()}
    ) as result:
        yield result


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_printed(swept: Callable[[str], Swept], name: str) -> None:
    done = swept(name)
    assert done.out + done.err
    assert done.sweeper.leaks("standard output", done.out) == []
    assert done.sweeper.leaks("standard error", done.err) == []


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_on_the_disk(swept: Callable[[str], Swept], name: str) -> None:
    done = swept(name)
    assert done.sweeper.leaks_below(done.home) == []
    log = done.home / "log.jsonl"
    assert log.stat().st_size >= 500 * done.requests, "there was something to find"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_in_proc(swept: Callable[[str], Swept], name: str) -> None:
    done = swept(name)
    assert "start" in done.processes["cmdline"]
    assert done.sweeper.leaks("cmdline", done.processes["cmdline"]) == []
    if not CASES[name].by_variable:
        assert done.sweeper.leaks("environ", done.processes.get("environ", "")) == []


def test_the_log_still_tells_which_secret_was_there(swept: Callable[[str], Swept]) -> None:
    log = (swept("2019").home / "log.jsonl").read_text()
    assert '"refresh_token' in log or "refresh_token" in log
    assert "Bearer " in log


ECHOES: dict[str, Callable[[str], str]] = {
    "raw": lambda secret: secret,
    "percent": lambda secret: quote(secret, safe=""),
    "every character percent": lambda secret: "".join(f"%{ord(character):02X}" for character in secret),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 shifted": lambda secret: base64.b64encode(f"a:{secret}".encode()).decode(),
    "hexadecimal": lambda secret: secret.encode().hex(),
    "json escapes": lambda secret: "".join(f"\\u{ord(character):04x}" for character in secret),
    "first half": lambda secret: secret[: len(secret) // 2],
}


PRINTED = ("raw", "percent", "base64", "first half")
"""The echoes that are also put into the message, which the reader is shown."""


@contextmanager
def echoing(message: str) -> Iterator[str]:
    """Serve refusals that repeat the token in every way, and in the way ``message`` also in their message."""

    async def answer(request: Request) -> JSONResponse:
        secret = request.headers.get("authorization", "").partition(" ")[2]
        said = {name: echo(secret) for name, echo in ECHOES.items()}
        headers = {f"X-Debug-{place}": quote(text, safe="%&#;\\/+=") for place, text in enumerate(said.values())}
        words = f"The token {said.get(message, '')} is not wanted here"
        return JSONResponse({"message": words, "errorCode": 0, **said}, 403, headers)

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
        server.install_signal_handlers = lambda: None  # pyright: ignore[reportAttributeAccessIssue]
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def echo(message: str, home: Path) -> Swept:
    """Run the twin against a server that repeats its token."""
    home.mkdir()
    secret = f"rt_{'5ec3e7a9' * 8}-1"
    with echoing(message) as base_url:
        cloud = {"organization": "northmill", "tenant": "Default", "folders": [{"path": "Mill"}]}
        where = place({"base_url": base_url, "automation_cloud": cloud}, today=True)
        command = [*PROGRAM, "start", *where, "--token-stdin", *LOGGED]
        out, err, processes = observed(command, secret, isolated(home), home)
    return Swept(sweeper([secret]), out, err, home, processes, 1)


@pytest.fixture(scope="module")
def echoed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Swept]]:
    """Every echo, heard once."""
    folder = tmp_path_factory.mktemp("echoes")
    with several({name: partial(echo, name, folder / name.replace(" ", "-")) for name in PRINTED}) as result:
        yield result


@pytest.mark.parametrize("name", PRINTED)
def test_a_token_in_the_servers_words_is_not_printed(echoed: Callable[[str], Swept], name: str) -> None:
    done = echoed(name)
    assert "is not wanted here" in done.err, "the words themselves are"
    assert done.sweeper.leaks("output", done.out + done.err) == []


@pytest.mark.parametrize("name", ECHOES)
def test_a_token_in_an_answer_is_not_logged(echoed: Callable[[str], Swept], name: str) -> None:
    done = echoed("raw")
    entry = json.loads((done.home / "log.jsonl").read_text().splitlines()[0])
    body = json.loads(entry["response_body"]["text"])
    header = dict(entry["response_headers"])[f"x-debug-{list(ECHOES).index(name)}"]
    assert body[name]
    assert done.sweeper.leaks("body", body[name]) == []
    assert done.sweeper.leaks("header", header) == []


def test_a_token_in_an_answer_is_nowhere_on_the_disk(echoed: Callable[[str], Swept]) -> None:
    done = echoed("raw")
    assert done.sweeper.leaks_below(done.home) == []
