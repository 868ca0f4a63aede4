"""Checks of addresses: what a person types and what a server names. Standard library only; opens nothing."""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from tui.errors import Exit, Failure, UsageError

_SERVICE_SEGMENTS: Final = frozenset({"orchestrator_", "portal_", "identity_"})
_PAGE_SEGMENTS: Final = frozenset(
    {"odata", "api", "swagger", "account", "login", "identity", "cloudrpa", "index.html", "default.aspx", "connect"}
)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is literally this machine: 127.0.0.0/8, ``::1`` or ``localhost``."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """Return ``scheme://host:port`` in lower case with the port always there, or ``""`` for no such address."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        return ""
    port = _port(parts)
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    host = parts.hostname.lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}" if port >= 0 else ""


def is_plain(text: str) -> bool:
    """Tell whether an address holds nothing that two programs could read in two ways."""
    return bool(text) and text.isprintable() and not any(character in text for character in ' \\"<>`{}|^')


_SECRET_LIKE: Final = re.compile(r"eyj|rt_[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-|[\w-]{40,}\Z", re.IGNORECASE)


def checked_base_url(text: str) -> str:
    """Return the base address that ``text`` names: scheme and host, and a path prefix when it is a real one.

    ``https://`` is added when no scheme is given; the ends of addresses copied out of a browser (``/odata/…``,
    ``/{org}/{tenant}/orchestrator_/…``, ``/account/login``) are cut.

    Raises `UsageError` for anything but https (``http`` only to this machine), for user information, a query, a
    fragment, or no host.
    """
    text = text.strip().strip("\"'")
    if not is_plain(text):
        raise _refused("it is empty or holds a space or a character that addresses can't have")
    parts = _split(text if "://" in text else f"https://{text}")
    if parts is None or not parts.hostname:
        raise _refused("it names no host")
    if _SECRET_LIKE.match(parts.netloc):
        raise _refused("it looks like a token; that belongs in the field for the token")
    _check_scheme(parts)
    if "@" in parts.netloc:
        raise _refused("it holds a user name or password; those never belong in an address")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise _refused("it has a query (?…) or a fragment (#…)")
    port = _port(parts)
    if port is not None and port < 1:
        raise _refused("its port is not a number from 1 to 65535")
    return _joined(parts, port)


def _joined(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}{_prefix(parts.path)}"


def _prefix(path: str) -> str:
    """Return the part of ``path`` under which the server itself lives, without a trailing slash."""
    segments = [segment for segment in path.split("/") if segment]
    if any(segment in (".", "..") for segment in segments):
        raise _refused("its path holds “.” or “..”")
    for place, segment in enumerate(segments):
        lowered = segment.lower()
        if lowered in _SERVICE_SEGMENTS:
            # An organization and a tenant, which are asked for separately, stand before a service's segment.
            segments = segments[: max(0, place - 2)]
            break
        if lowered in _PAGE_SEGMENTS:
            segments = segments[:place]
            break
    return "".join(f"/{segment}" for segment in segments)


def _check_scheme(parts: SplitResult) -> None:
    if parts.scheme == "https":
        return
    if parts.scheme != "http":
        raise _refused(f"“{parts.scheme}” is not a web address")
    if not is_loopback(parts.hostname or ""):
        raise _refused("http sends the token in clear; only this machine (127.0.0.1, ::1, localhost) may use it")


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _port(parts: SplitResult) -> int | None:
    """Return the port, ``None`` when none is given, -1 when it is none."""
    try:
        return parts.port
    except ValueError:
        return -1


def _refused(why: str) -> UsageError:
    return UsageError(
        Failure(
            title="The base address can't be used",
            cause=why[0].upper() + why[1:],
            next_step="Give the address of the server alone, such as https://orchestrator.example.com",
            exit=Exit.USAGE,
        )
    )
