"""A server that keeps each request as the bytes that came, and answers 204."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

OF_CONNECTION = {b"host", b"content-length", b"connection", b"transfer-encoding"}


@dataclass(frozen=True)
class Came:
    """One request: its first line's parts, its headers in order with names in lower case, its body."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def comparable(self) -> "Came":
        """Leave out what belongs to the connection; headers of different names may come in any order."""
        kept = [pair for pair in self.headers if pair[0] not in OF_CONNECTION]
        return Came(self.method, self.target, tuple(sorted(kept, key=lambda pair: pair[0])), self.body)


@dataclass
class Recorder:
    """A listening server; ``came`` are the requests so far."""

    port: int
    came: list[Came] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    listening = socket.create_server(("127.0.0.1", 0))
    recorder = Recorder(listening.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listening, recorder), daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def _serve(listening: socket.socket, recorder: Recorder) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            recorder.came.append(_read(connection))
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def _read(connection: socket.socket) -> Came:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, target, _ = first.split(b" ")
    pairs = [line.partition(b":") for line in lines]
    headers = tuple((name.lower(), value.strip(b" \t")) for name, _, value in pairs)
    length = int(dict(headers).get(b"content-length", b"0"))
    assert not re.search(rb"(?i)transfer-encoding", head)
    while len(body) < length:
        body += _some(connection)
    return Came(method, target, headers, body)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the request ended early")
    return data
