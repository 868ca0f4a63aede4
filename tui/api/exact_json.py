"""JSON in which a number with a point keeps the digits it was written with. Pure, standard library only.

``1.10`` of a price, or the 28 digits of a .NET Decimal, would not survive as floating-point numbers.
"""

import json
import math
from typing import Any, Final, cast

from tui.text import clean

LONGEST_NUMBER: Final = 400
"""Characters of one number; no .NET type writes more."""

DEEPEST: Final = 150
"""Levels of lists and objects in each other."""


class ExactFloat(float):
    """A number together with its text."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "ExactFloat":
        """Return the number that ``text`` writes. Raises `ValueError` when it is larger than a Double can be."""
        number = super().__new__(cls, text)
        if math.isinf(number):
            raise ValueError(f"the number {clean(text, limit=40)} is too large")
        number.text = text
        return number


def loads(text: str) -> Any:
    """Return what ``text`` holds. Raises `ValueError` with a sentence; for its syntax `json.JSONDecodeError`.

    Names given twice, NaN and Infinity are refused: servers disagree about them.
    """
    value = json.loads(
        text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=ExactFloat, parse_int=_integer
    )
    if _deeper(value, DEEPEST):
        raise ValueError("this JSON is nested too deeply")
    return value


def dumps(value: Any, indent: int | None = None) -> str:
    """Return ``value`` as JSON text, the shortest without ``indent``."""
    return _written(value, indent, "\n")


def _written(value: Any, indent: int | None, line: str) -> str:
    if isinstance(value, ExactFloat):
        return value.text
    inner = line + " " * (indent or 0)
    colon, comma = (": ", "," + inner) if indent is not None else (":", ",")
    before, after = (inner, line) if indent is not None else ("", "")
    if isinstance(value, dict) and value:
        members = cast("dict[str, Any]", value)
        parts = [f"{_plain(name)}{colon}{_written(each, indent, inner)}" for name, each in members.items()]
        return f"{{{before}{comma.join(parts)}{after}}}"
    if isinstance(value, (list, tuple)) and value:
        parts = [_written(each, indent, inner) for each in cast("list[Any]", value)]
        return f"[{before}{comma.join(parts)}{after}]"
    return _plain(value)


def _deeper(value: Any, levels: int) -> bool:
    """Tell whether lists and objects lie in each other at more than ``levels``; without recursion."""
    layer: list[Any] = [value]
    for _ in range(levels + 1):
        inner: list[Any] = []
        for each in layer:
            if isinstance(each, dict):
                inner += cast("dict[str, Any]", each).values()
            elif isinstance(each, list):
                inner += cast("list[Any]", each)
        if not inner:
            return False
        layer = inner
    return True


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"“{clean(name, limit=60)}” is given twice")
        found[name] = value
    return found


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"the number {clean(text, limit=40)} is too large")
    return int(text)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")
