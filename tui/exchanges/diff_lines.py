"""Two texts compared line by line, in bounded time: what begins and ends alike is left out first."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.exchanges.diff_json import Found

LONGEST: Final = 400
"""Characters told of one line."""
MOST_PAIRS: Final = 1_000_000
"""Lines before times lines now that are matched; more are compared by their place."""


def compared_lines(before: bytes, now: bytes) -> list[Found]:
    """Return what differs, by the numbers of lines."""
    old, new = _lines(before), _lines(now)
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    old_end, new_end = len(old) - last, len(new) - last
    if (old_end - first) * (new_end - first) > MOST_PAIRS:
        return _by_place(old[first:old_end], new[first:new_end], first, first)
    found: list[Found] = []
    matcher = SequenceMatcher(None, old[first:old_end], new[first:new_end], autojunk=False)
    for word, begin, end, new_begin, new_stop in matcher.get_opcodes():
        if word != "equal":
            old_lines, new_lines = old[first + begin : first + end], new[first + new_begin : first + new_stop]
            found += _by_place(old_lines, new_lines, first + begin, first + new_begin)
    return found


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n") if data else []


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
