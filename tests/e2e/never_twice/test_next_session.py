"""A start without an answer is remembered: the next program looks for it before the release can be started again."""

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.twin.running import INTAKE, PAYROLL, PROGRAM, Case, isolated, run, several, start_arguments, token
from tui.errors import Exit
from tui.simulator.server import SimulatorServer
from tui.store.journal import NAME

CASE = Case(arguments=("--release", INTAKE, "--no-follow"))
OTHER = Case(arguments=("--release", PAYROLL, "--input", '{"in_Month": "October", "in_HeadCount": 3}', "--no-follow"))
Next = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[SimulatorServer]:
    """A server of 2019 that lost the answer to one start; its program was killed while it looked for the job."""
    with SimulatorServer(("ambiguous",)) as running:
        lose(start_arguments(CASE, running.summary), home, token(running.summary, today=False))
        assert started(running, INTAKE) == 1
        yield running


def lose(arguments: list[str], home: Path, given: str) -> None:
    """Start, and kill the program once it has said that no complete answer came."""
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        env=isolated(home),
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(given)
        process.stdin.close()
        said: list[str] = []
        while said[-1:] != [""] and "got no complete answer" not in "".join(said):
            said.append(process.stdout.readline())
        process.kill()
        assert said[-1], said


@pytest.fixture(scope="module")
def following(server: SimulatorServer, home: Path) -> Iterator[Next]:
    """Give what the next programs say, which all look at the same time: each waits for 20 seconds."""
    given = token(server.summary, today=False)
    same, other = start_arguments(CASE, server.summary), start_arguments(OTHER, server.summary)
    jobs = {"same": same, "json": [*same, "--json"], "other": other}
    with several({name: partial(run, given_to, home, stdin=given) for name, given_to in jobs.items()}) as result:
        yield result


def started(server: SimulatorServer, name: str) -> int:
    """Return how many starts of a release the server has carried out."""
    jobs = [job for tenant in server.world.tenants for job in tenant.jobs if job.release.process.name == name]
    return len({job.batch_key for job in jobs})


def test_the_same_release_is_refused_with_the_reason(server: SimulatorServer, following: Next) -> None:
    done = following("same")
    assert done.returncode == Exit.OUTCOME_UNKNOWN
    assert "Nothing was started now: that earlier start comes first." in done.stderr
    assert "nothing proves that it is yours" in done.stderr
    assert started(server, INTAKE) == 1


def test_it_is_refused_in_json_too(server: SimulatorServer, following: Next) -> None:
    done = following("json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (said, *_) = [line for line in lines if line["step"] == "unknown"]
    assert (done.returncode, said["state"]) == (Exit.OUTCOME_UNKNOWN, "UNKNOWN")
    assert started(server, INTAKE) == 1


def test_another_release_is_not_held_up(server: SimulatorServer, following: Next) -> None:
    done = following("other")
    assert (done.returncode, started(server, PAYROLL)) == (Exit.OUTCOME_UNKNOWN, 1), done.stderr
    assert server.world.started_count == 2


def test_the_journal_holds_hashes_and_no_inputs(server: SimulatorServer, home: Path, following: Next) -> None:
    following("other")
    (found,) = home.rglob(NAME)
    kept = b"".join(path.read_bytes() for path in found.parent.glob(f"{NAME}*"))
    assert INTAKE.encode() in kept
    for name in ("user_key",):
        assert str(server.summary["cloud_2019"][name]).encode() not in kept
    assert b"October" not in kept


def test_a_journal_that_can_not_be_used_refuses_the_start(tmp_path: Path) -> None:
    with SimulatorServer(("happy",)) as server:
        place = tmp_path / "state" / "uipath-tui" / NAME
        place.parent.mkdir(parents=True, mode=0o700)
        place.write_bytes(b"this is no journal")
        done = run(start_arguments(CASE, server.summary), tmp_path, stdin=token(server.summary, today=False))
        assert done.returncode not in (0, Exit.UNFINISHED)
        assert "is damaged" in done.stderr
        assert server.world.started_count == 0
