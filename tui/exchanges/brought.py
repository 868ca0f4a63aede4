"""Which exchange of a log told that a job is in a state. Reads a few bodies around the moment it was seen."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from tui.exchanges.model import Entry, Exchange

_TELLING: Final = frozenset({Purpose.START, Purpose.WATCH, Purpose.STOP})
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
    place = len(entries) if at is None else bisect_right(entries, at, key=lambda entry: entry.started_at)
    before = _about(entries, range(place - 1, max(-1, place - 1 - _LOOKED_AT), -1), names)
    after = _about(entries, range(place, min(len(entries), place + _LOOKED_AT)), names)
    tells = re.compile(rb'"State"\s*:\s*"' + re.escape(state.encode("utf-8", "replace")) + rb'"')
    for number in (*before, *after):
        if tells.search(load(number).response_body.data):
            return number
    return next(iter((*before, *after)), None)


def _about(entries: Sequence[Entry], places: Iterable[int], names: Collection[str]) -> list[int]:
    found: list[int] = []
    for place in places:
        entry = entries[place]
        if entry.purpose in _TELLING and entry.job and any(name in names for name in entry.job.split()):
            found.append(entry.id)
            if len(found) == _READ:
                break
    return found
