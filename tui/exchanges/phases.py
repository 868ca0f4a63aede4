"""Turns the transport's trace events into phases and into "may anything have been sent?". No I/O, no client."""

from typing import Any, Protocol

from tui.clock import Clock
from tui.exchanges.model import Timing


class Closable(Protocol):
    """A network stream, as far as it matters here."""

    async def aclose(self) -> None:
        """Close it."""
        ...


class Phases:
    """The ``trace`` extension of one request.

    A tunnel through a proxy sends its own CONNECT with the same events, so only events of the request's own method
    count. ``sent`` is set before the first byte of the request can leave. ``proxied`` tells that the connection was
    made to another host than the request's ``host``, and ``securing`` that TLS has begun and not ended.
    """

    def __init__(self, clock: Clock, method: str, host: str = "") -> None:
        self._clock = clock
        self._method = method.encode()
        self._host = host
        self._own = False
        self._at: dict[str, float] = {}
        self._started = clock.monotonic()
        self.sent = False
        self.proxied = False
        self._opened: Closable | None = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Take one event, such as ``http11.send_request_headers.started``."""
        name = event.partition(".")[2]
        if name == "send_request_headers.started":
            self._own = getattr(info.get("request"), "method", b"") == self._method
            self.sent = self.sent or self._own
            self._opened = None if self._own else self._opened
        elif name == "connect_tcp.started":
            self.proxied = bool(self._host) and info.get("host", self._host) != self._host
        elif name == "connect_tcp.complete":
            self._opened = info.get("return_value")
        if self._own or name.startswith(("connect_tcp", "start_tls")):
            self._at[name] = self._clock.monotonic()

    @property
    def securing(self) -> bool:
        """Whether TLS has begun and not ended."""
        return "start_tls.started" in self._at and "start_tls.complete" not in self._at

    async def abandon(self) -> None:
        """Close a connection that was opened and not yet used: one given up in its handshake is closed by nobody."""
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    def timing(self) -> Timing:
        """Return the phases until now."""
        now = self._clock.monotonic()
        sent = self._at.get("send_request_body.complete")
        answered = self._at.get("receive_response_headers.complete")
        return Timing(
            connect=self._between("connect_tcp"),
            tls=self._between("start_tls"),
            send=_span(self._at.get("send_request_headers.started"), sent),
            wait=_span(sent, answered),
            receive=_span(answered, now),
            total=now - self._started,
        )

    def _between(self, name: str) -> float | None:
        return _span(self._at.get(f"{name}.started"), self._at.get(f"{name}.complete"))


def _span(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start
