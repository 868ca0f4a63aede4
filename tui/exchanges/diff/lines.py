"""Two texts compared line by line, in bounded time: with the fewest changes where there are not very many of them.

What begins and ends alike is left out first. Then the shortest way from one text to the other is looked for (E. Myers,
An O(ND) Difference Algorithm, 1986). Where that takes too many steps, lines that each text has only once hold the texts
together, and what is between two of them is compared on its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.exchanges.diff.documents import Found

LONGEST: Final = 400
"""Characters told of one line."""
MOST_LINES: Final = 100_000
"""Lines that are looked into; of the rest only how many there are is told."""
MOST_STEPS: Final = 400_000
"""Steps on the way from one text to the other; what is left then is compared by its place."""
_STEPS_BETWEEN: Final = 20_000
"""Steps between two lines that hold the texts together."""
_BLOCK: Final = 64 * 1024

_Pairs = list[tuple[int, int]]
"""Places of equal lines, before and now, both rising."""


def compared_lines(before: bytes, now: bytes) -> list[Found]:
    """Return what differs, by the numbers of lines."""
    old_text, new_text, first = _middle(before, now)
    old, new = old_text[:MOST_LINES], new_text[:MOST_LINES]
    known: dict[bytes, int] = {}
    old_ids, new_ids = ([known.setdefault(line, len(known)) for line in lines] for lines in (old, new))
    found: list[Found] = []
    at, new_at = 0, 0
    for place, new_place in [*_matched(old_ids, new_ids), (len(old), len(new))]:
        found += _by_place(old[at:place], new[new_at:new_place], first + at, first + new_at)
        at, new_at = place + 1, new_place + 1
    if len(old_text) > MOST_LINES or len(new_text) > MOST_LINES:
        rest, new_rest = (f"{max(0, len(lines) - MOST_LINES):,} lines" for lines in (old_text, new_text))
        found.append(("~", f"line {first + MOST_LINES + 1} and on, not compared", rest, new_rest))
    return found


def _middle(before: bytes, now: bytes) -> tuple[list[bytes], list[bytes], int]:
    """Return the lines without those at the begin and the end that are alike, and how many begin alike."""
    alike = _alike(before, now, min(len(before), len(now)), backwards=False)
    start = before.rfind(b"\n", 0, alike) + 1
    tail = _alike(before, now, min(len(before), len(now)) - alike, backwards=True)
    ends = [data.find(b"\n", len(data) - tail) for data in (before, now)] if tail else [-1, -1]
    lines = [
        (data[start:] if end < 0 else data[start:end]).split(b"\n") if data else []
        for data, end in zip((before, now), ends, strict=True)
    ]
    return lines[0], lines[1], before.count(b"\n", 0, start)


def _alike(one: bytes, other: bytes, most: int, *, backwards: bool) -> int:
    """Return how many bytes, ``most`` at most, both begin with, or end with."""
    found, step = 0, _BLOCK
    while step:
        while found + step <= most and _slice(one, found, step, backwards) == _slice(other, found, step, backwards):
            found += step
        step //= 2
    return found


def _slice(data: bytes, at: int, length: int, backwards: bool) -> bytes:
    return data[len(data) - at - length : len(data) - at] if backwards else data[at : at + length]


def _matched(old: Sequence[int], new: Sequence[int]) -> _Pairs:
    shortest, left = _shortest(old, new, MOST_STEPS // 2)
    if shortest is not None:
        return shortest
    left += MOST_STEPS // 2
    found: _Pairs = []
    at, new_at = 0, 0
    for place, new_place in [*_held_together(old, new), (len(old), len(new))]:
        between, unused = _shortest(old[at:place], new[new_at:new_place], min(left, _STEPS_BETWEEN))
        left -= min(left, _STEPS_BETWEEN) - unused
        found += [(at + one, new_at + other) for one, other in between or ()]
        if place < len(old) and new_place < len(new):
            found.append((place, new_place))
        at, new_at = place + 1, new_place + 1
    return found


def _shortest(old: Sequence[int], new: Sequence[int], steps: int) -> tuple[_Pairs | None, int]:
    """Return the equal lines on the shortest way, ``None`` if it takes more ``steps``, and how many are left.

    ``reached`` has by diagonal (place before less place now) how far the way with so many changes comes on it.
    """
    length, new_length = len(old), len(new)
    reached = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(length + new_length + 1):
        steps -= changes + 1
        if steps < 0:
            return None, 0
        further: dict[int, int] = {}
        for diagonal in range(-changes, changes + 1, 2):
            down = diagonal == -changes or (
                diagonal != changes and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
            )
            x = reached[diagonal + 1] if down else reached[diagonal - 1] + 1
            y = begin = x - diagonal
            while x < length and y < new_length and old[x] == new[y]:
                x, y = x + 1, y + 1
            steps -= y - begin
            further[diagonal] = x
            if x >= length and y >= new_length:
                return _walked_back(trace, reached, length, new_length), steps
        trace.append(reached)
        reached = further
    return [], steps


def _walked_back(trace: list[dict[int, int]], reached: dict[int, int], x: int, y: int) -> _Pairs:
    found: _Pairs = []
    for changes in range(len(trace), -1, -1):
        diagonal = x - y
        down = diagonal == -changes or (
            diagonal != changes and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if down else diagonal - 1
        x_before = reached[before] if changes else 0
        y_before = x_before - before if changes else 0
        while x > x_before and y > y_before:
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = x_before, y_before
        reached = trace[changes - 1] if changes else {}
    return found[::-1]


def _held_together(old: Sequence[int], new: Sequence[int]) -> _Pairs:
    """Return the longest row of lines in one order that each text has only once."""
    once = {line for line, count in Counter(old).items() if count == 1}
    places = {line: place for place, line in enumerate(old) if line in once}
    new_once = Counter(new)
    ends: list[int] = []
    tails: list[int] = []
    pairs: _Pairs = []
    links: list[int] = []
    for new_place, line in enumerate(new):
        if line in places and new_once[line] == 1:
            at = bisect_left(ends, places[line])
            ends[at : at + 1] = [places[line]]
            links.append(tails[at - 1] if at else -1)
            tails[at : at + 1] = [len(pairs)]
            pairs.append((places[line], new_place))
    row: _Pairs = []
    at = tails[-1] if tails else -1
    while at >= 0:
        row.append(pairs[at])
        at = links[at]
    return row[::-1]


def _by_place(old: list[bytes], new: list[bytes], old_first: int, new_first: int) -> list[Found]:
    found: list[Found] = []
    for at in range(max(len(old), len(new))):
        if at >= len(new):
            found.append(("-", f"line {old_first + at + 1}", _told(old[at]), ""))
        elif at >= len(old):
            found.append(("+", f"line {new_first + at + 1}", "", _told(new[at])))
        elif old[at] != new[at]:
            found.append(("~", f"line {new_first + at + 1}", _told(old[at]), _told(new[at])))
    return found


def _told(line: bytes) -> str:
    text = line[: 4 * LONGEST].decode("utf-8", "backslashreplace")
    return text if len(text) <= LONGEST and len(line) <= 4 * LONGEST else text[:LONGEST] + "…"
