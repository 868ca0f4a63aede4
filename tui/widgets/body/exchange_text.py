"""Bodies as rows of cells: finds where each row begins and ends in the bytes, a slice of rows at a time.

Keeps offsets only, never a second copy of the body; a row is decoded, cleaned and coloured when it is drawn. Pure: no
widget, usable from a thread while another draws the rows found so far.
"""

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_right
from typing import Final, Literal
from urllib.parse import parse_qsl

from rich.cells import cell_len

from tui.text import clean, size

Kind = Literal["text", "key", "string", "number", "constant", "punctuation", "note", "error", "title"]
Part = tuple[str, Kind]

UNSAFE: Final = re.compile(rb"[^\x20-\x7e]")
"""A byte that takes more or less than one cell, or none that may be shown."""

_HANGING: Final = 0x80000000
_NARROWEST: Final = 16
LARGEST_FORM: Final = 32 * 1024
"""Bytes of a form that is decoded: it is done at once, and no form of sign-in is longer than a few thousand."""


class _Cells(dict[str, int]):
    """Character → cells it takes once cleaned."""

    def __missing__(self, character: str) -> int:
        code = ord(character)
        cells = self[character] = 4 if 0xDC80 <= code <= 0xDCFF else cell_len(clean(character))
        return cells


_CELLS: Final = _Cells()


def shown(data: bytes, start: int, end: int) -> str:
    r"""Return ``data[start:end]`` as harmless text; bytes that are no UTF-8 as ``\\xff``."""
    return clean(data[start:end].decode("utf-8", "backslashreplace"), limit=end - start + 3 * (end - start))


def cut(data: bytes, start: int, end: int, width: int) -> int:
    """Return where the row that begins at ``start`` ends: ``width`` cells at most, a character at least."""
    stop = min(end, start + width)
    if UNSAFE.search(data, start, stop) is None:
        return stop
    stop = min(end, start + 4 * width)
    # No character is longer than four bytes: more that go on one are none, and are taken one by one.
    for back in range(stop, stop - 4, -1):
        if back == end or data[back] & 0xC0 != 0x80:
            stop = back
            break
    used, at = 0, start
    for character in data[start:stop].decode("utf-8", "surrogateescape"):
        used += _CELLS[character]
        if used > width and at > start:
            break
        code = ord(character)
        at += 1 if code < 0x80 or 0xDC80 <= code <= 0xDCFF else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    return at


class BodyRows(ABC):
    """Rows of a body at one width. ``fault`` says why the body cannot be shown this way, once that is known.

    ``respaced``: the space between the tokens of a line is not drawn as it was sent.
    """

    respaced = False

    def __init__(self, data: bytes, width: int) -> None:
        self.data = data
        self.width = max(_NARROWEST, width)
        self.done = False
        self.fault = ""
        code = "I" if len(data) < 2**32 else "Q"
        self._starts: array[int] = array(code)
        self._ends: array[int] = array(code)
        self._marks: array[int] = array("I")

    def __len__(self) -> int:
        return len(self._marks)

    @abstractmethod
    def feed(self, limit: int, reach: int = 0) -> None:
        """Find up to ``limit`` more rows (a few more when one line makes many); sets ``done`` at the end.

        With ``reach`` no more than as many bytes are looked at: a line that is longer is left to a call without it.
        """

    @abstractmethod
    def parts(self, index: int) -> list[Part]:
        """Return row ``index`` as cleaned, coloured pieces."""

    def continues(self, index: int) -> bool:
        """Say whether row ``index`` goes on a line begun in the row above."""
        return bool(self._marks[index] & _HANGING)

    def indent(self, index: int) -> int:
        """Return how many spaces of row ``index`` are no part of the body."""
        del index
        return 0

    def text(self, index: int) -> str:
        """Return row ``index`` as it is drawn, without its indent."""
        return "".join(text for text, _ in self.parts(index))[self.indent(index) :]

    def span(self, index: int) -> tuple[int, int]:
        """Return where the bytes of row ``index`` begin and end."""
        return self._starts[index], self._ends[index]

    def row_at_byte(self, offset: int, first: int = 0) -> int:
        """Return the row, ``first`` or below, that the byte at ``offset`` is in."""
        return bisect_right(self._starts, offset, first, len(self)) - 1

    def _add(self, start: int, end: int, mark: int) -> None:
        self._starts.append(start)
        self._ends.append(end)
        self._marks.append(mark)  # last: its length is the count that another thread reads


class TextRows(BodyRows):
    """Text as it is, wrapped at the width."""

    def __init__(self, data: bytes, width: int) -> None:
        super().__init__(data, width)
        self._at = 0
        self._line_end = -1
        self.done = not data

    def feed(self, limit: int, reach: int = 0) -> None:
        """Find up to ``limit`` more rows; a row never needs more than a few bytes."""
        del reach
        data, width, length = self.data, self.width, len(self.data)
        at, line_end = self._at, self._line_end
        mark = _HANGING if line_end >= 0 else 0
        for _ in range(limit):
            if line_end < 0:
                found = data.find(b"\n", at)
                line_end = length if found < 0 else found
            end = cut(data, at, self._without_return(at, line_end), width)
            self._add(at, end, mark)
            if end >= self._without_return(at, line_end):
                at, line_end, mark = line_end + 1, -1, 0
                if at >= length:
                    self.done = True
                    break
            else:
                at, mark = end, _HANGING
        self._at, self._line_end = at, line_end

    def _without_return(self, start: int, end: int) -> int:
        return end - 1 if start < end < len(self.data) and self.data[end - 1] == 0x0D else end

    def parts(self, index: int) -> list[Part]:
        """Return row ``index`` in one colour."""
        return [(shown(self.data, self._starts[index], self._ends[index]), "text")]


class FormRows(TextRows):
    """A form-encoded body as ``key=value`` lines, decoded. One of more than `LARGEST_FORM` bytes sets ``fault``."""

    def __init__(self, data: bytes, width: int) -> None:
        if len(data) > LARGEST_FORM:
            super().__init__(b"", width)
            self.fault = f"A form of {size(len(data))} is not decoded."
            return
        pairs = parse_qsl(data.decode("utf-8", "backslashreplace"), keep_blank_values=True, errors="backslashreplace")
        lines = (f"{key}={value}".replace("\n", "␊") for key, value in pairs)
        super().__init__("\n".join(lines).encode("utf-8", "backslashreplace"), width)

    def parts(self, index: int) -> list[Part]:
        """Return row ``index`` with its key coloured."""
        text = super().parts(index)[0][0]
        key, mark, value = text.partition("=")
        if self.continues(index) or not mark:
            return [(text, "string")]
        return [(key, "key"), ("=", "punctuation"), (value, "string")]
