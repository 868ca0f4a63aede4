"""Why a try got no complete answer, found in the chain of exceptions. Standard library only; no I/O."""

import errno
import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, cast


class Reason(StrEnum):
    """Why no complete answer came. The value is the sentence that the log shows."""

    NAME = "the host name could not be found"
    REFUSED = "the connection was refused"
    UNREACHABLE = "the network or the host can't be reached"
    CONNECT = "no connection could be made"
    CONNECT_TIMEOUT = "the server did not accept the connection in time"
    UNKNOWN_AUTHORITY = "the certificate comes from an authority this computer does not trust"
    CERTIFICATE_EXPIRED = "the server's certificate has expired or is not valid yet"
    WRONG_HOST = "the certificate belongs to another host"
    TLS = "no secure connection could be made"
    PROXY = "the proxy refused or failed"
    DEADLINE = "the server was too slow: no complete answer in the time allowed"
    CLOSED = "the server closed the connection without an answer"
    INCOMPLETE = "the answer broke off"
    GARBAGE = "the answer is not HTTP"
    TOO_LARGE = "the answer is larger than allowed"
    ENCODING = "the answer is compressed in a way that is not accepted or damaged"
    CANCELLED = "cancelled"
    OTHER = "the call failed"


_EXPIRED: Final = frozenset({9, 10})
"""OpenSSL: certificate not yet valid, certificate has expired."""
_WRONG_HOST: Final = frozenset({62, 64})
"""OpenSSL: host name mismatch, IP address mismatch."""
_UNREACHABLE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and everything it was raised from, each once."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [each for each in (found.__cause__, found.__context__) if each is not None]
        if isinstance(found, BaseExceptionGroup):
            waiting += cast("BaseExceptionGroup[Any]", found).exceptions


def connect_reason(error: BaseException) -> Reason:
    """Return why a connection could not be made."""
    found = list(chain(error))
    for each in found:
        if isinstance(each, ssl.SSLCertVerificationError):
            return _certificate_reason(each)
    for each in found:
        if isinstance(each, socket.gaierror):
            return Reason.NAME
        if isinstance(each, ssl.SSLError):
            return Reason.TLS
        if isinstance(each, ConnectionRefusedError):
            return Reason.REFUSED
        if isinstance(each, OSError) and each.errno in _UNREACHABLE:
            return Reason.UNREACHABLE
    return Reason.CONNECT


def _certificate_reason(error: ssl.SSLCertVerificationError) -> Reason:
    # The stores of macOS and Windows give no OpenSSL code, only a text.
    text = str(error).lower()
    code = getattr(error, "verify_code", 0)
    if code in _EXPIRED or "expired" in text or "not yet valid" in text:
        return Reason.CERTIFICATE_EXPIRED
    if code in _WRONG_HOST or "hostname mismatch" in text or "name does not match" in text or "not match" in text:
        return Reason.WRONG_HOST
    return Reason.UNKNOWN_AUTHORITY
