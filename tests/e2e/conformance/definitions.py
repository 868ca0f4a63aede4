"""UiPath's own definitions of Orchestrator as an oracle: operations, parameters, and schemas for JSON Schema.

The files are loose (they mark nothing nullable, admit misspelt properties, and 2019.4 admits an empty start), so they
are changed in two directions. Every change is ours, not UiPath's, and stands in `_tightened` or `_loosened`:

- requests are tightened: no property that is not defined, ``startInfo`` required, keys are guids, Strategy and
  ``RobotIds`` fit together, one of ``ReleaseKey`` and ``ReleaseName`` is given;
- answers are loosened: null anywhere, also where another schema is referred to. More fields were allowed already.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

FOLDER = Path(__file__).parents[3].resolve().parent / "shared" / "openapi"
JUNE_2019 = "UiPath2019.4.swagger.json"
TODAY = "uipathcli-orchestrator.yaml"

Schema = dict[str, Any]
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_KEYWORDS = frozenset(
    {"$ref", "type", "enum", "format", "items", "properties", "required", "additionalProperties", "allOf"}
    | {"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"}
)
"""What is taken over. ``pattern`` is not: those are regular expressions of another language."""
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)")
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("uuid")
def _is_guid(value: object) -> bool:
    return not isinstance(value, str) or re.match(_GUID, value) is not None


@_FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or _MOMENT.fullmatch(value) is not None


@_FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@_FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@dataclass(frozen=True)
class Parameter:
    """One query option, header or part of a path. ``description`` may state a limit."""

    name: str
    place: str
    required: bool
    schema: Schema
    description: str


@dataclass(frozen=True)
class Operation:
    """One method on one path template. ``answers`` has the schema for each status, None for no body."""

    method: str
    template: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    answers: Mapping[int, Schema | None]

    @property
    def pattern(self) -> "re.Pattern[str]":
        """A pattern for paths of this operation; every ``{name}`` is a group of its own."""
        text = self.template.removesuffix("()")
        parts = re.split(r"(\{\w+\})", text)
        pieces = (f"(?P<{part[1:-1]}>[^/()]+)" if part.startswith("{") else re.escape(part) for part in parts)
        return re.compile("".join(pieces) + r"(?:\(\))?")

    def named(self, place: str) -> dict[str, Parameter]:
        """Return the parameters in ``place`` (query, header, path) by name; header names in lower case."""
        found = (parameter for parameter in self.parameters if parameter.place == place)
        return {parameter.name.lower() if place == "header" else parameter.name: parameter for parameter in found}


class Definition:
    """One definition file. ``schemas`` are UiPath's own words; `problems` validates by the changed ones."""

    def __init__(self, name: str, document: Mapping[str, Any]) -> None:
        self.name = name
        self.document = document
        self.is_swagger = "swagger" in document
        self.schemas: dict[str, Schema] = (
            document["definitions"] if self.is_swagger else document["components"]["schemas"]
        )
        self.operations = tuple(self._operations())
        self._registry: Registry[Any] = Registry()
        for part, change in (("requests", self._tightened), ("answers", self._loosened), ("plain", self._plain)):
            contents = {"definitions": {name: change(schema, f"urn:{part}") for name, schema in self.schemas.items()}}
            resource: Resource[Any] = Resource(contents=contents, specification=DRAFT7)
            self._registry = self._registry.with_resource(f"urn:{part}", resource)

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a path below the base belongs to; the most literal template wins."""
        fitting = [
            operation
            for operation in self.operations
            if operation.method == method and operation.pattern.fullmatch(path)
        ]
        return min(fitting, key=lambda operation: operation.template.count("{"), default=None)

    def request_problems(self, operation: Operation, body: Any) -> list[str]:
        """Return what is wrong with a request body, by the tightened definition."""
        return [] if operation.body is None else self._problems(self._tight_body(operation), body)

    def plain_request_problems(self, operation: Operation, body: Any) -> list[str]:
        """Return what is wrong with a request body, by UiPath's words alone."""
        return [] if operation.body is None else self._problems(self._plain(operation.body, "urn:plain"), body)

    def answer_problems(self, operation: Operation, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer's body, by the loosened definition."""
        schema = operation.answers[status]
        return [] if schema is None else self._problems(self._loosened(schema, "urn:answers"), body)

    def entity(self, operation: Operation) -> Schema:
        """Return the schema of the rows that the operation answers."""
        schema = self.resolved(next(schema for schema in operation.answers.values() if schema is not None))
        properties = schema.get("properties", {})
        return self.resolved(properties["value"]["items"]) if "value" in properties else schema

    def resolved(self, schema: Schema) -> Schema:
        """Return what ``schema`` refers to, or itself."""
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def _problems(self, schema: Schema, value: Any) -> list[str]:
        validator = Draft7Validator(schema, registry=self._registry, format_checker=_FORMATS)
        return [_told(error) for error in validator.iter_errors(value)]

    def _tight_body(self, operation: Operation) -> Schema:
        assert operation.body is not None
        schema = self._tightened(operation.body, "urn:requests")
        if "startInfo" in schema.get("properties", {}):
            schema["required"] = ["startInfo"]
        return schema

    def _plain(self, schema: Schema, base: str) -> Schema:
        return self._changed(schema, base, self._plain)

    def _tightened(self, schema: Schema, base: str) -> Schema:
        changed = self._changed(schema, base, self._tightened)
        properties = changed.get("properties", {})
        if properties and "additionalProperties" not in changed:
            changed["additionalProperties"] = False
        if "ReleaseKey" in properties and "Strategy" in properties:
            properties["ReleaseKey"] = {**properties["ReleaseKey"], "pattern": _GUID}
            is_specific = {"properties": {"Strategy": {"const": "Specific"}}, "required": ["Strategy"]}
            some = {"properties": {"RobotIds": {"minItems": 1}}, "required": ["RobotIds"]}
            none = {"properties": {"RobotIds": {"maxItems": 0}}}
            names = [{"required": [name]} for name in ("ReleaseKey", "ReleaseName") if name in properties]
            changed["allOf"] = [{"if": is_specific, "then": some, "else": none}, {"anyOf": names}]
        return changed

    def _loosened(self, schema: Schema, base: str) -> Schema:
        changed = self._changed(schema, base, self._loosened)
        if "$ref" in changed:
            return {"anyOf": [changed, {"type": "null"}]}
        if "enum" in changed:
            changed["enum"] = [*changed["enum"], None]
        if "type" in changed:
            changed["type"] = [changed["type"], "null"]
        return changed

    def _changed(self, schema: Schema, base: str, change: Any) -> Schema:
        """Return ``schema`` as JSON Schema knows it, its parts changed by ``change``."""
        found = {name: value for name, value in schema.items() if name in _KEYWORDS}
        if "$ref" in found:
            return {"$ref": f"{base}#/definitions/{quote(found['$ref'].rpartition('/')[2])}"}
        if "items" in found:
            found["items"] = change(found["items"], base)
        if "properties" in found:
            found["properties"] = {name: change(of, base) for name, of in found["properties"].items()}
        if isinstance(found.get("additionalProperties"), dict):
            found["additionalProperties"] = change(found["additionalProperties"], base)
        if "allOf" in found:
            found["allOf"] = [self._changed(part, base, change) for part in found["allOf"]]
        return found

    def _operations(self) -> Iterator[Operation]:
        for template, methods in self.document["paths"].items():
            for method, described in methods.items():
                if method in _METHODS:
                    yield self._operation(method.upper(), template, described)

    def _operation(self, method: str, template: str, described: Mapping[str, Any]) -> Operation:
        given = [self._shared(parameter) for parameter in described.get("parameters", [])]
        parameters = tuple(
            Parameter(
                item["name"],
                item["in"],
                bool(item.get("required")),
                item.get("schema")
                or {name: value for name, value in item.items() if name in ("type", "format", "enum")},
                item.get("description", ""),
            )
            for item in given
            if item["in"] in ("query", "header", "path")
        )
        body, required = self._body(given, described.get("requestBody"))
        answers = {
            int(status): self._answer(answer) for status, answer in described["responses"].items() if status.isdigit()
        }
        return Operation(method, template, parameters, body, required, answers)

    def _shared(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in parameter:
            return parameter
        name = parameter["$ref"].rpartition("/")[2]
        found: Mapping[str, Any] = self.document["parameters"][name]
        return found

    @staticmethod
    def _body(given: list[Mapping[str, Any]], described: Mapping[str, Any] | None) -> tuple[Schema | None, bool]:
        if described is not None:
            return described["content"].get("application/json", {}).get("schema"), bool(described.get("required"))
        found = next((item for item in given if item["in"] == "body"), None)
        return (None, False) if found is None else (found["schema"], bool(found.get("required")))

    @staticmethod
    def _answer(answer: Mapping[str, Any]) -> Schema | None:
        if "schema" in answer:
            schema: Schema = answer["schema"]
            return None if schema.get("type") == "file" else schema
        content = answer.get("content", {})
        found: Schema | None = content.get("application/json", {}).get("schema")
        return found


def _told(error: ValidationError) -> str:
    """Return place and message of the innermost error: "neither null nor a job" hides which field is wrong."""
    while error.context:
        error = max(error.context, key=lambda each: len(each.absolute_path))
    return f"{'/'.join(map(str, error.absolute_path)) or '.'}: {error.message[:300]}"


def definition(name: str) -> Definition:
    """Return the definition ``name``, or skip the test where the checkout has no definitions beside it."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"UiPath's definition {name} is not beside this checkout")
    return _loaded(path)


@cache
def _loaded(path: Path) -> Definition:
    text = path.read_text(encoding="utf-8")
    document = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)
    return Definition(path.name, document)
