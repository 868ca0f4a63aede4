"""Leads connections from one port to the front of a case, by the host name they ask for."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator, Sequence

from tests.e2e.never_twice.front import Front

_HOST = re.compile(rb"\r\nhost:[ ]*([a-z0-9.-]+)", re.IGNORECASE)


class Dispatcher:
    """Gives each front a name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._free = list(names)
        self._ports: dict[bytes, int] = {}

    def address(self, front: Front) -> str:
        name = self._free.pop(0)
        self._ports[name.encode()] = front.port
        return f"https://{name}:8443"

    @contextlib.contextmanager
    def serving(self) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
            try:
                yield listener.getsockname()[1]
            finally:
                listener.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(plain,), daemon=True).start()

    def _relay(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            head = b""
            while b"\r\n\r\n" not in head:
                more = plain.recv(65_536)
                if not more:
                    return
                head += more
            found = _HOST.search(head)
            assert found is not None
            with socket.create_connection(("127.0.0.1", self._ports[found[1].lower()])) as back:
                back.sendall(head)
                outward = threading.Thread(target=_pump, args=(plain, back), daemon=True)
                outward.start()
                _pump(back, plain)
                plain.shutdown(socket.SHUT_WR)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
