"""Turns between a thread that computes and the event loop, which share one interpreter: the keys go first."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_TURN: Final = 0.25
"""Seconds that the thread waits for the loop at most: it may have ended."""


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
