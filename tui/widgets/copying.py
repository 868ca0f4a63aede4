"""Copying from a widget or a screen: only what a person asked for, and a notice of where it went."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.clipboard import copy
from tui.widgets.host import host

if TYPE_CHECKING:
    from textual.widget import Widget


def copy_out(node: Widget, text: str) -> None:
    """Copy ``text`` on behalf of ``node`` (a widget or a screen) and tell the person where it went.

    The programs of the system may take their time, so they are asked in a thread; it outlives ``node``.
    """
    app = host(node)

    def write(data: str) -> None:
        driver = app._driver  # pyright: ignore[reportPrivateUsage] - Textual has no public way
        if driver is not None:
            driver.write(data)

    async def work() -> None:
        sequences: list[str] = []
        said = await asyncio.to_thread(partial(copy, text, write=None if app.is_headless else sequences.append))
        for each in sequences:
            write(each)
        app.notify(said, markup=False)

    app.run_worker(work, name="copy", group="copy", exclusive=True)
