"""The exit code is the outcome: one run of the twin for every code and every scenario of the simulator.

Whatever happens, StartJobs is carried out at most once; it is sent again only after a refusal that asks for it.
"""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.twin.running import (
    INTAKE,
    PROGRAM,
    RUN_SECONDS,
    Case,
    Ran,
    isolated,
    run,
    run_case,
    several,
    start_arguments,
    token,
)
from tui.errors import EXIT_MEANINGS, Exit
from tui.simulator.server import SimulatorServer

NO_FOLLOW = ("--release", INTAKE, "--no-follow")
UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Expected:
    """What a run has to end with: the exit code, how many StartJobs arrived, and words on standard error."""

    case: Case
    code: Exit
    starts: int = 1
    says: str = ""


def in_2019(*scenarios: str, arguments: tuple[str, ...] = ("--release", INTAKE), speed: float = 60.0) -> Case:
    """Return a case on the platform of 2019."""
    return Case(arguments, scenarios or ("happy",), speed=speed)


def today(*scenarios: str, arguments: tuple[str, ...] = ("--release", INTAKE), speed: float = 60.0) -> Case:
    """Return a case on today's cloud."""
    return Case(arguments, scenarios or ("happy",), today=True, speed=speed)


EXPECTED = {
    "successful": Expected(in_2019(), Exit.SUCCESSFUL),
    "faulted 2019": Expected(in_2019("faulted"), Exit.FAULTED),
    "faulted today": Expected(today("faulted"), Exit.FAULTED),
    "stopped 2019": Expected(in_2019("stopped"), Exit.STOPPED),
    "stopped today": Expected(today("stopped"), Exit.STOPPED),
    "wrong user key": Expected(
        Case(token="Some_User_Key-of_nobody-that_is_long_enough"), Exit.SIGN_IN, 0, "refresh token"
    ),
    "wrong access token": Expected(Case(today=True, token=f"rt_{'ab' * 32}-1"), Exit.SIGN_IN, 0, "Sign in again"),
    "unknown release": Expected(in_2019(arguments=("--release", "No Such Thing")), Exit.NOT_FOUND, 0, "No Such Thing"),
    "unknown key 2019": Expected(in_2019(arguments=("--release", UNKNOWN_KEY)), Exit.NOT_FOUND, 0, "key"),
    "unknown key today": Expected(today(arguments=("--release", UNKNOWN_KEY)), Exit.NOT_FOUND, 0, "key"),
    "unknown instance": Expected(Case(instance="Nowhere"), Exit.NOT_FOUND, 0, "Nowhere"),
    "no releases": Expected(in_2019("empty"), Exit.NOT_FOUND, 0),
    "ambiguous 2019": Expected(in_2019("ambiguous"), Exit.OUTCOME_UNKNOWN, 1, "Do not start it again"),
    "ambiguous today": Expected(today("ambiguous"), Exit.SUCCESSFUL, 1, "Do not start it again"),
    "package deleted": Expected(in_2019(arguments=("--release", "Fax Sorter")), Exit.REFUSED, 1, "not found"),
    "attended only": Expected(
        today(arguments=("--release", "Desk Companion")), Exit.REFUSED, 1, "requires user interaction"
    ),
    "throttled": Expected(in_2019("throttled"), Exit.SUCCESSFUL, 2),
    "not followed": Expected(in_2019(arguments=NO_FOLLOW), Exit.UNFINISHED),
    "parked": Expected(today("suspended", speed=2.0), Exit.UNFINISHED),
    "token dies": Expected(in_2019("expired"), Exit.SUCCESSFUL),
    "outage 2019": Expected(in_2019("outage", speed=1.0), Exit.SUCCESSFUL),
    "outage today": Expected(today("outage"), Exit.SUCCESSFUL),
    "slow": Expected(in_2019("slow"), Exit.SUCCESSFUL),
    "robot logs refused": Expected(in_2019("forbidden"), Exit.SUCCESSFUL, 1, "robot logs can't be read"),
    "folder typed": Expected(today("forbidden"), Exit.SUCCESSFUL, 1, "robot logs can't be read"),
    "tenants not listed": Expected(today("listing-refused"), Exit.SUCCESSFUL),
    "hostile 2019": Expected(in_2019("hostile", arguments=("--release", "PLACEHOLDER")), Exit.SUCCESSFUL),
    "many jobs": Expected(in_2019("many", arguments=NO_FOLLOW), Exit.UNFINISHED),
}


def hostile(home: Path) -> Ran:
    """Start by key: in this scenario every name is under attack, and nobody could type one."""
    with SimulatorServer(("hostile",)) as server:
        key = next(item["key"] for item in server.summary["releases"] if item["name"] == INTAKE)
    return run_case(in_2019("hostile", arguments=("--release", key)), home)


def dead_network(home: Path) -> Ran:
    """Point the program at a port that nobody listens on any more."""
    home.mkdir(parents=True)
    with SimulatorServer() as server:
        summary, world = server.summary, server.world
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    summary = {**summary, "base_url": f"http://127.0.0.1:{port}"}
    done = run(start_arguments(Case(), summary), home, stdin=token(summary, today=False))
    return Ran(done.returncode, done.stdout, done.stderr, (), summary, world)


