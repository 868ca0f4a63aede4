"""Thirty attacks in every place where the screens show words of a server: shown, not obeyed, no bracket lost."""

# pyright: basic, reportAttributeAccessIssue=false, reportMissingImports=false
from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hostile_places import PLACES
from scripted_runtime import FixedClock, ScriptedRuntime, on_screen

from tests.e2e.hostile.payloads import PAYLOADS
from tui.app import UiPathApp
from tui.exchanges.log import ExchangeLog
from tui.text import clean

BANNED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}
WIDE = (200, 60)
BRACKETS = tuple(payload for payload in PAYLOADS if "[" in payload and payload.isprintable())
NARROW = ("robot log level",)
"""Places of a few cells, where a long word is cut."""
COLUMNS = {"argument name": 23}
"""Places that are a column, where a long text takes several lines beside what other columns hold."""
SAMPLE = (*BRACKETS[:2], PAYLOADS[0], PAYLOADS[9], "".join(PAYLOADS))


class Watched(UiPathApp):
    """The application, with the action that attacks ask for."""

    booms = 0

    def action_boom(self, *_: object) -> None:
        self.booms += 1


def bare(text: str) -> str:
    """Return the text without blanks and frames, so that wrapping and indenting do not count."""
    return "".join(letter for letter in text if not letter.isspace() and letter not in "│┃║|▏▎▍▌▋▊▉█▕")


def dangerous(text: str) -> list[str]:
    return [
        f"U+{ord(letter):04X}"
        for letter in text
        if unicodedata.category(letter) in BANNED and letter != "\n" and letter not in JOINERS
    ]


async def click_on(pilot: Any, what: str) -> None:
    """Click on every place where ``what`` begins."""
    for row, line in enumerate(on_screen(pilot.app).split("\n")):
        column = line.find(what)
        if column >= 0:
            await pilot.click(offset=(column + 2, row))


async def attacked(place: str, payloads: tuple[str, ...]) -> None:
    make = PLACES[place]
    app = Watched(state=make("harmless-words"), load_runtime=ScriptedRuntime, log=ExchangeLog(), clock=FixedClock())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.pause()
        for payload in payloads:
            app.state = make(payload)
            app._present()
            await pilot.pause()
            await pilot.pause()
            shown = on_screen(app)
            assert dangerous(shown) == [], f"{payload!r} in {place}"
            if payload in BRACKETS and place not in NARROW:
                forms = {bare(clean(text)).casefold() for text in (payload, json.dumps(payload)[1:-1])}
                column = "\n".join(line[: COLUMNS.get(place)] for line in shown.split("\n"))
                assert any(form in bare(column).casefold() for form in forms), f"{payload!r} in {place}:\n{shown}"
            if "@click" in payload or "@mouse" in payload:
                await click_on(pilot, "[@")
                await pilot.pause()
        assert app.booms == 0
        assert app.is_running
    assert app.return_code in (None, 0)


def test_there_are_750_cases_and_more() -> None:
    assert len(PLACES) >= 25
    assert len(PAYLOADS) == 30
    assert len(BRACKETS) >= 5


@pytest.mark.parametrize("place", PLACES)
async def test_an_attack_is_shown_and_not_obeyed(place: str) -> None:
    await attacked(place, SAMPLE)


@pytest.mark.full
@pytest.mark.parametrize("place", PLACES)
async def test_every_attack_is_shown_and_not_obeyed(place: str) -> None:
    await attacked(place, PAYLOADS)
