"""The TLS context of every call: the operating system's certificate store, verification on, keys never written."""

import os
import ssl
from collections.abc import MutableMapping
from pathlib import Path

import truststore

from tui.errors import Exit, Failure, UsageError
from tui.system.hardening import KEY_LOG


def tls_context(*, needed: bool, environment: MutableMapping[str, str] | None = None) -> ssl.SSLContext:
    """Return a context that trusts what the operating system trusts, and ``SSL_CERT_FILE`` where it is named.

    ``SSLKEYLOGFILE`` is taken out of the environment first: Python would write the keys of every connection there.
    Without ``needed`` (only plain http to this machine) the context trusts nobody, which is quicker to make. Raises
    `UsageError` when ``SSL_CERT_FILE`` names no readable file of certificates.
    """
    environment = os.environ if environment is None else environment
    environment.pop(KEY_LOG, None)
    if not needed:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    named = environment.get("SSL_CERT_FILE", "")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if named:
        _trust(context, named)
    return context


def _trust(context: ssl.SSLContext, named: str) -> None:
    """Trust the authorities of a file too: the stores of macOS and Windows know nothing of ``SSL_CERT_FILE``."""
    try:
        context.load_verify_locations(named)
    except ssl.SSLError:
        why = "which holds no certificate in PEM form"
    except (OSError, ValueError):
        why = "which is no file that can be read"
    else:
        return
    raise UsageError(
        Failure(
            title="The certificates can't be read",
            cause=f"SSL_CERT_FILE names {Path(named).name}, {why}",
            next_step="Correct SSL_CERT_FILE or remove it",
            exit=Exit.USAGE,
        )
    )
