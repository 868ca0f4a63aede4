"""Which exchange of a log told that a job is in a state, or brought a line of its robot log.

Reads a few bodies around the moment it was seen or logged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from tui.exchanges.model import Entry, Exchange

_TELLING: Final = frozenset({Purpose.START, Purpose.WATCH, Purpose.STOP})
_LOGGING: Final = frozenset({Purpose.LOGS})
_TIME: Final = re.compile(rb'"TimeStamp"\s*:\s*"([0-9TZ:.+-]{10,40})"')
_LOOKED_AT: Final = 2_000
"""Entries on either side of the moment."""
_READ: Final = 20
"""Bodies on either side of it."""


def bringing(
    entries: Sequence[Entry],
    load: Callable[[int], Exchange],
    names: Collection[str],
    state: str,
    at: datetime | None,
) -> int | None:
    """Return the id of the exchange that told ``state`` of the job with one of these ``names``, seen ``at`` that time.

    Without a time it is the newest one that tells it. Where no body tells the state, it is the last call about the
    job before that moment, else the first after it; ``None`` where there is none.
    """
    before, after = _around(entries, at, names, _TELLING)
    tells = re.compile(rb'"State"\s*:\s*"' + re.escape(state.encode("utf-8", "replace")) + rb'"')
    for number in (*before, *after):
        if tells.search(load(number).response_body.data):
            return number
    return next(iter((*before, *after)), None)


def bringing_line(
    entries: Sequence[Entry], load: Callable[[int], Exchange], names: Collection[str], at: datetime
) -> int | None:
    """Return the id of the exchange that brought first what a robot logged ``at`` that time, ``None`` for none.

    It is looked for from that time on, then before, as the robot's clock may be ahead.
    """
    before, after = _around(entries, at, names, _LOGGING)
    for number in after:
        if at in logged_at(load(number)):
            return number
    found = None
    for number in before:
        if at in logged_at(load(number)):
            found = number
        elif found is not None:
            break
    return found


def logged_at(exchange: Exchange) -> frozenset[datetime]:
    """Return the times of the lines of a robot log that an exchange brought; none for any other exchange."""
    if exchange.purpose is not Purpose.LOGS:
        return frozenset()
    found: set[datetime] = set()
    for match in _TIME.finditer(exchange.response_body.data):
        with suppress(ValueError):
            at = datetime.fromisoformat(match[1].decode())
            found.add(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
    return frozenset(found)


def _around(
    entries: Sequence[Entry], at: datetime | None, names: Collection[str], purposes: Collection[Purpose]
) -> tuple[list[int], list[int]]:
    place = len(entries) if at is None else bisect_right(entries, at, key=lambda entry: entry.started_at)
    before = range(place - 1, max(-1, place - 1 - _LOOKED_AT), -1)
    after = range(place, min(len(entries), place + _LOOKED_AT))
    return _about(entries, before, names, purposes), _about(entries, after, names, purposes)


def _about(
    entries: Sequence[Entry], places: Iterable[int], names: Collection[str], purposes: Collection[Purpose]
) -> list[int]:
    found: list[int] = []
    for place in places:
        entry = entries[place]
        if entry.purpose in purposes and entry.job and any(name in names for name in entry.job.split()):
            found.append(entry.id)
            if len(found) == _READ:
                break
    return found
