"""Owns every token the simulator hands out or accepts: invented, stable secrets, and the two token services' rules.

2019 (``account.uipath.com``): refresh tokens ("user keys") are never rotated, access lasts a day. Today
(``identity_``): a refresh token works once, and using it again revokes everything from the same sign-in.
"""

import secrets
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tui.simulator.generation import Generation
from tui.simulator.sign_in.authorization_codes import AuthorizationCodes, AuthorizationRequest
from tui.simulator.sign_in.jwts import make_jwt
from tui.simulator.sign_in.refresh_tokens import RefreshTokens
from tui.simulator.sign_in.token_counts import TokenCounts
from tui.simulator.sign_in.token_errors import TokenError
from tui.simulator.wire import named_uuid

USER_KEY = "Simulated_User_Key-not_a_secret-2019-Bakery"
PERSONAL_ACCESS_TOKEN = f"rt_{'51a0' * 16}-1"
CLIENT_ID = "51a051a0-c11e-4000-8000-000000000001"
CLIENT_SECRET = "simulated-client-secret(not-a-real-one)"
PUBLIC_CLIENT_ID = "51a051a0-c11e-4000-8000-000000000002"
"""An application that can keep no secret: authorization code with PKCE, nothing else."""
STANDALONE_USERNAME = "admin"
STANDALONE_PASSWORD = "simulated-password"
LOCKED_USERNAME = "locked.out"
"""A user of the same password whom the service has locked out."""

CLASSIC_LIFETIME = timedelta(seconds=86_400)
MODERN_LIFETIME = timedelta(seconds=3_600)
STANDALONE_LIFETIME = timedelta(minutes=30)
SHORT_LIFETIME = timedelta(seconds=5)
RENEWED_LIFETIME = timedelta(seconds=10)
USER_EMAIL = "ada.harbour@example.com"
USER_SUBJECT = named_uuid("user", USER_EMAIL)


@dataclass(slots=True)
class Grant:
    """What a bearer token allows. ``scopes`` None is every scope, as for passwords and personal access tokens."""

    generation: Generation
    expires_at: datetime | None
    identity_only: bool = False
    application: bool = False
    personal: bool = False
    """A personal access token: it outlives every scenario but `revoked`."""
    tenancy_name: str | None = None
    scopes: frozenset[str] | None = None
    calls: int = 0
    user_name: str = USER_EMAIL


