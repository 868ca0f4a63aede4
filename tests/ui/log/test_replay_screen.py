"""An earlier session on the screen: the job goes with the cursor through time, and Esc leads back to where one was."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.unit.core.recorded import call, job, keep, listed, logged, polled, started
from tui.clock import SystemClock
from tui.exchanges.kept.schema import NAME
from tui.exchanges.model import Body, Exchange, Purpose
from tui.replay.app import ReplayApp
from tui.replay.source import PastSession, open_session
from tui.screens.log.replay import ReplayScreen
from tui.screens.log.sessions import ask_for_session
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.log.filter_sieve import Sieve
from tui.widgets.robot_log import RobotLogLines

LISTING = call(1, Purpose.RELEASES, "Releases?$top=200", {"value": []})
SESSION = [
    LISTING,
    started(2, job()),
    polled(3, job()),
    polled(4, job(state="Running", StartTime="2026-11-24T09:28:15Z")),
    logged(5, "Found 12 messages"),
    polled(6, job(state="Faulted", Info="The sheet is protected.")),
]


def opened(tmp_path: Path, exchanges: Sequence[Exchange] = SESSION) -> ReplayApp:
    return ReplayApp(open_session(keep(tmp_path / NAME, exchanges)))


def text_of(app: Any) -> str:
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.text.rstrip() for strip in strips)


async def sees(pilot: Pilot[None], *texts: str) -> None:
    """Let the app work until every text is on the screen."""
    for _ in range(200):
        await pilot.pause(0.02)
        shown = text_of(pilot.app)
        if all(text in shown for text in texts):
            return
    pytest.fail(f"never saw {texts} in\n{text_of(pilot.app)}")


async def test_the_job_goes_with_the_cursor_through_time(tmp_path: Path) -> None:
    async with opened(tmp_path).run_test(size=(120, 36)) as pilot:
        await sees(pilot, "READ-ONLY session 1", "✘ FAULTED", "as of call 6 of 6", "Running → Faulted", "The sheet is")
        await pilot.press("up")
        await sees(pilot, "▸ RUNNING", "as of call 5 of 6", "read by call 4", "told: 1 new log line", "Found 12")
        await pilot.press("comma")
        await sees(pilot, "as of call 4 of 6", "told: job 12: Pending → Running")
        assert "Found 12" not in text_of(pilot.app)
        await pilot.press("comma", "home")
        await sees(pilot, "No job is known at call 1", "Call 2 tells of the first", "Lists the releases")
        await pilot.press("full_stop")
        await sees(pilot, "◌ PENDING", "as of call 2 of 6")
        await pilot.press("enter")
        await sees(pilot, "StartJobs", "Exchange 2")
        await pilot.press("escape")
        await sees(pilot, "as of call 2 of 6")
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app._exit  # pyright: ignore[reportPrivateUsage]


async def test_a_long_session_begins_at_its_end_unless_one_looks_elsewhere_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breathe(seconds: float) -> None:
        monkeypatch.setattr("tui.widgets.log.exchange_rows._BREATH", seconds)

    whole = Sieve.slice
    monkeypatch.setattr(Sieve, "slice", lambda sieve, _seconds=0.0: whole(sieve, 0.0))
    breathe(0.1)
    app = opened(tmp_path, [started(1, job()), *(polled(number, job()) for number in range(2, 200))])
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "as of call 199 of 199", " 198 ")
        assert app.screen.query_one(ExchangeList).cursor == 198
        breathe(60.0)
        await app.push_screen(ReplayScreen(open_session(tmp_path / NAME), SystemClock()))
        breathe(0.01)
        await pilot.press("slash", *"number:<20", "enter")
        await sees(pilot, "19 of 199 calls")
        await pilot.press("up", "escape")
        calls = app.screen.query_one(ExchangeList)
        await sees(pilot, "Log · 199 calls")
        await pilot.pause(0.2)
        assert calls.row_count == 199
        assert calls.cursor == 17


async def test_a_filter_that_is_left_while_it_looks_leads_to_where_one_was_before_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Sieve.slice
    app = opened(tmp_path, [started(1, job()), *(polled(number, job()) for number in range(2, 200))])
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "as of call 199 of 199", " 198 ")
        calls = app.screen.query_one(ExchangeList)
        await pilot.press("slash", *"number:<2")
        await sees(pilot, "1 of 199 calls")
        monkeypatch.setattr(Sieve, "slice", lambda sieve, _seconds=0.0: whole(sieve, 0.0))
        monkeypatch.setattr("tui.widgets.log.exchange_rows._BREATH", 0.2)
        await pilot.press("0", "enter")
        assert calls.row_count == 1
        assert calls.has_focus
        await sees(pilot, "19 of 199 calls")
        assert calls.cursor == 18
        await pilot.press("up", "escape")
        await sees(pilot, "Log · 199 calls")
        for _ in range(200):
            if calls.row_count == 199:
                break
            await pilot.pause(0.02)
        assert calls.cursor == 17


async def test_where_there_is_little_room_the_log_and_the_job_take_turns(tmp_path: Path) -> None:
    async with opened(tmp_path).run_test(size=(60, 15)) as pilot:
        await sees(pilot, "✘ FAULTED", "as of call 6 of 6", "Log · 6 calls", "Jobs(12)")
        await pilot.press("f8")
        await sees(pilot, "✘ FAULTED", "Key ", "Intake")
        await pilot.press("v")
        await sees(pilot, "Time line", "Found 12 messages")
        await pilot.press("f8")
        await sees(pilot, "Log · 6 calls")
        assert isinstance(pilot.app.focused, ExchangeList)


async def test_a_line_leads_to_the_call_that_brought_it_and_the_call_back_to_the_line(tmp_path: Path) -> None:
    async with opened(tmp_path).run_test(size=(120, 36)) as pilot:
        await sees(pilot, "as of call 6 of 6", "Found 12 messages")
        lines, calls = pilot.app.screen.query_one(RobotLogLines), pilot.app.screen.query_one(ExchangeList)
        lines.focus()
        await pilot.pause()
        for said, number in (("Found 12 messages", 5), ("Running", 4), ("Pending", 2)):
            lines.cursor = next(line for line in range(lines.row_count) if said in lines.row_text(line))
            await pilot.press("g")
            await sees(pilot, f"as of call {number} of 6")
            assert calls.has_focus
            lines.cursor = 0
            await pilot.press("g")
            await pilot.pause()
            assert lines.has_focus
            assert said in lines.row_text(lines.cursor)
        calls.focus()


async def test_one_of_several_jobs_is_picked_and_a_call_shows_its_own(tmp_path: Path) -> None:
    many = [started(1, job(12), job(13)), listed(2, "Id in (12,13)", job(12, "Running"), job(13, "Stopped"))]
    async with opened(tmp_path, [*many, polled(3, job(12, "Faulted"))]).run_test(size=(120, 36)) as pilot:
        await sees(pilot, "✘ FAULTED", "2 jobs: ✘ 1 Faulted · ■ 1 Stopped")
        pilot.app.screen.query_one("#jobs").focus()
        await pilot.press("down")
        await sees(pilot, "■ STOPPED", "as of call 3 of 3")
        pilot.app.screen.query_one(ExchangeList).focus()
        await pilot.press("up")
        await sees(
            pilot, "■ STOPPED", "as of call 2 of 3", "told: job 12: Pending → Running, job 13: Pending → Stopped"
        )


async def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    cut = replace(SESSION[5], response_body=Body(b'{"Id": 12, "St', 900, "", truncated=True))
    failed = polled(7, {"Id": 12, "message": "later"}, status=503)
    async with opened(tmp_path, [*SESSION[:5], cut, failed]).run_test(size=(120, 36)) as pilot:
        await sees(pilot, "▸ RUNNING", "STALE", "NOT ALL IS KNOWN", "call 6 told is unknown", "The last look failed")


class Beside(ReplayApp):
    """A window in which a session can be chosen."""

    def choose(self, path: Path, running: int) -> None:
        ask_for_session(self, path, SystemClock(), running)


async def test_a_session_is_chosen_and_left_again(tmp_path: Path) -> None:
    keep(tmp_path / NAME, SESSION[:2], "first")
    keep(tmp_path / NAME, SESSION, "second")
    keep(tmp_path / NAME, SESSION, "this one")
    app = Beside(open_session(tmp_path / NAME, 1))
    async with app.run_test(size=(100, 30)) as pilot:
        await sees(pilot, "◌ PENDING")
        app.choose(tmp_path / NAME, 3)
        await sees(pilot, "Earlier sessions", "6 calls", "first", "Enter opens one")
        assert "this one" not in text_of(app)
        await pilot.press("enter")
        await sees(pilot, "second", "✘ FAULTED")
        await pilot.press("escape")
        await sees(pilot, "◌ PENDING")
        assert isinstance(app.screen, ReplayScreen)
        app.choose(tmp_path / "nowhere", 0)
        await sees(pilot, "No earlier session is kept.")
        await pilot.press("escape")
        (tmp_path / "wrong").write_bytes(b"no database" * 100)
        app.choose(tmp_path / "wrong", 0)
        await sees(pilot, "can't be read")


async def test_the_last_state_is_there_before_all_answers_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, fold = threading.Event(), PastSession.fold

    def slowly(past: PastSession, *arguments: Any) -> None:
        may_read.wait(60)
        fold(past, *arguments)

    monkeypatch.setattr(PastSession, "fold", slowly)
    long = [started(1, job()), logged(2, "The very first"), *(polled(at, job(state="Running")) for at in range(3, 300))]
    app = opened(tmp_path, [*long, polled(300, job(state="Faulted", Info="The sheet is protected."))])
    async with app.run_test(size=(120, 36)) as pilot:
        try:
            await sees(
                pilot, "✘ FAULTED", "as of call 300 of 300", "The sheet is", "Reading what the answers told … 0 %"
            )
            assert "what came before is not known yet" in " ".join(text_of(app).split())
            assert "The very first" not in text_of(app)
            await pilot.press("pageup", "pageup")
            await sees(pilot, "▸ RUNNING", "Reading what the answers told … 0 %")
        finally:
            may_read.set()
        await pilot.press("end")
        await sees(pilot, "✘ FAULTED", "told: job 12: Running → Faulted", "The very first")
