"""What to tell a person when no complete answer came. No I/O, no client."""

from dataclasses import replace
from typing import Final

from tui.errors import Exit, Failure, NoAnswerError
from tui.exchanges.reasons import Reason


class CallError(NoAnswerError):
    """No complete answer came, and this is why. ``status`` is that of the headers, when they came."""

    def __init__(self, failure: Failure, *, sent: bool, reason: Reason) -> None:
        super().__init__(failure, sent=sent)
        self.reason = reason


_NETWORK: Final = "Check the network, then try again"
_CERTIFICATE: Final = "Do not go on. Ask who runs the server or the network"
_PROXY_SETTING: Final = "HTTPS_PROXY (or the system's proxy setting)"
_NO_PROXY: Final = "or add the server to NO_PROXY"
_NEXT_STEPS: Final[dict[Reason, str]] = {
    Reason.NAME: "Check the base address and the network (VPN?), then try again",
    Reason.REFUSED: "Check the base address and its port, and that the server runs",
    Reason.UNREACHABLE: _NETWORK,
    Reason.CONNECT: _NETWORK,
    Reason.CONNECT_TIMEOUT: "Check the base address, the network and the firewall, then try again",
    Reason.UNKNOWN_AUTHORITY: "Add your organization's authority to the certificates of this computer, "
    "or name its file in SSL_CERT_FILE",
    Reason.SELF_SIGNED: "Ask who runs the server for its certificate, and name its file in SSL_CERT_FILE",
    Reason.NOT_YET_VALID: "Check the date and time of this computer; if they are right, ask who runs the server",
    Reason.CERTIFICATE_EXPIRED: "Check the date of this computer; if it is right, ask who runs the server",
    Reason.WRONG_HOST: f"{_CERTIFICATE}, and check the base address",
    Reason.OLD_TLS: "Ask who runs the server to offer TLS 1.2 or later; older versions are never used",
    Reason.NOT_TLS: "Check the port of the base address: a server on this machine may need http:// instead",
    Reason.TLS_CUT: "Try again; if it stays, something between here and the server may block it (firewall, proxy)",
    Reason.TLS: _CERTIFICATE,
    Reason.PROXY_NAME: f"Check the host in {_PROXY_SETTING}",
    Reason.PROXY_UNREACHABLE: f"Check host and port in {_PROXY_SETTING}, and that the proxy runs",
    Reason.PROXY_SIGN_IN: "Put them into the address, as in HTTPS_PROXY=http://user:password@host:port",
    Reason.PROXY_REFUSED: f"Ask who runs the proxy to allow it, {_NO_PROXY}",
    Reason.PROXY_FAILED: f"Check the base address, {_NO_PROXY} if it is in your own network",
    Reason.PROXY_CLOSED: f"Try again; if it stays, check {_PROXY_SETTING}",
    Reason.PROXY_GARBAGE: f"Check the port in {_PROXY_SETTING}: something else may be listening there",
    Reason.PROXY_INSPECTS: "If your organization's proxy reads secure connections, add its authority to the "
    "certificates of this computer, or name its file in SSL_CERT_FILE",
    Reason.DEADLINE: "Try again in a while; if it stays, ask who runs the server",
    Reason.GARBAGE: "Check the base address and its port: something else may be listening there",
    Reason.TOO_LARGE: "Narrow what is asked for",
    Reason.ENCODING: "Check the proxy between here and the server",
}


def failure_for(reason: Reason, doing: str, host: str = "", status: int | None = None, *, proxy: str = "") -> Failure:
    """Return what to tell a person: ``doing`` completes the title, ``host`` is who was asked.

    ``proxy`` is the address of the proxy in between, without its credentials; named where it is the proxy that failed.
    """
    cause = f"{host}: {reason}" if host else str(reason)
    failure = Failure(
        title=f"Could not {doing}",
        cause=f"{cause} ({proxy})" if proxy and reason.name.startswith("PROXY_") else cause,
        next_step=_NEXT_STEPS.get(reason, _NETWORK),
        exit=Exit.NETWORK,
    )
    return replace(failure, status=status) if status else failure
