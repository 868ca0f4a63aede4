"""Copying from a widget or a screen: only what a person asked for, and a notice of where it went."""

from __future__ import annotations

import asyncio
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from tui.system.clipboard import copy
from tui.widgets.host import host

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widget import Widget

    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.redaction.needles import Needle


def copy_out(node: Widget, text: str, log: ExchangeLog | None = None) -> None:
    """Copy ``text`` on behalf of ``node`` (a widget or a screen) and tell the person where it went.

    The programs of the system may take their time, so they are asked in a thread; it outlives ``node``. A secret that
    ``log`` learns meanwhile is not left in the clipboard.
    """
    app = host(node)
    copied = _Copied(text)

    def write(data: str) -> None:
        driver = app._driver  # pyright: ignore[reportPrivateUsage] - Textual has no public way
        if driver is not None:
            driver.write(data)

    async def work() -> None:
        leave = log.cover_also(copied.cover) if log is not None else None
        try:
            if log is not None and log.late:
                await asyncio.to_thread(copied.cover, log.late)
            said = await _copied_out(copied, None if app.is_headless else write)
        finally:
            if leave is not None:
                leave()
        app.notify(said, markup=False)

    app.run_worker(work, name="copy", group="copy", exclusive=True)


async def _copied_out(copied: _Copied, write: Callable[[str], None] | None) -> str:
    """Copy the text, and again what it has become meanwhile; return the sentence that says where it went."""
    while True:
        text, sequences = copied.text, list[str]()
        said = await asyncio.to_thread(partial(copy, text, write=None if write is None else sequences.append))
        if text is not copied.text:
            continue
        for each in sequences:
            if write is not None:
                write(each)
        return said


class _Copied:
    """A text on its way to the clipboard. From any thread."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lock = Lock()

    def cover(self, needles: Sequence[Needle]) -> int:
        """Take secrets out of it, and return the bytes looked at."""
        from tui.exchanges.redaction.cover import covered_text

        with self._lock:
            self.text = covered_text(self.text, needles)
            return len(self.text)
