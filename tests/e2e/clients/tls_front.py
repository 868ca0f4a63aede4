"""A TLS front on loopback before a plain port, for clients that have https and host names built in."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import trustme


@contextlib.contextmanager
def tls_front(target_port: int, folder: Path, *names: str) -> Iterator[tuple[int, Path]]:
    """Serve ``names`` with a certificate of a throw-away authority; yield the port and the authority's file."""
    authority = trustme.CA()
    authority_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(authority_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context, target_port), daemon=True).start()
        try:
            yield listener.getsockname()[1], authority_file
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, context: ssl.SSLContext, target_port: int) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_relay, args=(plain, context, target_port), daemon=True).start()


def _relay(plain: socket.socket, context: ssl.SSLContext, target_port: int) -> None:
    """Relay one exchange after another: a request in, its answer out, until either side closes."""
    with (
        contextlib.suppress(OSError),
        context.wrap_socket(plain, server_side=True) as front,
        socket.create_connection(("127.0.0.1", target_port)) as back,
    ):
        outward = threading.Thread(target=_pump, args=(back, front), daemon=True)
        outward.start()
        _pump(front, back)
        back.shutdown(socket.SHUT_WR)
        outward.join(10)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
