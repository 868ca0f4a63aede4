"""Ctrl+C and requests to terminate, heard by a running event loop instead of ending it in the middle."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType


@contextlib.contextmanager
def interrupting(callback: Callable[[], object]) -> Generator[None]:
    """Call ``callback`` in the running loop on ctrl+c and on a request to terminate, instead of dying in the middle."""
    loop = asyncio.get_running_loop()
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)

    for number in numbers:
        signal.signal(number, interrupted)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
