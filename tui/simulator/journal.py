"""Owns the record of what was received, for tests of clients. Safe to read from another thread."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, overload

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_REQUESTS = 10_000


class ReceivedRequest(NamedTuple):
    """One request as it arrived; header names are lower case, the path is decoded and has no query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str


class Journal(Sequence[ReceivedRequest]):
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[ReceivedRequest] = deque(maxlen=MAX_REQUESTS)

    def append(self, request: ReceivedRequest) -> None:
        """Add one request."""
        with self._lock:
            self._requests.append(request)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._requests.clear()

    def _copy(self) -> list[ReceivedRequest]:
        with self._lock:
            return list(self._requests)

    @overload
    def __getitem__(self, index: int) -> ReceivedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReceivedRequest]: ...
    def __getitem__(self, index: int | slice) -> ReceivedRequest | list[ReceivedRequest]:
        return self._copy()[index]

    def __len__(self) -> int:
        with self._lock:
            return len(self._requests)

    def __iter__(self) -> Iterator[ReceivedRequest]:
        return iter(self._copy())


class JournalMiddleware:
    """Reads each request's whole body, notes it down, and hands it on."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        if body is None:
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        self._journal.append(ReceivedRequest(scope["method"], scope["path"], headers, body, query))
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)


async def _whole_body(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)
