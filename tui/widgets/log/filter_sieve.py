"""Filters a log a slice at a time, so that keys are answered in between. Owns no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.widgets.log.exchange_folds import ExchangeFolds

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from tui.exchanges.filter.language import Filter
    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Entry

SLICE: Final = 0.004
"""Seconds of a slice: a key that comes in it still has its frame."""
_SHALLOW: Final = 64
"""Entries between two looks at the clock where no body has to be read."""


class Sieve:
    """Goes through ``log`` from its beginning; ``folds`` grow with what fits, in order. Without a filter all fits.

    `judge` gives it the verdict of somebody who has looked at the bodies of the first exchanges.
    """

    def __init__(self, log: ExchangeLog, wanted: Filter | None, monotonic: Callable[[], float]) -> None:
        self.folds = ExchangeFolds()
        self.wanted = wanted
        self._log = log
        self._monotonic = monotonic
        self._at = 0
        self._judged_to = 0
        self._judged: Container[int] = ()
        self._unjudged: Container[int] = ()

    def judge(self, last: int, fitting: Container[int], unknown: Container[int]) -> None:
        """Take in which ids up to ``last`` fit; ``unknown`` are those nobody has looked at."""
        self._judged_to, self._judged, self._unjudged = last, fitting, unknown

    @property
    def done(self) -> bool:
        """Whether every exchange of the log was looked at."""
        return self._at >= len(self._log.entries)

    @property
    def behind(self) -> int:
        """How many exchanges of the log were not looked at yet."""
        return len(self._log.entries) - self._at

    @property
    def progress(self) -> float:
        """The part of the log that was looked at, 0 to 1."""
        return self._at / max(1, len(self._log.entries))

    def slice(self, seconds: float = SLICE) -> int | None:
        """Look at the next few exchanges and return the first row that is new or changed, if any."""
        until = self._monotonic() + seconds
        step = _SHALLOW if self.wanted is None or not self.wanted.deep else 1
        first: int | None = None
        while not self.done:
            row = self._look(step)
            if row is not None and (first is None or row < first):
                first = row
            if self._monotonic() >= until:
                break
        return first

    def _look(self, count: int) -> int | None:
        entries, folds = self._log.entries, self.folds
        end = min(len(entries), self._at + count)
        first: int | None = None
        for index in range(self._at, end):
            entry = entries[index]
            if self.wanted is None or self._fits(self.wanted, entry):
                row = folds.append(index, entry)
                if first is None or row < first:
                    first = row
        self._at = end
        return first

    def _fits(self, wanted: Filter, entry: Entry) -> bool:
        if entry.id <= self._judged_to and entry.id not in self._unjudged:
            return entry.id in self._judged
        return wanted.matches(entry, self._log.exchange, self._log.marks)
