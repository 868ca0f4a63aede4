"""Owns every token the simulator hands out or accepts: invented, stable secrets, and the two token services' rules.

2019 (``account.uipath.com``): refresh tokens ("user keys") are never rotated, access lasts a day. Today
(``identity_``): a refresh token works once, and using it again revokes everything from the same sign-in.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tui.simulator.wire import named_uuid

USER_KEY = "Simulated_User_Key-not_a_secret-2019-Bakery"
PERSONAL_ACCESS_TOKEN = f"rt_{'51a0' * 16}-1"
CLIENT_ID = "51a051a0-c11e-4000-8000-000000000001"
CLIENT_SECRET = "simulated-client-secret(not-a-real-one)"
STANDALONE_USERNAME = "admin"
STANDALONE_PASSWORD = "simulated-password"

CLASSIC_LIFETIME = timedelta(seconds=86_400)
MODERN_LIFETIME = timedelta(seconds=3_600)
STANDALONE_LIFETIME = timedelta(minutes=30)
CODE_LIFETIME = timedelta(minutes=10)
USER_EMAIL = "ada.harbour@example.com"
USER_SUBJECT = named_uuid("user", USER_EMAIL)


class Generation(StrEnum):
    """Which of the two services a token or a tenant belongs to."""

    CLASSIC = "2019"
    MODERN = "today"


class TokenError(Exception):
    """A token endpoint's no: ``error`` is one of RFC 6749's words."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(description or error)
        self.error = error
        self.description = description


