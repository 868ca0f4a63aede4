"""Who shows exchanges hears when some were changed: in its own event loop, whatever thread changed them. No I/O."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable


class Renewals:
    """Listeners of changes. From any thread."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None], failures: list[Exception]) -> Callable[[], None]:
        """Call ``listener`` at each change, in the running event loop if there is one; the returned function ends that.

        One that raises hears no more, and its error goes to ``failures``.
        """
        from contextvars import copy_context

        loop, context = _running(), copy_context()

        def hear() -> None:
            if tell in self._listeners:
                try:
                    listener()
                except Exception as error:  # noqa: BLE001 - what is shown can't keep a secret from being covered
                    end()
                    failures.append(error)

        def tell() -> None:
            if loop is None or _running() is loop:
                hear()
            else:
                with suppress(RuntimeError):  # it ended meanwhile
                    loop.call_soon_threadsafe(hear, context=context)

        def end() -> None:
            if tell in self._listeners:
                self._listeners.remove(tell)

        self._listeners.append(tell)
        return end

    def tell(self) -> None:
        """Tell everybody."""
        for each in tuple(self._listeners):
            each()


def _running() -> AbstractEventLoop | None:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
