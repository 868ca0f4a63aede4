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
_NEXT_STEPS: Final[dict[Reason, str]] = {
    Reason.NAME: "Check the base address and the network (VPN?), then try again",
    Reason.REFUSED: "Check the base address and its port, and that the server runs",
    Reason.UNREACHABLE: _NETWORK,
    Reason.CONNECT: _NETWORK,
    Reason.CONNECT_TIMEOUT: "Check the base address, the network and the firewall, then try again",
    Reason.UNKNOWN_AUTHORITY: "Add your organization's authority to the certificates of this computer, "
    "or name its file in SSL_CERT_FILE",
    Reason.CERTIFICATE_EXPIRED: "Check the date of this computer; if it is right, ask who runs the server",
    Reason.WRONG_HOST: f"{_CERTIFICATE}, and check the base address",
    Reason.TLS: _CERTIFICATE,
    Reason.PROXY: "Check HTTPS_PROXY and NO_PROXY, and the proxy's user and password",
    Reason.DEADLINE: "Try again in a while; if it stays, ask who runs the server",
    Reason.GARBAGE: "Check the base address and its port: something else may be listening there",
    Reason.TOO_LARGE: "Narrow what is asked for",
    Reason.ENCODING: "Check the proxy between here and the server",
}


def failure_for(reason: Reason, doing: str, host: str = "", status: int | None = None) -> Failure:
    """Return what to tell a person: ``doing`` completes the title, ``host`` is who was asked."""
    failure = Failure(
        title=f"Could not {doing}",
        cause=f"{host}: {reason}" if host else str(reason),
        next_step=_NEXT_STEPS.get(reason, _NETWORK),
        exit=Exit.NETWORK,
    )
    return replace(failure, status=status) if status else failure
