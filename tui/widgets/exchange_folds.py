"""Which exchanges share one row of the list: repeated polls. Pure; knows exchanges by their index in the log."""

import re
from array import array
from typing import Final

from tui.exchanges.model import Exchange, Purpose

_POLLS: Final = frozenset({Purpose.WATCH, Purpose.LOGS})
_MOVING: Final = re.compile(r"\d{4}-\d\d-\d\dT[\w:.%+-]*|(?<=skip=)\d+", re.IGNORECASE)
"""What moves on from one poll of robot logs to the next: a time or a place in the list."""

Key = tuple[Purpose, str, str, int | None]


def _key(exchange: Exchange) -> Key:
    url = exchange.url
    if exchange.purpose is Purpose.LOGS:
        url = _MOVING.sub("", url)
    return exchange.purpose, exchange.method, url, exchange.status


class ExchangeFolds:
    """Rows of exchange indexes, in the order of their first exchange.

    Polls fold while nothing but polls is recorded: two kinds of poll that take turns (job state, robot logs) keep one
    row each. A change of status begins a new row; any other exchange ends the run, so that order stays readable.
    """

    def __init__(self) -> None:
        self._rows: list[array[int]] = []
        self._run: dict[Key, int] = {}
        self._total = 0

    def append(self, exchange: Exchange) -> int:
        """Take in the next exchange of the log and return the row that is new or changed."""
        index = self._total
        self._total += 1
        if exchange.purpose not in _POLLS:
            self._run.clear()
            return self._add_row(index)
        key = _key(exchange)
        row = self._run.get(key)
        if row is not None:
            self._rows[row].append(index)
            return row
        self._end_run_of_other_status(key)
        row = self._run[key] = self._add_row(index)
        return row

    def _end_run_of_other_status(self, key: Key) -> None:
        for other in [other for other in self._run if other[:3] == key[:3]]:
            del self._run[other]

    def _add_row(self, index: int) -> int:
        self._rows.append(array("Q", (index,)))
        return len(self._rows) - 1

    @property
    def total(self) -> int:
        """How many exchanges were taken in."""
        return self._total

    def __len__(self) -> int:
        return len(self._rows)

    def last(self, row: int) -> int:
        """Return the index of the newest exchange of ``row``."""
        return self._rows[row][-1]

    def count(self, row: int) -> int:
        """Return how many exchanges ``row`` stands for."""
        return len(self._rows[row])

    def row_of(self, index: int) -> int:
        """Return the row that holds exchange ``index``."""
        low, high = 0, len(self._rows)
        while low < high:  # rows begin in order, so rows past this point begin after the exchange
            middle = (low + high) // 2
            if self._rows[middle][0] <= index:
                low = middle + 1
            else:
                high = middle
        for row in range(low - 1, -1, -1):
            if index in self._rows[row]:
                return row
        raise IndexError(index)
