"""Checks a request's path, query options and headers against the operation they belong to."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from tests.e2e.conformance.definitions import Definition, Operation, Parameter

UNDEFINED_HEADERS = frozenset({"x-uipath-tenantname"})
"""Headers of UiPath's that no definition lists: the tenant of 2019 (its clients and the tutorial send it)."""
OUR_TOP = 1000
"""The limit of ``$top`` that the 20.0 definition states in words; ours for definitions that state none."""

_TRANSPORT = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "authorization", "connection", "content-type", "content-length"}
)
_MAXIMUM = re.compile(r"The maximum value is (\d+)\.")
_EXPRESSIONS = re.compile(r"The maximum number of expressions is (\d+)\.")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_COMPARISON = re.compile(r"\s(eq|ne|gt|ge|lt|le|in)\s|\b(contains|startswith|endswith)\(")
_WORD = re.compile(r"[A-Za-z_]\w*")
_OPERATORS = frozenset(
    {"and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "in", "asc", "desc", "true", "false", "null"}
    | {"contains", "startswith", "endswith", "tolower"}
)
_EQUALITY = re.compile(r"\b(\w+) (?:eq|ne) ('(?:[^']|'')*'|[^\s)]+)")


def parameter_problems(
    definition: Definition, operation: Operation, path: str, query: str, headers: Mapping[str, str]
) -> list[str]:
    """Return what is wrong with everything but the body; header names are in lower case."""
    return [
        *_path_problems(operation, path),
        *_query_problems(definition, operation, query),
        *_header_problems(operation, headers),
    ]


def _path_problems(operation: Operation, path: str) -> Iterable[str]:
    match = operation.pattern.fullmatch(path)
    for name, parameter in operation.named("path").items():
        text = match[name] if match else ""
        if not _fits(text, parameter):
            yield f"{text!r} is no {name}"


def _query_problems(definition: Definition, operation: Operation, query: str) -> Iterable[str]:
    declared = operation.named("query")
    options = parse_qsl(query, keep_blank_values=True)
    given = [name for name, _value in options]
    yield from (f"{name} is given twice" for name in set(given) if given.count(name) > 1)
    yield from (f"{name} is missing" for name, item in declared.items() if item.required and name not in given)
    for name, value in options:
        if name not in declared:
            yield f"{name} is no option of {operation.method} {operation.template}"
            continue
        yield from _value_problems(declared[name], value)
        if name in ("$filter", "$orderby", "$select", "$expand"):
            yield from _words_problems(definition, operation, name, value)


def _value_problems(parameter: Parameter, value: str) -> Iterable[str]:
    if not _fits(value, parameter):
        yield f"{parameter.name}={value} is no {parameter.schema.get('type')}"
        return
    if parameter.name == "$top":
        stated = _MAXIMUM.search(parameter.description)
        limit = int(stated[1]) if stated else OUR_TOP
        if not 0 <= int(value) <= limit:
            yield f"$top={value} is not between 0 and {limit}"
    if parameter.name == "$skip" and int(value) < 0:
        yield f"$skip={value} is below 0"
    stated = _EXPRESSIONS.search(parameter.description)
    terms = len(_COMPARISON.findall(_TEXT.sub("''", value))) if parameter.name == "$filter" else value.count(",") + 1
    if stated and terms > int(stated[1]):
        yield f"{parameter.name} has {terms} expressions, {stated[1]} are allowed"


def _words_problems(definition: Definition, operation: Operation, name: str, value: str) -> Iterable[str]:
    """Compare the property names in an option with those of the rows, and guids with how they must be written."""
    properties = definition.entity(operation).get("properties", {})
    bare = _MOMENT.sub("", _GUID.sub("", _TEXT.sub("", value)))
    for word in _WORD.findall(bare):
        if word not in properties and word not in _OPERATORS:
            yield f"{name} names {word}, which {operation.template} has not"
    for left, right in _EQUALITY.findall(value) if name == "$filter" else ():
        described = properties.get(left, {})
        if described.get("format") == "uuid" and right.startswith("'"):
            yield f"{left} is a guid and must not be quoted"
        if described.get("type") == "string" and "format" not in described and not right.startswith("'"):
            yield f"{left} is text and must be quoted"


def _header_problems(operation: Operation, headers: Mapping[str, str]) -> Iterable[str]:
    declared = operation.named("header")
    yield from (
        f"header {item.name} is missing" for name, item in declared.items() if item.required and name not in headers
    )
    for name, value in headers.items():
        if name in _TRANSPORT | UNDEFINED_HEADERS:
            continue
        if name not in declared:
            yield f"header {name} is not defined for {operation.method} {operation.template}"
        elif not _fits(value, declared[name]):
            yield f"header {name}: {value!r} is no {declared[name].schema.get('type')}"


def _fits(text: str, parameter: Parameter) -> bool:
    kind, limit = parameter.schema.get("type"), 2 ** (31 if parameter.schema.get("format") == "int32" else 63)
    if kind == "integer":
        return re.fullmatch(r"-?\d+", text) is not None and -limit <= int(text) < limit
    if kind == "boolean":
        return text in ("true", "false")
    if parameter.schema.get("format") == "uuid":
        return _GUID.fullmatch(text) is not None
    return kind != "array" or bool(text)
