"""Clipboards of their own for tests: an X display, and a terminal inside tmux."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 20.0


@contextlib.contextmanager
def x_display() -> Iterator[str]:
    """Run an X server without a screen and give its name; skipped where there is none."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not here")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "64x64x8", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        if not number:
            pytest.skip("Xvfb can't run here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(SECONDS)


class Tmux:
    """A tmux server of its own with one window."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("tmux"):
            pytest.skip("tmux is not here")
        self._socket = str(folder / "tmux.sock")
        self._folder = folder

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, "-f", "/dev/null", *arguments], capture_output=True, text=True, timeout=SECONDS
        )
        return done.stdout

    def start(self, command: str) -> None:
        self.command("new-session", "-d", "-x", "120", "-y", "36", command)

    def buffer(self) -> str:
        """Return the newest buffer, waiting for one."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = self.command("show-buffer")
            if found:
                return found
            time.sleep(0.05)
        return ""

    def end(self) -> None:
        self.command("kill-server")
