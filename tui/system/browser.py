"""Opens an address in the person's own browser, where there is one that does not take over the terminal."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final

IN_TERMINAL: Final = frozenset({"lynx", "links", "elinks", "w3m", "www-browser", "browsh", "curl"})
"""Browsers that would draw over the program."""
PATIENCE: Final = 1.0
"""Seconds in which a browser can say that it won't start; one that is still at it then counts as asked."""
_OPENER: Final = """
import os, sys, webbrowser
browser = webbrowser.get()
name = os.path.basename(str(getattr(browser, "name", ""))).split(" ")[0].lower()
sys.exit(0 if name not in sys.argv[2:] and browser.open(sys.argv[1], new=2) else 1)
"""
"""What another interpreter does: a browser may write to its terminal, and may end only when the person closes it."""


def has_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a browser with windows can be expected: never over SSH or on a bare console."""
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


async def open_browser(address: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Ask the browser to show ``address``; tell whether one was asked. Never raises, never waits long."""
    return has_screen(environment) and await asyncio.to_thread(_open, address, environment)


def _open(address: str, environment: Mapping[str, str]) -> bool:
    command = [sys.executable, "-I", "-c", _OPENER, address, *sorted(IN_TERMINAL)]
    try:
        opener = subprocess.Popen(  # noqa: S603 - this interpreter, and an address made here
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return opener.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        threading.Thread(target=opener.wait, name="browser", daemon=True).start()
        return True
