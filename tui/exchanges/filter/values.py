"""How the values of filter terms compare: numbers and ranges, durations, sizes, times of day. Pure."""

import re
from collections.abc import Callable
from typing import Final

from tui.exchanges.filter.error import WrongValueError

Within = Callable[[float], bool]
"""Tells whether a number is one that the term means."""

_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_QUANTITY: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([a-zµ]*)", re.IGNORECASE)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
SECONDS: Final = {"ms": 0.001, "s": 1.0, "": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
BYTES: Final = {"": 1, "b": 1, "k": 1_000, "kb": 1_000, "m": 1_000_000, "mb": 1_000_000, "g": 10**9, "gb": 10**9}
Read = Callable[[str], float]


def compared(operator: str, value: str, read: Read, otherwise: str) -> Within:
    """Return the comparison that ``operator`` and ``value`` ask for; ``otherwise`` stands for no operator.

    ``value`` is one number as ``read`` takes it, or a range ``low..high`` with both ends included.
    """
    low, mark, high = value.partition("..")
    if mark and not operator:
        begin = read(low) if low else float("-inf")
        end = read(high) if high else float("inf")
        return lambda number: begin <= number <= end
    wanted = read(value)
    return _COMPARISONS[operator or otherwise](wanted)


_COMPARISONS: Final[dict[str, Callable[[float], Within]]] = {
    "=": lambda wanted: lambda number: number == wanted,
    ">": lambda wanted: lambda number: number > wanted,
    ">=": lambda wanted: lambda number: number >= wanted,
    "<": lambda wanted: lambda number: number < wanted,
    "<=": lambda wanted: lambda number: number <= wanted,
}


def number(text: str) -> float:
    """Read a plain number."""
    if not _NUMBER.fullmatch(text):
        raise WrongValueError(f"“{text}” is no number", "Write a number, >=2, <10, or a range such as 2..10")
    return float(text)


def seconds(text: str) -> float:
    """Read a duration: ``200ms``, ``1.5s``, ``2min``; seconds where there is no unit."""
    return _quantity(text, SECONDS, "is no duration", "Write a time such as >1s, 200ms, 2min or 1s..5s")


def size(text: str) -> float:
    """Read a count of bytes: ``800``, ``10kb``, ``2MB``."""
    return _quantity(text, BYTES, "is no size", "Write a size such as >10kb, 2MB or 1kb..10kb")


def time_of_day(text: str) -> float:
    """Read a time of day ``09:28`` or ``09:28:12`` as seconds since midnight."""
    match = _TIME.fullmatch(text)
    hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (24, 0, 0)
    if hours > 23 or minutes > 59 or rest > 59:
        raise WrongValueError(f"“{text}” is no time of day", "Write a time such as >09:28, <17:00:30 or 09:00..10:00")
    return hours * 3600.0 + minutes * 60 + rest


def _quantity(text: str, units: dict[str, float] | dict[str, int], wrong: str, possible: str) -> float:
    match = _QUANTITY.fullmatch(text)
    factor = units.get(match.group(2).lower()) if match else None
    if match is None or factor is None:
        raise WrongValueError(f"“{text}” {wrong}", possible)
    return float(match.group(1)) * factor
