"""Owns which applications may ask for tokens, how each proves itself, and where people may be sent afterwards.

Kinds: UiPath's "Setting up the external application". A confidential application has a secret and may act for itself;
a public one has none and needs PKCE.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import unquote_plus, urlsplit

from tui.simulator.generation import Generation
from tui.simulator.sign_in.scopes import IDENTITY_SCOPES, KNOWN_SCOPES, ORCHESTRATOR_SCOPES
from tui.simulator.sign_in.token_errors import TokenError
from tui.simulator.sign_in.tokens import CLIENT_ID, CLIENT_SECRET, PUBLIC_CLIENT_ID

CLASSIC_CLIENT_ID = "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN"
"""The public application of the 2019 documentation."""
FIRST_PARTY_CLIENT_ID = "36dea5b8-e8bb-423d-8e7b-c808df8f1c00"
"""UiPath's own Python client: it may ask for any scope, and is let in everywhere."""
CLASSIC_REDIRECT = "https://account.uipath.com/mobile"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Application:
    """A registered application; ``secret`` None makes it a public one."""

    client_id: str
    secret: str | None = None
    first_party: bool = False

    def unknown_scopes(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of ``scopes`` that the service does not know; names are exact in their case."""
        return () if self.first_party else tuple(scope for scope in scopes if scope not in KNOWN_SCOPES)


def _registered(*applications: Application) -> Mapping[str, Application]:
    return MappingProxyType({application.client_id: application for application in applications})


_APPLICATIONS: Mapping[Generation, Mapping[str, Application]] = MappingProxyType(
    {
        Generation.CLASSIC: _registered(
            Application(CLASSIC_CLIENT_ID),
            Application("8DEv1AMNXczW3y4U15LL3jYf62jK93n5"),
            Application("qccWcbcRgHGP0Nivlm7T9B7lven0AnTW"),
            Application(CLIENT_ID),
            Application(PUBLIC_CLIENT_ID),
        ),
        Generation.MODERN: _registered(
            Application(CLIENT_ID, CLIENT_SECRET),
            Application(PUBLIC_CLIENT_ID),
            Application(FIRST_PARTY_CLIENT_ID, first_party=True),
        ),
    }
)


def find_application(generation: Generation, client_id: str) -> Application | None:
    """Return the application that ``generation``'s service knows by ``client_id``, or None."""
    return _APPLICATIONS[generation].get(client_id)


def authenticated(generation: Generation, fields: dict[str, str], authorization: str = "") -> Application:
    """Return the application that makes a token request; its names may also come as HTTP Basic (RFC 6749 2.3.1).

    Raises:
        TokenError: ``invalid_client``: nobody knows it, or its secret is wrong or missing.
    """
    if "client_id" not in fields:
        fields |= _basic(authorization)
    application = find_application(generation, fields.get("client_id", ""))
    if application is None:
        raise TokenError("invalid_client", "Unknown client")
    given, wanted = fields.get("client_secret", ""), application.secret
    if wanted is not None and not hmac.compare_digest(given.encode(), wanted.encode()):
        raise TokenError("invalid_client", "Wrong client secret")
    return application


def application_scopes(application: Application, scope: str) -> tuple[str, ...]:
    """Return the scopes of an application's own token: those asked for, or all of Orchestrator's.

    Raises:
        TokenError: ``unauthorized_client`` for a public application, ``invalid_scope`` for a scope that is unknown or
            that only people have: there is nobody to renew for, and nobody's identity.
    """
    if application.secret is None:
        raise TokenError("unauthorized_client")
    scopes = tuple(dict.fromkeys(scope.split()))
    if IDENTITY_SCOPES & set(scopes) or application.unknown_scopes(scopes):
        raise TokenError("invalid_scope")
    return scopes or ORCHESTRATOR_SCOPES


def is_loopback_redirect(address: str) -> bool:
    """Whether ``address`` is plain http to this machine, on any port and path, without a fragment or a user."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    plain = not any(sign in address for sign in "\\#@") and address.isprintable() and " " not in address
    return plain and parts.scheme == "http" and parts.hostname in _LOOPBACK


def _basic(authorization: str) -> dict[str, str]:
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}
