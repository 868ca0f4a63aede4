"""The list of exchanges as a person uses it: reading, following, folding, narrow terminals."""

from typing import Any

import pytest

from tui.exchanges.filter.language import parse
from tui.exchanges.log import ExchangeLog
from tui.exchanges.redaction.needles import needle
from tui.secret import fingerprint
from tui.widgets.log.exchange_list import ExchangeList


def filled(exchanges: Any) -> ExchangeLog:
    log = ExchangeLog()
    for exchange in exchanges:
        log.append(exchange)
    return log


async def test_an_empty_log_says_so_and_fills(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    app = stage(ExchangeList(log))
    async with app.run_test(size=(80, 10)) as pilot:
        assert app.lines()[0] == " Nothing was sent yet."
        log.append(make_exchange(1))
        await until(pilot, lambda: "GET" in app.lines()[0])
        assert app.lines()[0].endswith("✓ 200    91 ms")
        assert app.lines()[1] == ""


async def test_new_rows_are_followed_only_from_the_end(stage: Any, make_exchange: Any, until: Any) -> None:
    log = filled(make_exchange(n) for n in range(1, 51))
    entries = ExchangeList(log)
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "$top=50" in app.lines()[-1])
        log.append(make_exchange(51))
        await until(pilot, lambda: "$top=51" in app.lines()[-1])
        assert entries.cursor == 50
        await pilot.press("up", "up", "up")
        reading = [line[:79].rstrip() for line in app.lines()]
        for number in range(52, 80):
            log.append(make_exchange(number))
        await until(pilot, lambda: entries.virtual_size.height == 79)
        await pilot.pause()
        assert [line[:79].rstrip() for line in app.lines()] == reading
        await pilot.press("end")
        log.append(make_exchange(80))
        await until(pilot, lambda: "$top=80" in app.lines()[-1])


async def test_a_view_scrolled_away_by_the_wheel_stays(stage: Any, make_exchange: Any, until: Any) -> None:
    log = filled(make_exchange(n) for n in range(1, 51))
    entries = ExchangeList(log)
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "$top=50" in app.lines()[-1])
        entries.scroll_to(y=5, animate=False)
        await until(pilot, lambda: "$top=6" in app.lines()[0])
        log.append(make_exchange(51))
        await until(pilot, lambda: entries.row_count == 51)
        await pilot.pause()
        assert "$top=6" in app.lines()[0]
        assert entries.cursor == 49


async def test_keys_move_the_cursor_and_enter_opens(stage: Any, make_exchange: Any, until: Any) -> None:
    entries = ExchangeList(filled(make_exchange(n) for n in range(1, 51)))
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: entries.cursor == 49)
        for key, cursor in (("home", 0), ("down", 1), ("pagedown", 10), ("pageup", 1), ("up", 0), ("up", 0)):
            await pilot.press(key)
            assert entries.cursor == cursor
        await pilot.press("enter")
        await until(pilot, lambda: any(isinstance(m, ExchangeList.Opened) for m in app.heard))
        assert app.heard[-1].exchange.id == 1
        assert [m.entry.id for m in app.heard if isinstance(m, ExchangeList.Highlighted)][:3] == [50, 1, 2]


async def test_a_click_highlights_and_a_double_click_opens(stage: Any, make_exchange: Any, until: Any) -> None:
    entries = ExchangeList(filled(make_exchange(n) for n in range(1, 6)))
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.click(entries, offset=(10, 2))
        assert entries.cursor == 2
        await pilot.click(entries, offset=(10, 8))
        assert entries.cursor == 2
        await pilot.click(entries, offset=(10, 1), times=2)
        await until(pilot, lambda: any(isinstance(m, ExchangeList.Opened) for m in app.heard))
        assert app.heard[-1].exchange.id == 2


async def test_polls_fold_and_unfold_around_the_cursor(
    stage: Any, make_exchange: Any, make_poll: Any, until: Any
) -> None:
    log = filled([make_exchange(1), *(make_poll(n) for n in range(2, 14)), make_exchange(14)])
    entries = ExchangeList(log)
    app = stage(entries)
    async with app.run_test(size=(80, 20)) as pilot:
        assert "Jobs(7) ×12" in app.lines()[1]
        assert entries.row_count == 3
        await pilot.press("up", "f")
        assert (entries.row_count, entries.cursor) == (14, 12)
        assert "×" not in "".join(app.lines())
        await pilot.press("up", "up", "f")
        assert (entries.row_count, entries.cursor) == (3, 1)
        log.append(make_poll(15))
        await until(pilot, lambda: entries.row_count == 4)


