"""Which three bytes in a row stand in some texts, as bits: tells at once where a text can't be. No I/O.

A text that is looked for may lie anywhere in a word, so words are no help; three bytes in a row are. Many texts
share their bits, as the bodies of one session are much alike. Bits are hashed: they can hold more than they should,
never less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BITS: Final = 1 << 16
SIZE: Final = BITS // 8
GRAM: Final = 3
_PIECE: Final = 1 << 14
"""Bytes looked at in one go: as long as other threads wait."""


def bits_of(texts: Iterable[bytes]) -> bytes:
    """Return the bits of the three bytes in a row that stand in these texts, in lower case."""
    found: set[tuple[int, int, int]] = set()
    for text in texts:
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE + GRAM - 1].lower()
            found.update(zip(piece, piece[1:], piece[2:], strict=False))
    bits = bytearray(SIZE)
    for place in map(_place, found):
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def lacks(bits: object, *texts: bytes) -> bool:
    """Tell whether none of the lower-case ``texts`` can stand where these bits are from; ``False`` where unknown."""
    if not isinstance(bits, bytes) or len(bits) != SIZE:
        return False
    return not any(all(bits[place >> 3] >> (place & 7) & 1 for place in _places(text)) for text in texts)


def _places(text: bytes) -> Iterator[int]:
    return map(_place, zip(text, text[1:], text[2:], strict=False))


def _place(gram: tuple[int, int, int]) -> int:
    first, second, third = gram
    return (first * 40_503 ^ second * 509 ^ third) & BITS - 1
