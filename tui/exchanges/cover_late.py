"""Takes secrets that are learned late out of what a log has already, in a thread, a few at a time, within bounds.

The usual secret stands in nothing that was kept before, but only a look at all of it can tell. So what is learned
together is looked for together, and after each look the thread rests as long as that look was large.
"""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.exchanges.needles import Needle

    Look = Callable[[Sequence[Needle], bool], "int | None"]
    """Covers them everywhere; ``True`` for the last time. Returns the bytes looked at, ``None`` to be asked again."""

FIRST_REST: Final = 0.05
"""Seconds in which more may be learned from the same answer."""
REST_AFTER: Final = 4_000_000
"""Bytes looked at for each second of rest, for a few secrets: about a tenth of one core at most."""
FEW: Final = 8
AGAIN: Final = 1.0
"""Seconds until what could not be covered is tried again."""
MOST: Final = 64
"""Secrets that wait at most. Of more, as only a hostile answer brings, the latest, and all that the session uses."""


class Covering:
    """Covers what it is given by ``look``, in a thread that lives while there is something to do."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._lock = Lock()
        self._waiting: dict[tuple[bytes, bool], Needle] = {}
        self._thread: Thread | None = None
        self._ends = Event()

    def add(self, needle: Needle) -> None:
        """Cover this secret. From any thread."""
        with self._lock:
            self._waiting[needle.value, bool(needle.beginnings)] = needle
            found = [key for key in self._waiting if not key[1]]
            for key in found[: max(0, len(found) - MOST)]:
                del self._waiting[key]
            if self._thread is None:
                self._thread = Thread(target=self._run, name="cover-log", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Cover what waits, without rest, and return when that is done."""
        self._ends.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        rest = FIRST_REST
        while True:
            self._ends.wait(rest)
            last = self._ends.is_set()
            with self._lock:
                needles = dict(self._waiting)
                self._waiting.clear()
                if not needles:
                    self._thread = None
                    return
            try:
                looked = self._look(tuple(needles.values()), last)
            except BaseException:
                with self._lock:
                    self._thread = None  # a defect costs this look, not those to come
                raise
            if looked is None and not last:
                with self._lock:
                    self._waiting = {**needles, **self._waiting}
            rest = AGAIN if looked is None else max(FIRST_REST, looked * max(1, len(needles) / FEW) / REST_AFTER)
