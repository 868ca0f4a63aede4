"""Owns the OData query options of a collection: reading them with the service's limits, and applying them to rows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.simulator.filters import Predicate, invalid_options, parse_filter
from tui.simulator.ticks import ticks
from tui.simulator.wire import Row

MAX_TOP = 1000
MAX_ORDERBY = 5
_OPTIONS = frozenset({"$filter", "$top", "$skip", "$orderby", "$count", "$select", "$expand", "$format"})
_MEMBER = re.compile(r"\s*([A-Za-z_][\w/]*)\s*(\(.*\))?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entity:
    """What a collection's rows look like: the property names, and those that only ``$expand`` brings."""

    name: str
    properties: tuple[str, ...]
    navigation: frozenset[str] = field(default=frozenset())

    def property(self, name: str) -> str:
        """Return the property's own spelling for ``name`` in any case."""
        for known in (*self.properties, *self.navigation):
            if known.lower() == name.lower():
                return known
        raise invalid_options(f"Could not find a property named '{name}' on type '{self.name}'.")


@dataclass(frozen=True, slots=True)
class Query:
    """One request's query options, checked."""

    predicate: Predicate | None = None
    top: int = MAX_TOP
    skip: int = 0
    orderby: tuple[tuple[str, bool], ...] = ()
    select: tuple[str, ...] = ()
    expand: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and how many rows matched in all."""

    rows: list[Row]
    count: int


def read_query(options: Mapping[str, str], entity: Entity) -> Query:
    """Return the checked query of ``options`` (names in any case) over ``entity``.

    Limits are those in the v20 definition: ``$top`` at most 1000, at most five ``$orderby`` terms.

    Raises:
        OrchestratorError: 400 with code 1000, as the service answers any option it does not accept.
    """
    given = {name.lower(): value for name, value in options.items() if name.startswith("$")}
    unknown = given.keys() - _OPTIONS
    if unknown:
        raise invalid_options(f"The query option '{min(unknown)}' is not supported.")
    if given.get("$count", "true").lower() not in {"true", "false"}:
        raise invalid_options("The value of $count is neither true nor false.")
    text = given.get("$filter")
    names = (*entity.properties, *entity.navigation)
    return Query(
        predicate=None if text is None else parse_filter(text, names),
        top=_number("$top", given.get("$top"), MAX_TOP),
        skip=_number("$skip", given.get("$skip"), 0, limit=None),
        orderby=_read_orderby(given.get("$orderby"), entity),
        select=tuple(entity.property(name) for name in _members(given.get("$select")) if name != "*"),
        expand=frozenset(_read_expand(given.get("$expand"), entity)),
    )


def _number(name: str, text: str | None, default: int, limit: int | None = MAX_TOP) -> int:
    if text is None:
        return default
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdecimal()):
        raise invalid_options(f"The value of {name} is not a non-negative integer.")
    number = int(stripped)
    if limit is not None and number > limit:
        raise invalid_options(f"The limit of '{limit}' for {name} has been exceeded: {number}.")
    return number


def _members(text: str | None) -> list[str]:
    """Split at the commas outside brackets, and drop what is inside them: ``Robot($select=Name),Release``."""
    if not text or not text.strip():
        return []
    parts, depth, current = list[str](), 0, ""
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    names: list[str] = []
    for part in (*parts, current):
        if part.strip() == "*":
            names.append("*")
            continue
        match = _MEMBER.fullmatch(part)
        if match is None:
            raise invalid_options(f"Syntax error in '{text}'.")
        names.append(match[1].split("/")[0])
    return names


def _read_expand(text: str | None, entity: Entity) -> Iterable[str]:
    for name in _members(text):
        if name == "*":
            yield from entity.navigation
            continue
        known = entity.property(name)
        if known not in entity.navigation:
            raise invalid_options(f"Property '{name}' on type '{entity.name}' is not a navigation property.")
        yield known


def _read_orderby(text: str | None, entity: Entity) -> tuple[tuple[str, bool], ...]:
    terms: list[tuple[str, bool]] = []
    for part in (text or "").split(","):
        words = part.split()
        if not words:
            continue
        if len(words) > 2 or words[-1].lower() not in {"asc", "desc", words[0].lower()}:
            raise invalid_options(f"Syntax error in $orderby at '{part.strip()}'.")
        terms.append((entity.property(words[0].split("/")[0]), words[-1].lower() == "desc" and len(words) == 2))
    if len(terms) > MAX_ORDERBY:
        raise invalid_options(f"The limit of '{MAX_ORDERBY}' for $orderby has been exceeded.")
    return tuple(terms)


def apply_query(query: Query, rows: Sequence[Row], entity: Entity) -> Page:
    """Return the page of ``rows`` that ``query`` asks for; ``count`` is of all matches, not of the page."""
    matching = list(rows) if query.predicate is None else [row for row in rows if query.predicate(row)]
    for name, descending in reversed(query.orderby):
        matching.sort(key=_sort_key(name), reverse=descending)
    page = matching[query.skip : query.skip + query.top]
    return Page([shaped(row, query, entity) for row in page], len(matching))


def _sort_key(name: str) -> Callable[[Row], tuple[int, Any]]:
    def key(row: Row) -> tuple[int, Any]:
        value = row.get(name)
        if value is None:
            return (0, 0)
        if isinstance(value, str):
            instant = ticks(value)
            return (2, value.casefold()) if instant is None else (1, instant)
        return (1, value) if isinstance(value, int | float) else (3, str(value))

    return key


def shaped(row: Row, query: Query, entity: Entity) -> Row:
    """Return ``row`` with what ``$select`` and ``$expand`` leave of it."""
    return {
        name: value
        for name, value in row.items()
        if (name in query.expand if name in entity.navigation else not query.select or name in query.select)
    }
