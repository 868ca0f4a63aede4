"""Owns the functions and operators of ``$filter``: OData 4.0's canonical ones for text, moments and numbers.

A value that is null or of another kind gives null, as the service's own provider does.
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from odata_query import ast


@dataclass(frozen=True, slots=True)
class Function:
    """One function, how many arguments it takes, and of which kinds."""

    compute: Callable[..., Any]
    kinds: tuple[type, ...]
    least: int = 0

    @property
    def takes(self) -> range:
        """How many arguments may be given."""
        return range(self.least or len(self.kinds), len(self.kinds) + 1)

    def __call__(self, *values: Any) -> Any:
        """Return the value, ``None`` where an argument is null or of another kind."""
        for value, kind in zip(values, self.kinds, strict=False):
            if not isinstance(value, kind) or isinstance(value, bool):
                return None
        try:
            return self.compute(*values)
        except (OverflowError, ValueError):  # of infinity, or of what is no number
            return None


def _contains(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def _starts_with(text: str, part: str) -> bool:
    return text.casefold().startswith(part.casefold())


def _ends_with(text: str, part: str) -> bool:
    return text.casefold().endswith(part.casefold())


def _index_of(text: str, part: str) -> int:
    return text.casefold().find(part.casefold())


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[max(0, start) :][:length]


def _part(begin: int, end: int) -> Callable[[str], int | None]:
    """Return what reads a number out of a moment as it stands on the wire: ``2026-03-04T09:28:12.920Z``."""

    def read(moment: str) -> int | None:
        digits = moment[begin:end]
        return int(digits) if digits.isascii() and digits.isdecimal() and moment[4:5] == "-" else None

    return read


def _date(moment: str) -> str:
    return f"{moment[:10]}T00:00:00Z"


def _round(number: float) -> int:
    return math.floor(number + 0.5)


_TEXT, _PAIR, _NUMBER = (str,), (str, str), (int | float,)
FUNCTIONS: Mapping[str, Function] = {
    "contains": Function(_contains, _PAIR),
    "startswith": Function(_starts_with, _PAIR),
    "endswith": Function(_ends_with, _PAIR),
    "indexof": Function(_index_of, _PAIR),
    "concat": Function(operator.add, _PAIR),
    "substring": Function(_substring, (str, int, int), least=2),
    "tolower": Function(str.lower, _TEXT),
    "toupper": Function(str.upper, _TEXT),
    "trim": Function(str.strip, _TEXT),
    "length": Function(len, _TEXT),
    "year": Function(_part(0, 4), _TEXT),
    "month": Function(_part(5, 7), _TEXT),
    "day": Function(_part(8, 10), _TEXT),
    "hour": Function(_part(11, 13), _TEXT),
    "minute": Function(_part(14, 16), _TEXT),
    "second": Function(_part(17, 19), _TEXT),
    "date": Function(_date, _TEXT),
    "floor": Function(math.floor, _NUMBER),  # pyright: ignore[reportArgumentType] - isinstance takes unions
    "ceiling": Function(math.ceil, _NUMBER),  # pyright: ignore[reportArgumentType] - isinstance takes unions
    "round": Function(_round, _NUMBER),  # pyright: ignore[reportArgumentType] - isinstance takes unions
}


def _numeric(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def operate(left: Any, right: Any) -> Any:
        for value in (left, right):
            if not isinstance(value, int | float) or isinstance(value, bool):
                return None
        try:
            return compute(left, right)
        except (ZeroDivisionError, OverflowError):
            return None

    return operate


def _divide(left: float, right: float) -> float:
    return left // right if isinstance(left, int) and isinstance(right, int) else left / right


OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: _numeric(operator.add),
    ast.Sub: _numeric(operator.sub),
    ast.Mult: _numeric(operator.mul),
    ast.Div: _numeric(_divide),
    ast.Mod: _numeric(operator.mod),
}
