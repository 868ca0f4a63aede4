"""What a start begins with in lines, and the server's check of one that is not made."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.twin.running import INTAKE, PAYROLL, Case, Ran, place, run, running, token
from tui.errors import Exit
from tui.flow.start_options import StartOptions
from tui.remembered import Preset, PresetKept
from tui.simulator.server import SimulatorServer
from tui.store.inputs import InputStore

CHECK = ("--release", INTAKE, "--dry-run", "--json")
CASES = {
    "valid": Case(CHECK, today=True),
    "runtime": Case((*CHECK, "--runtime", "Serverless"), today=True),
    "no host": Case(("--release", INTAKE, "--dry-run"), ("pending",), today=True),
    "2019": Case(("--release", INTAKE, "--dry-run")),
    "no last": Case(("--release", INTAKE, "--inputs-last")),
    "no preset": Case(("--release", INTAKE, "--preset", "month")),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Every case, run once."""
    with running(CASES, tmp_path_factory.mktemp("form")) as result:
        yield result


def _last(done: Ran) -> dict[str, Any]:
    return json.loads(done.lines[-1])


@pytest.mark.parametrize(("name", "code"), [("valid", Exit.SUCCESSFUL), ("runtime", Exit.REFUSED)])
def test_a_check_sends_the_start_to_the_check_alone(ran: Callable[[str], Ran], name: str, code: Exit) -> None:
    done = ran(name)
    assert (done.code, done.starts, done.world.started_count) == (code, [], 0)
    (check,) = [request for request in done.journal if request.path.endswith("ValidateDynamicJob")]
    said = _last(done)
    assert said["valid"] is (code is Exit.SUCCESSFUL)
    info = json.loads(check.body)["startInfo"]
    assert info == json.loads(said["body"])["startInfo"]
    assert info["Strategy"] == "ModernJobsCount"


def test_a_refusing_check_explains_its_codes_and_keeps_the_servers_words(ran: Callable[[str], Ran]) -> None:
    assert _last(ran("runtime"))["codes"] == ["TemplateNoRuntime"]
    done = ran("no host")
    assert done.code == Exit.REFUSED
    assert "No machine of the folder is connected" in done.err
    assert "HARBOUR-VM-01 was last seen" in done.err


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("2019", Exit.REFUSED, "can't check a start"),
        ("no last", Exit.NOT_FOUND, "no last inputs"),
        ("no preset", Exit.NOT_FOUND, "no preset “month”"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_starts(
    ran: Callable[[str], Ran], name: str, code: Exit, words: str
) -> None:
    done = ran(name)
    assert (done.code, done.starts, done.world.started_count) == (code, [], 0)
    assert words in done.err


def test_the_last_inputs_and_a_preset_are_sent_where_they_are_asked_for(tmp_path: Path) -> None:
    may = {"in_Month": "May", "in_HeadCount": 12, "in_Note": "1.50"}
    with SimulatorServer(("happy",), speed=1.0) as server:
        given = token(server.summary, today=True)
        base = ["start", *place(server.summary, today=True), "--token-stdin", "--release", PAYROLL, "--no-follow"]

        def sent(*more: str) -> dict[str, Any]:
            before = server.world.started_count
            done = run([*base, *more], tmp_path, stdin=given)
            assert (done.returncode, server.world.started_count) == (Exit.UNFINISHED, before + 1), done.stderr
            starts = [request for request in server.journal if request.path.endswith("StartJobs")]
            return json.loads(starts[-1].body)["startInfo"]

        first = sent("--input", json.dumps(may))
        assert json.loads(first["InputArguments"]) == may
        again = sent("--inputs-last", "--input", '{"in_HeadCount": 13}')
        assert json.loads(again["InputArguments"]) == may | {"in_HeadCount": 13}
        refused = run(base, tmp_path, stdin=given)
        assert refused.returncode == Exit.USAGE, "what was typed last is never taken unasked"

        store = InputStore(tmp_path / "state" / "uipath-tui")
        (address,) = json.loads(store.path.read_text())["instances"]
        (known,) = store.recall(address)
        assert json.loads(known.inputs) == may | {"in_HeadCount": 13}
        preset = Preset("Month end", json.dumps(may), StartOptions(jobs_count=2, priority="High"))
        kept = PresetKept(folder=known.folder, release_key=known.release_key, preset=preset)
        store.update(address, kept.applied)
        named = sent("--preset", "month END")
        assert json.loads(named["InputArguments"]) == may
        assert (named["JobsCount"], named["JobPriority"]) == (2, "High")
        assert sent("--preset", "month end", "--count", "3")["JobsCount"] == 3


def test_the_demo_remembers_nothing_on_this_computer(tmp_path: Path) -> None:
    done = run(["demo", "--speed", "60"], tmp_path)
    assert done.returncode == Exit.SUCCESSFUL, done.stderr
    assert not list(tmp_path.rglob("inputs.json*"))
