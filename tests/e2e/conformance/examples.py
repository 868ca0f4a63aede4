"""Example answers made from a definition alone: minimal ones full of nulls, maximal ones with more than it promises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from tests.e2e.conformance.definitions import Definition, Schema

DEPTH = 3
MOMENTS = ("2019-06-12T09:28:12Z", "2019-06-12T09:28:12.92Z", "2019-06-12T09:28:12.9207318Z")
IDENTITY = frozenset(
    {"Id", "Key", "State", "Name", "TimeStamp", "Message", "DisplayName", "FullyQualifiedName", "value"}
)
"""What even a minimal row has: without these nothing could be chosen, started or followed."""
UNKNOWN = {"NeverSeenBefore": {"Deep": [1, None, {"deeper": "x"}]}, "@odata.etag": 'W/"1"', "constructor": None}
JSON_TEXT = {"InputArguments": '{"in_Sacks": 3}', "OutputArguments": '{"out_Sacks": 3}', "RawMessage": '{"level": "'}
"""Text that a description calls JSON; a robot's raw message may be cut off."""
KEPT_ENUMS = frozenset({"State", "Level", "FolderType"})


@dataclass
class Examples:
    """Makes values for schemas. ``maximal`` fills in everything, with unknown enumeration values and fields."""

    definition: Definition
    maximal: bool
    unknown: bool = True
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def of(self, schema: Schema, depth: int = 0, name: str = "") -> Any:
        """Return an example of ``schema``."""
        if "$ref" in schema:
            return self._named(self.definition.resolved(schema), depth + 1, name)
        if "allOf" in schema:
            return self._object(
                {"properties": {key: of for part in schema["allOf"] for key, of in self._members(part)}}, depth
            )
        match schema.get("type", "object" if "properties" in schema else "string"):
            case "object":
                return self._object(schema, depth)
            case "array":
                return [self.of(schema["items"], depth, name) for _ in range(2 if depth < DEPTH else 0)]
            case "integer":
                return min(next(self._numbers) + schema.get("minimum", 0), schema.get("maximum", 2**31))
            case "number":
                return 12.5
            case "boolean":
                return next(self._numbers) % 2 == 0
            case _:
                return self._text(schema, name)

    def _named(self, schema: Schema, depth: int, name: str) -> Any:
        return None if depth > DEPTH else self.of(schema, depth, name)

    def _members(self, part: Schema) -> Iterator[tuple[str, Schema]]:
        yield from self.definition.resolved(part).get("properties", {}).items()

    def _object(self, schema: Schema, depth: int) -> dict[str, Any] | None:
        if depth > DEPTH:
            return None
        row: dict[str, Any] = {}
        required = set(schema.get("required", ())) | IDENTITY
        for place, (name, of) in enumerate(schema.get("properties", {}).items()):
            if self.maximal or name in required or (depth <= 1 and name == "value"):
                row[name] = self.of(of, depth, name)
            elif place % 2:
                row[name] = None
        return row | UNKNOWN if self.maximal and self.unknown else row

    def _text(self, schema: Schema, name: str) -> str:
        number = next(self._numbers)
        if name in JSON_TEXT:
            return JSON_TEXT[name]
        if "enum" in schema:
            strange = self.maximal and self.unknown and name not in KEPT_ENUMS
            return "NeverSeenBefore" if strange else str(schema["enum"][0])
        match schema.get("format"):
            case "uuid":
                return str(UUID(int=number, version=4))
            case "date-time":
                return MOMENTS[number % len(MOMENTS)]
            case _:
                return f"{name} № {number} «ß»"[: schema.get("maxLength", 200)]
