"""Covers secrets that were learned late in what memory holds: in entries, whole exchanges and comments. No I/O."""

from __future__ import annotations

from dataclasses import replace
from sys import intern
from typing import TYPE_CHECKING, Final

from tui.exchanges.held import weight
from tui.exchanges.redaction.cover import any_holds, covered_exchange, covered_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.exchanges.held import Held
    from tui.exchanges.marks import Marks
    from tui.exchanges.model import Entry, Exchange
    from tui.exchanges.redaction.needles import Needle

_TOGETHER: Final = 500
"""Entries looked at in one go."""


def cover_held(
    entries: list[Entry], holds: Iterable[Held], marks: Marks, needles: Sequence[Needle]
) -> tuple[int, bool]:
    """Return the bytes looked at, and whether anything was changed. Beside a thread that adds to both."""
    looked, changed = 0, False

    def change(exchange: Exchange) -> Exchange:
        nonlocal looked
        looked += weight(exchange)
        return covered_exchange(exchange, needles)

    for held in holds:
        changed = held.change(change) or changed
    changed = marks.change(lambda comment: covered_text(comment, needles)) or changed
    for start in range(0, len(entries), _TOGETHER):
        some = entries[start : start + _TOGETHER]
        texts = tuple(dict.fromkeys(text for entry in some for text in (entry.url, entry.error, entry.job)))
        looked += sum(map(len, texts))
        if any_holds(needles, texts):
            for at, entry in enumerate(some, start):
                clean = _covered_entry(entry, needles)
                if clean != entry:
                    entries[at], changed = clean, True
    return looked, changed


def _covered_entry(entry: Entry, needles: Sequence[Needle]) -> Entry:
    url, error, job = (intern(covered_text(text, needles)) for text in (entry.url, entry.error, entry.job))
    return replace(entry, url=url, error=error, job=job)
