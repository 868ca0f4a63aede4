"""Tells whether the program that wrote a row of the journal still runs: it holds a lock that its end releases."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.store import files
from tui.store.errors import file_trouble

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import BaseFileLock


class Owner:
    """One running program. Its lock file has a name of its own, so nobody ever waits for it."""

    def __init__(self, folder: Path) -> None:
        self.id = uuid4().hex
        self._folder = folder
        self._lock: BaseFileLock | None = None

    def claim(self) -> None:
        """Hold the lock until this program ends. The folder must exist. Raises `StoreError`."""
        if self._lock is not None:
            return
        path = self._path(self.id)
        lock = _lock(path)
        try:
            lock.acquire(blocking=False)
        except (OSError, NotImplementedError, TimeoutError) as error:
            raise file_trouble(path, "can't be locked", "Keep it on a disk of this machine.") from error
        self._lock = lock

    def lives(self, other: str) -> bool:
        """Tell whether the program with this id still runs; what a dead one left is removed."""
        if other == self.id:
            return True
        path = self._path(other)
        if not path.exists():
            return False
        lock = _lock(path)
        try:
            lock.acquire(blocking=False)
        except (OSError, NotImplementedError, TimeoutError):
            return True
        with suppress(OSError):
            path.unlink()
        lock.release()
        return False

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._lock is not None:
            with suppress(OSError):
                self._path(self.id).unlink()
            self._lock.release()
            self._lock = None

    def _path(self, name: str) -> Path:
        return self._folder / f"running-{name}.lock"


def _lock(path: Path) -> BaseFileLock:
    from filelock import FileLock

    files.touch_private(path)
    return FileLock(path, mode=files.OWNER_ONLY, thread_local=False, fallback_to_soft=False)
