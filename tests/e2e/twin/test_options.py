"""The options of ``start``: which release, which inputs, following or not, JSON lines, the log file, wrong usage."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.e2e.twin.running import (
    INTAKE,
    PAYROLL,
    Case,
    Ran,
    place,
    run,
    run_case,
    several,
    start_arguments,
    token,
)
from tui.simulator.catalogue import bulk_processes
from tui.simulator.server import SimulatorServer

INPUTS = {"in_Month": "2026-11", "in_HeadCount": 48, "in_Note": 'Größe "groß" – ✓'}
LOG = ("log.jsonl",)
BULK = bulk_processes(4711)[-1].name
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes and links")


def release_key(name: str) -> str:
    """Return the key of a release; it is the same in every simulator."""
    with SimulatorServer() as server:
        return next(str(item["key"]) for item in server.summary["releases"] if item["name"] == name)


def with_file(home: Path) -> Ran:
    """Give the inputs in a file."""
    home.mkdir(parents=True)
    (home / "inputs.json").write_text(json.dumps(INPUTS, indent=2), encoding="utf-8")
    return run_case(Case(("--release", PAYROLL, "--input", "@inputs.json", "--no-follow")), home)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Every run of this module, once."""
    folder = tmp_path_factory.mktemp("options")
    payroll = ("--release", PAYROLL, "--no-follow", "--input")
    cases = {
        "key": Case(("--release", release_key(INTAKE), "--no-follow")),
        "upper key": Case(("--release", release_key(INTAKE).upper(), "--no-follow")),
        "other case": Case(("--release", INTAKE.upper(), "--no-follow")),
        "beyond the first page": Case(("--release", BULK, "--no-follow"), ("many",)),
        "json": Case(("--release", INTAKE, "--json", "--log", "log.jsonl"), files=LOG),
        "json failed": Case(("--release", "No Such Thing", "--json"), today=True),
        "outage": Case(
            ("--release", INTAKE, "--json", "--log", "log.jsonl"), ("outage",), speed=1.0, files=("log.jsonl",)
        ),
        "inputs": Case((*payroll, json.dumps(INPUTS))),
        "inputs today": Case((*payroll, json.dumps(INPUTS)), today=True),
        "inputs missing": Case((*payroll, '{"in_Month": "2026-11"}')),
        "inputs of wrong type": Case((*payroll, '{"in_Month": "2026-11", "in_HeadCount": "many"}')),
        "two jobs": Case(("--release", INTAKE, "--count", "2", "--no-follow")),
    }
    jobs = {name: partial(run_case, case, folder / name.replace(" ", "-")) for name, case in cases.items()}
    with several({**jobs, "input file": partial(with_file, folder / "input-file")}) as result:
        yield result


def start_info(ran: Ran) -> dict[str, Any]:
    """Return what the one start said."""
    (start,) = ran.starts
    info: dict[str, Any] = json.loads(start.body)["startInfo"]
    return info


