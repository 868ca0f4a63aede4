"""Which proxy the environment (or the system's settings) wants for a host. Standard library only; opens nothing."""

import urllib.request
from collections.abc import Iterable
from urllib.parse import urlsplit

from tui.api.addresses import is_loopback
from tui.errors import Exit, Failure, UsageError


def proxy_for(url: str) -> str:
    """Return the proxy's address for ``url``, ``""`` for none. This machine itself is never asked through a proxy.

    Raises `UsageError` when the setting names no proxy that can be used.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or urllib.request.proxy_bypass(host):
        return ""
    settings = urllib.request.getproxies()
    found = settings.get(parts.scheme) or settings.get("all") or ""
    if not found:
        return ""
    return _checked(found if "://" in found else f"http://{found}")


def proxies_for(urls: Iterable[str]) -> tuple[str, ...]:
    """Return the proxies between here and ``urls``, each once, without credentials, for showing. Raises as above."""
    found = (proxy_for(each) for each in sorted(urls))
    return tuple(dict.fromkeys(without_credentials(proxy) for proxy in found if proxy))


def without_credentials(proxy: str) -> str:
    """Return a proxy's address without user and password, for showing; ``""`` for none."""
    parts = urlsplit(proxy)
    if not proxy:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def bad_proxy(why: str) -> UsageError:
    """Return the error for a proxy setting that can't be used. ``why`` must not hold its password."""
    return UsageError(
        Failure(
            title="The proxy setting can't be used",
            cause=why,
            next_step="Correct HTTPS_PROXY (http://host:port), or add the server to NO_PROXY",
            exit=Exit.USAGE,
        )
    )


def _checked(proxy: str) -> str:
    try:
        parts = urlsplit(proxy)
        usable = parts.hostname is not None and parts.port != 0 and proxy.isprintable()
    except ValueError:
        usable = False
        parts = None
    if not usable or parts is None:
        raise bad_proxy("The environment names a proxy that is no address")
    if parts.scheme not in ("http", "https"):
        raise bad_proxy(f"A proxy of the kind “{parts.scheme[:20]}” is not supported, only http and https")
    return proxy
