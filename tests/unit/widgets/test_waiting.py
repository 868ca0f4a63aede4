"""The line that says what is waited for says nothing once the wait is over, however late its timers come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import App

from tui.clock import SystemClock
from tui.widgets.waiting import PATIENCE, Waiting

if TYPE_CHECKING:
    from textual.app import ComposeResult


class _Waits(App[None]):
    def compose(self) -> ComposeResult:
        yield Waiting(SystemClock())


async def test_a_wait_that_ends_while_its_first_words_are_due_leaves_the_hint() -> None:
    async with _Waits().run_test() as pilot:
        line = pilot.app.query_one(Waiting)
        line.hint("Enter goes on")

        line.wait_for("Listing the folders", "Esc stops waiting")
        line.call_later(asyncio.sleep, PATIENCE * 4)
        await asyncio.sleep(PATIENCE * 2)
        line.wait_for("", "")
        await asyncio.sleep(PATIENCE * 2)
        await pilot.pause()
        assert str(line.content) == "Enter goes on"
        assert not line.has_class("-waiting")


async def test_a_wait_that_lasts_says_what_for_and_how_to_stop() -> None:
    async with _Waits().run_test() as pilot:
        line = pilot.app.query_one(Waiting)
        line.wait_for("Listing the folders", "Esc stops waiting")
        await pilot.pause(PATIENCE * 3)
        assert str(line.content) == "◌ Listing the folders… 0 s  ·  Esc stops waiting"
        line.wait_for("", "")
        assert not line.has_class("-waiting")
