"""The rows of a time line: their levels and widths, and how each is folded into lines. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

STATE: Final = "State"
"""The level of a row that tells a state: every filter shows it."""
LEVELS: Final = {
    "Trace": "quiet",
    "Verbose": "quiet",
    "Debug": "quiet",
    "Info": "info",
    "Information": "info",
    "Warn": "warn",
    "Warning": "warn",
    "Error": "error",
    "Fatal": "error",
    STATE: "state",
}
SHORT: Final = {"Information": "Info", "Warning": "Warn"}
"""Servers use both words for one level."""
RANKS: Final = {"quiet": 0, "info": 1, "warn": 2, "error": 3, "state": 4}
FILTERS: Final = ("all levels", "Info and up", "Warn and up", "Error only")
LEVEL_WIDTH = 5
TIME_WIDTH = 9
NARROWEST = 10

Row = tuple[str, str, str]
"""Time of day, level, message."""


def common(old: Sequence[Row], new: Sequence[Row]) -> int:
    """Return how many rows are the same from the start."""
    differs = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    return min(len(old), len(new)) if differs is None else differs


def lines_of(row: Row, room: int) -> list[Row]:
    """Return the lines of one row: its own, each folded to ``room`` cells (0: not folded)."""
    time, level, message = row
    parts = [part for line in message.split("\n") for part in _folded(line, room)]
    return [(time, level, parts[0]), *(("", "", part) for part in parts[1:])]


def _folded(line: str, room: int) -> list[str]:
    if room < NARROWEST or len(line) * 2 <= room or cell_len(line) <= room:
        return [line]
    return [part.plain for part in Content(line).wrap(room)]
