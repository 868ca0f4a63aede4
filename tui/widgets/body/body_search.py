"""Finds text in the rows of a body: what is drawn is what is looked through, wrapped or not, in any case of letters.

Pure, and made for a thread: a slice of rows at a time. Plain stretches are looked through as bytes; rows are put
together as they are drawn only where a control character, another script or JSON's spacing could make a difference.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tui.widgets.body.exchange_text import BodyRows

MOST: Final = 1_000_000
"""Places found at most; looking further would only count."""

SLICE_ROWS: Final = 16_384
STRETCH: Final = 256
_LONGEST_STRETCH: Final = 256 * 1024
"""Bytes that are looked through in one go; there are more only where a lot of space is between the rows."""
_CONTROL: Final = re.compile(rb"[^\x20-\x7e\r\n]|\r(?!\n)")
_CONTROL_IN_JSON: Final = re.compile(rb"[^\x20-\x7e\t\r\n]")
_SPACED: Final = re.compile(r"[ :,\[\]{}]+")
_LINE_ENDS: Final = frozenset("␊␍")


class _Lower(dict[int, str]):
    """Code point → its small letter, where that is one character: offsets stay what they were."""

    def __missing__(self, code: int) -> str:
        small = chr(code).lower()
        self[code] = small if len(small) == 1 else chr(code)
        return self[code]


_LOWER: Final = _Lower()


def lowered(text: str) -> str:
    """Return ``text`` in small letters, as long as before."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


class Span(NamedTuple):
    """Characters of a row that belong to a place: which one it is by the row where it begins and its turn there."""

    start: int
    end: int
    row: int
    turn: int


class Places:
    """The rows where ``text`` begins, in order, one for each time. Found as far as `looked`."""

    def __init__(self, rows: BodyRows, text: str) -> None:
        self.rows = rows
        self.text = lowered(text)
        self.found: array[int] = array("I")
        self.looked = 0
        self.full = False
        pieces = _SPACED.split(self.text) if rows.respaced else [self.text]
        probe = max(pieces, key=len)
        self._exact_only = not probe or not _LINE_ENDS.isdisjoint(self.text)
        self._certain = probe == self.text
        self._probe = probe.encode() if probe.isascii() else b""
        self._control = _CONTROL_IN_JSON if rows.respaced else _CONTROL

    @property
    def done(self) -> bool:
        """Whether every row has been looked through, or enough was found."""
        return self.full or (self.rows.done and self.looked >= len(self.rows))

    def advance(self, limit: int = SLICE_ROWS) -> bool:
        """Look through up to ``limit`` more rows; return whether any could be."""
        rows = self.rows
        # What is found in a row may end in rows below, each of which has a character at least.
        known = len(rows) if rows.done else len(rows) - len(self.text)
        goal = min(known, self.looked + limit)
        if self.done or goal <= self.looked:
            return False
        while self.looked < goal and not self.full:
            last = min(goal, self.looked + STRETCH)
            self._look(self.looked, last)
            self.looked = last
            self.full = len(self.found) >= MOST
        return True

    def _look(self, first: int, last: int) -> None:
        begin, _ = self.rows.span(first)
        _, end = self.rows.span(min(last + len(self.text), len(self.rows)) - 1)
        if end - begin > _LONGEST_STRETCH:
            self._look_closely(first, last)
            return
        stretch = self.rows.data[begin:end]
        if self._exact_only or self._control.search(stretch):
            self._look_closely(first, last)
        elif self._probe:
            self._look_in_bytes(stretch.lower(), begin, first, last)

    def _look_in_bytes(self, stretch: bytes, begin: int, first: int, last: int) -> None:
        probe, looked = self._probe, first
        at = stretch.find(probe)
        while at >= 0:
            row = self.rows.row_at_byte(begin + at, first)
            if self._certain:
                if row >= last:
                    return
                self.found.append(row)
            elif row >= looked:
                self._look_closely(max(looked, self._reach(row)), min(row + 1, last))
                looked = row + 1
            at = stretch.find(probe, at + 1)

    def _reach(self, row: int) -> int:
        """Return the first row from which something can reach into ``row``."""
        return _row_before(self.rows, row, len(self.text))

    def _look_closely(self, first: int, last: int) -> None:
        for row in range(first, last):
            self.found.extend(row for _ in _starts(self.rows, row, self.text))


def _row_before(rows: BodyRows, row: int, characters: int) -> int:
    while characters > 0 and row > 0 and rows.continues(row):
        row -= 1
        characters -= len(rows.text(row))
    return row


def _starts(rows: BodyRows, row: int, text: str) -> list[int]:
    """Return where in ``row`` the lowered ``text`` begins; it may end in the rows that go on the same line."""
    own = rows.text(row)
    whole, following = own, row + 1
    while len(whole) < len(own) + len(text) - 1 and following < len(rows) and rows.continues(following):
        whole += rows.text(following)
        following += 1
    whole = lowered(whole)
    found: list[int] = []
    at = whole.find(text)
    while 0 <= at < len(own):
        found.append(at)
        at = whole.find(text, at + 1)
    return found


def spans(rows: BodyRows, row: int, text: str) -> list[Span]:
    """Return what of ``row``, without its indent, belongs to places of ``text`` (lowered)."""
    found: list[Span] = []
    length, before = len(rows.text(row)), 0
    first = _row_before(rows, row, len(text))
    for other in range(row, first - 1, -1):
        if other < row:
            before += len(rows.text(other))
        for turn, at in enumerate(_starts(rows, other, text)):
            start, end = max(0, at - before), min(length, at - before + len(text))
            if start < end:
                found.append(Span(start, end, other, turn))
    return sorted(found)


def turn_of(found: array[int], index: int) -> int:
    """Return which of the places that begin in its row ``found[index]`` is."""
    return index - bisect_left(found, found[index], 0, index + 1)


def first_from(found: array[int], row: int) -> int:
    """Return the index of the first place in ``row`` or below."""
    return bisect_left(found, row)


def last_before(found: array[int], row: int) -> int:
    """Return the index of the last place above ``row``, -1 for none."""
    return bisect_left(found, row) - 1


def first_after(found: array[int], row: int) -> int:
    """Return the index of the first place below ``row``."""
    return bisect_right(found, row)
