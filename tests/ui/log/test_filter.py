"""The filter of the log as a person uses it: typed, completed, wrong, kept, cleared, while calls go on."""

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.log.filter_bar import FilterBar
from tui.widgets.log.log_panel import LogPanel


@pytest.fixture
def log(make_exchange: Any, make_poll: Any) -> ExchangeLog:
    found = ExchangeLog()
    for number in range(1, 41):
        status = 500 if number % 10 == 0 else 200
        found.append(make_poll(number) if number % 4 == 0 else make_exchange(number, status=status))
    return found


def shown(panel: LogPanel) -> list[int]:
    entries = panel.entries
    return [entries.entry_at(row).id for row in range(entries.row_count)]


async def test_what_is_typed_filters_and_esc_keeps_then_clears(stage: Any, log: ExchangeLog, until: Any) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.press("home", "down", "down")
        await pilot.press(*"/status:500")
        await until(pilot, lambda: "2 of 40 calls" in app.lines()[0])
        assert shown(panel) == [10, 30]
        assert panel.entries.highlighted_entry == log.entries[9]  # 3 does not fit; the next that does is 10
        await pilot.press("escape")
        assert panel.entries.has_focus
        assert "status:500" in app.lines()[1]
        assert "✘ 500" in app.lines()[2]
        await pilot.press("escape")
        await until(pilot, lambda: " ▾ Log · 40 calls" in app.lines()[0])
        assert panel.entries.highlighted_entry == log.entries[9]
        assert "status" not in app.lines()[1]
        assert log.sought == ""


async def test_half_a_name_of_a_term_counts_as_a_text_once_the_field_is_left_by_mouse(
    stage: Any, log: ExchangeLog, until: Any
) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.press(*"/sta")
        await pilot.pause(0.1)
        assert panel.entries.wanted_filter is None
        await pilot.click(ExchangeList, offset=(5, 3))
        await until(pilot, lambda: " of 40 calls" in app.lines()[0])
        assert panel.entries.has_focus
        assert str(panel.entries.wanted_filter) == "sta"


async def test_new_calls_neither_move_the_rows_nor_touch_the_text(
    stage: Any, log: ExchangeLog, make_exchange: Any, until: Any
) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 10)) as pilot:
        panel.entries.focus()
        await pilot.press("/", *"status:200")
        await until(pilot, lambda: "38 of 40" in app.lines()[0])
        await pilot.press("up", "up", "up", "pageup", *" pa")
        before = app.lines()[1:]
        for number in range(41, 60):
            log.append(make_exchange(number, status=200 if number % 2 else 404))
        await until(pilot, lambda: "of 59 calls" in app.lines()[0])
        assert [line[:78] for line in app.lines()[1:]] == [line[:78] for line in before]
        assert panel.query_one(Input).value == "status:200 pa"


async def test_tab_takes_what_is_offered(stage: Any, log: ExchangeLog, until: Any) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.press("/")
        await until(pilot, lambda: "Terms:   method:" in app.lines()[2])
        await pilot.press(*"sta")
        await until(pilot, lambda: " Tab  status: the status   Enter finds “sta”" in app.lines()[2])
        await pilot.pause(0.4)
        assert app.lines()[0].startswith(" ▾ Log · 40 calls")  # half a name filters nothing
        await pilot.press("tab", *"5", "tab")
        assert panel.query_one(Input).value == "status:500 "
        await until(pilot, lambda: "2 of 40 calls" in app.lines()[0])
        await pilot.press("enter")
        assert panel.entries.has_focus


async def test_what_is_wrong_is_said_at_its_term_and_changes_no_row(stage: Any, log: ExchangeLog, until: Any) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.press("/", *"status:500")
        await until(pilot, lambda: "2 of 40" in app.lines()[0])
        await pilot.press(*" slow:x")
        await until(pilot, lambda: "“x” is no duration" in app.lines()[2])
        assert app.lines()[2].index("✘") in (app.lines()[1].index("slow"), 0, 1) or "✘" in app.lines()[2]
        await pilot.press("enter")
        assert panel.query_one(Input).has_focus
        assert shown(panel) == [10, 30]
        await pilot.press("escape")
        assert panel.entries.has_focus
        assert "“x” is no duration" in app.lines()[2]


async def test_letters_typed_ahead_reach_the_field(stage: Any, log: ExchangeLog) -> None:
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.pause()
        from textual import events

        for key in ("slash", *"fmxc"):
            panel.entries.post_message(events.Key(key, "/" if key == "slash" else key))
        await pilot.pause()
        await pilot.pause()
        assert panel.query_one(Input).value == "fmxc"


async def test_the_filter_goes_with_the_log_to_the_next_screen(stage: Any, log: ExchangeLog, until: Any) -> None:
    log.sought = "status:500"
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        await until(pilot, lambda: "2 of 40 calls" in app.lines()[0])
        assert "status:500" in app.lines()[1]
        panel.entries.focus()
        panel.action_toggle_collapsed()
        await until(pilot, lambda: panel.query_one(FilterBar).size.height == 0)
        panel.ask_filter()
        await until(pilot, lambda: panel.query_one(Input).has_focus and "status:500" in app.lines()[1])


async def test_bodies_are_looked_through_where_they_are_kept(
    stage: Any, make_exchange: Any, until: Any, tmp_path: Path
) -> None:
    path = tmp_path / "log.sqlite3"
    path.touch()
    store = ExchangeStore.open(path, version="1", profile="", complain=pytest.fail)
    assert store is not None
    log = ExchangeLog(cached=0)
    log.attach(store)
    for number in range(1, 200):
        text = b"a needle" if number % 50 == 0 else b"hay"
        log.append(make_exchange(number, response_body=Body(text, len(text), "text/plain")))
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 16)) as pilot:
        panel.entries.focus()
        await pilot.press("/", *"needle")
        await until(pilot, lambda: "3 of 199 calls" in app.lines()[0])
        log.append(make_exchange(200, response_body=Body(b"needle", 6, "text/plain")))
        log.append(make_exchange(201))
        await until(pilot, lambda: "4 of 201 calls" in app.lines()[0])
        store.close()
        log.append(make_exchange(202, response_body=Body(b"needle", 6, "text/plain")))
        await until(pilot, lambda: "5 of 202 calls" in app.lines()[0])
        assert shown(panel) == [50, 100, 150, 200, 202]


async def test_nothing_fits(stage: Any, log: ExchangeLog, until: Any) -> None:
    app = stage(LogPanel(log))
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.press("slash", *"path:nowhere", "escape")
        await until(pilot, lambda: "0 of 40 calls" in app.lines()[0])
        await until(pilot, lambda: "Nothing fits the filter." in app.lines()[2])
        await pilot.press("m", "enter", "up", "f")
        await pilot.press("escape")
        await until(pilot, lambda: "40 calls" in app.lines()[0] and "of" not in app.lines()[0])
