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
    SELF_SIGNED = "the server vouches for its own certificate, and this computer does not trust it"
    CERTIFICATE_EXPIRED = "the server's certificate has expired"
    NOT_YET_VALID = "the server's certificate is not valid yet"
    WRONG_HOST = "the certificate belongs to another host"
    OLD_TLS = "the server offers only versions of TLS that are no longer safe"
    NOT_TLS = "what answers there speaks no TLS"
    TLS_CUT = "the connection was closed while it was being secured"
    TLS = "no secure connection could be made"
    PROXY_NAME = "the proxy's host name could not be found"
    PROXY_UNREACHABLE = "the proxy can't be reached"
    PROXY_SIGN_IN = "the proxy asks for a user and a password, or does not accept the ones it got"
    PROXY_REFUSED = "the proxy does not let this server be reached"
    PROXY_FAILED = "the proxy could not reach the server"
    PROXY_CLOSED = "the proxy closed the connection without an answer"
    PROXY_GARBAGE = "what the proxy answers is not HTTP"
    PROXY_INSPECTS = "the certificate that comes through the proxy is from an authority this computer does not trust"
    DEADLINE = "the server was too slow: no complete answer in the time allowed"
    CLOSED = "the server closed the connection without an answer"
    INCOMPLETE = "the answer broke off"
    GARBAGE = "the answer is not HTTP"
    TOO_LARGE = "the answer is larger than allowed"
    ENCODING = "the answer is compressed in a way that is not accepted or damaged"
    CANCELLED = "cancelled"
    OTHER = "the call failed"


_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_SELF_SIGNED: Final = 18
"""OpenSSL: the certificate itself; one in its chain (19) is an authority like any other."""
_WRONG_HOST: Final = frozenset({62, 64})
"""OpenSSL: host name mismatch, IP address mismatch."""
_OLD_TLS: Final = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"})
_NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL"}
)
_CUT: Final = frozenset({"UNEXPECTED_EOF_WHILE_READING"})
_PROXY_SIGN_IN: Final = "407"
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


def connect_reason(error: BaseException, *, securing: bool = False) -> Reason:
    """Return why a connection could not be made; ``securing`` once it was made and TLS had begun."""
    found = list(chain(error))
    for each in found:
        if isinstance(each, ssl.SSLCertVerificationError):
            return _certificate_reason(each)
    for each in found:
        if isinstance(each, socket.gaierror):
            return Reason.NAME
        if isinstance(each, ssl.SSLError) and not isinstance(each, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
            return _tls_reason(each)
        if isinstance(each, ConnectionRefusedError):
            return Reason.REFUSED
        if isinstance(each, OSError) and each.errno in _UNREACHABLE:
            return Reason.UNREACHABLE
    return Reason.TLS_CUT if securing else Reason.CONNECT


def refusal_reason(answer: str) -> Reason:
    """Return why a proxy opened no way to the server, by the status line of its answer (``407 …``)."""
    if answer.startswith(_PROXY_SIGN_IN):
        return Reason.PROXY_SIGN_IN
    return Reason.PROXY_FAILED if answer.startswith("5") else Reason.PROXY_REFUSED


def through_proxy(reason: Reason) -> Reason:
    """Return what ``reason`` means where a proxy stands between: all but TLS then happened with the proxy."""
    return _THROUGH_PROXY.get(reason, reason)


_THROUGH_PROXY: Final = {
    Reason.NAME: Reason.PROXY_NAME,
    Reason.REFUSED: Reason.PROXY_UNREACHABLE,
    Reason.UNREACHABLE: Reason.PROXY_UNREACHABLE,
    Reason.CONNECT: Reason.PROXY_UNREACHABLE,
    Reason.CONNECT_TIMEOUT: Reason.PROXY_UNREACHABLE,
    Reason.CLOSED: Reason.PROXY_CLOSED,
    Reason.INCOMPLETE: Reason.PROXY_CLOSED,
    Reason.GARBAGE: Reason.PROXY_GARBAGE,
    Reason.UNKNOWN_AUTHORITY: Reason.PROXY_INSPECTS,
    Reason.SELF_SIGNED: Reason.PROXY_INSPECTS,
}


def _tls_reason(error: ssl.SSLError) -> Reason:
    name = (error.reason or "").upper()
    if name in _OLD_TLS:
        return Reason.OLD_TLS
    if name in _NOT_TLS:
        return Reason.NOT_TLS
    return Reason.TLS_CUT if name in _CUT or isinstance(error, ssl.SSLEOFError) else Reason.TLS


def _certificate_reason(error: ssl.SSLCertVerificationError) -> Reason:
    # The stores of macOS and Windows give no OpenSSL code, only a text.
    text = str(error).lower()
    code = getattr(error, "verify_code", 0)
    if code == _NOT_YET_VALID or "not yet valid" in text:
        return Reason.NOT_YET_VALID
    if code == _EXPIRED or "expired" in text:
        return Reason.CERTIFICATE_EXPIRED
    if code in _WRONG_HOST or "hostname mismatch" in text or "name does not match" in text or "not match" in text:
        return Reason.WRONG_HOST
    if code == _SELF_SIGNED:
        return Reason.SELF_SIGNED
    return Reason.UNKNOWN_AUTHORITY
