"""What differs between two bodies: as JSON by its values, else line by line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.exchanges.diff.documents import MOST, NotComparableError, compared_json
from tui.exchanges.diff.lines import compared_lines

if TYPE_CHECKING:
    from tui.exchanges.diff.documents import Found


class Told(NamedTuple):
    """The changes that are told, how many ``more`` there are, and how it was compared where that is not plain."""

    found: list[Found]
    more: int = 0
    note: str = ""


def compared_bodies(before: bytes, now: bytes, cut: bool) -> Told:
    """Compare two bodies that differ; those of which one was ``cut`` as lines only."""
    note = ""
    try:
        if not cut and (found := compared_json(before, now)):
            return Told(list(found[:MOST]), found.more + max(0, len(found) - MOST))
        if not cut:
            note = "The values are the same; they are written in another way."
    except NotComparableError:
        pass
    lines = compared_lines(before, now)
    return Told(lines[:MOST], max(0, len(lines) - MOST), note)
