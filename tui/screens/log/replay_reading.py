"""Reads what the answers of an earlier session told, beside the keys: a few at once, then all from the first on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Static

from tui.replay.source import BATCHES, UNREADABLE
from tui.screens.log.actions import LogActions
from tui.screens.log.replay_words import reading
from tui.widgets.body.body_turns import giving_way, no_long_search

if TYPE_CHECKING:
    from tui.exchanges.model import Entry
    from tui.replay.folding import Moment, Replay
    from tui.replay.source import PastSession


class ReplayReading(LogActions):
    """A screen over ``past``; it shows with `_show` what is known at the call under the cursor."""

    class AllRead(Message):
        """What every answer told is known."""

    def __init__(self, past: PastSession) -> None:
        super().__init__()
        self.past = past
        self.exchanges = past.log
        self._entry: Entry | None = None
        self._shown: Moment | None = None
        self._reading: Entry | None = None
        self._glanced: tuple[int, Replay] | None = None
        """What a glance told of the call under the cursor, before all answers up to it are read."""

    def _show(self) -> None:
        """Show the moment of the call under the cursor, or as far as the answers are read."""

    async def _read(self) -> None:
        give_way = giving_way()
        with no_long_search():
            for batch in self.past.batches():
                await asyncio.to_thread(self.past.fold, batch, give_way)
                self._reading = batch[-1]
                self._go_on()
        self._reading = None
        self._show()
        self.post_message(self.AllRead())

    def _glance(self) -> None:
        """Read a few answers before the call under the cursor, where all of them take longer."""
        entry, reading = self._entry, self._reading
        if entry is None or reading is None or entry.id - reading.id <= BATCHES[0]:
            return

        async def glance() -> None:
            try:
                self._glanced = entry.id, await asyncio.to_thread(self.past.glance, entry.id)
            except UNREADABLE:
                return  # reading all of them tells it
            self._show()

        self.run_worker(glance, group="replay-glance", exclusive=True)

    def _go_on(self) -> None:
        """Say how far the answers are read; draw more, and lay the screen out anew, only where more is known."""
        entry, replay = self._so_far
        so_far, glanced = self._reading, replay is not self.past.replay
        if so_far is None or entry is None or not glanced or replay.at(entry.id) is not self._shown:
            self._show()
            return
        for line in self.query("#past-told").results(Static):
            line.update(reading(so_far, self._last, glanced=True), layout=False)

    @property
    def _last(self) -> int:
        return self.exchanges.entries[-1].id if len(self.exchanges) else 0

    @property
    def _so_far(self) -> tuple[Entry | None, Replay]:
        """The call whose moment can be shown, and what tells it.

        That is the call under the cursor, once the answers up to it are read, or a glance told it.
        """
        entry, reading = self._entry, self._reading
        if entry is None or reading is None or entry.id <= reading.id:
            return entry, self.past.replay
        if self._glanced is not None and self._glanced[0] == entry.id and self._glanced[1].at(entry.id).jobs:
            return entry, self._glanced[1]
        return reading, self.past.replay
