"""Marks and comments on the rows, folded or filtered, and what can be exported of them."""

from typing import Any

import pytest

from tui.exchanges.log import ExchangeLog
from tui.widgets.log.log_panel import LogPanel


@pytest.fixture
def log(make_exchange: Any, make_poll: Any) -> ExchangeLog:
    found = ExchangeLog()
    for number in range(1, 10):
        found.append(make_poll(number) if number in (4, 5, 6) else make_exchange(number))
    return found


async def test_a_mark_is_seen_and_taken_away_and_comes_back_with_its_comment(
    stage: Any, log: ExchangeLog, until: Any
) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16), notifications=True) as pilot:
        panel.entries.focus()
        await pilot.press("home", "m")
        await until(pilot, lambda: app.lines()[1].startswith("◆ 1 "))
        log.marks.set(1, "the \x1b[31mfirst [b]")
        await until(pilot, lambda: "“the ␛[31mfirst [b]”" in app.lines()[1])
        await pilot.press("m")
        assert dict(log.marks) == {}
        await until(pilot, lambda: app.lines()[1].startswith("  1 "))
        await pilot.press("m")
        assert log.marks[1].endswith("first [b]")


async def test_a_fold_is_marked_where_one_of_its_calls_is(
    stage: Any, log: ExchangeLog, make_poll: Any, until: Any
) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        log.marks.set(5, "look")
        await until(pilot, lambda: app.lines()[4].startswith("◆ 6 ") and "×3  “look”" in app.lines()[4])
        await pilot.press("f")
        await until(pilot, lambda: app.lines()[5].startswith("◆ 5 ") and app.lines()[6].startswith("  6 "))
        await pilot.press("f", "home", "down", "down", "down", "m")
        assert dict(log.marks) == {}


async def test_a_filter_for_marks_follows_them(stage: Any, log: ExchangeLog, until: Any) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        log.marks.set(2, "slow one")
        log.marks.set(8)
        await pilot.press("slash", *"mark:", "escape")
        await until(pilot, lambda: "2 of 9 calls" in app.lines()[0])
        log.marks.drop(8)
        await until(pilot, lambda: "1 of 9 calls" in app.lines()[0])
        await pilot.press("x")
        await until(pilot, lambda: any(isinstance(message, LogPanel.ExportRequested) for message in app.heard))
        (asked,) = [message for message in app.heard if isinstance(message, LogPanel.ExportRequested)]
        assert asked.choices == {"all": list(range(1, 10)), "filtered": [2], "marked": [2]}
