"""``uipath-tui jobs`` as its users run it: list, watch again after the program ended, compare; on both generations."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.e2e.twin.running import INTAKE, PAYROLL, START, place, run, several, token
from tui.simulator.server import SimulatorServer

PAID = json.dumps({"in_Month": "May", "in_HeadCount": 3})
PASSWORD = "invented-swordfish-77"


@dataclass(frozen=True)
class Ran:
    """What every command printed, the paths asked for, and the file that remembers."""

    done: dict[str, "CompletedProcess[str]"]
    paths: list[tuple[str, str]]
    ids: list[int]
    keys: list[str]
    remembered: list[dict[str, Any]]
    home: Path

    def rows(self, name: str, step: str) -> list[dict[str, Any]]:
        """Return the JSON objects of one step that a command printed."""
        found = [json.loads(line) for line in self.done[name].stdout.splitlines()]
        return [row for row in found if row["step"] == step]


def _walk(home: Path, *, today: bool) -> Ran:
    home.mkdir()
    inputs = json.dumps({"in_Month": "October", "in_Password": PASSWORD})
    with SimulatorServer(("happy",), speed=20.0) as server:
        given, where = token(server.summary, today=today), place(server.summary, today=today)

        def command(name: str, *arguments: str) -> "CompletedProcess[str]":
            return run([name, *where, "--token-stdin", *arguments], home, stdin=given)

        done = {
            "first": command("start", "--release", INTAKE),
            "other": command("start", "--release", PAYROLL, "--no-follow", "--input", PAID),
            "second": command("start", "--release", INTAKE, "--no-follow", "--input", inputs),
        }
        jobs = [job for tenant in server.world.tenants for job in tenant.jobs]
        newest = jobs[-1]
        done |= {
            "watch": command("jobs", "--watch", str(newest.id)),
            "by key": command("jobs", "--watch", newest.key, "--json"),
            "list": command("jobs", "--json"),
            "text": command("jobs", "--limit", "1"),
            "faulted": command("jobs", "--state", "Faulted", "--json"),
            "compare": command("jobs", "--compare", str(newest.id), "--json"),
            "nowhere": command("jobs", "--watch", "424242"),
        }
        paths = [(request.method, request.path) for request in server.journal]
        file = home / "state" / "uipath-tui" / "started-jobs.json"
        remembered = json.loads(file.read_text())["jobs"]
        return Ran(done, paths, [job.id for job in jobs], [job.key for job in jobs], remembered, home)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Both generations, beside each other."""
    folder = tmp_path_factory.mktemp("jobs")
    with several(
        {
            "2019": lambda: _walk(folder / "2019", today=False),
            "today": lambda: _walk(folder / "today", today=True),
        }
    ) as result:
        yield result


GENERATIONS = pytest.mark.parametrize("generation", ["2019", "today"])


@GENERATIONS
def test_a_job_is_followed_again_and_its_outcome_is_the_exit_code(ran: Callable[[str], Ran], generation: str) -> None:
    walk = ran(generation)
    for name in ("watch", "by key"):
        done = walk.done[name]
        assert (done.returncode, done.stderr) == (0, ""), name
    assert f"Watching job {walk.ids[-1]} of {INTAKE}" in walk.done["watch"].stdout
    assert walk.rows("by key", "end")[0]["job"] == walk.ids[-1]
    assert walk.rows("by key", "end")[0]["state"] == "Successful"


@GENERATIONS
def test_the_list_tells_every_job_newest_first(ran: Callable[[str], Ran], generation: str) -> None:
    walk = ran(generation)
    rows = walk.rows("list", "job")
    assert [row["job"] for row in rows] == sorted(walk.ids, reverse=True)
    assert {row["key"] for row in rows} == set(walk.keys)
    assert all(row["started_here"] for row in rows)
    assert walk.rows("list", "jobs") == [
        {
            "step": "jobs",
            "text": f"{len(walk.ids)} jobs",
            "shown": len(walk.ids),
            "total": len(walk.ids),
        }
    ]
    assert f"1 of {len(walk.ids)} jobs" in walk.done["text"].stdout
    assert walk.rows("faulted", "job") == []


@GENERATIONS
def test_two_runs_are_compared_and_no_secret_is_told(ran: Callable[[str], Ran], generation: str) -> None:
    walk = ran(generation)
    (head,) = walk.rows("compare", "compare")
    first = max(row["job"] for row in walk.rows("list", "job") if row["job"] in _of_first_start(walk))
    assert (head["before"], head["job"], head["changes"]) == (first, walk.ids[-1], 2)
    inputs = {row["name"]: (row["before"], row["now"], row["changed"]) for row in walk.rows("compare", "input")}
    assert inputs == {"in_Month": ("–", "October", True), "in_Password": ("–", "(hidden)", True)}
    assert all(not row["changed"] for row in walk.rows("compare", "output"))
    assert walk.rows("compare", "log") == []
    for name in ("list", "compare", "watch"):
        assert PASSWORD not in walk.done[name].stdout + walk.done[name].stderr


def _of_first_start(walk: Ran) -> set[int]:
    line = next(line for line in walk.done["first"].stdout.splitlines() if line.startswith("started"))
    return {int(word) for word in line.partition(":")[2].replace(",", " ").split()}


@GENERATIONS
def test_only_the_three_starts_started_anything(ran: Callable[[str], Ran], generation: str) -> None:
    walk = ran(generation)
    assert sum(method == "POST" and path.endswith(START) for method, path in walk.paths) == 3


@GENERATIONS
def test_a_job_that_does_not_exist_is_not_found(ran: Callable[[str], Ran], generation: str) -> None:
    done = ran(generation).done["nowhere"]
    assert done.returncode == 4
    assert "There is no such job" in done.stderr


@GENERATIONS
def test_what_was_started_is_remembered_with_its_end_and_without_inputs(
    ran: Callable[[str], Ran], generation: str
) -> None:
    walk = ran(generation)
    assert {row["id"] for row in walk.remembered} == set(walk.ids)
    states = {row["id"]: row["state"] for row in walk.remembered}
    assert states[walk.ids[-1]] == "Successful"
    assert PASSWORD not in json.dumps(walk.remembered)
