"""What one recorded exchange told of jobs, read with the client's own models. Pure: nothing is asked, nothing invented.

Whatever the recorded bytes are, `told` raises nothing: what can't be read becomes `Unread`, with the reason.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.models import Job, Page, RobotLog, ValidationResult
from tui.api.outcome import Accepted, Rejected
from tui.api.parsing import parsed
from tui.api.problems import ProblemError, problem_error
from tui.api.starting import classify
from tui.exchanges.model import Purpose
from tui.text import clean

if TYPE_CHECKING:
    from tui.errors import Failure
    from tui.exchanges.model import Entry, Exchange

RELEVANT: Final = frozenset({Purpose.START, Purpose.WATCH, Purpose.LOGS, Purpose.STOP})
_JOB: Final = TypeAdapter(Job)
_JOBS: Final = TypeAdapter(Page[Job])
_LOGS: Final = TypeAdapter(Page[RobotLog])
_REASONS: Final = TypeAdapter(ValidationResult)
_PATH: Final = re.compile(r"/(?:Jobs(?:\((?P<id>[0-9]{1,18})\))?|RobotLogs)(?:/(?P<action>[\w.]{1,120}))?$")
_ID: Final = r"Id eq [0-9]{1,18}|Id in ?\([0-9, ]{1,4000}\)|\(?Id ge [0-9]{1,18} and Id le [0-9]{1,18}\)?"
_ONLY_IDS: Final = re.compile(rf"(?:{_ID})(?: or (?:{_ID}))*")
_RANGE: Final = re.compile(r"Id ge ([0-9]{1,18}) and Id le ([0-9]{1,18})")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_KEY: Final = re.compile(r"JobKey eq '?([0-9a-fA-F-]{36})")
_MOST: Final = 10_000
"""Ids that a condition may name; one that names more is no list of jobs that somebody watched."""
_CAN_NOT_SAY: Final = (404, 405, 501)
FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Started:
    """A start was answered with these jobs."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """Jobs were read. ``asked`` are the ids that were asked for, none when it was a list of whatever there is."""

    jobs: tuple[Job, ...]
    asked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """The robot log of the job with this key was read; ``refused`` says why it may not be."""

    key: str
    logs: tuple[RobotLog, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The server was asked why a job waits; ``None`` when it can't say."""

    job: int
    result: ValidationResult | None


@dataclass(frozen=True, slots=True)
class StopTaken:
    """A stop, or a kill, was accepted."""

    kill: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """The call was refused or got no answer; ``why`` tells it. ``looked_for`` are the jobs whose state it asked for."""

    why: str
    looked_for: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """What was answered is not known, and ``why``. ``asked`` are the jobs it was about, ``key`` of whose robot log."""

    why: str
    asked: tuple[int, ...] = ()
    key: str = ""


News = Started | Looked | Logged | Reasons | StopTaken | Failed | Unread


def relevant(entry: Entry) -> bool:
    """Tell whether an exchange may say something of a job, by its entry."""
    return entry.purpose in RELEVANT


def told(exchange: Exchange) -> News | None:
    """Return what the exchange told of jobs, ``None`` for nothing."""
    if exchange.purpose not in RELEVANT:
        return None
    try:
        parts = urlsplit(exchange.url)
        match = _PATH.search(parts.path)
        condition = parse_qs(parts.query).get("$filter", [""])[0]
    except ValueError:
        return None
    if match is None:
        return None
    action = (match["action"] or "").rpartition(".")[2]
    named = (int(match["id"]),) if match["id"] else ids_of(condition)
    key = _KEY.search(condition)
    return _read(exchange, action, named, key[1].lower() if key else "")


