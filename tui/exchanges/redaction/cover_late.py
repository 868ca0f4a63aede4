"""Takes secrets that are learned late out of what a log has already, in a thread, a few at a time, within bounds.

The usual secret stands in nothing that was kept before, but only a look at all of it can tell. So what is learned
together is looked for together, and after each look the thread rests as long as that look was large.
"""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.exchanges.redaction.needles import Needle

    Look = Callable[[Sequence[Needle], bool], "int | None"]
    """Covers them everywhere; ``True`` for the last time. Returns the bytes looked at, ``None`` to be asked again."""
    _Needles = dict[tuple[bytes, bool], Needle]

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
        self._waiting: _Needles = {}
        self._known: _Needles = {}
        self._thread: Thread | None = None
        self._ends = Event()

    def add(self, needle: Needle) -> None:
        """Cover this secret. From any thread."""
        with self._lock:
            _put(self._known, needle)
            _put(self._waiting, needle)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="cover-log", daemon=True)
                self._thread.start()

    @property
    def known(self) -> tuple[Needle, ...]:
        """What it was given, of very many as much as may wait."""
        with self._lock:
            return tuple(self._known.values())

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


def _put(needles: _Needles, needle: Needle) -> None:
    """Put one in as the latest; of those that no session uses the first give way."""
    key = needle.value, bool(needle.beginnings)
    needles.pop(key, None)
    needles[key] = needle
    found = [each for each in needles if not each[1]]
    for each in found[: max(0, len(found) - MOST)]:
        del needles[each]
