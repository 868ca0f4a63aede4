"""A start without an answer is remembered: the next program looks for it before the release can be started again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.twin.running import INTAKE, PAYROLL, Case, run, start_arguments, token
from tui.errors import Exit
from tui.simulator.server import SimulatorServer
from tui.store.journal import NAME

CASE = Case(arguments=("--release", INTAKE, "--no-follow"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[SimulatorServer]:
    """A server of 2019 that lost the answer to one start."""
    with SimulatorServer(("ambiguous",)) as running:
        done = run(start_arguments(CASE, running.summary), home, stdin=token(running.summary, today=False))
        assert done.returncode == Exit.OUTCOME_UNKNOWN, done.stderr
        assert running.world.started_count == 1
        yield running


def test_the_same_release_is_refused_with_the_reason(server: SimulatorServer, home: Path) -> None:
    done = run(start_arguments(CASE, server.summary), home, stdin=token(server.summary, today=False))
    assert done.returncode == Exit.OUTCOME_UNKNOWN
    assert "Nothing was started now: that earlier start comes first." in done.stderr
    assert "nothing proves that it is yours" in done.stderr
    assert server.world.started_count == 1


def test_it_is_refused_in_json_too(server: SimulatorServer, home: Path) -> None:
    arguments = [*start_arguments(CASE, server.summary), "--json"]
    done = run(arguments, home, stdin=token(server.summary, today=False))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (said, *_) = [line for line in lines if line["step"] == "unknown"]
    assert (done.returncode, said["state"]) == (Exit.OUTCOME_UNKNOWN, "UNKNOWN")
    assert server.world.started_count == 1


def test_another_release_is_not_held_up(server: SimulatorServer, home: Path) -> None:
    before = server.world.started_count
    inputs = '{"in_Month": "October", "in_HeadCount": 3}'
    case = Case(arguments=("--release", PAYROLL, "--input", inputs, "--no-follow"))
    done = run(start_arguments(case, server.summary), home, stdin=token(server.summary, today=False))
    assert server.world.started_count == before + 1, done.stderr


def test_the_journal_holds_hashes_and_no_inputs(server: SimulatorServer, home: Path) -> None:
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
