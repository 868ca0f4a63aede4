"""Owns authorization codes: each belongs to one request, lives ten minutes, and is burnt by the first try."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tui.simulator.generation import Generation
from tui.simulator.sign_in.jwts import verifies
from tui.simulator.sign_in.token_counts import TokenCounts
from tui.simulator.sign_in.token_errors import TokenError

CODE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What the sign-in page was asked for, to be matched when the code comes back.

    ``code_challenge`` is None only for an application that proves itself with a secret instead.
    """

    generation: Generation
    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str | None
    nonce: str | None = None


@dataclass(slots=True)
class AuthorizationCodes:
    """The codes handed out. Time comes from ``now``."""

    now: Callable[[], datetime]
    counts: TokenCounts
    _kept: dict[str, tuple[AuthorizationRequest, datetime]] = field(
        default_factory=dict[str, tuple[AuthorizationRequest, datetime]]
    )
    _burnt: set[str] = field(default_factory=set[str])

    @property
    def issued(self) -> frozenset[str]:
        """Every code handed out, burnt ones included."""
        return frozenset(self._kept) | self._burnt

    def issue(self, request: AuthorizationRequest) -> str:
        """Return a new code for ``request``."""
        code = secrets.token_urlsafe(32)
        self._kept[code] = (request, self.now() + CODE_LIFETIME)
        return code

    def redeem(self, generation: Generation, fields: dict[str, str]) -> AuthorizationRequest:
        """Return the request that the code in ``fields`` belongs to; the code works no second time.

        Raises:
            TokenError: ``invalid_grant``: the code is unknown, old or used, or its client, redirect address or PKCE
                verifier (RFC 7636) is another.
        """
        code = fields.get("code", "")
        if code in self._burnt:
            self.counts.code_reuses += 1
        kept = self._kept.pop(code, None)
        if kept is None:
            raise TokenError("invalid_grant", "Invalid authorization code")
        self._burnt.add(code)
        request, expires_at = kept
        if expires_at < self.now() or request.generation is not generation:
            raise TokenError("invalid_grant", "Invalid authorization code")
        if fields.get("client_id") != request.client_id or fields.get("redirect_uri") != request.redirect_uri:
            raise TokenError(
                "invalid_grant", "The client or the redirect address differs from the authorization request"
            )
        if request.code_challenge is not None and not verifies(fields.get("code_verifier", ""), request.code_challenge):
            raise TokenError("invalid_grant", "Failed to verify code verifier")
        return request
