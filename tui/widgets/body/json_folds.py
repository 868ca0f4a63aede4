"""Which rows of a JSON body are shown when objects and arrays are folded. Pure; asks the containers, never the rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.widgets.body.json_view import JsonRows

_SLICE = 1_000
NONE = 0xFFFFFFFF
"""The parent of the outermost container."""


class Folding:
    """Row ↔ place among the rows shown, for one set of folded containers. Made whole, then never changed."""

    def __init__(
        self,
        rows: JsonRows | None = None,
        flags: bytes | bytearray = b"",
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self._begins: array[int] = array("I")
        self._ends: array[int] = array("I")
        self._places: array[int] = array("I")
        self._hidden: array[int] = array("I", [0])
        if rows is not None:
            self._gather(rows, flags, between)

    def _gather(self, rows: JsonRows, flags: bytes | bytearray, between: Callable[[], None]) -> None:
        """Go from fold to fold, with a call of ``between`` every so often."""
        opens, closes, hidden = rows.opens, rows.closes, 0
        at = flags.find(1)
        while 0 <= at < len(opens):
            following = at + 1
            if closes[at]:
                begin, end = opens[at], rows.last_row_of(at)
                self._begins.append(begin)
                self._ends.append(end)
                self._places.append(begin - hidden)
                hidden += end - begin
                self._hidden.append(hidden)
                following = bisect_right(opens, end, following)
                if len(self._begins) % _SLICE == 0:
                    between()
            at = flags.find(1, following)

    @property
    def hidden(self) -> int:
        """How many rows are not shown."""
        return self._hidden[-1]

    def row_at(self, place: int) -> int:
        """Return the row that is shown at ``place``."""
        return place + self._hidden[bisect_left(self._places, place)]

    def place_of(self, row: int) -> int:
        """Return where ``row`` is shown, or for a row folded away the row that stands for it."""
        before = bisect_left(self._begins, row)
        if before and row <= self._ends[before - 1]:
            return self._places[before - 1]
        return row - self._hidden[before]

    def folds(self, row: int) -> bool:
        """Say whether ``row`` stands for rows that are folded away."""
        at = bisect_left(self._begins, row)
        return at < len(self._begins) and self._begins[at] == row


def container_at(rows: JsonRows, row: int) -> int:
    """Return the number of the container whose opening line has ``row``, -1 for none."""
    last = row
    while last + 1 < len(rows) and rows.continues(last + 1):
        last += 1
        if last - row > 64:
            return -1  # a line this long is a text
    at = bisect_left(rows.opens, last)
    return at if at < len(rows.opens) and rows.opens[at] == last else -1


def container_around(rows: JsonRows, row: int) -> int:
    """Return the number of the innermost container that folds ``row`` away when it is folded, -1 for none."""
    at = bisect_left(rows.opens, row) - 1
    while at >= 0 and rows.closes[at] and rows.last_row_of(at) < row:
        at = -1 if rows.parents[at] == NONE else rows.parents[at]
    return at


def unfold_around(rows: JsonRows, flags: bytearray, row: int) -> bool:
    """Unfold every container that hides ``row``; return whether one was folded."""
    changed = False
    at = container_around(rows, row)
    while at >= 0:
        if at < len(flags) and flags[at]:
            flags[at] = 0
            changed = True
        at = -1 if rows.parents[at] == NONE else rows.parents[at]
    return changed
