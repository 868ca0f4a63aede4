"""Which exchanges share one row of the list: repeated polls. Pure; knows exchanges by their index in the log."""

import re
from array import array
from bisect import bisect_left
from typing import Final

from tui.exchanges.model import Entry, Purpose

_POLLS: Final = frozenset({Purpose.WATCH, Purpose.LOGS})
_MOVING: Final = re.compile(r"\d{4}-\d\d-\d\dT[\w:.%+-]*|(?<=skip=)\d+", re.IGNORECASE)
"""What moves on from one poll of robot logs to the next: a time or a place in the list."""

Key = tuple[Purpose, str, str, int | None]


def _key(entry: Entry) -> Key:
    url = entry.url
    if entry.purpose is Purpose.LOGS:
        url = _MOVING.sub("", url)
    return entry.purpose, entry.method, url, entry.status


class ExchangeFolds:
    """Rows of exchange indexes, in the order of their first exchange. Indexes are taken in growing order, with gaps.

    Polls fold while nothing but polls is taken in: two kinds of poll that take turns (job state, robot logs) keep one
    row each. A change of status begins a new row; any other exchange ends the run, so that order stays readable.
    """

    def __init__(self) -> None:
        self._taken = array("I")
        self._row_at = array("I")
        """The row of each index taken."""
        self._last = array("I")
        self._count = array("I")
        self._run: dict[Key, int] = {}

    def append(self, index: int, entry: Entry) -> int:
        """Take in exchange ``index`` of the log and return the row that is new or changed."""
        row = self._row_for(index, entry)
        self._taken.append(index)
        self._row_at.append(row)
        return row

    def _row_for(self, index: int, entry: Entry) -> int:
        if entry.purpose not in _POLLS:
            if self._run:
                self._run.clear()
            return self._add_row(index)
        key = _key(entry)
        row = self._run.get(key)
        if row is not None:
            self._last[row] = index
            self._count[row] += 1
            return row
        self._end_run_of_other_status(key)
        row = self._run[key] = self._add_row(index)
        return row

    def _end_run_of_other_status(self, key: Key) -> None:
        for other in [other for other in self._run if other[:3] == key[:3]]:
            del self._run[other]

    def _add_row(self, index: int) -> int:
        self._last.append(index)
        self._count.append(1)
        return len(self._last) - 1

    @property
    def total(self) -> int:
        """How many exchanges were taken in."""
        return len(self._taken)

    def __len__(self) -> int:
        return len(self._last)

    def last(self, row: int) -> int:
        """Return the index of the newest exchange of ``row``."""
        return self._last[row]

    def count(self, row: int) -> int:
        """Return how many exchanges ``row`` stands for."""
        return self._count[row]

    def taken(self, position: int) -> int:
        """Return the index of the exchange that was taken in as number ``position``, from 0."""
        return self._taken[position]

    def position_of(self, index: int) -> int:
        """Return the position of exchange ``index``, or of the next one that was taken in; the last where none is."""
        return max(0, min(bisect_left(self._taken, index), len(self._taken) - 1))

    def row_of(self, index: int) -> int:
        """Return the row that holds exchange ``index``. Raises `IndexError` when it was not taken in."""
        position = bisect_left(self._taken, index)
        if position >= len(self._taken) or self._taken[position] != index:
            raise IndexError(index)
        return self._row_at[position]

    def row_near(self, index: int) -> int:
        """Return the row that holds exchange ``index``, or the next one that was taken in."""
        return self._row_at[self.position_of(index)] if self._taken else 0
