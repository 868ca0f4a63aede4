"""Owns serving the simulated Orchestrator on loopback with uvicorn, in a thread or until a signal."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from tui.simulator.app import make_app
from tui.simulator.journal import Journal
from tui.simulator.summary import make_summary
from tui.simulator.world import World

HOST = "127.0.0.1"
START_SECONDS = 15.0
STOP_SECONDS = 10.0
KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than the pause between two polls, as at the real service."""


class _Connections:
    """The open connections by the peer's address, so that one can be cut in the middle of a request."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def drop(self, scope: Scope) -> None:
        """Cut the connection that ``scope`` came in on: no answer, not even a polite end."""
        transport = self._transports.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """Return a protocol class that reports its connections here."""
        transports = self._transports

        class Tracked(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    transports[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    transports.pop(self.client, None)
                super().connection_lost(exc)

        return Tracked


class _Uvicorn(uvicorn.Server):
    """Says when it is ready, and leaves signals to whoever started it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class SimulatorServer:
    """A simulated Orchestrator on ``http://127.0.0.1:port``; a context manager that serves from a daemon thread.

    ``speed`` divides how long jobs take and how slow `slow` is; ``port`` 0 takes a free one.
    """

    def __init__(
        self, scenarios: Sequence[str] = ("happy",), *, port: int = 0, speed: float = 1.0, seed: int = 0
    ) -> None:
        self.scenarios = tuple(scenarios)
        self.world = World(self.scenarios, speed=speed, seed=seed)
        self.journal = Journal()
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._server: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on; only after `start`."""
        if self._socket is None:
            raise RuntimeError("The simulator has not been started.")
        return int(self._socket.getsockname()[1])

    @property
    def base_url(self) -> str:
        """The address before any path, without a slash at its end; only after `start`."""
        return f"http://{HOST}:{self.port}"

    @property
    def summary(self) -> dict[str, Any]:
        """What ``--json`` prints: addresses, names and invented tokens; only after `start`."""
        return make_summary(self.world, self.base_url)

    def start(self) -> Self:
        """Serve; once this returns, connections are accepted.

        Raises:
            OSError: The port is taken, or may not be used.
        """
        self._socket = _listening_socket(self._wanted_port)
        connections = _Connections()
        config = uvicorn.Config(
            make_app(self.world, self.journal, connections.drop),
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=1,
        )
        server = self._server = _Uvicorn(config)
        self._thread = threading.Thread(target=server.run, args=([self._socket],), name="simulator", daemon=True)
        self._thread.start()
        if not server.ready.wait(START_SECONDS):
            self.stop()
            raise OSError("The simulator did not start in time.")
        return self

    def stop(self) -> None:
        """Stop serving and free the port; calling it again is harmless."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        if self._socket is not None:
            self._socket.close()
        self._server = self._thread = self._socket = None

    def run_forever(self, on_ready: Callable[[Self], None]) -> None:
        """Serve until SIGINT or SIGTERM; ``on_ready`` is called once connections are accepted. Main thread only."""
        finished = threading.Event()

        def finish(signum: int, frame: FrameType | None) -> None:
            del signum, frame
            finished.set()

        previous = {number: signal.signal(number, finish) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self.start()
            on_ready(self)
            while not finished.wait(0.5):
                pass
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def _listening_socket(port: int) -> socket.socket:
    # The protocol is named because asyncio switches off Nagle's algorithm only for sockets that say TCP: without it
    # every answer waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        sentence = f"The simulator cannot listen on {HOST}:{port}: {error.strerror or error}."
        raise OSError(error.errno, f"{sentence} Choose another port with `--port`, or 0 for a free one.") from error
    return listener
