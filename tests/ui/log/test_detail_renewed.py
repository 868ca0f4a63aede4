"""The detail of a call is drawn again when a secret is taken out of it, and only then."""

from dataclasses import replace
from typing import Any

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.screens.exchange import ExchangeScreen


async def test_a_detail_that_is_open_shows_the_secret_no_more(stage: Any, make_exchange: Any, until: Any) -> None:
    log = ExchangeLog()
    body = b'{"odd": "hush-hush-hush"}'
    log.append(replace(make_exchange(1), response_body=Body(body, len(body), "application/json")))
    log.append(make_exchange(2))
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = ExchangeScreen(log.exchange(1), log)
        await app.push_screen(screen)
        await until(pilot, lambda: any("hush-hush" in line for line in app.lines()))
        log.renew(lambda found: replace(found, reason="other") if found.id == 2 else found)
        await pilot.pause()
        assert any("hush-hush" in line for line in app.lines())

        def cover(data: Body) -> Body:
            return replace(data, data=data.data.replace(b"hush-hush-hush", "…a3f1".encode()))

        log.renew(lambda found: replace(found, response_body=cover(found.response_body)))
        await until(pilot, lambda: any("…a3f1" in line for line in app.lines()))
        assert not any("hush-hush" in line for line in app.lines())
        await app.pop_screen()
        log.renew(lambda found: replace(found, reason="another"))
    assert not log.failures
