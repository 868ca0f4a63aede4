"""One line that says what is being waited for, since when, and how to stop waiting. Owns its ticker."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from tui.text import short_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from tui.clock import Clock

PATIENCE: Final = 0.15
"""Seconds before a wait is worth mentioning."""


def turn_words(seconds: float) -> str:
    """Return that a request waits for its turn, of which there are so many a minute, and for how long about."""
    return f"waits for its turn, ~{short_duration(ceil(seconds))}"


class Waiting(Static):
    """Shows ``doing`` and the seconds once a wait lasts longer than `PATIENCE`; otherwise a hint, or nothing."""

    def __init__(self, clock: Clock, turn: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(markup=False)
        self._clock = clock
        self._turn = turn
        self._doing = ""
        self._way_out = ""
        self._hint = Content("")
        self._since = 0.0
        self._number = 0  # of the wait: a timer that is stopped may have its call in the queue already
        self._first: Timer | None = None
        self._ticker: Timer | None = None

    def hint(self, text: Content | str) -> None:
        """Show ``text`` while nothing is waited for."""
        self._hint = text if isinstance(text, Content) else Content(text)
        if not self._doing:
            self.update(self._hint, layout=False)

    def wait_for(self, doing: str, way_out: str) -> None:
        """Start, go on (same ``doing``) or, with ``""``, end waiting."""
        if doing == self._doing:
            return
        self._stop()
        self._doing, self._way_out = doing, way_out
        if not doing:
            self.set_class(False, "-waiting")
            self.update(self._hint, layout=False)
            return
        self._since = self._clock.monotonic()
        self._first = self.set_timer(PATIENCE, partial(self._show, self._number))

    def _stop(self) -> None:
        self._number += 1
        for timer in (self._first, self._ticker):
            if timer is not None:
                timer.stop()
        self._first = self._ticker = None

    def _show(self, number: int) -> None:
        if number != self._number:
            return
        self.set_class(True, "-waiting")
        self._tick(number)
        self._ticker = self.set_interval(1.0, partial(self._tick, number))

    def _tick(self, number: int) -> None:
        if number != self._number or not self.screen.is_current:
            return
        turn = self._turn()
        waited = turn_words(turn) if turn > 0 else short_duration(self._clock.monotonic() - self._since)
        out = f"  ·  {self._way_out}" if self._way_out else ""
        self.update(
            Content.assemble(("◌ ", "$primary"), f"{self._doing}… {waited}", (out, "$text-muted")), layout=False
        )
