"""What answers at the other end: servers with every kind of bad certificate or TLS, and proxies that fail."""

import contextlib
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Wrap = Callable[[socket.socket], socket.socket]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Peer:
    """A server on loopback. ``received`` holds what it could read: after TLS where it speaks that."""

    port: int = 0
    connections: int = 0
    received: bytearray = field(default_factory=bytearray)


@contextlib.contextmanager
def peer(wrap: Wrap | None = None, answer: bytes | None = None) -> Iterator[Peer]:
    """Serve connections: ``wrap`` each (TLS), read, give ``answer`` to what came, close."""
    served = Peer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served.port = listener.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    plain, _ = listener.accept()
                except OSError:
                    return
                served.connections += 1
                threading.Thread(target=_talk, args=(plain, wrap, answer, served), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield served
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _talk(plain: socket.socket, wrap: Wrap | None, answer: bytes | None, served: Peer) -> None:
    with contextlib.suppress(OSError), plain:
        plain.settimeout(10)
        with wrap(plain) if wrap else plain as talking:
            served.received += talking.recv(65_536)
            if answer is not None:
                talking.sendall(answer)


def speaking(context: ssl.SSLContext) -> Wrap:
    """Return how a TLS server of ``context`` takes a connection."""
    return lambda plain: context.wrap_socket(plain, server_side=True)


def reset(plain: socket.socket) -> socket.socket:
    """Take the first message of TLS and drop the connection."""
    plain.recv(65_536)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    plain.close()
    raise ConnectionResetError


def certified(
    authority: trustme.CA,
    name: str = "localhost",
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> ssl.SSLContext:
    """Return a server's context with a certificate of ``authority``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_before=not_before, not_after=not_after).configure_cert(context)
    return context


def only_old_tls(authority: trustme.CA) -> ssl.SSLContext:
    """Return the context of a server that speaks TLS 1.0 and nothing else."""
    context = certified(authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the context of a server that made its certificate itself, as an installer does."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "self-signed.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(encoding, form, plain) + certificate.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
