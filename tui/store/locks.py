"""Locks between processes, on files that stay where they are. Owns how long to wait and how to wait without blocking.

The folder of a lock file must exist. The file is never removed: a process that waits for the old one would then hold a
lock beside the new one.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

from tui.clock import Clock, SystemClock
from tui.errors import Exit, Failure
from tui.store import files
from tui.store.errors import StoreError, file_trouble, shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from filelock import BaseFileLock

PATIENCE: Final = 30.0
"""Seconds to wait for another process: the longest token call."""

PAUSE: Final = 0.05
"""Seconds between two tries."""


@contextmanager
def held(path: Path, what: str, *, patience: float = PATIENCE) -> Generator[None]:
    """Hold the lock at ``path`` while the block runs, waiting in this thread. Raises `StoreError`.

    ``what`` names in one word or two what it protects, for the error of a wait longer than ``patience`` seconds.
    """
    from filelock import Timeout

    lock = _prepared(path)
    try:
        lock.acquire(timeout=patience, poll_interval=PAUSE)
    except Timeout as error:
        raise _busy(path, what, patience) from error
    except (OSError, NotImplementedError) as error:
        raise _useless(path, error) from error
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def held_async(
    path: Path, what: str, *, patience: float = PATIENCE, clock: Clock | None = None
) -> AsyncGenerator[None]:
    """Hold the lock at ``path`` while the block runs; the event loop goes on meanwhile. Raises `StoreError`.

    Cancelling gives the lock back, also while it is being waited for.
    """
    clock = clock or SystemClock()
    lock = await asyncio.to_thread(_prepared, path)
    give_up = clock.monotonic() + patience
    while not await _tried(lock, path):
        if clock.monotonic() >= give_up:
            raise _busy(path, what, patience)
        await clock.sleep(PAUSE)
    try:
        yield
    finally:
        lock.release()


async def _tried(lock: BaseFileLock, path: Path) -> bool:
    """Try once, in a thread: a network file system may take its time. A cancelled try releases what it still gets."""
    attempt = asyncio.get_running_loop().run_in_executor(None, _take, lock, path)
    try:
        return await asyncio.shield(attempt)
    except asyncio.CancelledError:
        attempt.add_done_callback(lambda done: _give_back(lock, done))
        raise


def _give_back(lock: BaseFileLock, attempt: asyncio.Future[bool]) -> None:
    if not attempt.cancelled() and attempt.exception() is None and attempt.result():
        lock.release()


def _take(lock: BaseFileLock, path: Path) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except (OSError, NotImplementedError) as error:
        raise _useless(path, error) from error
    return True


def _prepared(path: Path) -> BaseFileLock:
    """Return the lock of a file that is a plain one of the person's own."""
    from filelock import FileLock

    files.touch_private(path)
    # One thread takes it and another releases it. A marker file instead of a real lock would outlive a killed process.
    return FileLock(path, mode=files.OWNER_ONLY, thread_local=False, fallback_to_soft=False)


def _busy(path: Path, what: str, patience: float) -> StoreError:
    cause = f"another uipath-tui has held {shown(path)} for {patience:g} s"
    return StoreError(Failure(f"The {what} is in use", cause, "Close the other one, or try again.", exit=Exit.USAGE))


def _useless(path: Path, error: Exception) -> StoreError:
    why = f"can't be locked ({getattr(error, 'strerror', None) or type(error).__name__})"
    return file_trouble(path, why, "Keep it on a disk of this machine.")