def interrupted(number: int, home: Path) -> Ran:
    """Interrupt the program while it watches a job that no robot ever takes."""
    home.mkdir(parents=True)
    with SimulatorServer(("pending",)) as server:
        command = [*PROGRAM, *start_arguments(Case(by_variable=True), server.summary)]
        environment = {**isolated(home), "UIPATH_TUI_TOKEN": token(server.summary, today=False)}
        with subprocess.Popen(
            command,
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            head = ""
            for line in process.stdout:
                head += line
                if " Pending," in line:
                    break
            process.send_signal(number)
            rest, errors = process.communicate(timeout=RUN_SECONDS)
        return Ran(process.returncode, head + rest, errors, tuple(server.journal), server.summary, server.world)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Every case, run once."""
    folder = tmp_path_factory.mktemp("codes")
    jobs: dict[str, Callable[[], Ran]] = {
        name: partial(run_case, expected.case, folder / name.replace(" ", "-")) for name, expected in EXPECTED.items()
    }
    jobs["hostile 2019"] = partial(hostile, folder / "hostile")
    jobs["dead network"] = partial(dead_network, folder / "dead")
    if sys.platform != "win32":
        jobs["SIGINT"] = partial(interrupted, signal.SIGINT, folder / "sigint")
        jobs["SIGTERM"] = partial(interrupted, signal.SIGTERM, folder / "sigterm")
    with several(jobs) as result:
        yield result


@pytest.mark.parametrize("name", EXPECTED)
def test_the_exit_code_is_the_outcome(ran: Callable[[str], Ran], name: str) -> None:
    done, expected = ran(name), EXPECTED[name]
    assert done.code == expected.code, done.err
    assert expected.says in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", EXPECTED)
def test_a_start_is_never_repeated(ran: Callable[[str], Ran], name: str) -> None:
    done, expected = ran(name), EXPECTED[name]
    assert len(done.starts) == expected.starts
    assert done.world.started_count <= 1


def test_a_dead_network_is_told_apart(ran: Callable[[str], Ran]) -> None:
    done = ran("dead network")
    assert done.code == Exit.NETWORK
    assert done.out == ""
    assert done.err.startswith("failed")
    assert "127.0.0.1" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_says_that_the_job_goes_on(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    assert done.code == Exit.INTERRUPTED
    assert "The started job goes on." in done.err
    assert any(line.startswith("left") and "Pending" in line for line in done.lines)
    assert len(done.starts) == 1
    assert not any(request.path.lower().endswith(("stopjob", "stopjobs")) for request in done.journal)


def test_an_unanswered_start_is_looked_for_and_never_called_started(ran: Callable[[str], Ran]) -> None:
    done = ran("ambiguous 2019")
    jobs = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert jobs, "the server did start"
    assert not any(line.startswith("started") for line in done.lines)
    for job in jobs:
        assert f"job {job.id} of {INTAKE}" in done.err
        assert "nothing proves that it is yours" in done.err


def test_an_unanswered_start_is_proven_by_its_mark(ran: Callable[[str], Ran]) -> None:
    done = ran("ambiguous today")
    (job,) = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert any(line.startswith("found") and f"It did start: job {job.id}" in line for line in done.lines)
    assert not any(line.startswith("started") for line in done.lines)


def test_a_refused_start_shows_the_servers_words(ran: Callable[[str], Ran]) -> None:
    done = ran("attended only")
    assert done.world.started_count == 0
    assert "The server said: The process requires user interaction" in done.err


def test_an_outage_is_said_and_survived(ran: Callable[[str], Ran]) -> None:
    done = ran("outage 2019")
    assert len(done.journal) > 10
    assert sum(line.startswith("end") and "Successful" in line for line in done.lines) == 2


def test_a_dying_token_is_renewed_with_the_user_key_alone(ran: Callable[[str], Ran]) -> None:
    done = ran("token dies")
    asked = [json.loads(request.body) for request in done.journal if request.path == "/oauth/token"]
    assert len(asked) >= 1
    assert {body["grant_type"] for body in asked} == {"refresh_token"}


def test_hostile_words_reach_the_reader_harmless(ran: Callable[[str], Ran]) -> None:
    done = ran("hostile 2019")
    printed = done.out + done.err
    raw = [character for character in printed if ord(character) < 32 and character != "\n"]
    raw += [character for character in printed if 127 <= ord(character) < 160 or character in "\u202a\u202e\u2066"]
    assert raw == []
    assert "[@click=app.quit]" in printed, "the words themselves are shown"


def test_every_code_has_a_meaning_and_a_case() -> None:
    covered = {expected.code for expected in EXPECTED.values()}
    elsewhere = {Exit.INTERNAL, Exit.USAGE, Exit.NETWORK, Exit.INTERRUPTED}
    assert covered | elsewhere == set(Exit) == set(EXIT_MEANINGS)
