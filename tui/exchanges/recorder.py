"""The transport that makes an `Exchange` of every try, redacted at birth, and keeps every try within bounds.

The only module here that knows httpx. It follows no redirect, trusts no timeout of the client and decompresses by
itself, because httpx ends neither a slow answer nor a decompression bomb.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

import httpx

from tui.clock import Clock
from tui.exchanges.bodies import BodyRefusedError, Received, encodings_of, read_body
from tui.exchanges.log import LARGE, ExchangeLog
from tui.exchanges.model import Body, Exchange, Headers, Purpose
from tui.exchanges.phases import Phases
from tui.exchanges.reasons import Reason, connect_reason, refusal_reason, through_proxy
from tui.exchanges.redaction.cover import covered_body, covered_exchange
from tui.exchanges.redaction.redact import Redactor, wide_encoding

DEFAULT_BODY_LIMIT: Final = 8 * 1024 * 1024
DEFAULT_DEADLINE: Final = 30.0
_WITHHELD: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"location", b"set-cookie"})
"""Headers on which httpx acts: it would decode again, and read addresses and cookies in ways that raise."""

for _name in ("httpx", "httpcore"):
    # Their own records hold query strings and Set-Cookie in clear.
    logging.getLogger(_name).disabled = True
    logging.getLogger(_name).propagate = False


class NoCompleteAnswerError(httpx.TransportError):
    """A try got no complete answer. ``sent``: any byte of the request may have left. ``status``: if headers came."""

    def __init__(self, reason: Reason, *, sent: bool, status: int | None, request: httpx.Request) -> None:
        super().__init__(str(reason), request=request)
        self.reason = reason
        self.sent = sent
        self.status = status


@dataclass(slots=True)
class _Try:
    """One try while it runs."""

    request: httpx.Request
    started_at: datetime
    phases: Phases
    learned: int
    """How many secrets were known before any of it was looked at."""
    received: Received = field(default_factory=Received)
    response: httpx.Response | None = None
    response_headers: Headers = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """The texts of an exchange, secrets replaced."""

    url: str
    reason: str
    request_headers: Headers
    request_body: bytes
    response_headers: Headers
    response_body: bytes


class RecordingTransport(httpx.AsyncBaseTransport):
    """Wraps a real transport; every try becomes an `Exchange` in ``log``.

    Extensions of a request that it reads: ``purpose`` (`Purpose`), ``attempt`` (from 1), ``deadline`` (seconds for
    connect, headers and body together), ``body_limit`` (decoded bytes). Whatever the wire brings, it raises only
    `NoCompleteAnswerError` and cancellation.

    Answers come with their body read and decoded. Extensions of an answer: ``received_headers``, all of them as text,
    and ``redacted``, the body as the log keeps it. The client itself gets none of the headers it would act on.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, log: ExchangeLog, redactor: Redactor, clock: Clock) -> None:
        self._inner = inner
        self._log = log
        self._redactor = redactor
        self._clock = clock
        redactor.subscribe(log.cover)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, read the whole answer, keep both."""
        request.headers["Accept-Encoding"] = "identity"
        await request.aread()
        current = _Try(request, self._clock.now(), self._phases(request), self._redactor.learned)
        request.extensions = {**request.extensions, "trace": current.phases}
        try:
            async with asyncio.timeout(cast("float", request.extensions.get("deadline", DEFAULT_DEADLINE))):
                await self._exchange(current)
        except asyncio.CancelledError:
            self._keep(current, self._redacted(current, truncated=True), Reason.CANCELLED)
            await _abandon(current)
            raise
        except Exception as error:
            reason = _reason_of(error, current)
            self._keep(current, self._redacted(current, truncated=True), reason)
            await _abandon(current)
            status = current.response.status_code if current.response else None
            raise NoCompleteAnswerError(reason, sent=current.phases.sent, status=status, request=request) from error
        return _answer(current, await self._keep_answer(current))

    async def aclose(self) -> None:
        """Close the connections of the wrapped transport."""
        await self._inner.aclose()

    def _phases(self, request: httpx.Request) -> Phases:
        return Phases(self._clock, request.method, _host(request))

    async def _exchange(self, current: _Try) -> None:
        response = await self._inner.handle_async_request(current.request)
        current.response = response
        current.response_headers = _headers(response.headers)
        limit = cast("int", current.request.extensions.get("body_limit", DEFAULT_BODY_LIMIT))
        chunks = cast("httpx.AsyncByteStream", response.stream)
        try:
            await read_body(aiter(chunks), encodings_of(current.response_headers), limit, current.received)
        finally:
            with contextlib.suppress(httpx.HTTPError, OSError):
                await chunks.aclose()

    async def _keep_answer(self, current: _Try) -> bytes:
        """Keep a complete answer and return its redacted body; a large one leaves the event loop free meanwhile."""
        if len(current.received.data) < LARGE:
            return self._keep(current)
        try:
            data = await asyncio.to_thread(self._settled, current)
        except asyncio.CancelledError:
            self._keep(current, self._redacted(current))
            raise
        return self._keep(current, data)

    def _settled(self, current: _Try) -> bytes:
        """Return the redacted body, ready to be kept, also without what it names as a secret only after it says it."""
        data = self._redacted(current)
        before, current.learned = current.learned, self._redactor.learned
        body = Body(data, content_type=_content_type(current.response_headers))
        covered = covered_body(body, self._redactor.learned_since(before)).data
        self._log.prepare(covered)
        return covered

    def _redacted(self, current: _Try, *, truncated: bool = False) -> bytes:
        data = bytes(current.received.data)
        return self._redactor.body(data, _content_type(current.response_headers), truncated=truncated)

    def _keep(self, current: _Try, data: bytes | None = None, reason: Reason | None = None) -> bytes:
        """Append the exchange and return the redacted body of its answer.

        ``data`` is that body, ``None`` to redact it here.
        """
        request, response = current.request, current.response
        shown = self._shown(current, data)
        exchange = Exchange(
            id=self._log.next_id(),
            started_at=current.started_at,
            purpose=cast("Purpose", request.extensions.get("purpose", Purpose.PREPARE)),
            attempt=cast("int", request.extensions.get("attempt", 1)),
            method=request.method,
            url=shown.url,
            request_headers=shown.request_headers,
            request_body=Body(shown.request_body, len(request.content), _content_type(shown.request_headers)),
            status=response.status_code if response else None,
            reason=shown.reason,
            http_version=response.http_version if response else "",
            response_headers=shown.response_headers,
            response_body=Body(
                shown.response_body,
                current.received.wire_size,
                _content_type(shown.response_headers),
                bool(reason),
            ),
            timing=current.phases.timing(),
            error=str(reason) if reason else "",
        )
        # What this very exchange, or one beside it, has told of: it may stand in parts that were looked at before.
        known = self._redactor.learned
        if new := self._redactor.learned_since(current.learned):
            exchange = covered_exchange(exchange, new)
        self._log.append(exchange)
        for each in self._redactor.learned_since(known):
            self._log.cover(each)
        return exchange.response_body.data

    def _shown(self, current: _Try, data: bytes | None) -> _Shown:
        """Return every text of the exchange with its secrets replaced.

        Bodies come first: what they name as a secret has to be known before anything else is looked at.
        """
        request, response, redactor = current.request, current.response, self._redactor
        url, reason = str(request.url), _reason_phrase(response) if response else ""
        request_headers = redactor.named_headers(_headers(request.headers))
        response_headers = redactor.named_headers(current.response_headers)
        received = bytes(current.received.data)
        values = (value for _, value in (*request_headers, *response_headers))
        plain = data is None and not request.content and not wide_encoding(received, _content_type(response_headers))
        if plain and redactor.is_harmless(url, reason, received, *values):
            return _Shown(url, reason, request_headers, b"", response_headers, received)
        sign_in = request.extensions.get("purpose") is Purpose.SIGN_IN
        request_body = redactor.body(request.content, _content_type(request_headers), sign_in=sign_in)
        response_body = self._redacted(current) if data is None else data
        return _Shown(
            redactor.url(url),
            redactor.text(reason),
            redactor.headers(request_headers),
            request_body,
            redactor.headers(response_headers),
            response_body,
        )


async def _abandon(current: _Try) -> None:
    with contextlib.suppress(httpx.HTTPError, OSError):
        await current.phases.abandon()


def _host(request: httpx.Request) -> str:
    return request.url.raw_host.decode("ascii", "replace")


def _headers(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _reason_phrase(response: httpx.Response) -> str:
    """Return the words of the status line; httpx drops every byte of them that is not ASCII."""
    return cast("bytes", response.extensions.get("reason_phrase", b"")).decode("latin-1")


def _content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _answer(current: _Try, redacted: bytes) -> httpx.Response:
    assert current.response is not None  # noqa: S101 - an answer is complete only with one
    return httpx.Response(
        current.response.status_code,
        headers=[(name, value) for name, value in current.response.headers.raw if name.lower() not in _WITHHELD],
        content=bytes(current.received.data),
        extensions={
            **current.response.extensions,
            "received_headers": current.response_headers,
            "redacted": redacted,
        },
    )


def _reason_of(error: Exception, current: _Try) -> Reason:
    reason = _plain_reason(error, current)
    return through_proxy(reason) if current.phases.proxied and not current.phases.sent else reason


def _plain_reason(error: Exception, current: _Try) -> Reason:
    match error:
        case BodyRefusedError():
            return error.reason
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Reason.CONNECT_TIMEOUT
        case TimeoutError() | httpx.TimeoutException():
            return Reason.DEADLINE
        case httpx.ProxyError():
            return refusal_reason(str(error))
        case httpx.ConnectError():
            return connect_reason(error, securing=current.phases.securing)
        case httpx.RemoteProtocolError() if "without sending a response" in str(error):
            return Reason.CLOSED
        case httpx.RemoteProtocolError() if "incomplete" in str(error) or "peer closed" in str(error):
            return Reason.INCOMPLETE
        case httpx.RemoteProtocolError():
            return Reason.GARBAGE
        case httpx.NetworkError():
            return Reason.CLOSED if current.response is None else Reason.INCOMPLETE
        case _:
            return Reason.OTHER
