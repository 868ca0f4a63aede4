"""Turns between a thread that computes and the event loop, which share one interpreter: the keys go first."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_USUAL: Final = gc.get_threshold()
_NEVER: Final = 1 << 30
LONGEST_TURN: Final = 0.25
"""Seconds that the thread waits for the loop at most: it may have ended."""


@contextmanager
def no_long_search() -> Generator[None]:
    """Have nobody wait while the collector walks through all there is, as long as something is made that stays.

    What is young is still searched; everything is again afterwards.
    """
    often, seldom, _ = _USUAL
    gc.set_threshold(often, seldom, _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)


def giving_way() -> Callable[[], None]:
    """Return what a thread calls between its slices. To be called in the loop, once for each thread.

    The loop then does all that is due: a slice between two of its turns is all that a key waits for.
    """
    loop, turn = asyncio.get_running_loop(), threading.Event()

    def give_way() -> None:
        turn.clear()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(turn.set)
        turn.wait(LONGEST_TURN)

    return give_way
