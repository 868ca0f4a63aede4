"""A run of the line-by-line twin, kept and opened again: what the screen knows at its end is what the twin printed."""

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.twin.running import INTAKE, SPEED, place, run, token
from tui.exchanges.kept.schema import NAME
from tui.replay.source import open_session
from tui.screens.job.detail import outputs
from tui.simulator.server import SimulatorServer


@pytest.mark.parametrize(("scenario", "count"), [("happy", "2"), pytest.param("faulted", "1", marks=pytest.mark.full)])
def test_the_end_of_a_replayed_run_is_what_was_printed(tmp_path: Path, scenario: str, count: str) -> None:
    with SimulatorServer((scenario,), speed=SPEED) as server:
        given = ["start", *place(server.summary, today=True), "--token-stdin", "--release", INTAKE, "--count", count]
        ran = run(given, tmp_path, stdin=token(server.summary, today=True))
    ends = dict(re.findall(r"^end +.* job (\d+) · (\w+)", ran.stdout, re.MULTILINE))
    printed = sorted(re.findall(r"^log +job (\d+) [\d:]+ \w+ +(.*)$", ran.stdout, re.MULTILINE))
    past = open_session(tmp_path / "state" / "uipath-tui" / NAME)
    past.fold(past.telling)
    last = past.replay.at(len(past.log))
    assert {str(watched.job.id): watched.job.state for watched in last.jobs} == ends
    assert len(ends) == int(count)
    logs = sorted((str(each.job.id), log.message.splitlines()[0]) for each in last.jobs for log in each.logs)
    assert logs == printed
    assert not last.stale
    assert not last.unknown
    for watched in last.jobs:
        assert watched.seen[0].state == "Pending"
        assert not outputs(watched.job) or '"out_Total": 4318.55' in outputs(watched.job)
    past.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_an_earlier_session_is_opened_in_a_terminal_and_without_one_it_is_said_how(tmp_path: Path) -> None:
    from tests.e2e.terminal.terminal import Terminal
    from tests.unit.core.recorded import job, keep, polled, started

    nothing = run(["log", "open"], tmp_path)
    assert nothing.returncode == 2
    assert "`uipath-tui log list`" in nothing.stderr
    assert "`uipath-tui log show NUMBER`" in nothing.stderr
    assert len(nothing.stderr.splitlines()) == 1
    folder = tmp_path / "state" / "uipath-tui"
    folder.mkdir(parents=True)
    keep(folder / NAME, [started(1, job()), polled(2, job(state="Faulted", Info="\x1b]0;title\x07[b]broken"))])
    shown = Terminal(("log", "open", "1"), tmp_path, columns=100, rows=30)
    try:
        shown.wait("✘ FAULTED")
        shown.wait("as of call 2 of 2")
        shown.press("up")
        shown.wait("◌ PENDING")
        shown.press("escape")
        assert shown.ended() == 0
        shown.assert_restored()
        assert b"\x1b]0;title" not in shown.stream
    finally:
        shown.close()
