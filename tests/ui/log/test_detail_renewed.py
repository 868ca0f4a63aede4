"""What shows a call is drawn again when a secret is taken out of it, and only then; what is copied has none."""

from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Input, Static

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.exchanges.redaction.needles import needle
from tui.screens.log.comment import CommentScreen
from tui.screens.log.copy_as import CopyAsScreen
from tui.screens.log.diff import DiffScreen
from tui.screens.log.exchange import ExchangeScreen
from tui.secret import fingerprint
from tui.widgets import copying

HUSH = "hush-hush-hush"


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


def saying(make_exchange: Any, number: int) -> Any:
    body = f'{{"odd": "{HUSH} {number}"}}'.encode()
    said = Body(body, len(body), "application/json")
    return replace(make_exchange(number), request_body=said, response_body=said)


async def test_a_detail_of_a_call_that_gave_way_shows_the_secret_no_more(
    stage: Any, make_exchange: Any, until: Any
) -> None:
    log = ExchangeLog(held=1)
    log.append(saying(make_exchange, 1))
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(ExchangeScreen(log.exchange(1), log))
        log.append(make_exchange(2))
        assert log.exchange(1).gave_way
        await until(pilot, lambda: any(HUSH in line for line in app.lines()))
        log.cover(needle(HUSH))
        await until(pilot, lambda: any(fingerprint(HUSH) in line for line in app.lines()))
        assert not any(HUSH in line for line in app.lines())
        log.close()
    assert not log.failures


async def test_a_comparison_of_calls_that_gave_way_shows_the_secret_no_more(
    stage: Any, make_exchange: Any, until: Any
) -> None:
    log = ExchangeLog(held=20_000)
    for number in (1, 2):
        log.append(saying(make_exchange, number))
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(DiffScreen(log, 1, 2))
        big = Body(b"x" * 20_000, 20_000, "text/plain")
        log.append(replace(make_exchange(3), response_body=big))
        assert log.exchange(1).gave_way
        assert log.exchange(2).gave_way
        await until(pilot, lambda: any(HUSH in line for line in app.lines()))
        log.cover(needle(HUSH))
        await until(pilot, lambda: any(fingerprint(HUSH) in line for line in app.lines()))
        await until(pilot, lambda: not any(HUSH in line for line in app.lines()))
        log.close()
    assert not log.failures


@pytest.mark.parametrize("held", [1, 1_000_000])
async def test_a_request_that_is_offered_to_copy_shows_and_copies_the_secret_no_more(
    held: int, stage: Any, make_exchange: Any, until: Any, monkeypatch: Any
) -> None:
    copied: list[str] = []

    def copy(text: str, *, write: Any) -> str:
        del write
        copied.append(text)
        return "Copied"

    monkeypatch.setattr(copying, "copy", copy)
    log = ExchangeLog(held=held)
    log.append(saying(make_exchange, 1))
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = CopyAsScreen.of_exchange(log.exchange(1), log)
        await app.push_screen(screen)
        log.append(make_exchange(2))
        await until(pilot, lambda: HUSH in str(screen.query_one("#copy-text", Static).content))
        log.cover(needle(HUSH))
        await until(pilot, lambda: HUSH not in str(screen.query_one("#copy-text", Static).content))
        await pilot.press("enter")
        await until(pilot, lambda: copied)
        assert HUSH not in copied[0]
        assert "UIPATH_" in copied[0]
        log.close()
    assert not log.failures


async def test_a_secret_that_is_learned_while_it_is_being_copied_does_not_stay_in_the_clipboard(
    stage: Any, make_exchange: Any, until: Any, monkeypatch: Any
) -> None:
    log = ExchangeLog()
    log.append(saying(make_exchange, 1))
    copied: list[str] = []

    def slow(text: str, *, write: Any) -> str:
        del write
        copied.append(text)
        if len(copied) == 1:
            log.cover(needle(HUSH))
            log.close()
        return "Copied"

    monkeypatch.setattr(copying, "copy", slow)
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(ExchangeScreen(log.exchange(1), log))
        await until(pilot, lambda: any(HUSH in line for line in app.lines()))
        await pilot.press("y")
        await until(pilot, lambda: len(copied) > 1)
        await pilot.pause()
    assert HUSH in copied[0]
    assert copied[1:] == [f'{{"odd": "{fingerprint(HUSH)} 1"}}']


async def test_a_comment_that_is_being_written_holds_the_secret_no_more(
    stage: Any, make_exchange: Any, until: Any
) -> None:
    log = ExchangeLog()
    log.append(make_exchange(1))
    log.marks.set(1, f"why {HUSH}")
    app = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = CommentScreen(1, log.marks[1], log)
        await app.push_screen(screen)
        await pilot.press("end", *" now")
        log.cover(needle(HUSH))
        await until(pilot, lambda: HUSH not in screen.query_one(Input).value)
        assert screen.query_one(Input).value == f"why {fingerprint(HUSH)} now"
        log.close()
    assert not log.failures
