"""Whether a value is of a .NET type, as far as JSON can tell. Pure, standard library only."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tui.api.exact_json import ExactFloat

RANGES: Final = {
    "System.Byte": (0, 2**8 - 1),
    "System.SByte": (-(2**7), 2**7 - 1),
    "System.Int16": (-(2**15), 2**15 - 1),
    "System.UInt16": (0, 2**16 - 1),
    "System.Int32": (-(2**31), 2**31 - 1),
    "System.UInt32": (0, 2**32 - 1),
    "System.Int64": (-(2**63), 2**63 - 1),
    "System.UInt64": (0, 2**64 - 1),
}
"""Whole numbers and their ranges."""
NUMBERS: Final = {
    "System.Single": Decimal("3.4028235e38"),
    "System.Double": Decimal("1.7976931348623157e308"),
    "System.Decimal": Decimal("79228162514264337593543950335"),
}
"""Numbers with a point, and the largest of each."""
MOMENTS: Final = frozenset({"System.DateTime", "System.DateTimeOffset"})
TEXTS: Final = frozenset({"System.String", "System.Char", "System.Guid", "System.TimeSpan", "System.Uri"}) | MOMENTS
"""Types whose values are JSON text."""

_GUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?\Z")
_MOMENT: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?\Z"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4}( .*)?\Z|/Date\(-?\d+.*\)/\Z"
)
_SPAN: Final = re.compile(r"-?(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?\Z|-?\d+\Z")


def mismatch(value: Any, type_name: str) -> str:
    """Return why ``value`` is not of the .NET type ``type_name``; ``""`` when it is, is null, or can't be told."""
    if value is None:
        return ""
    if type_name == "System.Boolean":
        return "" if isinstance(value, bool) else "must be true or false"
    if type_name in RANGES:
        return _integer(value, type_name)
    if type_name in NUMBERS:
        return _number(value, type_name)
    if type_name in TEXTS:
        return _text(value, type_name) if isinstance(value, str) else "must be text in quotes"
    if type_name.endswith("[]") or type_name.startswith("System.Collections.Generic.List`"):
        return "" if isinstance(value, list) or type_name == "System.Byte[]" else "must be a list, such as [1, 2]"
    if type_name.startswith("System.Collections.Generic.Dictionary`"):
        return "" if isinstance(value, dict) else 'must be an object, such as {"name": 1}'
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _integer(value: Any, type_name: str) -> str:
    if not _is_number(value) or not isinstance(value, int):
        return "must be a whole number"
    low, high = RANGES[type_name]
    return "" if low <= value <= high else f"must be from {low:,} to {high:,}"


def _number(value: Any, type_name: str) -> str:
    if type_name == "System.Decimal" and isinstance(value, str):
        text = value.strip()
    elif _is_number(value):
        text = value.text if isinstance(value, ExactFloat) else str(value)
    else:
        return "must be a number"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "must be a number"
    if not number.is_finite():
        return "must be a number"
    return "" if number.copy_abs() <= NUMBERS[type_name] else f"is too large for {type_name.removeprefix('System.')}"


def _text(value: str, type_name: str) -> str:
    if type_name == "System.Char":
        return "" if utf16_length(value) == 1 else "must be one character"
    if type_name in MOMENTS:
        return "" if _MOMENT.match(value.strip()) else "must be a date, such as 2026-03-04T09:28:12Z"
    if type_name == "System.Guid":
        return "" if _GUID.match(value.strip()) else "must be a GUID"
    if type_name == "System.TimeSpan":
        return "" if _SPAN.match(value.strip()) else "must be a time span, such as 1.02:30:00 (1 day, 2½ hours)"
    return ""


def utf16_length(text: str) -> int:
    """Return the length of ``text`` as .NET counts it: a character beyond U+FFFF counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def half_surrogate(text: str) -> bool:
    """Tell whether ``text`` holds half of a surrogate pair, which no request can carry."""
    return any("\ud800" <= character <= "\udfff" for character in text)
