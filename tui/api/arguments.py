"""A release's declared arguments and what a person typed for them. Pure, standard library only.

``Arguments.Input`` is JSON text that holds a list of ``{name, type, required, hasDefault}``; type names are
assembly-qualified, and generics carry commas inside brackets. Neither Orchestrator definition describes the form.
"""

import json
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from tui.text import clean

INPUT_LIMIT: Final = 10_000
"""Characters ``InputArguments`` may have (Orchestrator 20.0 definition)."""
_ARGUMENTS_LIMIT: Final = 2_000


class Kind(StrEnum):
    """How a value is typed in: everything without a simple form is JSON."""

    TEXT = "text"
    BOOLEAN = "yes or no"
    INTEGER = "whole number"
    NUMBER = "number"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Argument:
    """One declared argument. ``type_name`` is the .NET name without its assembly, as ``System.String``."""

    name: str
    type_name: str = ""
    kind: Kind = Kind.JSON
    required: bool = False
    has_default: bool = False

    @property
    def shown_name(self) -> str:
        """The name, harmless to a terminal. ``name`` itself is what the server must get back."""
        return clean(self.name, limit=200)

    @property
    def short_type(self) -> str:
        """The type without its namespace, ``String`` or ``Dictionary<String, Object>``, for showing."""
        return clean(_short(self.type_name), limit=200)


@dataclass(frozen=True, slots=True)
class InputError:
    """What is wrong with the inputs. ``name`` is the argument's, ``""`` when it is about the whole text."""

    name: str
    message: str


_RANGES: Final = {
    "System.Byte": (0, 2**8 - 1),
    "System.SByte": (-(2**7), 2**7 - 1),
    "System.Int16": (-(2**15), 2**15 - 1),
    "System.UInt16": (0, 2**16 - 1),
    "System.Int32": (-(2**31), 2**31 - 1),
    "System.UInt32": (0, 2**32 - 1),
    "System.Int64": (-(2**63), 2**63 - 1),
    "System.UInt64": (0, 2**64 - 1),
}
_KINDS: Final = {
    "System.String": Kind.TEXT,
    "System.Char": Kind.TEXT,
    "System.Boolean": Kind.BOOLEAN,
    "System.Single": Kind.NUMBER,
    "System.Double": Kind.NUMBER,
    "System.Decimal": Kind.NUMBER,
    **dict.fromkeys(_RANGES, Kind.INTEGER),
}


def type_name_of(qualified: str) -> str:
    """Return the type name without its assembly: the text before the first comma outside brackets."""
    depth = 0
    for place, character in enumerate(qualified):
        if character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
        elif character == "," and depth <= 0:
            return qualified[:place].strip()
    return qualified.strip()


def kind_of(type_name: str) -> Kind:
    """Return how values of the .NET type ``type_name`` are typed in."""
    return _KINDS.get(type_name, Kind.JSON)


def parse_arguments(text: str | None) -> tuple[Argument, ...]:
    """Return the arguments that the JSON text ``Arguments.Input`` or ``.Output`` declares.

    Null, empty and unreadable texts give none; raw newlines, the form with an object (name → type) and entries without
    ``required`` or ``hasDefault`` are accepted. Never raises.
    """
    data = _loads(text)
    if isinstance(data, dict):
        entries: list[object] = _entries_of(cast("dict[str, object]", data))
    elif isinstance(data, list):
        entries = cast("list[object]", data)
    else:
        return ()
    found: dict[str, Argument] = {}
    for entry in entries[:_ARGUMENTS_LIMIT]:
        argument = _argument(entry)
        if argument is not None:
            found.setdefault(argument.name, argument)
    return tuple(found.values())


def parse_values(text: str | None) -> dict[str, Any]:
    """Return the values of ``InputArguments`` or ``OutputArguments``; empty when the text holds no object."""
    data = _loads(text)
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def check_inputs(json_text: str, arguments: tuple[Argument, ...]) -> list[InputError]:
    """Return what is wrong with ``json_text`` as the inputs of ``arguments``; empty when nothing is.

    An empty text is no object, which is right when nothing is required.
    """
    try:
        values = read_inputs(json_text)
    except ValueError as error:
        return [InputError("", str(error))]
    errors = [
        InputError(argument.name, "is required")
        for argument in arguments
        if argument.required and not argument.has_default and values.get(argument.name) is None
    ]
    declared = {argument.name: argument for argument in arguments}
    for name, value in values.items():
        argument = declared.get(name)
        if argument is None:
            if arguments:
                errors.append(InputError(name, "is not an argument of this release"))
        elif message := _mismatch(value, argument):
            errors.append(InputError(name, message))
    length = len(compact(values)) if values else 0
    if length > INPUT_LIMIT:
        errors.append(InputError("", f"all inputs together have {length:,} characters; {INPUT_LIMIT:,} are allowed"))
    return errors


