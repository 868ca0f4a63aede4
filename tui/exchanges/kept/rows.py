"""Exchanges as rows of the kept log, and back: every byte of a body comes back as it was. No I/O."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from tui.exchanges.model import Body, Entry, Exchange, Headers, Purpose, Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKED_FROM: Final = 16_384
"""Bytes from which a body is compressed: below, the time costs more than the room."""

ENTRY_COLUMNS: Final = (
    "number, started_at, purpose, attempt, method, url, status, error, request_size, response_size, total, job"
)
MESSAGE_COLUMNS: Final = (
    "reason, http_version, phases, request_headers, request_type, request_cut, request_packed, request_body, "
    "response_headers, response_type, response_cut, response_packed, response_body"
)
DAMAGED: Final = "Not readable: what was kept of this call is damaged."
"""The error of an entry whose row is damaged."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that can't be read."""
_phases: Final = attrgetter("connect", "tls", "send", "wait", "receive")
_LAST_YEAR: Final = 9_000
_MOST: Final = 1 << 53
_STATUSES: Final = 1_000
_SOUND: Final = frozenset(
    (int, str, str, int, str, str, status, str, int, int, total, str)
    for status in (int, type(None))
    for total in (int, float)
)


def entry_row(entry: Entry) -> tuple[Any, ...]:
    """Return the values of `ENTRY_COLUMNS`."""
    return (
        entry.id,
        entry.started_at.isoformat(),
        entry.purpose.value,
        entry.attempt,
        entry.method,
        entry.url,
        entry.status,
        entry.error,
        entry.request_size,
        entry.response_size,
        entry.total,
        entry.job,
    )


def entry_of(row: Sequence[Any]) -> Entry:
    """Return the entry of values of `ENTRY_COLUMNS`. Raises `ValueError` for damaged ones."""
    if tuple(map(type, row)) not in _SOUND:
        raise ValueError("a damaged entry")
    number, started_at, purpose, attempt, method, url, status, error, asked, answered, total, job = row
    if not (0 <= asked < _MOST and 0 <= answered < _MOST and 0 <= total < _MOST and 0 <= (status or 0) < _STATUSES):
        raise ValueError("a damaged entry")
    return Entry(
        number,
        moment(started_at),
        Purpose(purpose),
        attempt,
        intern(method),
        intern(url),
        status,
        intern(error),
        asked,
        answered,
        float(total),
        intern(job),
    )


def damaged_entry(row: Sequence[Any], at: datetime) -> Entry:
    """Return what can be read of a damaged entry that has its number, as one that failed; ``at`` where no time can."""
    number, started_at, purpose, _, method, url, *_ = row
    with suppress(ValueError):
        at = moment(started_at)
    known = Purpose(purpose) if purpose in set(Purpose) else Purpose.PREPARE
    method, url = (text if isinstance(text, str) else "" for text in (method, url))
    return Entry(number, at, known, 1, method, url, None, DAMAGED, 0, 0, 0.0, "")


def moment(kept: object) -> datetime:
    """Return a time that was kept. Raises `ValueError` for a damaged one."""
    found = datetime.fromisoformat(_text(kept))
    if found.tzinfo is None or not EPOCH.year <= found.year < _LAST_YEAR:
        raise ValueError("a damaged time")
    return found


Ahead = tuple[bytes, tuple[bool, bytes]]
"""A body, and what `packed` makes of it."""


def message_row(exchange: Exchange, ahead: Ahead | None = None) -> tuple[Any, ...]:
    """Return the values of `MESSAGE_COLUMNS`; ``ahead`` may have a body that was packed before."""
    return (
        exchange.reason,
        exchange.http_version,
        json.dumps(_phases(exchange.timing)),
        *_half(exchange.request_headers, exchange.request_body, ahead),
        *_half(exchange.response_headers, exchange.response_body, ahead),
    )


def exchange_of(entry: Entry, row: Sequence[Any]) -> Exchange:
    """Return the exchange of an entry and values of `MESSAGE_COLUMNS`. Raises `ValueError` for damaged ones."""
    reason, http_version, phases, *halves = row
    request_headers, request_body = _whole(halves[:5], entry.request_size)
    response_headers, response_body = _whole(halves[5:], entry.response_size)
    try:
        timing = Timing(*map(_seconds, json.loads(_text(phases))), total=entry.total)
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError("damaged times") from error
    return Exchange(
        id=entry.id,
        started_at=entry.started_at,
        purpose=entry.purpose,
        attempt=entry.attempt,
        method=entry.method,
        url=entry.url,
        request_headers=request_headers,
        request_body=request_body,
        status=entry.status,
        reason=_text(reason),
        http_version=_text(http_version),
        response_headers=response_headers,
        response_body=response_body,
        timing=timing,
        error=entry.error,
    )


def packed(data: bytes) -> tuple[bool, bytes]:
    """Return whether a body is kept compressed, and the bytes that are kept."""
    if len(data) >= PACKED_FROM:
        small = zlib.compress(data, 1)
        if len(small) < len(data):
            return True, small
    return False, data


def _half(headers: Headers, body: Body, ahead: Ahead | None) -> tuple[Any, ...]:
    kept = ahead[1] if ahead is not None and ahead[0] is body.data else packed(body.data)
    return json.dumps(headers), body.content_type, body.truncated, *kept


def _whole(half: Sequence[Any], size: int) -> tuple[Headers, Body]:
    headers, content_type, cut, packed, data = half
    body = Body(unpacked(data, packed=packed), size, _text(content_type), bool(cut))
    try:
        return tuple((_text(name), _text(value)) for name, value in json.loads(_text(headers))), body
    except (TypeError, RecursionError) as error:
        raise ValueError("damaged headers") from error


def _seconds(value: Any) -> float | None:
    if value is not None and not 0 <= value < _MOST:
        raise ValueError("damaged times")
    return None if value is None else float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a damaged text")
    return value


def unpacked(data: object, *, packed: bool) -> bytes:
    """Return the bytes of a kept body. Raises `ValueError` for damaged ones."""
    if not isinstance(data, bytes):
        raise ValueError("a body that is no bytes")
    try:
        return zlib.decompress(data) if packed else data
    except zlib.error as error:
        raise ValueError("a damaged body") from error
