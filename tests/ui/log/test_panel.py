"""The log panel: its counting title, put away and back."""

from threading import Thread
from typing import Any

from tui.exchanges.log import ExchangeLog
from tui.widgets.log.log_panel import LogPanel
from tui.widgets.log.log_title import LogTitle


async def test_the_title_counts_calls_and_failures(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    app = stage(LogPanel(log))
    async with app.run_test(size=(80, 10)) as pilot:
        assert app.lines()[0] == " ▾ Log · nothing was sent yet"
        log.append(make_exchange(1))
        await until(pilot, lambda: app.lines()[0] == " ▾ Log · 1 call")
        log.append(make_exchange(2, status=404))
        log.append(make_exchange(3, status=None, error="gone"))
        await until(pilot, lambda: app.lines()[0] == " ▾ Log · 3 calls · ✘ 2 failed")


async def test_put_away_it_shows_the_last_call(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    log.append(make_exchange(1))
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.click(LogTitle)
        await until(pilot, lambda: panel.collapsed and panel.size.height == 1)
        assert app.lines()[0] == " ▸ Log · 1 call · last GET …/odata/Releases ✓ 200 91 ms"
        assert app.lines()[1] == ""
        log.append(make_exchange(2, status=500))
        await until(pilot, lambda: "✘ 500" in app.lines()[0])
        await pilot.click(LogTitle)
        await until(pilot, lambda: "Releases" in app.lines()[2])


async def test_opening_a_row_asks_for_the_detail(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    exchange = make_exchange(1)
    log.append(exchange)
    app = stage(LogPanel(log))
    async with app.run_test() as pilot:
        app.query_one(LogPanel).entries.focus()
        await pilot.press("enter")
        await until(pilot, lambda: any(isinstance(m, LogPanel.OpenRequested) for m in app.heard))
        assert app.heard[-1].exchange is exchange


async def test_the_title_is_marked_only_while_the_list_has_the_keys(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    log.append(make_exchange(1))
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 10)) as pilot:
        title = app.query_one(LogTitle)
        await until(pilot, lambda: title.has_class("-active"))
        app.set_focus(None)
        await until(pilot, lambda: not title.has_class("-active"))


async def test_the_title_names_the_proxy_that_calls_go_through(stage: Any) -> None:
    log = ExchangeLog()
    log.proxies = ("http://proxy.example.test:3128",)
    app = stage(LogPanel(log))
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        assert app.lines()[0] == " ▾ Log · nothing was sent yet · through http://proxy.example.test:3128"


async def test_a_call_is_shown_whatever_hides_it(stage: Any, make_exchange: Any, make_poll: Any, until: Any) -> None:
    log = ExchangeLog()
    for number in range(1, 30):
        log.append(make_poll(number) if number > 5 else make_exchange(number))
    panel = LogPanel(log)
    app = stage(panel)
    async with app.run_test(size=(80, 10)) as pilot:
        panel.show_call(29)
        assert panel.entries.folded
        panel.show_call(12)
        await until(pilot, lambda: panel.entries.highlighted is log.exchange(12) and not panel.entries.folded)
        panel.entries.focus()
        await pilot.press("slash", *"!poll", "escape")
        await until(pilot, lambda: "5 of 29 calls" in app.lines()[0])
        panel.collapsed = True
        panel.show_call(9)
        await until(pilot, lambda: any(" 9  " in line for line in app.lines()) and "of 29" not in app.lines()[0])
        assert panel.entries.highlighted is log.exchange(9)
        assert panel.entries.has_focus


async def test_trouble_with_the_kept_log_is_told_once_and_stays_in_the_title(stage: Any, until: Any) -> None:
    log = ExchangeLog()
    log.trouble("The log is not kept: [/x] is damaged")
    app = stage(LogPanel(log), lambda: LogPanel(log))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.lines()[0] == " ▾ Log · nothing was sent yet · ! the kept log has trouble")
        assert [each.message for each in app._notifications] == ["The log is not kept: [/x] is damaged"]
        thread = Thread(target=log.trouble, args=("The log is incomplete: the disk is full",))
        thread.start()
        thread.join()
        await until(pilot, lambda: len(app._notifications) == 2)
        assert [each.message for each in app._notifications][1] == "The log is incomplete: the disk is full"
    assert log.told == 2
    log.trouble("nobody shows it any more")
    assert not log.failures
