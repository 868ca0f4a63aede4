"""What differs between two exchanges: status, answer, headers, request. Pure, within bounds for bodies of any size.

JSON is compared by its values: what changed, came or went is named by its path; items of a list are matched by their
``Id`` or ``Key`` where each has one of its own, else by their place. Any other text is compared line by line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import unquote

from tui.exchanges.diff.bodies import compared_bodies
from tui.exchanges.diff.documents import MOST
from tui.text import size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.exchanges.diff.bodies import Told
    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Body, Entry, Exchange, Headers

    Look = Callable[[bytes, bytes, bool], Told]

Glyph = Literal["+", "-", "~"]

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a body that is looked into; a larger one is only found equal or not."""
FARTHEST: Final = 50_000
"""Calls that are looked through for the one before."""
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(?:(?::|%3[Aa])[0-9]{2}){1,2}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Change:
    """What came (``+``), went (``-``) or changed (``~``) at ``path``. Texts are as received; long ones are cut."""

    glyph: Glyph
    path: str
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the exchanges and its changes; ``note`` says what could not be compared, or how.

    ``expected`` changes are those between any two calls, such as the time from which on something is asked for.
    """

    title: str
    changes: tuple[Change, ...] = ()
    more: int = 0
    note: str = ""
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    """Two exchanges beside each other; parts that are equal are left out."""

    before: Exchange
    now: Exchange
    parts: tuple[Part, ...]

    @property
    def changes(self) -> int:
        """How many changes there are, told or not, without those that are expected."""
        return sum(len(part.changes) + part.more for part in self.parts if not part.expected)

    @property
    def expected(self) -> int:
        """How many changes are expected."""
        return sum(len(part.changes) for part in self.parts if part.expected)


def compared(before: Exchange, now: Exchange, look: Look = compared_bodies) -> Diff:
    """Compare two exchanges; ``look`` compares two bodies, and may raise what ends the comparison."""
    gone = [one.id for one in (before, now) if one.gave_way]
    times, asked_alike = _times(before.url, now.url)
    same = not gone and before.response_body.data == now.response_body.data != b""
    parts = [
        Part("Outcome", tuple(_outcome(before, now))),
        *([] if gone else [_bodies("Answer", before.response_body, now.response_body, look)]),
        *([] if gone else [_part("Answer's headers", _headers(before.response_headers, now.response_headers))]),
        Part("Request", tuple(_request(before, now, asked_alike))),
        *([] if gone else [_part("Request's headers", _headers(before.request_headers, now.request_headers))]),
        *([] if gone else [_bodies("Request's body", before.request_body, now.request_body, look)]),
    ]
    if gone:
        which = " and ".join(f"call {number}" for number in gone)
        parts.append(Part("Not compared", note=f"Headers and bodies of {which} are not kept any more."))
    if times:
        parts.append(Part("Expected between two calls", times, expected=True))
    told = [part for part in parts if part.changes or part.note]
    if told and same:
        told.insert(0, Part("Answer", note="The body is the same in both."))
    return Diff(before, now, tuple(told))


def call_before(entries: Sequence[Entry], at: int) -> Entry | None:
    """Return the last entry before ``entries[at]`` that asks the same.

    That is by its address, else by all but its query: first about the same job, then about any.
    """
    entry, alike, related = entries[at], None, None
    path = entry.url.partition("?")[0]
    for other in range(at - 1, max(-1, at - 1 - FARTHEST), -1):
        one = entries[other]
        if one.method == entry.method and one.purpose is entry.purpose:
            if one.url == entry.url:
                return one
            if one.url.partition("?")[0] == path:
                alike = alike or one
                related = related or (one if one.job == entry.job else None)
    return related or alike


def pair_of(log: ExchangeLog, number: int) -> tuple[int, int] | None:
    """Return the ids of what to compare at exchange ``number``: the two that are marked, else it and the one before."""
    if len(log.marks) == 2:
        first, second = sorted(log.marks)
        return first, second
    at = bisect_left(log.entries, number, key=lambda entry: entry.id)
    before = call_before(log.entries, at) if at < len(log.entries) and log.entries[at].id == number else None
    return None if before is None else (before.id, number)


def _part(title: str, changes: list[Change], note: str = "") -> Part:
    return Part(title, tuple(changes[:MOST]), max(0, len(changes) - MOST), note)


def _outcome(before: Exchange, now: Exchange) -> list[Change]:
    worded = bool(before.reason and now.reason)  # what gave way has only its number
    pairs = (("status", _status(before, worded), _status(now, worded)), ("error", before.error, now.error))
    return [change for path, old, new in pairs for change in _values(path, old, new)]


def _request(before: Exchange, now: Exchange, asked_alike: bool) -> list[Change]:
    method = _values("method", before.method, now.method)
    return method if asked_alike else method + _values("address", before.url, now.url)


def _times(before: str, now: str) -> tuple[tuple[Change, ...], bool]:
    """Return the times that differ where two addresses differ in nothing else, and whether that is so."""
    if _TIME.sub("", before) != _TIME.sub("", now):
        return (), False
    pairs = zip(_TIME.findall(before), _TIME.findall(now), strict=False)
    return tuple(Change("~", "time asked for", unquote(old), unquote(new)) for old, new in pairs if old != new), True


def _values(path: str, old: str, new: str) -> list[Change]:
    if old == new:
        return []
    return [Change("~" if old and new else "+" if new else "-", path, old, new)]


def _status(exchange: Exchange, worded: bool) -> str:
    number = "no answer" if exchange.status is None else str(exchange.status)
    return f"{number} {exchange.reason}" if worded else number


def _headers(before: Headers, now: Headers) -> list[Change]:
    old, new = _by_name(before), _by_name(now)
    names = [*new, *(name for name in old if name not in new)]
    return [change for name in names for change in _values(name, old.get(name, ""), new.get(name, ""))]


def _by_name(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _bodies(title: str, before: Body, now: Body, look: Look) -> Part:
    if before.data == now.data:
        return Part(title)
    if max(len(before.data), len(now.data)) > LARGEST:
        sizes = f"{size(len(before.data))} before, {size(len(now.data))} now"
        return Part(
            title,
            (Change("~", "", sizes.partition(", ")[0], sizes.partition(", ")[2]),),
            0,
            "The bodies differ; they are too large to say where.",
        )
    cut = "One of the bodies was cut: what is compared is what was kept." if before.truncated or now.truncated else ""
    told = look(before.data, now.data, bool(cut))
    return Part(title, tuple(Change(*each) for each in told.found), told.more, cut or told.note)