def ids_of(condition: str) -> tuple[int, ...]:
    """Return the ids that a ``$filter`` asks for, none when it asks for anything else."""
    if not _ONLY_IDS.fullmatch(condition):
        return ()
    found: dict[int, None] = {}
    for first, last in _RANGE.findall(condition):
        found.update(dict.fromkeys(range(int(first), min(int(last), int(first) + _MOST) + 1)))
    found.update((int(each), None) for each in _NUMBER.findall(_RANGE.sub("", condition)))
    return tuple(found) if len(found) <= _MOST else ()


def _read(exchange: Exchange, action: str, named: tuple[int, ...], key: str) -> News | None:
    looked_for = named if exchange.purpose is Purpose.WATCH and not action else ()
    if exchange.status is None or exchange.error:  # a cut answer has a status, and an error
        why = f"no complete answer came ({exchange.error or 'nothing tells why'})"
        return Unread(why) if exchange.purpose is Purpose.START else Failed(why, looked_for)
    lost = _lost(exchange)
    if lost and exchange.purpose is not Purpose.STOP:
        return Unread(lost, named, key)
    answer = Answer(exchange.status, exchange.response_headers, exchange.response_body.data, exchange.url)
    try:
        if exchange.purpose is Purpose.START:
            return _start(exchange, answer)
        if exchange.purpose is Purpose.STOP:
            return _stop(exchange, answer)
        return _look(answer, action, named, key)
    except ProblemError as error:
        if answer.ok:
            return Unread(_sentence(error.failure), named, key)
        if key and answer.status == FORBIDDEN:
            return Logged(key, refused=str(error.failure))
        return Failed(_sentence(error.failure), looked_for)


def _lost(exchange: Exchange) -> str:
    """Return why the recorded answer is not whole, ``""`` when it is."""
    if exchange.gave_way:
        return "its body was given up, or could not be read again"
    body = exchange.response_body
    if body.truncated:
        return f"only the first {len(body.data):,} bytes of its body were kept"
    return ""


def _start(exchange: Exchange, answer: Answer) -> News:
    outcome = classify(answer, _reference(exchange.request_body.data))
    if isinstance(outcome, Accepted):
        return Started(outcome.jobs)
    if isinstance(outcome, Rejected):
        return Failed(_sentence(outcome.failure))
    return Unread(_sentence(outcome.failure))


def _reference(data: bytes) -> str:
    """Return the mark that a start carried, ``""`` for none."""
    start = _object(_object(data).get("startInfo"))
    mark = start.get("Reference")
    return mark if isinstance(mark, str) else ""


def _object(data: object) -> dict[str, Any]:
    if isinstance(data, bytes):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _stop(exchange: Exchange, answer: Answer) -> News:
    if not answer.ok or answer.looks_like_html:
        return Failed(_sentence(problem_error(answer, "stop the job").failure))
    return StopTaken(kill=_object(exchange.request_body.data).get("strategy") == "Kill")


def _look(answer: Answer, action: str, named: tuple[int, ...], key: str) -> News | None:
    if action == "ValidateExistingJob":
        if answer.status in _CAN_NOT_SAY or answer.looks_like_html:
            return Reasons(named[0], None) if named else None
        return Reasons(named[0], parsed(answer, _REASONS, "ask why the job waits")) if named else None
    if key:
        return Logged(key, parsed(answer, _LOGS, "read the robot's log").value)
    if action:
        return None
    if len(named) == 1 and "$filter" not in answer.url and "%24filter" not in answer.url:
        job = parsed(answer, _JOB, "read the job")
        return Looked((job,), named) if job.id == named[0] else Unread("it is about another job, or about none", named)
    page = parsed(answer, _JOBS, "read the jobs")
    return Looked(tuple(job for job in page.value if job.id > 0), named)


def _sentence(failure: Failure) -> str:
    """Return the cause, and the server's own words where there are some."""
    said = f": {failure.server_message}" if failure.server_message else ""
    status = f" (status {failure.status})" if failure.status and str(failure.status) not in failure.cause else ""
    return clean(f"{failure.cause}{status}{said}", limit=300)
