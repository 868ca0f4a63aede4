"""A release's declared arguments and what a person typed for them. Pure, standard library only.

``Arguments.Input`` is JSON text that holds a list of ``{name, type, required, hasDefault}``; type names are
assembly-qualified, and generics carry commas inside brackets. Neither Orchestrator definition describes the form.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from tui.api import exact_json
from tui.api.argument_values import NUMBERS, RANGES, TEXTS, half_surrogate, mismatch, utf16_length
from tui.text import clean

INPUT_LIMIT: Final = 10_000
"""Characters ``InputArguments`` may have (Orchestrator 20.0 definition)."""
MARK_LENGTH: Final = 47
"""Characters of the mark of a start."""
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
    carries_mark: bool = False
    """Whether this program fills it in by itself, with the mark of the start."""

    @property
    def must_be_given(self) -> bool:
        """Whether the start needs a value from the person."""
        return self.required and not (self.has_default or self.carries_mark)

    @property
    def is_text(self) -> bool:
        """Whether any text may be its value."""
        return self.type_name == "System.String"

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


_KINDS: Final = {
    **dict.fromkeys(TEXTS, Kind.TEXT),
    "System.Boolean": Kind.BOOLEAN,
    **dict.fromkeys(NUMBERS, Kind.NUMBER),
    **dict.fromkeys(RANGES, Kind.INTEGER),
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
        if argument.must_be_given and values.get(argument.name) is None
    ]
    declared = {argument.name: argument for argument in arguments}
    for name, value in values.items():
        argument = declared.get(name)
        if argument is None:
            if arguments:
                errors.append(InputError(name, "is not an argument of this release"))
        elif argument.carries_mark:
            errors.append(InputError(name, "carries the mark of the start, which uipath-tui fills in: leave it out"))
        elif message := mismatch(value, argument.type_name):
            errors.append(InputError(name, message))
    if half_surrogate(compact(values)):
        errors.append(InputError("", "the inputs hold half of a surrogate pair, which no request can carry"))
    marked = {argument.name: "x" * MARK_LENGTH for argument in arguments if argument.carries_mark}
    length = utf16_length(compact({**values, **marked})) if values or marked else 0
    if length > INPUT_LIMIT:
        errors.append(InputError("", f"all inputs together have {length:,} characters; {INPUT_LIMIT:,} are allowed"))
    return errors


def read_inputs(json_text: str) -> dict[str, Any]:
    """Return the object that ``json_text`` holds, ``{}`` for an empty text. Raises `ValueError` with a sentence."""
    if not json_text.strip():
        return {}
    try:
        data: Any = exact_json.loads(json_text)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("this JSON is nested too deeply") from None
    if not isinstance(data, dict):
        raise ValueError('the inputs must be a JSON object, such as {"name": "value"}')
    return cast("dict[str, Any]", data)


def compact(values: dict[str, Any]) -> str:
    """Return ``values`` as the shortest JSON text, which is what ``InputArguments`` carries."""
    return exact_json.dumps(values)


def compact_inputs(json_text: str) -> str:
    """Return the ``InputArguments`` string for a typed JSON object, ``""`` for none. Raises `ValueError`."""
    values = read_inputs(json_text)
    return compact(values) if values else ""


def inputs_length(json_text: str) -> int:
    """Return the characters that ``InputArguments`` will have, as the server counts them; 0 for what can't be read."""
    try:
        return utf16_length(compact_inputs(json_text))
    except (ValueError, RecursionError):
        return 0


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
