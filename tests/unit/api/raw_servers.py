"""Servers that answer with any bytes at any time, and connections to them: what no well-behaved server can do."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tui.api.client import OrchestratorClient
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.limits import Limits
from tui.api.names import raw_of
from tui.api.sign_in.auth import Credentials
from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.exchanges.log import ExchangeLog
from tui.intent import Intent
from tui.secret import Secret

Writer = asyncio.StreamWriter


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Respond = Callable[[Writer, Request], Awaitable[None]]


@dataclass
class RawServer:
    """Keeps what it was asked, even when it never answers. ``connections`` counts accepted ones."""

    respond: Respond
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    raw_bytes: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{'localhost' if self.scheme == 'https' else '127.0.0.1'}:{self.port}"

    def posts(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    async def handle(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.raw_bytes += len(head)
                first, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, path, _ = first.split(" ", 2)
                request = Request(method, path, headers, body)
                self.requests.append(request)
                await self.respond(writer, request)
        writer.close()


@contextlib.asynccontextmanager
async def serving(respond: Respond, context: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    server = RawServer(respond, scheme="https" if context else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def on_connect(reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await server.handle(reader, writer)

    listening = await asyncio.start_server(on_connect, "127.0.0.1", 0, ssl=context, limit=2**20)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


def answer(status: int = 200, body: object = b"", content_type: str = "application/json", extra: str = "") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Status\r\nContent-Type: {content_type}\r\nContent-Length: {len(data)}\r\n{extra}\r\n"
    return head.encode("latin-1") + data


def always(data: bytes, *, close: bool = False) -> Respond:
    async def respond(writer: Writer, _: Request) -> None:
        writer.write(data)
        await writer.drain()
        if close:
            writer.close()

    return respond


class ManualClock:
    """A clock that only sleeping moves; remembers every sleep."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.seconds = 0.0
        self.start = datetime(2019, 6, 12, 9, 28, tzinfo=UTC)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


# For servers that let a call hang: the others get all the time that a busy machine may take to answer.
QUICK = Limits(connect=2.0, get=0.6, token=0.6, start=1.5, body=64 * 1024, list_body=256 * 1024)
PATIENT = replace(QUICK, connect=20.0, get=20.0, token=20.0, start=20.0)
ACCESS = "access-token-value-0123456789"
REFRESH = "refresh-token-value-0123456789"


@contextlib.asynccontextmanager
async def connected(
    url: str, *, key: str = "cloud-2019", limits: Limits = PATIENT
) -> AsyncIterator[tuple[OrchestratorClient, Connection, ManualClock]]:
    clock = ManualClock()
    connection = Connection(deployment(key, url), log=ExchangeLog(), clock=clock, limits=limits)
    tokens = Tokens(Secret(ACCESS), refresh=Secret(REFRESH))
    record = SignInRecord("user key", tokens, Application(connection.deployment.client_id))
    credentials = Credentials(connection, record)
    try:
        yield OrchestratorClient(connection, credentials, base=url, tenant="Tenant"), connection, clock
    finally:
        await connection.aclose()


def lost(fence: int, release_name: str) -> Intent:
    """Return a start without a mark whose answer was lost."""
    return Intent(id="i", tenant="t", release_key="k", release_name=raw_of(release_name), fence=fence)


JOB_ID = 10173064
JOB = {"Id": JOB_ID, "Key": "be33946f-9337-5b59-849b-8822fd27e545", "State": "Pending", "ReleaseName": "Demo"}
STARTED = {"@odata.context": "x", "value": [JOB]}
