"""What concerns the terminal as a device: signals that end the program, the window's title, the crash report."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from rich.segment import Segment, Segments

from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


KEEP_TITLE, RESTORE_TITLE = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS: terminals that don't know these ignore them."""
PROGRESS = {"none": "0;0", "good": "1;100", "bad": "2;100", "busy": "3;0", "wait": "4;50"}
"""The states of OSC 9;4, as ConEmu defined them."""
_titled: WeakSet[App[None]] = WeakSet()
"""The applications that have named their window."""


def _write(app: App[None], sequence: str) -> None:
    driver = app._driver  # pyright: ignore[reportPrivateUsage] - Textual has no public way
    if driver is not None and not app.is_headless:
        driver.write(sequence)


def set_title(app: App[None], title: str) -> None:
    """Name the terminal's window, where there is a terminal; its own title is kept there."""
    if app not in _titled:
        _titled.add(app)
        _write(app, KEEP_TITLE)
    _write(app, f"\x1b]0;{clean(title, limit=80)}\x07")


def release_title(app: App[None]) -> None:
    """Give the window its own title back, and end what is shown of progress."""
    if app in _titled:
        _titled.discard(app)
        _write(app, RESTORE_TITLE)
    set_progress(app, "none")


_progressing: WeakKeyDictionary[App[None], str] = WeakKeyDictionary()
"""Which progress the terminals of applications show; none where they were told nothing."""


def set_progress(app: App[None], kind: str) -> None:
    """Tell the terminal one of `PROGRESS`, for its tab or the task bar, where it shows another one."""
    if _progressing.get(app, "none") == kind:
        return
    _progressing[app] = kind
    _write(app, f"\x1b]9;4;{PROGRESS[kind]}\x07")


def shows_progress(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the terminal is one that is known to show progress. Others may show the sequence as a message."""
    if environment.get("TMUX") or environment.get("STY"):
        return False
    known = environment.get("TERM_PROGRAM", "").casefold() in ("wezterm", "ghostty")
    return known or bool(environment.get("WT_SESSION")) or environment.get("ConEmuANSI") == "ON"


def traceback_without_locals() -> Segments:
    """Return the current exception as plain lines: places and messages, no variables, no secrets."""
    from tui.system.defect import lines_of

    error = sys.exc_info()[1]
    return Segments([Segment(("" if error is None else lines_of(error)) + "\n")])
