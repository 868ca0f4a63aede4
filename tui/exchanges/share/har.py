"""Exchanges as HAR 1.2, the format that browsers' tools and proxies open. An entry at a time; no I/O of its own.

Secrets stay the fingerprints that the log holds. What HAR has no place for stands in members that begin with ``_``,
as its definition asks. Text that is not UTF-8 is kept exactly, as base64.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from tui.exchanges.model import Body, Exchange, Headers, Timing

CREATOR: Final = "uipath-tui"
_FORM: Final = "application/x-www-form-urlencoded"


def write_har(exchanges: Iterable[Exchange], file: TextIO) -> None:
    """Write the exchanges as one HAR document, an entry a line: a cut file loses its end, not its beginning.

    All ASCII, so no control character reaches whoever prints it.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        known = version(CREATOR)
    except PackageNotFoundError:
        known = "unknown"
    creator = json.dumps({"name": CREATOR, "version": known})
    file.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "pages": [], "entries": [')
    separator = "\n"
    for exchange in exchanges:
        file.write(separator + json.dumps(as_entry(exchange)))
        separator = ",\n"
    file.write("\n]}}\n")


def as_entry(exchange: Exchange) -> dict[str, Any]:
    """Return one HAR entry. Without an answer its status is 0 and ``_error`` says why, as browsers write it."""
    entry: dict[str, Any] = {
        "startedDateTime": exchange.started_at.isoformat(timespec="milliseconds"),
        "time": _total(exchange.timing),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": _timings(exchange.timing),
        "comment": f"{exchange.purpose.value}, try {exchange.attempt}",
        "_id": exchange.id,
    }
    if exchange.error:
        entry["_error"] = exchange.error
    return entry


def _request(exchange: Exchange) -> dict[str, Any]:
    body = exchange.request_body
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": exchange.http_version or "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.request_headers),
        "queryString": [_pair(*each) for each in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": body.size,
    }
    if body.data:
        request["postData"] = _post_data(body)
    return request


def _post_data(body: Body) -> dict[str, Any]:
    text, encoding = _text(body.data)
    posted: dict[str, Any] = {"mimeType": body.content_type, "params": [], "text": text}
    if not encoding and body.content_type.lower().startswith(_FORM):
        posted["params"] = [_pair(*each) for each in parse_qsl(text, keep_blank_values=True)]
    if encoding:
        posted["_encoding"] = encoding
    return posted | _cut(body)


def _response(exchange: Exchange) -> dict[str, Any]:
    body = exchange.response_body
    text, encoding = _text(body.data)
    content: dict[str, Any] = {"size": len(body.data), "mimeType": body.content_type, "text": text} | _cut(body)
    if encoding:
        content["encoding"] = encoding
    redirect = next((value for name, value in exchange.response_headers if name.lower() == "location"), "")
    return {
        "status": exchange.status or 0,
        "statusText": exchange.reason,
        "httpVersion": exchange.http_version or "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.response_headers),
        "content": content,
        "redirectURL": redirect,
        "headersSize": -1,
        "bodySize": body.size if exchange.status is not None else -1,
    }


def _cut(body: Body) -> dict[str, Any]:
    return {"comment": f"cut: {len(body.data)} of {body.size} bytes were kept"} if body.truncated else {}


def _text(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return base64.b64encode(data).decode("ascii"), "base64"


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [_pair(name, value) for name, value in headers]


def _pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def _timings(timing: Timing) -> dict[str, float]:
    """Return milliseconds; -1 where a phase did not happen. HAR counts the handshake within ``connect``."""
    handshake = timing.tls or 0.0
    connect = None if timing.connect is None else timing.connect + handshake
    return {
        "blocked": -1,
        "dns": -1,
        "connect": _milliseconds(connect),
        "ssl": _milliseconds(timing.tls),
        "send": _milliseconds(timing.send or 0.0),
        "wait": _milliseconds(timing.wait or 0.0),
        "receive": _milliseconds(timing.receive or 0.0),
    }


def _total(timing: Timing) -> float:
    """Return the sum of the phases, as the definition asks; what the program itself took is not a phase."""
    known = _timings(timing)
    return round(sum(known[name] for name in ("connect", "send", "wait", "receive") if known[name] >= 0), 3)


def _milliseconds(seconds: float | None) -> float:
    return -1 if seconds is None else round(max(0.0, seconds) * 1000, 3)
