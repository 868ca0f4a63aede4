"""The filter language as conditions on the rows of the kept log: what can't fit is left out before it is read. Pure.

A condition may let more through than the filter, never less; whoever reads the rows asks the filter itself in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.exchanges.filter.error import WrongValueError
from tui.exchanges.filter.language import AllOf, AnyOf, Not, Term
from tui.exchanges.filter.terms import POLLS, needles
from tui.exchanges.filter.values import number, seconds, size
from tui.exchanges.kept.grams import GRAM
from tui.exchanges.kept.schema import SHARED
from tui.exchanges.model import REFUSED, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.exchanges.filter.language import Node


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL with its values. ``exact`` when it lets through what fits and nothing else."""

    sql: str
    values: tuple[str | float | bytes, ...] = ()
    exact: bool = False


ANYTHING: Final = Condition("1")
_OPERATORS: Final = frozenset({">", ">=", "<", "<=", "="})


def condition(node: Node) -> Condition:
    """Return what rows have to fulfil so that ``node`` can fit."""
    if isinstance(node, Term):
        make = _TERMS.get(node.name)
        return make(node) if make is not None else ANYTHING
    if isinstance(node, Not):
        inner = condition(node.part)
        return Condition(f"NOT ({inner.sql})", inner.values, exact=True) if inner.exact else ANYTHING
    parts = tuple(condition(part) for part in node.parts)
    if not parts:
        return ANYTHING
    joined = (" AND " if isinstance(node, AllOf) else " OR ").join(f"({part.sql})" for part in parts)
    assert isinstance(node, (AllOf, AnyOf))  # noqa: S101 - there is no other
    return Condition(joined, tuple(value for part in parts for value in part.values), all(part.exact for part in parts))


def _compared(column: str, unit: Callable[[str], float], usual: str) -> Callable[[Term], Condition]:
    def make(term: Term) -> Condition:
        operator = term.operator or usual
        if operator not in _OPERATORS or ".." in term.value:
            return ANYTHING
        try:
            return Condition(f"{column} {operator} ?", (unit(term.value),))
        except (WrongValueError, ValueError):
            return ANYTHING

    return make


_status_number: Final = _compared("status", number, "=")


def _status(term: Term) -> Condition:
    lower = term.value.lower()
    if lower == "none" and not term.operator:
        return Condition("status IS NULL", exact=True)
    if len(lower) == 3 and lower.endswith("xx") and lower[0].isdigit() and not term.operator:
        return Condition("status IS NOT NULL AND status / 100 = ?", (int(lower[0]),), exact=True)
    return _status_number(term)


def _method(term: Term) -> Condition:
    wanted = tuple(term.value.upper().split(","))
    if not term.value.isascii():
        return ANYTHING
    return Condition(f"upper(method) IN ({', '.join('?' * len(wanted))})", wanted, exact=True)


def _step(term: Term) -> Condition:
    wanted = term.value.lower().replace("-", " ")
    return Condition("purpose = ?", (wanted,), exact=wanted in set(Purpose)) if wanted in set(Purpose) else ANYTHING


def _job(term: Term) -> Condition:
    return Condition("job <> '' AND instr(lower(job), ?)", (term.value.lower(),)) if term.value.isascii() else ANYTHING


def _path(term: Term) -> Condition:
    if not term.value.isascii():
        return ANYTHING
    return Condition("(instr(lower(url), ?) OR instr(url, '%'))", (term.value.lower(),))


def _in_bodies(*sides: str) -> Callable[[Term], Condition]:
    """Return the condition that a body holds the text. Compressed ones may: only the filter can tell."""
    return lambda term: _indexed(term, _holding(term, *sides))


def _holding(term: Term, *sides: str) -> Condition:
    wanted = needles(term.value)
    # Case as bytes have it, so that SQLite and the filter agree; a blob is searched byte by byte.
    holds = [f"instr(CAST(lower({side}_body) AS BLOB), ?)" for side in sides for _ in wanted]
    packed = [f"{side}_packed" for side in sides]
    anywhere = " OR ".join((*packed, *holds))
    sql = f"EXISTS (SELECT 1 FROM messages WHERE messages.id = exchanges.id AND ({anywhere}))"  # noqa: S608 - names are ours
    return Condition(sql, wanted * len(sides))


def _indexed(term: Term, inner: Condition) -> Condition:
    """Return ``inner`` without the rows whose paths and bodies can't hold the text, which needs no look at them."""
    wanted = needles(term.value)
    if min(map(len, wanted)) < GRAM:
        return inner
    # No part of it depends on the row: it is asked once.
    none = f"SELECT block FROM grams WHERE lacks(CAST(bits AS BLOB){', ?' * len(wanted)})"  # noqa: S608 - names are ours
    return Condition(f"exchanges.id >> {SHARED} NOT IN ({none}) AND ({inner.sql})", (*wanted, *inner.values))


def _word(term: Term) -> Condition:
    path, body = _path(term), _holding(term, "request", "response")
    return _indexed(term, Condition(f"{path.sql} OR {body.sql}", (*path.values, *body.values)))


_TERMS: Final[dict[str, Callable[[Term], Condition]]] = {
    "": _word,
    "body": _in_bodies("request", "response"),
    "request": _in_bodies("request"),
    "response": _in_bodies("response"),
    "method": _method,
    "status": _status,
    "path": _path,
    "step": _step,
    "job": _job,
    "slow": _compared("total", seconds, ">="),
    "size": _compared("response_size", size, ">="),
    "try": _compared("attempt", number, "="),
    "number": _compared("number", number, "="),
    "failed": lambda _: Condition(f"(status IS NULL OR status >= {REFUSED})", exact=True),
    "poll": lambda _: Condition(
        f"purpose IN ({', '.join('?' * len(POLLS))})", tuple(sorted(purpose.value for purpose in POLLS)), exact=True
    ),
}