@dataclass(slots=True)
class Grant:
    """What a bearer token allows."""

    generation: Generation
    expires_at: datetime | None
    identity_only: bool = False
    application: bool = False
    tenancy_name: str | None = None
    mortal: bool = True
    calls: int = 0


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What the sign-in page was asked for, to be matched when the code comes back."""

    generation: Generation
    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str | None


@dataclass(slots=True)
class _Code:
    request: AuthorizationRequest
    expires_at: datetime


@dataclass(slots=True)
class _RefreshToken:
    family: str
    client_id: str
    scope: str
    used: bool = False


@dataclass(slots=True)
class TokenAuthority:
    """Issues and recognises tokens. Time comes from ``now``; ``organization_id`` becomes the ``prt_id`` claim."""

    now: Callable[[], datetime]
    organization_id: str
    token_calls: int | None = None
    """How many Orchestrator calls an access token serves before it dies; None: until it expires."""
    _grants: dict[str, Grant] = field(default_factory=dict[str, Grant])
    _codes: dict[str, _Code] = field(default_factory=dict[str, _Code])
    _refresh_tokens: dict[str, _RefreshToken] = field(default_factory=dict[str, _RefreshToken])
    _revoked_families: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self._grants[PERSONAL_ACCESS_TOKEN] = Grant(Generation.MODERN, None, mortal=False)

    def authorize(self, request: AuthorizationRequest) -> str:
        """Return a single-use authorization code for ``request``."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(request, self.now() + CODE_LIFETIME)
        return code

    def redeem_code(self, generation: Generation, fields: dict[str, str]) -> dict[str, Any]:
        """Exchange an authorization code; PKCE (RFC 7636) is checked when the request carried a challenge."""
        kept = self._codes.pop(fields.get("code", ""), None)
        if kept is None or kept.expires_at < self.now() or kept.request.generation is not generation:
            raise TokenError("invalid_grant", "Invalid authorization code")
        request = kept.request
        if fields.get("client_id") != request.client_id or fields.get("redirect_uri") != request.redirect_uri:
            raise TokenError(
                "invalid_grant", "The client or the redirect address differs from the authorization request"
            )
        if request.code_challenge is None:
            if fields.get("client_secret") != CLIENT_SECRET:
                raise TokenError("invalid_client", "Neither a code_verifier nor a valid client_secret was sent")
        elif challenge_of(fields.get("code_verifier", "")) != request.code_challenge:
            raise TokenError("invalid_grant", "Failed to verify code verifier")
        if generation is Generation.CLASSIC:
            return self._classic_answer(request.client_id) | {"refresh_token": USER_KEY}
        return self._modern_answer(request.client_id, request.scope.split(), secrets.token_hex(8))

    def refresh_classic(self, fields: dict[str, str]) -> dict[str, Any]:
        """Exchange a user key: a day of access, an id_token, and no new refresh token."""
        if not fields.get("client_id"):
            raise TokenError("invalid_request", "Missing required parameter: client_id")
        if fields.get("refresh_token") != USER_KEY:
            raise TokenError("invalid_grant", "Unknown or invalid refresh token.")
        return self._classic_answer(fields["client_id"])

    def refresh_modern(self, fields: dict[str, str]) -> dict[str, Any]:
        """Exchange a refresh token once; a second use revokes its whole family."""
        kept = self._refresh_tokens.get(fields.get("refresh_token", ""))
        if kept is None or kept.family in self._revoked_families or kept.client_id != fields.get("client_id"):
            raise TokenError("invalid_grant")
        if kept.used:
            self._revoked_families.add(kept.family)
            raise TokenError("invalid_grant")
        kept.used = True
        return self._modern_answer(kept.client_id, kept.scope.split(), kept.family)

    def client_credentials(self, fields: dict[str, str]) -> dict[str, Any]:
        """Give an application its token: no refresh token, and asking for one is an error."""
        if fields.get("client_id") != CLIENT_ID or fields.get("client_secret") != CLIENT_SECRET:
            raise TokenError("invalid_client")
        scopes = fields.get("scope", "").split()
        if {"offline_access", "openid", "profile"} & set(scopes):
            raise TokenError("invalid_scope")
        token = self._access_token(Generation.MODERN, CLIENT_ID, scopes, MODERN_LIFETIME, application=True)
        return _answer(token, MODERN_LIFETIME, scopes)

    def password(self, fields: dict[str, Any], generation: Generation) -> str:
        """Return the token of standalone Orchestrator's password sign-in; ``fields`` have lower-case names.

        Raises:
            TokenError: The user name or the password is wrong.
        """
        given = (fields.get("usernameoremailaddress"), fields.get("password"))
        if given != (STANDALONE_USERNAME, STANDALONE_PASSWORD):
            raise TokenError("invalid_grant", "Invalid user name or password")
        token = self._access_token(generation, "standalone", [], STANDALONE_LIFETIME)
        self._grants[token].tenancy_name = str(fields.get("tenancyname") or "Default")
        return token

    def find(self, token: str) -> Grant | None:
        """Return what ``token`` allows, or None when it is unknown or has expired."""
        grant = self._grants.get(token)
        if grant is None or (grant.expires_at is not None and grant.expires_at <= self.now()):
            return None
        return grant

    def use(self, token: str) -> Grant | None:
        """Return what ``token`` allows in one Orchestrator call, counting the call."""
        grant = self.find(token)
        if grant is None or grant.identity_only:
            return None
        if self.token_calls is not None and grant.mortal:
            if grant.calls >= self.token_calls:
                return None
            grant.calls += 1
        return grant

    def _classic_answer(self, client_id: str) -> dict[str, Any]:
        scopes = ["openid", "profile", "email", "offline_access"]
        access = self._access_token(Generation.CLASSIC, client_id, scopes, CLASSIC_LIFETIME)
        answer = _answer(access, CLASSIC_LIFETIME, scopes)
        return answer | {"id_token": self._id_token(Generation.CLASSIC, client_id, CLASSIC_LIFETIME)}

    def _modern_answer(self, client_id: str, scopes: list[str], family: str) -> dict[str, Any]:
        answer = _answer(
            self._access_token(Generation.MODERN, client_id, scopes, MODERN_LIFETIME), MODERN_LIFETIME, scopes
        )
        if "openid" in scopes:
            answer["id_token"] = self._id_token(Generation.MODERN, client_id, MODERN_LIFETIME)
        if "offline_access" in scopes:
            token = secrets.token_hex(32).upper() + "-1"
            self._refresh_tokens[token] = _RefreshToken(family, client_id, " ".join(scopes))
            answer["refresh_token"] = token
        return answer

    def _access_token(
        self,
        generation: Generation,
        client_id: str,
        scopes: Iterable[str],
        lifetime: timedelta,
        *,
        application: bool = False,
    ) -> str:
        expires_at = self.now() + lifetime
        subject = client_id if application else USER_SUBJECT
        claims = self._claims(generation, subject, client_id, expires_at) | {"scope": list(scopes)}
        token = _jwt(claims)
        self._grants[token] = Grant(generation, expires_at, application=application)
        return token

    def _id_token(self, generation: Generation, client_id: str, lifetime: timedelta) -> str:
        expires_at = self.now() + lifetime
        claims = self._claims(generation, USER_SUBJECT, client_id, expires_at)
        token = _jwt(claims | {"email": USER_EMAIL, "name": "Ada Harbour", "aud": client_id})
        self._grants[token] = Grant(generation, expires_at, identity_only=True)
        return token

    def _claims(self, generation: Generation, subject: str, client_id: str, expires_at: datetime) -> dict[str, Any]:
        issued_at = int(self.now().timestamp())
        claims = {"sub": subject, "client_id": client_id, "iat": issued_at, "exp": int(expires_at.timestamp())}
        if generation is Generation.MODERN:
            return claims | {"prt_id": self.organization_id, "iss": "https://simulated.invalid/identity_"}
        return claims | {"iss": "https://simulated.invalid/", "aud": "https://orchestrator.cloud.uipath.com"}


def challenge_of(verifier: str) -> str:
    """Return PKCE's S256 challenge of ``verifier``: base64url of its SHA-256, without padding."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _answer(token: str, lifetime: timedelta, scopes: Iterable[str]) -> dict[str, Any]:
    return {
        "access_token": token,
        "expires_in": int(lifetime.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(scopes),
    }


def _jwt(claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "simulated", "typ": "JWT"}
    parts = [_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    return ".".join([*parts, _base64url(secrets.token_bytes(64))])


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
