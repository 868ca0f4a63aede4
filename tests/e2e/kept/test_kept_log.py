"""The kept log as people use it: kept by a real session over real HTTP, read by the command, not lost by a kill."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.twin.running import INTAKE, PROGRAM, SPEED, isolated, place, run, token
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.schema import NAME
from tui.simulator.server import SimulatorServer

ENDLESS = "Month-End Close"
SAMPLE = 6
ALL = 100
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and kill -9 are POSIX's")


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(("happy",), speed=SPEED) as started:
        yield started


def start(
    server: SimulatorServer, home: Path, *more: str, settings: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    given = ["start", *place(server.summary, today=False), "--token-stdin", "--release", INTAKE, *more]
    return run(given, home, stdin=token(server.summary, today=False), env=settings)


def kept(home: Path) -> Path:
    return home / "state" / "uipath-tui" / NAME


def everything(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def listed(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run(["log", "list", "--json", *arguments], home)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_session_is_kept_listed_shown_and_exported(server: SimulatorServer, tmp_path: Path) -> None:
    assert start(server, tmp_path, "--input", '{"in_Month": "October"}').returncode == 0
    (session,) = listed(tmp_path)
    calls = listed(tmp_path, "--session", "1")
    assert session["calls"] == len(calls) == len(tuple(server.journal))
    assert session["failed"] == 0
    (posted,) = listed(tmp_path, "step:start", "method:post")
    job = posted["job"].split()[0]
    assert [call["id"] for call in listed(tmp_path, f"job:{job}", "!poll")] == [posted["id"]]
    shown = run(["log", "show", str(posted["id"])], tmp_path).stdout
    assert "October" in shown
    assert "Authorization: Bearer …" in shown
    for ending in ("har", "jsonl", "md"):
        done = run(["log", "export", f"out.{ending}", "step:start"], tmp_path)
        assert done.stdout.startswith(f"1 exchange in out.{ending} ")
        assert "StartJobs" in (tmp_path / f"out.{ending}").read_text()
    again = run(["log", "export", "out.har"], tmp_path)
    assert again.returncode == 2
    assert "already" in again.stderr
    assert "--replace" in again.stderr


def test_the_secret_is_nowhere_and_the_file_is_the_owners(server: SimulatorServer, tmp_path: Path) -> None:
    start(server, tmp_path)
    assert token(server.summary, today=False).encode() not in everything(tmp_path)
    if sys.platform != "win32":
        assert kept(tmp_path).stat().st_mode & 0o777 == 0o600


def test_switched_off_nothing_is_kept(server: SimulatorServer, tmp_path: Path) -> None:
    assert start(server, tmp_path, settings={"UIPATH_TUI_LOG": "off"}).returncode == 0
    assert not kept(tmp_path).exists()
    assert run(["log"], tmp_path).stdout.startswith("No session has been kept yet.")
    for asked in (["show", "3"], ["export", "x.har"], ["remove", "1"]):
        wanted = run(["log", *asked], tmp_path)
        assert (wanted.returncode, wanted.stdout) == (4, "")
        assert "No session has been kept yet" in wanted.stderr


def test_hidden_arguments_are_in_no_file_but_those_of_the_form(server: SimulatorServer, tmp_path: Path) -> None:
    hide = {"UIPATH_TUI_LOG_ARGUMENTS": "hide"}
    done = start(server, tmp_path, "--input", '{"in_Month": "Brumaire"}', "--log", "said.jsonl", settings=hide)
    assert done.returncode == 0
    assert "4318.55" in done.stdout
    assert b"Brumaire" not in kept(tmp_path).read_bytes() + (tmp_path / "said.jsonl").read_bytes()
    assert b"4318.55" not in kept(tmp_path).read_bytes()


def test_the_demo_keeps_nothing(tmp_path: Path) -> None:
    assert run(["demo", "--speed", "60"], tmp_path).returncode == 0
    assert not kept(tmp_path).exists()


@pytest.mark.parametrize("content", [b"no log" * 500, b"SQLite format 3\0" + b"\xff" * 5_000], ids=["text", "torn"])
def test_a_damaged_log_is_told_once_and_the_job_runs(server: SimulatorServer, tmp_path: Path, content: bytes) -> None:
    kept(tmp_path).parent.mkdir(parents=True)
    kept(tmp_path).write_bytes(content)
    done = start(server, tmp_path)
    assert done.returncode == 0
    assert done.stderr.count("The log is not kept") == 1
    assert kept(tmp_path).read_bytes() == content
    read = run(["log"], tmp_path)
    assert read.returncode == 2
    assert "is damaged" in read.stderr


@POSIX
def test_a_link_in_its_place_is_not_followed(server: SimulatorServer, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"")
    kept(tmp_path).parent.mkdir(parents=True)
    kept(tmp_path).symlink_to(other)
    done = start(server, tmp_path)
    assert done.returncode == 0
    assert "is a link" in done.stderr
    assert other.read_bytes() == b""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["list", "staus:200"], 2, "Did you mean status:"),
        (["list", "--session", "7"], 4, "No session 7 is kept"),
        (["show", "99"], 4, "Session 1 has no exchange 99"),
        (["export", "out"], 2, "The format is not clear"),
        (["prune", "--days", "-1"], 2, "--days"),
    ],
)
def test_wrong_wishes_are_explained(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    from datetime import UTC, datetime

    from tui.exchanges.kept.store import ExchangeStore
    from tui.exchanges.model import Body, Entry, Exchange, Purpose

    kept(tmp_path).parent.mkdir(parents=True)
    kept(tmp_path).touch()
    store = ExchangeStore.open(kept(tmp_path), version="", profile="", complain=pytest.fail)
    assert store is not None
    found = Exchange(1, datetime(2019, 6, 12, tzinfo=UTC), Purpose.WATCH, 1, "GET", "https://x.example/", (), Body())
    assert store.keep(found, Entry.of(found))
    store.close()
    done = run(["log", *arguments], tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines so far; the last may be cut."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().split("\n")[:-1]]


def _killed_after(server: SimulatorServer, home: Path, seconds: float) -> list[dict[str, Any]]:
    """Kill a session that watches a job some time after its first answer; return what it had shown by then."""
    given = [
        "start",
        *place(server.summary, today=False),
        "--token-stdin",
        "--release",
        ENDLESS,
        "--log",
        "shown.jsonl",
    ]
    shown = home / "shown.jsonl"
    process = subprocess.Popen(
        [*PROGRAM, *given], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=isolated(home), cwd=home, text=True
    )
    assert process.stdin is not None
    process.stdin.write(token(server.summary, today=False))
    process.stdin.close()
    deadline = time.monotonic() + 60
    while not _lines(shown):
        assert time.monotonic() < deadline, "nothing was shown"
        time.sleep(0.001)
    time.sleep(seconds)
    assert process.poll() is None, "the session ended by itself"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return _lines(shown)


@POSIX
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("count", [SAMPLE, pytest.param(ALL, marks=pytest.mark.full)])
def test_what_was_shown_before_a_kill_is_kept(server: SimulatorServer, tmp_path: Path, count: int) -> None:
    chosen = random.Random(20190612)
    for number in range(count):
        home = tmp_path / str(number)
        shown = _killed_after(server, home, chosen.choice((0.05, 0.3, 2.0)) * chosen.random())
        archive = Archive.open(kept(home))
        (session,) = archive.sessions()
        found = {entry.id: entry for entry in archive.entries(session.id)}
        for line in shown:
            assert found[line["id"]].url == line["url"]
            whole = archive.exchange(session.id, line["id"])
            assert whole is not None
            assert whole.response_body.data.decode() == line["response_body"]["text"]
        archive.close()
        connection = sqlite3.connect(kept(home))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
