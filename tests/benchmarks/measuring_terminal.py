"""A real terminal for measuring: start a program in a pty, wait for words on it, press keys, ask for its memory."""

from __future__ import annotations

import os
import select
import signal
import struct
import sys
import time
from dataclasses import dataclass, field

import psutil

COLUMNS, ROWS = 120, 40
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Both programs run from bytecode, as installed ones do; an empty value lets Python write it."""


@dataclass
class Program:
    """A program running in a pty of 120×40. Use as a context manager; leaving it kills the program."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    output: bytes = b""

    def __enter__(self) -> Program:
        import fcntl
        import pty
        import termios

        self.started = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, **COMPILED, "TERM": "xterm-256color", **self.environment}
            os.execvpe(self.command[0], self.command, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def read_until(self, words: str, seconds: float = 30.0) -> float:
        """Return the moment (``perf_counter``) at which ``words`` had arrived in what is new."""
        new = b""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if select.select([self.terminal], [], [], 0.05)[0]:
                new += os.read(self.terminal, 65536)
                if words.encode() in new:
                    self.output += new
                    return time.perf_counter()
        raise AssertionError(f"{words!r} never came; the last bytes were {new[-400:]!r}")

    def drain(self, seconds: float) -> None:
        """Read whatever comes for ``seconds``."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if select.select([self.terminal], [], [], 0.02)[0]:
                self.output += os.read(self.terminal, 65536)

    def press(self, keys: str) -> None:
        """Type ``keys``."""
        os.write(self.terminal, keys.encode())

    def settle(self, quiet: float = 0.25) -> None:
        """Read until nothing has come for ``quiet`` seconds."""
        while select.select([self.terminal], [], [], quiet)[0]:
            self.output += os.read(self.terminal, 65536)

    def answer_to(self, keys: str) -> float:
        """Type ``keys`` and return the seconds until the first byte of what they change on the screen."""
        pressed = time.perf_counter()
        self.press(keys)
        if not select.select([self.terminal], [], [], 10)[0]:
            raise AssertionError(f"{keys!r} changed nothing")
        answered = time.perf_counter() - pressed
        self.settle()
        return answered

    @property
    def memory(self) -> int:
        """Resident bytes of the process."""
        return psutil.Process(self.pid).memory_info().rss


FLOOR = [
    sys.executable,
    "-c",
    """
from textual.app import App
from textual.widgets import Footer, Header, Input

class Floor(App):
    BINDINGS = [("f9", "nothing", "Floor is up")]
    def compose(self):
        yield Header()
        yield Input()
        yield Footer()

Floor().run()
""",
]
"""The least a Textual program does: header, input, footer."""
FLOOR_IS_UP = "Floor"
OURS = [sys.executable, "-m", "tui"]
OURS_IS_UP = "Where"
