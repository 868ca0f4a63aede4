"""The address on this computer to which a browser sign-in comes back. Standard library only."""

from urllib.parse import urlsplit

from tui.api.addresses import is_loopback
from tui.errors import Exit, Failure, UsageError


def redirect_parts(address: str) -> tuple[str, int, str]:
    """Return host, port and path of a loopback address such as ``http://127.0.0.1:8765/``. Raises `UsageError`."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme != "http" or not is_loopback(host) or port is None or parts.query or parts.fragment:
        raise UsageError(
            Failure(
                title="The redirect address can't be used",
                cause="it has to be an http address of this computer with a port",
                next_step="Set redirect_uri to what the application has registered, such as http://127.0.0.1:8765/",
                exit=Exit.USAGE,
            )
        )
    return f"[{host}]" if ":" in host else host, port, parts.path or "/"
