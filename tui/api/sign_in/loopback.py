"""The listener on this machine to which the browser sign-in of today comes back. Owns its pages and its limits.

Any page in any browser, and any program here, may talk to it: only a request with the right state ends the wait, what
it shows holds nothing of the request, and nothing of a request is ever logged.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import h11

from tui.api.addresses import is_loopback
from tui.api.sign_in.landing import Landing, landing_of_fields
from tui.api.sign_in.loopback_pages import ENDED, FAILED, NOT_HERE, OTHER_SIGN_IN, REFUSED, SUCCESS, TOO_MUCH, Page
from tui.api.sign_in.pkce import is_state
from tui.clock import Clock
from tui.errors import Exit, Failure, SignInError, UsageError
from tui.secret import Secret

HOST: Final = "127.0.0.1"
LIFETIME: Final = 300.0
"""Seconds after which nobody is waited for any more."""
PATIENCE: Final = 5.0
"""Seconds a connection may take."""
_HEAD_LIMIT: Final = 16 * 1024
_CHUNK: Final = 4096
_CONNECTIONS: Final = 64


class LoopbackListener:
    """Waits on ``port`` (0: any free one) for the browser to come to ``path`` with ``state``.

    ``host`` is how the redirect address names this machine: it has to be as the application registered it.
    """

    def __init__(
        self, port: int, path: str, state: Secret, clock: Clock, *, host: str = HOST, patience: float = PATIENCE
    ) -> None:
        self._wanted_port = port
        self._port = 0
        self._path = path if path.startswith("/") else f"/{path}"
        self._state = state
        self._clock = clock
        self._host = host
        self._patience = patience
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._last: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[Landing] = asyncio.get_running_loop().create_future()

    @property
    def port(self) -> int:
        """The port it listens on; only once it is open."""
        if not self._port:
            raise RuntimeError("the listener is not open")
        return self._port

    @property
    def redirect_uri(self) -> str:
        """The address to send the browser to; only once it is open."""
        return f"http://{self._host}:{self.port}{self._path}"

    async def __aenter__(self) -> Self:
        """Listen. Raises `UsageError` when the port can't be had."""
        try:
            own = "::1" if self._host == "[::1]" else HOST
            self._server = await asyncio.start_server(self._connected, own, self._wanted_port, limit=_HEAD_LIMIT)
        except (OSError, OverflowError) as error:
            raise _port_taken(self._wanted_port) from error
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop_listening()
        if not self._answer.done():
            self._answer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def answer(self) -> Secret:
        """Return the code. Raises `SignInError` when the sign-in failed on the page, or nobody came in time."""
        timer = asyncio.get_running_loop().create_task(self._clock.sleep(LIFETIME))
        try:
            await asyncio.wait({self._answer, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            self._stop_listening()
        if not self._answer.done():
            raise SignInError(_TOO_LATE)
        landing = self._answer.result()
        # The page is on its way: the browser shall have it before the connection is closed.
        if self._last is not None:
            await asyncio.wait({self._last}, timeout=self._patience)
        if landing.failure is not None:
            raise SignInError(landing.failure)
        return landing.code

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection outside a task")
        if len(self._tasks) >= _CONNECTIONS:
            self._tasks[0].cancel()
        self._tasks.append(task)
        try:
            # A connection that ends early, in whatever way, is the other side's affair.
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(self._patience):
                    await self._serve(reader, writer)
        finally:
            self._tasks.remove(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_LIMIT)
        received = 0
        try:
            while (event := connection.next_event()) is h11.NEED_DATA and received <= _HEAD_LIMIT:
                chunk = await reader.read(_CHUNK)
                received += len(chunk)
                connection.receive_data(chunk)
        except h11.RemoteProtocolError as error:
            page = TOO_MUCH if error.error_status_hint == 431 else REFUSED
        else:
            if event is not h11.NEED_DATA and not isinstance(event, h11.Request):
                return
            page = self._page_for(event) if isinstance(event, h11.Request) and received <= _HEAD_LIMIT else TOO_MUCH
        if connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = h11.Response(status_code=page.status, headers=page.headers)
            for part in (response, h11.Data(data=page.body), h11.EndOfMessage()):
                writer.write(connection.send(part) or b"")
            await writer.drain()

    def _page_for(self, request: h11.Request) -> Page:
        """Return what to show, and end the wait when this is the answer to the sign-in."""
        headers = {bytes(name): bytes(value) for name, value in request.headers}
        if not _is_this_machine(headers.get(b"host", b"")):
            return REFUSED
        if request.method != b"GET" or b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0":
            return REFUSED
        try:
            parts = urlsplit(request.target.decode("ascii"))
            fields = parse_qs(parts.query, max_num_fields=50)
        except ValueError:
            return REFUSED
        if parts.path != self._path:
            return NOT_HERE
        landing = landing_of_fields(fields)
        if not is_state(self._state, landing.state.reveal()) or not (landing.code or landing.failure):
            return OTHER_SIGN_IN
        if self._answer.done():
            return ENDED
        self._answer.set_result(landing)
        self._last = asyncio.current_task()
        self._stop_listening()
        return FAILED if landing.failure is not None else SUCCESS


def _is_this_machine(host: bytes) -> bool:
    """Refuse a page of elsewhere whose name was made to point here."""
    try:
        return is_loopback(urlsplit(f"//{host.decode('ascii')}").hostname or "")
    except ValueError:
        return False


def _port_taken(port: int) -> UsageError:
    return UsageError(
        Failure(
            title="The browser can't come back to this program",
            cause=f"port {port} of this machine is in use or not allowed",
            next_step="Close what uses it, or set redirect_uri to another address that the application has registered",
            exit=Exit.USAGE,
        )
    )


_TOO_LATE: Final = Failure(
    title="The browser sign-in took too long",
    cause="nobody came back from the browser within five minutes",
    next_step="Start the browser sign-in again",
    exit=Exit.SIGN_IN,
)
