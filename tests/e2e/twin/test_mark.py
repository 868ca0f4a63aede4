"""An input argument that the settings name carries the mark of a start, in the line-by-line twin."""

import json
from pathlib import Path

import pytest

from tests.e2e.twin.running import PAYROLL, START, Case, isolated, place, run, start_arguments, token
from tui.errors import Exit
from tui.intent import REFERENCE, STAND_IN
from tui.simulator.server import SimulatorServer

MONTH = '{"in_Month":"October","in_HeadCount":3}'
CASE = Case(arguments=("--release", PAYROLL, "--input", MONTH))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home whose settings let ``in_Note`` carry the mark."""
    isolated(tmp_path)
    settings = tmp_path / "config" / "uipath-tui" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text(f'[correlation]\n"{PAYROLL}" = "in_Note"\n', encoding="utf-8")
    return tmp_path


def sent(server: SimulatorServer) -> list[dict[str, object]]:
    """Return the inputs of the starts that arrived."""
    bodies = [json.loads(request.body) for request in server.journal if request.path.endswith(START)]
    return [json.loads(body["startInfo"]["InputArguments"]) for body in bodies]


def test_a_lost_answer_is_proven_and_each_start_has_a_mark_of_its_own(home: Path) -> None:
    with SimulatorServer(("ambiguous",), speed=60.0) as server:
        given = token(server.summary, today=False)
        first = run(start_arguments(CASE, server.summary), home, stdin=given)
        assert first.returncode == Exit.SUCCESSFUL, first.stderr
        assert "in_Note carries the mark of each start, filled in by uipath-tui." in first.stdout
        assert "tagged by this app" in first.stdout
        last = [*place(server.summary, today=False), "--token-stdin", "--release", PAYROLL, "--inputs-last"]
        second = run(["start", *last], home, stdin=given)
        assert second.returncode == Exit.SUCCESSFUL, second.stderr
        (kept,) = home.rglob("inputs.json")
        assert REFERENCE not in kept.read_text(encoding="utf-8")
        marks = [str(inputs.pop("in_Note")) for inputs in sent(server)]
        assert all(mark.startswith(REFERENCE) for mark in marks)
        assert len(set(marks)) == server.world.started_count == 2
        assert STAND_IN not in marks


def test_a_value_of_ones_own_for_it_is_refused_and_nothing_is_sent(home: Path) -> None:
    with SimulatorServer(("happy",)) as server:
        own = json.dumps({**json.loads(MONTH), "in_Note": "order 5"})
        case = Case(arguments=("--release", PAYROLL, "--input", own))
        done = run(start_arguments(case, server.summary), home, stdin=token(server.summary, today=False))
        assert done.returncode == Exit.USAGE
        assert "in_Note: carries the mark of the start, which uipath-tui fills in: leave it out" in done.stderr
        assert sent(server) == []


def test_a_copied_request_has_a_stand_in_and_says_so(home: Path) -> None:
    with SimulatorServer(("happy",)) as server:
        case = Case(arguments=(*CASE.arguments, "--request", "curl"))
        done = run(start_arguments(case, server.summary), home, stdin=token(server.summary, today=False))
        assert done.returncode == Exit.SUCCESSFUL, done.stderr
        assert STAND_IN in done.stdout
        assert f"{STAND_IN} stands for the mark that each start gets" in done.stderr
        assert sent(server) == []