def read_inputs(json_text: str) -> dict[str, Any]:
    """Return the object that ``json_text`` holds, ``{}`` for an empty text. Raises `ValueError` with a sentence."""
    if not json_text.strip():
        return {}
    try:
        data: Any = json.loads(json_text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("this JSON is nested too deeply") from None
    if not isinstance(data, dict):
        raise ValueError('the inputs must be a JSON object, such as {"name": "value"}')
    return cast("dict[str, Any]", data)


def compact(values: dict[str, Any]) -> str:
    """Return ``values`` as the shortest JSON text, which is what ``InputArguments`` carries."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def compact_inputs(json_text: str) -> str:
    """Return the ``InputArguments`` string for a typed JSON object, ``""`` for none. Raises `ValueError`."""
    values = read_inputs(json_text)
    return compact(values) if values else ""


def _loads(text: str | None) -> object:
    if not text or not text.strip():
        return None
    try:
        return cast("object", json.loads(text.lstrip("\ufeff"), strict=False))
    except (ValueError, RecursionError):
        return None


def _entries_of(data: dict[str, object]) -> list[object]:
    """Turn the object form into entries: ``{name: type}`` or ``{name: {type: …}}``."""
    if isinstance(data.get("name"), str) and "type" in data:
        return [data]
    return [
        {"name": name, **cast("dict[str, object]", value)} if isinstance(value, dict) else {"name": name, "type": value}
        for name, value in data.items()
    ]


def _argument(entry: object) -> Argument | None:
    if not isinstance(entry, dict):
        return None
    fields = {name.lower(): value for name, value in cast("dict[str, object]", entry).items()}
    name, declared = fields.get("name"), fields.get("type")
    if not isinstance(name, str) or not name:
        return None
    type_name = type_name_of(declared) if isinstance(declared, str) else ""
    return Argument(
        name=name,
        type_name=type_name,
        kind=kind_of(type_name),
        required=fields.get("required") is True,
        has_default=fields.get("hasdefault") is True,
    )


def _mismatch(value: object, argument: Argument) -> str:
    """Return why ``value`` is not of the argument's type, ``""`` when it is or can't be told."""
    if value is None:
        return ""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if argument.kind is Kind.TEXT:
        if not isinstance(value, str):
            return "must be text in quotes"
        return "must be one character" if argument.type_name == "System.Char" and len(value) != 1 else ""
    if argument.kind is Kind.BOOLEAN:
        return "" if isinstance(value, bool) else "must be true or false"
    if argument.kind is Kind.NUMBER:
        return "" if is_number and math.isfinite(cast("float", value)) else "must be a number"
    if argument.kind is Kind.INTEGER:
        return _integer_mismatch(value, argument.type_name) if is_number else "must be a whole number"
    return ""


def _integer_mismatch(value: object, type_name: str) -> str:
    if not isinstance(value, int):
        return "must be a whole number"
    low, high = _RANGES[type_name]
    return "" if low <= value <= high else f"must be from {low:,} to {high:,}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"“{clean(name, limit=60)}” is given twice")
        found[name] = value
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {clean(text, limit=40)} is too large")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


_GENERIC: Final = re.compile(r"([\w.]+)`\d+\[(.*)\]\Z", re.DOTALL)


def _short(type_name: str) -> str:
    match = _GENERIC.match(type_name)
    if match is None:
        return type_name.rpartition(".")[2] if "[" not in type_name.rstrip("[],") else type_name
    inner = ", ".join(_short(type_name_of(part)) for part in _bracketed(match[2]))
    return f"{match[1].rpartition('.')[2]}<{inner}>"


def _bracketed(text: str) -> list[str]:
    """Split ``[A, asm],[B, asm]`` into what stands in its outer brackets."""
    parts: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character == "[":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif character == "]":
            depth -= 1
            if depth == 0:
                parts.append(text[start:place])
    return parts or [text]
