"""The comparison of two calls on the screen: from the list and from one call, what differs, and nothing to compare."""

from typing import Any

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.exchanges.redaction.needles import needle
from tui.screens.log.diff import DiffScreen, show_differences
from tui.secret import fingerprint
from tui.widgets.log.exchange_comparing import ExchangeComparing
from tui.widgets.log.exchange_list import ExchangeList


def body(data: bytes) -> Body:
    return Body(data, len(data), "application/json")


async def test_what_differs_is_told_with_glyphs(stage: Any, make_poll: Any, until: Any, hostile: str) -> None:
    log = ExchangeLog()
    log.append(make_poll(1, response_body=body(b'{"State":"Running","Info":null}')))
    log.append(make_poll(2, response_body=body(f'{{"State":"Faulted {hostile[:-1]}","Id":7}}'.encode())))
    app = stage()
    async with app.run_test(size=(80, 24)) as pilot:
        show_differences(app.screen, log, 2)
        await until(pilot, lambda: any("3 differences" in line for line in app.lines()))
        shown = [line.strip(" │") for line in app.lines()]
        assert "+ Id: 7" in shown
        assert "- Info: null" in shown
        assert any(line.startswith("~ State") for line in shown)
        assert "\\u001b]0;OWNED" in " ".join(shown)
        assert app.booms == 0
        await pilot.resize_terminal(60, 15)
        await until(pilot, lambda: any("~ State" in line for line in app.lines()))
        await pilot.press("escape")
        assert not isinstance(app.screen, DiffScreen)


async def test_a_secret_that_is_learned_late_goes_from_the_comparison(stage: Any, make_poll: Any, until: Any) -> None:
    log = ExchangeLog()
    log.append(make_poll(1, response_body=body(b'{"Info":"plain"}')))
    log.append(make_poll(2, response_body=body(b'{"Info":"hush-hush-hush"}')))
    app = stage()
    async with app.run_test(size=(80, 24)) as pilot:
        show_differences(app.screen, log, 2)
        await until(pilot, lambda: any("hush-hush-hush" in line for line in app.lines()))
        log.cover(needle("hush-hush-hush"))
        await until(pilot, lambda: any(fingerprint("hush-hush-hush") in line for line in app.lines()))
        assert not any("hush-hush" in line for line in app.lines())
        await pilot.press("escape")
        log.cover(needle("plain"))
        log.close()
        await pilot.pause()
    assert not log.failures


async def test_calls_without_one_before_say_so(stage: Any, make_poll: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    log.append(make_poll(1))
    log.append(make_exchange(2))
    app = stage()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        show_differences(app.screen, log, 2)
        await until(pilot, lambda: any("Nothing to compare" in line for line in app.lines()))
        log.marks.set(1)
        log.marks.set(2)
        show_differences(app.screen, log, 2)
        await until(pilot, lambda: any("1 difference:" in line for line in app.lines()))
        assert app.screen.query_one("#diff").border_title == "Call 1 and call 2"


async def test_the_list_asks_for_the_call_under_its_cursor(stage: Any, make_poll: Any, until: Any) -> None:
    log = ExchangeLog()
    log.append(make_poll(1))
    log.append(make_poll(2))
    asked: list[int] = []

    class Asked(stage):
        def on_exchange_comparing_compare_requested(self, message: ExchangeComparing.CompareRequested) -> None:
            asked.append(message.number)

    async with Asked(lambda: ExchangeList(log)).run_test(size=(80, 12)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: asked == [2])
