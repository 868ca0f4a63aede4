"""A real terminal for the program: a pseudo-terminal, what it shows, and every byte that was ever sent to it."""

import contextlib
import os
import re
import signal
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

from tests.e2e.twin.running import PROGRAM, isolated

SECONDS = 30.0
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "f1": "\x1bOP",
    "f5": "\x1b[15~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "ctrl+q": "\x11",
    "ctrl+c": "\x03",
    "ctrl+s": "\x13",
    "ctrl+l": "\x0c",
}
_CONTROLS = re.compile(rb"\x1b\[[0-9;?<>=]*[a-zA-Z]")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*[$]?[a-gi-km-zA-Z]|\x1b\[[0-9;]*t|\x1b\[\?[0-9;]*\$p")
"""Sequences that the emulator takes for others; none of them draws."""
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KEYBOARD_ON, _KEYBOARD_OFF = re.compile(rb"\x1b\[>\d+u"), re.compile(rb"\x1b\[<\d*u")
_ALTERNATE = b"\x1b[?1049"
MUST_BE_OFF = ("1000", "1002", "1003", "1006", "1015", "1049", "2004")
"""Modes that a shell must not find on: mouse reports, the alternate screen, bracketed paste."""


class Terminal:
    """One program in one terminal. Waits look at the screen again and again, until a deadline."""

    def __init__(
        self, arguments: Sequence[str], home: Path, *, columns: int, rows: int, env: Mapping[str, str] | None = None
    ) -> None:
        environment = isolated(home) | {"TERM": "xterm-256color"} | dict(env or {})
        self.screen = pyte.Screen(columns, rows)
        self.stream = bytearray()
        self._drawn = pyte.ByteStream(self.screen)
        self._child = pexpect.spawn(
            PROGRAM[0],
            [*PROGRAM[1:], *arguments],
            env=environment,
            cwd=str(home),
            dimensions=(rows, columns),
            timeout=SECONDS,
        )
        self._child.delaybeforesend = None
        self.settings = termios.tcgetattr(self._child.fileno())

    @property
    def pid(self) -> int:
        """The process that the terminal belongs to."""
        assert self._child.pid is not None
        return self._child.pid

    @property
    def text(self) -> str:
        """What the screen shows now."""
        return "\n".join(self.screen.display)

    def read(self, seconds: float = 0.05) -> bool:
        """Take what comes within a moment; False once the program has closed the terminal."""
        try:
            data = self._child.read_nonblocking(65_536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.stream += data
        self._drawn.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return True

    def wait(self, what: str | Callable[[str], bool], seconds: float = SECONDS) -> None:
        """Wait until the screen shows a text, or fulfils a condition."""
        until = time.monotonic() + seconds
        shown = what if callable(what) else lambda text: what in text
        seen = -1
        while True:
            if len(self.stream) != seen:
                seen = len(self.stream)
                if shown(self.text):
                    return
            assert self.read(), f"the program ended before {what!r}:\n{self.text}"
            assert time.monotonic() < until, f"never saw {what!r}:\n{self.text}"

    def wait_for_bytes(self, what: bytes, seconds: float = SECONDS) -> None:
        """Wait until the program has sent these bytes."""
        until = time.monotonic() + seconds
        while what not in self.stream:
            assert self.read(), f"the program ended before {what!r}"
            assert time.monotonic() < until, f"never saw {what!r}"

    def press(self, *keys: str) -> None:
        """Press keys, by name or as they are."""
        for key in keys:
            self._child.send(KEYS.get(key, key))

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def resize(self, columns: int, rows: int, seconds: float = SECONDS) -> None:
        """Change the size, as a window manager does, and wait for the new picture.

        The emulator cuts lines as it shrinks; a size that goes and comes back unseen would leave it in pieces.
        """
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)
        until, before = time.monotonic() + seconds, len(self.stream)
        while len(self.stream) == before:
            assert self.read(), "the program ended"
            assert time.monotonic() < until, "the program did not redraw"
        while len(self.stream) > before:
            before = len(self.stream)
            self.read(0.3)

    def ended(self, seconds: float = SECONDS) -> int:
        """Wait for the program's end and return its exit code; it must not have been killed by a signal."""
        until = time.monotonic() + seconds
        while self.read():
            assert time.monotonic() < until, f"the program does not end:\n{self.text}"
        while self._child.isalive():
            assert time.monotonic() < until, "the program closed the terminal and lives on"
        assert self._child.signalstatus is None, f"killed by signal {self._child.signalstatus}"
        assert self._child.exitstatus is not None
        return self._child.exitstatus

    def modes(self) -> dict[str, bool]:
        """Return which private modes are on, by everything sent so far."""
        found: dict[str, bool] = {}
        for numbers, letter in _MODE.findall(bytes(self.stream)):
            found.update({number.decode(): letter == b"h" for number in numbers.split(b";")})
        return found

    def left_behind(self) -> str:
        """Return what was written after the alternate screen was left: the reader's scrollback."""
        left = bytes(self.stream).rpartition(_ALTERNATE + b"l")[2]
        return _CONTROLS.sub(b"", left).decode().replace("\r\n", "\n")

    def assert_restored(self) -> None:
        """The terminal must be as it was: no mode left on, a cursor, and the line settings of before."""
        modes = self.modes()
        assert {mode for mode in MUST_BE_OFF if modes.get(mode)} == set()
        assert modes["25"] is True, "the cursor shows"
        pushed, popped = (len(pattern.findall(bytes(self.stream))) for pattern in (_KEYBOARD_ON, _KEYBOARD_OFF))
        assert pushed == popped, "the keyboard's own protocol"
        assert termios.tcgetattr(self._child.fileno()) == self.settings

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._child.fileno())

    def close(self) -> None:
        """End whatever still runs."""
        with contextlib.suppress(OSError):
            self._child.close(force=True)


def to_the_job(opened: Terminal, release: str = "Invoice Intake") -> None:
    """Sign in with what is filled in, take the first account, and start the release: the whole way by keyboard."""
    opened.wait("is filled in")
    opened.press("enter")
    from_accounts_to_the_job(opened, release)


def from_accounts_to_the_job(opened: Terminal, release: str = "Invoice Intake") -> None:
    """Take the first account and start the release."""
    to_the_start_form(opened, release)
    opened.press("f5")
    opened.wait("Start this job?")
    opened.wait("starts it, once")
    opened.press("enter")


def to_the_start_form(opened: Terminal, release: str = "Invoice Intake") -> None:
    """Take the first account and the release."""
    opened.wait("Which account?")
    opened.press("enter")
    opened.wait("11 releases")
    opened.press(*release)
    opened.wait(f"› {release}")
    opened.press("enter")
    opened.wait(f"Start {release}")


@contextlib.contextmanager
def terminal(
    *arguments: str, home: Path, columns: int = 120, rows: int = 36, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run the program in a terminal while the block runs."""
    home.mkdir(parents=True, exist_ok=True)
    opened = Terminal(arguments, home, columns=columns, rows=rows, env=env)
    try:
        yield opened
    finally:
        opened.close()
