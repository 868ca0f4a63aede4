"""Opens an address in the person's own browser, where there is one that does not take over the terminal."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

IN_TERMINAL: Final = frozenset({"lynx", "links", "elinks", "w3m", "www-browser", "browsh", "curl"})
"""Browsers that would draw over the program."""
PATIENCE: Final = 5.0
"""Seconds that a browser gets to start; the address is shown as text in any case."""


def has_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a browser with windows can be expected: never over SSH or on a bare console."""
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


async def open_browser(address: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Ask the browser to show ``address``; tell whether one was asked. Never raises, never waits long."""
    if not has_screen(environment):
        return False
    with suppress(TimeoutError, webbrowser.Error, OSError):
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(_open, address)
    return False


def _open(address: str) -> bool:
    browser = webbrowser.get()
    name = os.path.basename(str(getattr(browser, "name", ""))).split(" ")[0].lower()
    return name not in IN_TERMINAL and browser.open(address, new=2)
