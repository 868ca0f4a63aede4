"""A raw server in front of the simulator that spoils the one request that matters, and counts what was carried out.

Everything but StartJobs passes. Whether a fault carried the start out, and whose jobs are whose, is known here alone.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tui.clock import Clock

_MARK = re.compile(r"uipath-tui/[0-9a-f-]{36}")
FACTOR = 100.0
"""How much faster than real time the cases live: five minutes are three seconds."""


class FastClock:
    """Time that runs faster, for the client, the server's rows and its ``Date`` alike."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._moment = datetime(2026, 3, 4, 9, 28, tzinfo=UTC)

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=self.monotonic())

    def jump(self, seconds: float) -> None:
        """Let so much time have passed at the server."""
        self._moment += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return (self._loop.time() - self._began) * FACTOR

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FACTOR)


@dataclass
class Start:
    """One StartJobs request that arrived."""

    head: bytes
    body: bytes
    writer: asyncio.StreamWriter

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def cut(self) -> None:
        self.writer.transport.abort()

    async def finish(self, data: bytes = b"") -> None:
        self.writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()
        self.writer.close()


Respond = Callable[["Front", Start], Awaitable[None]]


@dataclass
class Front:
    """Serves one case. ``ours`` and ``theirs`` are the jobs that our start and the other operator's made."""

    origin: int
    clock: Clock
    respond: Respond
    operator: bool = False
    posts: int = 0
    executed: int = 0
    ours: list[int] = field(default_factory=list[int])
    theirs: list[int] = field(default_factory=list[int])
    refuse_next: bool = False
    later: list[asyncio.Task[None]] = field(default_factory=list["asyncio.Task[None]"])
    _server: asyncio.Server | None = None
    port: int = 0

    async def open(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self.handle, "127.0.0.1", port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    def shut(self) -> None:
        if self._server is not None:
            self._server.close()

    async def reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.open(self.port)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            if b"StartJobs" in head.split(b"\r\n", 1)[0]:
                await self._started(Start(head, body, writer))
            else:
                answer = await self.forward(head, body)
                if b"orderby=Id%20desc" in head and self.refuse_next:
                    # The connection for the start, the next one, finds nobody; later ones do again.
                    self.refuse_next = False
                    self.shut()
                    self.later.append(asyncio.create_task(self.reopen(0.3)))
                await Start(head, body, writer).finish(answer)
        writer.close()

    async def _started(self, start: Start) -> None:
        self.posts += 1
        if self.operator and self.posts == 1:
            info = json.loads(start.body)
            info["startInfo"].pop("Reference", None)
            if inputs := info["startInfo"].get("InputArguments"):
                info["startInfo"]["InputArguments"] = _MARK.sub("by hand", inputs)
            answer = await self.forward(start.head, json.dumps(info).encode())
            self.theirs += _made(answer)
        await self.respond(self, start)

    async def execute(self, start: Start) -> bytes:
        """Carry the start out; return the whole answer."""
        answer = await self.forward(start.head, start.body)
        made = _made(answer)
        self.executed += bool(made)
        self.ours += made
        return answer

    async def forward(self, head: bytes, body: bytes) -> bytes:
        first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith((b"connection:", b"content-length:"))]
        if body:
            kept.append(b"Content-Length: %d" % len(body))
        reader, writer = await asyncio.open_connection("127.0.0.1", self.origin)
        writer.write(b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n" + body)
        answer = await reader.read()
        writer.close()
        top, _, content = answer.partition(b"\r\n\r\n")
        lines = [line for line in top.split(b"\r\n") if not line.lower().startswith((b"date:", b"connection:"))]
        lines += [b"Date: " + format_datetime(self.clock.now(), usegmt=True).encode(), b"Connection: close"]
        return b"\r\n".join(lines) + b"\r\n\r\n" + content


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _made(answer: bytes) -> list[int]:
    if not answer.startswith(b"HTTP/1.1 201"):
        return []
    return [job["Id"] for job in json.loads(answer.partition(b"\r\n\r\n")[2])["value"]]
