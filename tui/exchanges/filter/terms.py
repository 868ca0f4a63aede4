"""The terms of the filter language: the name of each, what values it takes, and what it asks of an exchange. Pure.

A term asks the light `Entry` where that can answer. Only bodies and headers need the whole exchange: those terms
are ``deep``, and whoever filters many exchanges asks them last, and not in one go.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote

from tui.exchanges.filter.error import WrongValueError
from tui.exchanges.filter.values import compared, number, seconds, size, time_of_day
from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from tui.exchanges.model import Body, Entry, Exchange

Load: TypeAlias = "Callable[[int], Exchange | None]"
"""Gives the whole exchange of an id, or ``None`` where it is not kept any more."""

Marks: TypeAlias = Mapping[int, str]
"""The marked exchanges by id, each with its comment, which may be empty."""

Test: TypeAlias = "Callable[[Entry, Load, Marks], bool]"

POLLS: Final = frozenset({Purpose.WATCH, Purpose.LOGS})
_SLUGS: Final = {purpose: purpose.value.replace(" ", "-") for purpose in Purpose}


@dataclass(frozen=True, slots=True)
class TermKind:
    """One name of the language. ``make`` turns operator and value into a test, or raises `WrongValueError`."""

    name: str
    summary: str
    make: Callable[[str, str], Test]
    values: tuple[str, ...] = ()
    compares: bool = False
    deep: bool = False
    empty: bool = False
    """Whether the term may stand without a value."""


def _method(_operator: str, value: str) -> Test:
    wanted = frozenset(value.upper().split(","))
    return lambda entry, _load, _marks: entry.method.upper() in wanted


def _status(operator: str, value: str) -> Test:
    lower = value.lower()
    if lower == "none" and not operator:
        return lambda entry, _load, _marks: entry.status is None
    if len(lower) == 3 and lower[0] in "12345" and lower[1:] == "xx" and not operator:
        begin = int(lower[0]) * 100
        return lambda entry, _load, _marks: entry.status is not None and begin <= entry.status < begin + 100
    try:
        within = compared(operator, value, number, "=")
    except WrongValueError as error:
        raise WrongValueError(f"“{value}” is no status", "Write 404, >=400, 200..299, 4xx or none") from error
    return lambda entry, _load, _marks: entry.status is not None and within(entry.status)


def path_of(url: str) -> str:
    """Return what a path is looked for in: the address without its host, in lower case and without percent signs."""
    start = url.find("://")
    if start >= 0:
        slash = url.find("/", start + 3)
        url = url[slash:] if slash >= 0 else "/"
    return unquote(url, errors="backslashreplace").lower() if "%" in url else url.lower()


def _path(_operator: str, value: str) -> Test:
    wanted = value.lower()
    return lambda entry, _load, _marks: wanted in path_of(entry.url)


def _url(_operator: str, value: str) -> Test:
    wanted = value.lower()
    return lambda entry, _load, _marks: (
        wanted in entry.url.lower() or wanted in unquote(entry.url, errors="backslashreplace").lower()
    )


def needles(value: str) -> tuple[bytes, ...]:
    """Return the lower-case bytes that ``value`` may be in a body: as it is, and as JSON writes it."""
    lower = value.lower()
    plain = lower.encode("utf-8", "backslashreplace")
    escaped = (json.dumps(lower)[1:-1], json.dumps(lower, ensure_ascii=False)[1:-1])
    return tuple(dict.fromkeys((plain, *(form.lower().encode("utf-8", "backslashreplace") for form in escaped))))


def _holds(body: "Body", wanted: tuple[bytes, ...]) -> bool:
    lower = body.data.lower()
    return any(needle in lower for needle in wanted)


def _in_bodies(value: str, *, asked: bool, answered: bool) -> Test:
    wanted = needles(value)

    def test(entry: "Entry", load: Load, _marks: Marks) -> bool:
        exchange = load(entry.id)
        if exchange is None:
            return False
        return (asked and _holds(exchange.request_body, wanted)) or (
            answered and _holds(exchange.response_body, wanted)
        )

    return test


def _body(_operator: str, value: str) -> Test:
    return _in_bodies(value, asked=True, answered=True)


def _request(_operator: str, value: str) -> Test:
    return _in_bodies(value, asked=True, answered=False)


def _response(_operator: str, value: str) -> Test:
    return _in_bodies(value, asked=False, answered=True)


def _header(_operator: str, value: str) -> Test:
    wanted = value.lower()

    def test(entry: "Entry", load: Load, _marks: Marks) -> bool:
        exchange = load(entry.id)
        if exchange is None:
            return False
        headers = (*exchange.request_headers, *exchange.response_headers)
        return any(wanted in f"{name}: {text}".lower() for name, text in headers)

    return test


def _slow(operator: str, value: str) -> Test:
    within = compared(operator, value, seconds, ">=")
    return lambda entry, _load, _marks: within(entry.total)


def _size(operator: str, value: str) -> Test:
    within = compared(operator, value, size, ">=")
    return lambda entry, _load, _marks: within(entry.response_size)


def _step(_operator: str, value: str) -> Test:
    wanted = value.lower().replace(" ", "-")
    fitting = frozenset(each for each, slug in _SLUGS.items() if wanted in (slug, str(each.step)))
    if not fitting:
        near = get_close_matches(wanted, _SLUGS.values(), 1)
        hint = f"Did you mean {near[0]}? Steps are " if near else "Steps are "
        raise WrongValueError(f"“{value}” is no step", hint + "1 to 5, " + ", ".join(_SLUGS.values()))
    return lambda entry, _load, _marks: entry.purpose in fitting


def _try(operator: str, value: str) -> Test:
    within = compared(operator, value, number, "=")
    return lambda entry, _load, _marks: within(entry.attempt)


def _number(operator: str, value: str) -> Test:
    within = compared(operator, value, number, "=")
    return lambda entry, _load, _marks: within(entry.id)


def _time(operator: str, value: str) -> Test:
    within = compared(operator, value, time_of_day, ">=")

    def test(entry: "Entry", _load: Load, _marks: Marks) -> bool:
        moment = entry.started_at.astimezone()
        return within(moment.hour * 3600 + moment.minute * 60 + moment.second)

    return test


def _job(_operator: str, value: str) -> Test:
    """Find a number whole and the begin of a key; an entry names its jobs between spaces."""
    wanted = f" {value.lower()}" + (" " if value.isdigit() else "")
    return lambda entry, _load, _marks: bool(entry.job) and wanted in f" {entry.job} "


def _mark(_operator: str, value: str) -> Test:
    wanted = value.lower()
    return lambda entry, _load, marks: (comment := marks.get(entry.id)) is not None and wanted in comment.lower()


def _poll(_operator: str, _value: str) -> Test:
    return lambda entry, _load, _marks: entry.purpose in POLLS


def _failed(_operator: str, _value: str) -> Test:
    return lambda entry, _load, _marks: entry.failed


def word(value: str) -> Test:
    """Return the test of a bare word: it stands in the path or in a body."""
    path, body = _path("", value), _body("", value)
    return lambda entry, load, marks: path(entry, load, marks) or body(entry, load, marks)


KINDS: Final = {
    kind.name: kind
    for kind in (
        TermKind("method", "the method", _method, ("GET", "POST", "PUT", "PATCH", "DELETE")),
        TermKind("status", "the status", _status, (">=400", "4xx", "5xx", "200", "none"), compares=True),
        TermKind("path", "text in path or query", _path, ("Jobs", "Releases", "StartJobs", "RobotLogs")),
        TermKind("url", "text in the whole address", _url),
        TermKind("body", "text in either body", _body, deep=True),
        TermKind("request", "text in the request's body", _request, deep=True),
        TermKind("response", "text in the answer's body", _response, deep=True),
        TermKind("header", "text in a header", _header, deep=True),
        TermKind("slow", "how long it took", _slow, (">1s", ">200ms", ">5s"), compares=True),
        TermKind("size", "size of the answer", _size, (">10kb", ">1MB"), compares=True),
        TermKind("step", "what the call was for", _step, tuple(_SLUGS.values())),
        TermKind("job", "a job, by id or key", _job),
        TermKind("try", "which try of the call", _try, (">1",), compares=True),
        TermKind("number", "its number in the log", _number, compares=True),
        TermKind("time", "time of day", _time, compares=True),
        TermKind("mark", "marked, with this in the comment", _mark, empty=True),
    )
}
"""Name → term, in the order in which they are offered."""

FLAGS: Final = {
    kind.name: kind
    for kind in (
        TermKind("poll", "repeated polls of state and robot log", _poll),
        TermKind("failed", "no complete answer, or one that refuses", _failed),
    )
}
"""Words that are terms by themselves; in quotes they are text."""
