"""The time line: states and robot log in one order, filtered, searched, followed; what is read never moves."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.app import App, ComposeResult

from tui.api.models import Job, RobotLog
from tui.flow.states import StateSeen, WatchedJob
from tui.screens.job.story import Story
from tui.widgets.robot_log import RobotLogLines

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
LEVELS = ("Trace", "Info", "Warn", "Error")


def row(number: int, level: str = "") -> tuple[str, str, str]:
    return ("09:28:12", level or LEVELS[number % 4], f"line {number}")


class LinesApp(App[None]):
    CSS = "RobotLogLines { height: 12; border: round; }"

    def compose(self) -> ComposeResult:
        yield RobotLogLines("nothing yet")

    @property
    def lines(self) -> RobotLogLines:
        return self.query_one(RobotLogLines)


def read_line(lines: RobotLogLines) -> str:
    return lines.row_text(lines.cursor)


def test_states_and_log_rows_come_in_the_order_of_time() -> None:
    at = [NOW + timedelta(seconds=n) for n in range(6)]
    job = Job(id=1, state="Successful", creation_time=at[0], start_time=at[2], end_time=at[4])
    seen = (StateSeen("Pending", at[1]), StateSeen("Running", at[3]), StateSeen("Successful", at[5]))
    logs = tuple(RobotLog(time_stamp=at[n], level="Info", message=f"at {n}") for n in (2, 3, 4))
    story = Story()
    rows = story.rows(WatchedJob(job=job, seen=seen, logs=logs))
    assert [message.lstrip("◌▸✓ ") for _, _, message in rows] == [
        "Pending",
        "Running, after 2.0 s Pending",
        *("at 2", "at 3", "at 4"),
        "Successful, after 2.0 s Running",
    ]
    refused = story.rows(WatchedJob(job=job, seen=seen, logs_refused="The role lacks it."))
    assert refused[-1] == ("", "Warn", "The role lacks it.")
    late = RobotLog(message="[b]undated")
    assert story.rows(WatchedJob(job=job, seen=seen, logs=(*logs, late)))[-1][2] == "[b]undated"


def test_what_is_logged_in_the_millisecond_of_the_start_stands_below_it() -> None:
    began = NOW + timedelta(microseconds=574_508)
    job = Job(id=1, state="Running", creation_time=NOW, start_time=began)
    logs = (RobotLog(time_stamp=NOW + timedelta(milliseconds=574), level="Info", message="execution started"),)
    seen = (StateSeen("Pending", NOW), StateSeen("Running", began))
    rows = Story().rows(WatchedJob(job=job, seen=seen, logs=logs))
    assert [message.split(",")[0] for _, _, message in rows] == ["◌ Pending", "▸ Running", "execution started"]


def test_a_job_that_runs_again_after_it_was_suspended_does_so_then_and_not_at_its_start() -> None:
    at = [NOW + timedelta(seconds=n) for n in range(6)]
    job = Job(id=1, state="Successful", creation_time=at[0], start_time=at[1], end_time=at[5])
    states = ("Pending", "Running", "Suspended", "Running", "Successful")
    seen = tuple(StateSeen(state, at[n]) for n, state in enumerate(states))
    assert [message.lstrip("◌▸◫✓ ") for _, _, message in Story().rows(WatchedJob(job=job, seen=seen))] == [
        "Pending",
        "Running, after 1.0 s Pending",
        "Suspended, after 1.0 s Running",
        "Running, after 1.0 s Suspended",
        "Successful, after 2.0 s Running",
    ]


@pytest.mark.parametrize(
    ("states", "started", "told"),
    [
        (["Pending", "Successful"], 2, ["Pending", "Running, after 2.0 s Pending", "Successful, after 2.0 s Running"]),
        (["Pending", "Successful"], None, ["Pending", "Successful; it ran between two looks"]),
        (["Pending", "Stopped"], None, ["Pending", "Stopped, after 4.0 s Pending"]),
        (["Successful"], 2, ["Pending", "Running, after 2.0 s Pending", "Successful, after 2.0 s Running"]),
    ],
)
def test_a_state_that_passed_between_two_looks_is_told_plainly(
    states: list[str], started: int | None, told: list[str]
) -> None:
    at = [NOW + timedelta(seconds=n) for n in range(6)]
    start_time = None if started is None else at[started]
    job = Job(id=1, state=states[-1], creation_time=at[0], start_time=start_time, end_time=at[4])
    seen = tuple(StateSeen(state, at[n + 4]) for n, state in enumerate(states))
    rows = Story().rows(WatchedJob(job=job, seen=seen))
    assert [message.lstrip("◌▸✓■ ") for _, _, message in rows] == told


@pytest.mark.parametrize("put_in", [1, 7])
async def test_lines_put_in_above_and_below_do_not_move_what_is_read(put_in: int) -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        rows = [row(n) for n in range(200)]
        app.lines.set_rows(rows)
        app.lines.cursor = 100
        await pilot.pause()
        text, top = read_line(app.lines), app.lines.scroll_offset.y
        more = [row(1000 + n) for n in range(put_in)]
        app.lines.set_rows([*rows[:50], *more, *rows[50:], row(5000)])
        await pilot.pause()
        assert read_line(app.lines) == text
        assert app.lines.scroll_offset.y == top + put_in
        assert "not following" in str(app.lines.border_subtitle)


async def test_new_lines_are_followed_from_the_end_until_scrolled_up() -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        rows = [row(n) for n in range(300)]
        app.lines.set_rows(rows[:100])
        app.lines.focus()
        await pilot.press("f")
        app.lines.set_rows(rows[:200])
        await pilot.pause()
        assert read_line(app.lines).endswith("line 199")
        assert app.lines.border_subtitle == "following"
        await pilot.press("up", "up")
        app.lines.set_rows(rows)
        await pilot.pause()
        assert read_line(app.lines).endswith("line 197")
        assert "not following" in str(app.lines.border_subtitle)


async def test_what_was_hidden_shows_its_end_first() -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        lines = RobotLogLines("nothing yet")
        lines.display = False
        await app.mount(lines)
        lines.set_rows([row(n) for n in range(80)])
        await pilot.pause()
        lines.display = True
        await pilot.pause()
        await pilot.pause()
        assert read_line(lines).endswith("line 79")
        assert lines.border_subtitle == "following"


async def test_levels_are_filtered_and_states_always_shown() -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        app.lines.set_rows([row(1, "State"), *(row(n) for n in range(8)), row(9, "Weird")])
        app.lines.focus()
        counts: list[int] = []
        for _ in range(4):
            counts.append(app.lines.row_count)
            await pilot.press("l")
        assert counts == [10, 8, 5, 3]
        await pilot.press("l", "l")
        app.lines.set_rows([row(1, "State"), *(row(n) for n in range(12))])
        assert app.lines.row_count == 7


async def test_search_goes_round_and_survives_new_lines() -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        app.lines.set_rows([row(n) for n in range(60)])
        app.lines.focus()
        app.lines.search("LINE 5")
        places: list[str] = []
        for key in ("n", "n", "N", "N", "N"):
            places.append(read_line(app.lines).split()[-1])
            await pilot.press(key)
        assert places == ["59", "5", "50", "5", "59"]
        assert "of 11" in str(app.lines.border_subtitle)
        app.lines.set_rows([row(n) for n in range(60)] + [row(599)])
        assert "of 12" in str(app.lines.border_subtitle)
        app.lines.search("")
        assert "found" not in str(app.lines.border_subtitle)


async def test_ten_thousand_lines_grow_and_are_searched_within_frames() -> None:
    app = LinesApp()
    async with app.run_test() as pilot:
        rows = [row(n) for n in range(10_000)]
        app.lines.set_rows(rows[:9_990])
        await pilot.pause()

        def took(action: Any) -> float:
            best = 9.0
            for _ in range(3):
                begun = time.perf_counter()
                action()
                best = min(best, time.perf_counter() - begun)
            return best

        def grow() -> None:
            app.lines.set_rows(rows[:9_990])
            app.lines.set_rows(rows)

        assert took(grow) < 0.1
        assert took(lambda: app.lines.search("line 99")) < 0.1
