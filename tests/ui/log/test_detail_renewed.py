"""The detail of a call is drawn again when a secret is taken out of it, and only then."""

from dataclasses import replace
from typing import Any

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.exchanges.needles import needle
from tui.screens.exchange import ExchangeScreen
from tui.secret import fingerprint


async def test_a_detail_that_is_open_shows_the_secret_no_more(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    body = b'{"odd": "hush-hush-hush"}'
    log.append(replace(make_exchange(1), response_body=Body(body, len(body), "application/json")))
    log.append(replace(make_exchange(2), reason="odd-words-here"))
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = ExchangeScreen(log.exchange(1), log)
        await app.push_screen(screen)
        await until(pilot, lambda: any("hush-hush" in line for line in app.lines()))
        log.cover(needle("odd-words-here"))
        await until(pilot, lambda: log.exchange(2).reason == fingerprint("odd-words-here"))
        await pilot.pause()
        assert any("hush-hush" in line for line in app.lines())
        log.cover(needle("hush-hush-hush"))
        await until(pilot, lambda: any(fingerprint("hush-hush-hush") in line for line in app.lines()))
        assert not any("hush-hush" in line for line in app.lines())
        await app.pop_screen()
        log.cover(needle("odd"))
        log.close()
        await pilot.pause()
    assert not log.failures