@pytest.mark.parametrize("name", ["key", "upper key", "other case"])
def test_a_release_is_named_by_key_or_name_in_any_letter_case(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    assert (done.code, done.err) == (12, "")
    assert start_info(done)["ReleaseKey"] == release_key(INTAKE)


def test_a_release_beyond_the_first_page_is_searched_for(ran: Callable[[str], Ran]) -> None:
    done = ran("beyond the first page")
    lists = [unquote(request.query) for request in done.journal if request.path.endswith("/odata/Releases")]
    assert (done.code, done.err) == (12, "")
    assert any(f"contains(Name,'{BULK}')" in query for query in lists)
    assert len(lists) == 3, "the proof of the address, the first page, the search"
    assert start_info(done)["ReleaseKey"] == bulk_processes(4711)[-1].key


@pytest.mark.parametrize("name", ["inputs", "inputs today", "input file"])
def test_inputs_travel_as_json_text(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    assert done.code == 12, done.err
    text = start_info(done)["InputArguments"]
    assert isinstance(text, str)
    given = json.loads(text)
    assert {key: given[key] for key in INPUTS} == INPUTS
    (job, *_others) = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert job.input_arguments == text


@pytest.mark.parametrize(
    ("name", "named"), [("inputs missing", "in_HeadCount"), ("inputs of wrong type", "in_HeadCount")]
)
def test_inputs_that_do_not_fit_start_nothing(ran: Callable[[str], Ran], name: str, named: str) -> None:
    done = ran(name)
    assert done.code == 2
    assert named in done.err
    assert "Nothing was started" in done.err
    assert done.starts == []


def test_more_jobs_use_the_strategy_for_them_in_2019(ran: Callable[[str], Ran]) -> None:
    done = ran("two jobs")
    info = start_info(done)
    assert (info["Strategy"], info["JobsCount"], info["RobotIds"]) == ("JobsCount", 2, [])
    assert done.world.started_count == 1


def test_not_following_ends_once_the_job_is_started(ran: Callable[[str], Ran]) -> None:
    done = ran("key")
    place_of_start = done.journal.index(done.starts[0])
    assert len(done.journal) - place_of_start == 1, "nothing is asked afterwards"
    assert done.lines[-1].startswith("left")


@pytest.mark.parametrize("name", ["json", "json failed", "outage"])
def test_every_line_of_json_output_is_an_object(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    assert done.err == ""
    rows = [json.loads(line) for line in done.lines]
    assert rows
    for row in rows:
        assert isinstance(row["step"], str)
        assert isinstance(row["text"], str)


def test_json_output_carries_the_facts(ran: Callable[[str], Ran]) -> None:
    done = ran("json")
    rows = [json.loads(line) for line in done.lines]
    by_step = {row["step"]: row for row in rows}
    jobs = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert by_step["started"]["jobs"] == [job.id for job in jobs]
    assert json.loads(by_step["start"]["body"]) == json.loads(done.starts[0].body)
    assert by_step["start"]["method"] == "POST"
    assert [row["state"] for row in rows if row["step"] == "end"] == ["Successful"] * len(jobs)
    assert json.loads(next(row["output"] for row in rows if row.get("output")))["out_InvoiceCount"] == 12
    steps = list(dict.fromkeys(row["step"] for row in rows))
    assert steps == ["sign-in", "instance", "release", "start", "started", "state", "log", "end"]


def test_json_output_of_a_failure_carries_its_parts(ran: Callable[[str], Ran]) -> None:
    done = ran("json failed")
    assert done.code == 4
    last = json.loads(done.lines[-1])
    assert last["step"] == "failed"
    assert last["title"]
    assert last["cause"]
    assert last["next_step"]


def entries(path: Path) -> list[dict[str, Any]]:
    """Return the exchanges in a log file, every line of which must be ASCII JSON."""
    content = path.read_bytes()
    assert content.isascii()
    assert content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize("name", ["json", "outage"])
def test_the_log_has_every_exchange_in_order(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    written = entries(done.files["log.jsonl"])
    seen = [(entry["method"], unquote(urlsplit(entry["url"]).path), urlsplit(entry["url"]).query) for entry in written]
    received = [(request.method, request.path, request.query) for request in done.journal]
    assert sorted(seen) == sorted(received)
    first = next(index for index, entry in enumerate(written) if entry["purpose"] == "start")
    assert seen[: first + 1] == received[: first + 1], "until the start nothing overlaps"


def test_the_log_holds_headers_bodies_and_times(ran: Callable[[str], Ran]) -> None:
    done = ran("json")
    written = entries(done.files["log.jsonl"])
    start = next(entry for entry in written if entry["url"].endswith("StartJobs"))
    assert start["request_body"]["text"].encode() == done.starts[0].body
    assert start["status"] == 201
    assert [job["State"] for job in json.loads(start["response_body"]["text"])["value"]] == ["Pending", "Pending"]
    sent = {name.lower(): value for name, value in start["request_headers"]}
    assert sent["x-uipath-tenantname"] == done.starts[0].headers["x-uipath-tenantname"]
    for entry in written:
        assert datetime.fromisoformat(entry["started_at"]).tzinfo is not None
        assert entry["timing"]["total"] > 0


def test_the_log_of_an_outage_tells_the_failed_tries(ran: Callable[[str], Ran]) -> None:
    written = entries(ran("outage").files["log.jsonl"])
    assert any(entry["status"] == 503 for entry in written)
    assert any(entry["attempt"] > 1 for entry in written)


@POSIX
def test_the_log_belongs_to_its_owner_alone(ran: Callable[[str], Ran]) -> None:
    path = ran("json").files["log.jsonl"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_uid == os.getuid()


@pytest.fixture(scope="module")
def summary() -> Iterator[Mapping[str, Any]]:
    """What a simulator says that nothing should reach: these runs end before the first request."""
    with SimulatorServer() as server:
        yield server.summary
        assert len(server.journal) == 0


def log_to(target: Path, home: Path, summary: Mapping[str, Any]) -> "subprocess.CompletedProcess[str]":
    """Ask for a log at ``target``."""
    case = Case(("--release", INTAKE, "--log", str(target)))
    return run(start_arguments(case, summary), home, stdin=token(summary, today=False))


@POSIX
def test_a_log_is_never_written_through_a_link(summary: Mapping[str, Any], tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    link = tmp_path / "log.jsonl"
    link.symlink_to(precious)
    done = log_to(link, tmp_path / "home-1", summary)
    assert done.returncode == 2
    assert "The log can't be written" in done.stderr
    assert precious.read_text() == "keep"


def test_a_log_that_cannot_be_written_stops_before_the_first_request(
    summary: Mapping[str, Any], tmp_path: Path
) -> None:
    done = log_to(tmp_path / "missing" / "log.jsonl", tmp_path / "home-1", summary)
    assert done.returncode == 2
    assert "The log can't be written" in done.stderr


@POSIX
def test_an_older_log_readable_by_others_becomes_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "log.jsonl").write_text("old\n")
    (home / "log.jsonl").chmod(0o644)
    case = Case(("--release", "No Such Thing", "--log", "log.jsonl"), ("empty",), files=("log.jsonl",))
    done = run_case(case, home)
    assert stat.S_IMODE(done.files["log.jsonl"].stat().st_mode) == 0o600
    assert len(entries(done.files["log.jsonl"])) == len(done.journal)


WRONG_USAGE = {
    "no token": (("--release", INTAKE), "", "There is no token"),
    "count of none": (("--release", INTAKE, "--count", "0"), None, "--count"),
    "count is no number": (("--release", INTAKE, "--count", "few"), None, "invalid int value"),
    "inputs are no json": (("--release", INTAKE, "--input", "{"), None, "--input can't be used"),
    "inputs are a list": (("--release", INTAKE, "--input", "[1]"), None, "--input can't be used"),
    "no input file": (("--release", INTAKE, "--input", "@missing.json"), None, "missing.json"),
    "unknown option": (("--token", "abc"), None, "unknown arguments: --token"),
    "unknown address form": (("--address-form", "diagonal"), None, "invalid choice"),
    "unknown deployment": (("--deployment", "clod-2019"), None, "cloud-2019"),
    "plain http elsewhere": (("--base-url", "http://orchestrator.example.com"), None, "in clear"),
    "password in the address": (("--base-url", "https://me:pw@127.0.0.1"), None, "never belong in an address"),
}


@pytest.mark.parametrize("name", WRONG_USAGE)
def test_wrong_usage_is_code_2_and_asks_nobody(name: str, summary: Mapping[str, Any], tmp_path: Path) -> None:
    arguments, given, says = WRONG_USAGE[name]
    stdin = token(summary, today=False) if given is None else given
    done = run(["start", *place(summary, today=False), "--token-stdin", *arguments], tmp_path, stdin=stdin)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert done.stdout == ""
    assert stdin == "" or stdin not in done.stderr