async def test_a_fold_counts_up_in_place_and_tells_once_for_each(stage: Any, make_poll: Any, until: Any) -> None:
    log = filled([make_poll(1)])
    app = stage(ExchangeList(log))
    async with app.run_test(size=(80, 5)) as pilot:
        for number in (2, 3, 4):
            log.append(make_poll(number))
            await until(pilot, lambda number=number: app.heard and app.heard[-1].entry.id == number)
            assert f"×{number}" in app.lines()[0]
        assert [m.entry.id for m in app.heard][-3:] == [2, 3, 4]
        assert all(m.followed for m in app.heard)


async def test_an_unmounted_list_stops_listening(stage: Any, make_exchange: Any) -> None:
    log = ExchangeLog()
    entries = ExchangeList(log)
    app = stage(entries)
    async with app.run_test() as pilot:
        await entries.remove()
        log.append(make_exchange(1))
        await pilot.pause()
        assert entries.row_count == 0


@pytest.mark.parametrize(("width", "size", "time"), [(120, True, True), (80, False, True), (60, False, False)])
async def test_columns_leave_as_the_terminal_narrows(
    stage: Any, make_exchange: Any, width: int, size: bool, time: bool
) -> None:
    app = stage(ExchangeList(filled([make_exchange(1)])))
    async with app.run_test(size=(width, 10)):
        line = app.lines()[0]
        assert ("0 B" in line, ":13" in line) == (size, time)
        assert len(line) <= width - 1
        assert "/odata/Releases" in line


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (3, 40), (400, 100)])
async def test_no_size_breaks_it(stage: Any, make_exchange: Any, size: tuple[int, int]) -> None:
    log = filled(make_exchange(n) for n in range(1, 99))
    app = stage(ExchangeList(log))
    async with app.run_test(size=size) as pilot:
        await pilot.press("home", "end", "pageup")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert any("Releases" in line for line in app.lines())


async def test_select_finds_an_exchange_in_its_fold(stage: Any, make_exchange: Any, make_poll: Any) -> None:
    exchanges = [make_exchange(1), *(make_poll(n) for n in range(2, 9)), make_exchange(9)]
    entries = ExchangeList(filled(exchanges))
    app = stage(entries)
    async with app.run_test():
        assert entries.select(exchanges[3].id)
        assert not entries.select(99)
        assert entries.cursor == 1
        assert entries.highlighted is exchanges[7]


async def test_a_long_log_comes_in_slices_and_ends_at_its_end(stage: Any, make_exchange: Any, until: Any) -> None:
    log = filled(make_exchange(n) for n in range(1, 1_001))
    ticks = iter(range(1_000_000))
    entries = ExchangeList(log)
    entries._monotonic = lambda: next(ticks)  # pyright: ignore[reportPrivateUsage] - 64 rows a slice
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        assert entries.progress < 1.0
        log.append(make_exchange(1_001))
        await until(pilot, lambda: entries.progress == 1.0 and "$top=1001" in app.lines()[-1])
        assert entries.cursor == 1_000
        assert [entries.entry_at(row).id for row in range(entries.row_count)] == list(range(1, 1_002))


async def test_what_is_changed_afterwards_is_never_shown_as_it_was(stage: Any, make_exchange: Any, until: Any) -> None:
    log = filled(make_exchange(n, url=f"https://x.test/odata/Jobs?secret{n}") for n in range(1, 4))
    entries = ExchangeList(log)
    app = stage(entries)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "secret2" in app.lines()[1])
        entries.sift(parse("path:secret2"))
        await until(pilot, lambda: entries.row_count == 1)
        log.cover(needle("secret2"))
        await until(pilot, lambda: entries.row_count == 0)
        entries.sift(None)
        await until(pilot, lambda: fingerprint("secret2") in app.lines()[1])
        assert "secret2" not in "".join(app.lines())
