"""Large bodies compared in a process of its own, so that no key waits for it; stopped when nobody wants the answer.

Reading JSON holds the interpreter for as long as it takes, in a thread too. Bodies go through a pipe, never to disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from threading import Lock
from typing import IO, TYPE_CHECKING, Final, cast

from tui.exchanges.diff.bodies import Told, compared_bodies

if TYPE_CHECKING:
    from tui.exchanges.diff.documents import Found

LARGE: Final = 128 * 1024
"""Bytes of two bodies from which on a process of their own is worth its start, about a tenth of a second."""
_COMMAND: Final = "import sys; sys.path[:] = {path!r}; from tui.exchanges.diff.apart import main; main()"


class StoppedError(Exception):
    """Nobody wants the answer any more."""


class Comparing:
    """Compares bodies, large ones apart. To be called in a thread; `stop` from any."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def __call__(self, before: bytes, now: bytes, cut: bool) -> Told:
        """Compare two bodies as `compared_bodies` does. Raises `StoppedError`."""
        if len(before) + len(now) < LARGE:
            return compared_bodies(before, now, cut)
        told = self._apart(before, now, cut)
        if self._stopped:
            raise StoppedError
        return told if told is not None else compared_bodies(before, now, cut)

    def stop(self) -> None:
        """Compare nothing any more; end what is being compared."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _apart(self, before: bytes, now: bytes, cut: bool) -> Told | None:
        """Return what a process finds, ``None`` where none can be started or it failed."""
        with self._lock:
            if self._stopped:
                return None
            try:
                process = self._process = _started()
            except OSError:
                return None
        with process:
            try:
                answer = _asked(process, before, now, cut)
            finally:
                process.kill()
        with self._lock:
            self._process = None
        return _read(answer) if process.returncode == 0 else None


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this interpreter, and a text of ours
        [sys.executable, "-c", _COMMAND.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _asked(process: subprocess.Popen[bytes], before: bytes, now: bytes, cut: bool) -> bytes:
    """Hand over the bodies and return the answer, which begins only when all is read; nothing large is copied here."""
    if process.stdin is None or process.stdout is None:
        return b""
    with suppress(OSError):  # it was stopped
        for part in (b"%d %d %d\n" % (len(before), len(now), cut), before, now):
            process.stdin.write(part)
    with suppress(OSError):  # what is left of it does not go out any more
        process.stdin.close()
    answer = process.stdout.read()
    process.wait()
    return answer


def _read(answer: bytes) -> Told | None:
    try:
        found, more, note = json.loads(answer)
    except ValueError:
        return None
    return Told([cast("Found", tuple(each)) for each in found], more, note)


def main() -> None:
    """Be that process: bodies on standard input, what differs as JSON on standard output."""
    from tui.system.hardening import before_anything, once_open

    before_anything()
    once_open()
    answer_to(sys.stdin.buffer, sys.stdout.buffer)


def answer_to(asked: IO[bytes], told: IO[bytes]) -> None:
    """Read two bodies and write what differs."""
    before, now, cut = (int(each) for each in asked.readline().split())
    found = compared_bodies(asked.read(before), asked.read(now), bool(cut))
    told.write(json.dumps(found).encode())
    told.flush()
