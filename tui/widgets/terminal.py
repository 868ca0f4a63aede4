"""What concerns the terminal as a device: signals that end the program, the window's title, the crash report."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from rich.segment import Segment, Segments

from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")


def catch_signals(end: Callable[[int], None]) -> None:
    """Call ``end`` with 128 + n for the signals that would leave the terminal broken. Nothing on Windows."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        number = getattr(signal, name)
        try:
            loop.add_signal_handler(number, end, 128 + int(number))
        except (RuntimeError, ValueError):
            return


def set_title(app: App[None], title: str) -> None:
    """Name the terminal's window, where there is a terminal."""
    driver = app._driver  # pyright: ignore[reportPrivateUsage] - Textual has no public way
    if driver is not None and not app.is_headless:
        driver.write(f"\x1b]0;{clean(title, limit=80)}\x07")


def traceback_without_locals() -> Segments:
    """Return the current exception as plain lines: places and messages, no variables, no secrets."""
    from tui.defect import lines_of

    error = sys.exc_info()[1]
    return Segments([Segment(("" if error is None else lines_of(error)) + "\n")])