@dataclass(slots=True)
class TokenAuthority:
    """Issues and recognises tokens. Time comes from ``now``; ``organization_id`` becomes the ``prt_id`` claim.

    Whether an application is known, and who it says it is, has been checked before (`applications`).
    """

    now: Callable[[], datetime]
    organization_id: str
    token_calls: int | None = None
    """How many Orchestrator calls an access token serves before it dies; None: until it expires."""
    scenarios: Set[str] = frozenset()
    counts: TokenCounts = field(default_factory=TokenCounts)
    _grants: dict[str, Grant] = field(default_factory=dict[str, Grant])
    _classic_refreshes: int = 0
    _codes: AuthorizationCodes = field(init=False)
    _refresh_tokens: RefreshTokens = field(init=False)

    def __post_init__(self) -> None:
        self._codes = AuthorizationCodes(self.now, self.counts)
        self._refresh_tokens = RefreshTokens(self.now, self.counts)
        if "revoked" not in self.scenarios:
            self._grants[PERSONAL_ACCESS_TOKEN] = Grant(Generation.MODERN, None, personal=True)

    @property
    def issued(self) -> frozenset[str]:
        """Every secret handed out so far, authorization codes included, and those that were always accepted."""
        return frozenset(self._grants) | self._refresh_tokens.issued | self._codes.issued

    def authorize(self, request: AuthorizationRequest) -> str:
        """Return a single-use authorization code for ``request``."""
        return self._codes.issue(request)

    def redeem_code(
        self, generation: Generation, fields: dict[str, str], *, first_party: bool = False
    ) -> dict[str, Any]:
        """Exchange an authorization code; PKCE is checked when the request carried a challenge.

        Raises:
            TokenError: The code does not fit, or not any more.
        """
        request = self._codes.redeem(generation, fields)
        if generation is Generation.CLASSIC:
            return self._classic_answer(request.client_id, request.nonce) | {"refresh_token": USER_KEY}
        scopes, family = tuple(request.scope.split()), secrets.token_hex(8)
        return self._modern_answer(request.client_id, scopes, family, request.nonce, first_party=first_party)

    def refresh_classic(self, fields: dict[str, str]) -> dict[str, Any]:
        """Exchange a user key: a day of access, an id_token, and no new refresh token.

        Raises:
            TokenError: Another key, or keys have been revoked.
        """
        if fields.get("refresh_token") != USER_KEY or "revoked" in self.scenarios:
            raise TokenError("invalid_grant", "Unknown or invalid refresh token.")
        answer = self._classic_answer(fields.get("client_id", ""), None)
        self._classic_refreshes += 1
        if "no-id-token" in self.scenarios and self._classic_refreshes % 2 == 0:
            del answer["id_token"]
        return answer

    def refresh_modern(self, fields: dict[str, str], *, first_party: bool = False) -> dict[str, Any]:
        """Exchange a refresh token once; a second use revokes its whole family.

        Raises:
            TokenError: The token is unknown, another application's, used, revoked or old.
        """
        if "revoked" in self.scenarios:
            raise TokenError("invalid_grant")
        kept = self._refresh_tokens.take(fields.get("refresh_token", ""), fields.get("client_id", ""))
        return self._modern_answer(kept.client_id, kept.scopes, kept.family, None, first_party=first_party)

    def client_credentials(self, client_id: str, scopes: tuple[str, ...]) -> dict[str, Any]:
        """Give an application its own token: never a refresh token, and nobody's identity."""
        lifetime = self._lifetime(MODERN_LIFETIME)
        token = self._access_token(Generation.MODERN, client_id, scopes, lifetime, application=True)
        return _answer(token, lifetime, scopes)

    def password(self, fields: dict[str, Any], generation: Generation) -> str:
        """Return the token of standalone Orchestrator's password sign-in; ``fields`` have lower-case names.

        Raises:
            TokenError: The user name or the password is wrong, or the user is locked out.
        """
        user, password = str(fields.get("usernameoremailaddress")), fields.get("password")
        if password != STANDALONE_PASSWORD or user not in {STANDALONE_USERNAME, LOCKED_USERNAME}:
            raise TokenError("invalid_grant", "Invalid user name or password.")
        if user == LOCKED_USERNAME:
            raise TokenError("access_denied", "The user account is locked out. Ask an administrator to unlock it.")
        token = self._access_token(generation, "standalone", (), self._lifetime(STANDALONE_LIFETIME))
        grant = self._grants[token]
        grant.tenancy_name, grant.scopes = str(fields.get("tenancyname") or "Default"), None
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
        if self.token_calls is not None and not grant.personal:
            if grant.calls >= self.token_calls:
                return None
            grant.calls += 1
        return grant

    def _lifetime(self, usual: timedelta) -> timedelta:
        return min(usual, SHORT_LIFETIME) if "short" in self.scenarios else usual

    def _classic_lifetime(self) -> timedelta:
        """Return a day; little where a second answer to the user key is to be seen."""
        usual = self._lifetime(CLASSIC_LIFETIME)
        return min(usual, RENEWED_LIFETIME) if "no-id-token" in self.scenarios else usual

    def _classic_answer(self, client_id: str, nonce: str | None) -> dict[str, Any]:
        scopes = ("openid", "profile", "email", "offline_access")
        lifetime = self._classic_lifetime()
        answer = _answer(self._access_token(Generation.CLASSIC, client_id, scopes, lifetime), lifetime, scopes)
        usual = self._lifetime(CLASSIC_LIFETIME)  # the one that is kept where none comes has to last
        return answer | {"id_token": self._id_token(Generation.CLASSIC, client_id, usual, nonce)}

    def _modern_answer(
        self, client_id: str, scopes: tuple[str, ...], family: str, nonce: str | None, *, first_party: bool
    ) -> dict[str, Any]:
        lifetime = self._lifetime(MODERN_LIFETIME)
        token = self._access_token(Generation.MODERN, client_id, scopes, lifetime)
        if first_party:
            self._grants[token].scopes = None
        answer = _answer(token, lifetime, scopes)
        if "openid" in scopes:
            answer["id_token"] = self._id_token(Generation.MODERN, client_id, lifetime, nonce)
        if "offline_access" in scopes:
            answer["refresh_token"] = self._refresh_tokens.issue(client_id, scopes, family)
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
        token = make_jwt(claims)
        self._grants[token] = Grant(generation, expires_at, application=application, scopes=frozenset(scopes))
        return token

    def _id_token(self, generation: Generation, client_id: str, lifetime: timedelta, nonce: str | None) -> str:
        expires_at = self.now() + lifetime
        claims = self._claims(generation, USER_SUBJECT, client_id, expires_at)
        claims |= {"email": USER_EMAIL, "name": "Ada Harbour", "aud": client_id}
        token = make_jwt(claims | ({} if nonce is None else {"nonce": nonce}))
        self._grants[token] = Grant(generation, expires_at, identity_only=True)
        return token

    def _claims(self, generation: Generation, subject: str, client_id: str, expires_at: datetime) -> dict[str, Any]:
        issued_at = int(self.now().timestamp())
        claims = {"sub": subject, "client_id": client_id, "iat": issued_at, "exp": int(expires_at.timestamp())}
        if generation is Generation.MODERN:
            return claims | {"prt_id": self.organization_id, "iss": "https://simulated.invalid/identity_"}
        return claims | {"iss": "https://simulated.invalid/", "aud": "https://orchestrator.cloud.uipath.com"}


def _answer(token: str, lifetime: timedelta, scopes: Iterable[str]) -> dict[str, Any]:
    return {
        "access_token": token,
        "expires_in": int(lifetime.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(scopes),
    }
