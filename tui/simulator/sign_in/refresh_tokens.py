"""Owns today's refresh tokens: each works once, for sixty days; a second use revokes everything from that sign-in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tui.simulator.sign_in.token_counts import TokenCounts
from tui.simulator.sign_in.token_errors import TokenError

REFRESH_LIFETIME = timedelta(days=60)


@dataclass(slots=True)
class RefreshToken:
    """What a refresh token continues. ``family`` names the sign-in it descends from."""

    family: str
    client_id: str
    scopes: tuple[str, ...]
    expires_at: datetime
    used: bool = False


@dataclass(slots=True)
class RefreshTokens:
    """The refresh tokens handed out. Time comes from ``now``."""

    now: Callable[[], datetime]
    counts: TokenCounts
    _kept: dict[str, RefreshToken] = field(default_factory=dict[str, RefreshToken])
    _revoked_families: set[str] = field(default_factory=set[str])

    @property
    def issued(self) -> frozenset[str]:
        """Every token handed out, used ones included."""
        return frozenset(self._kept)

    def issue(self, client_id: str, scopes: tuple[str, ...], family: str) -> str:
        """Return a new token of ``family``."""
        token = secrets.token_hex(32).upper() + "-1"
        self._kept[token] = RefreshToken(family, client_id, scopes, self.now() + REFRESH_LIFETIME)
        return token

    def take(self, token: str, client_id: str) -> RefreshToken:
        """Use ``token`` up and return what it continues.

        Raises:
            TokenError: ``invalid_grant``: unknown, of another client, too old, revoked, or used before; the last
                revokes its family and is counted.
        """
        kept = self._kept.get(token)
        if kept is None or kept.client_id != client_id:
            raise TokenError("invalid_grant")
        if kept.used:
            self.counts.reuse_detections += 1
            self._revoked_families.add(kept.family)
        if kept.used or kept.family in self._revoked_families or kept.expires_at <= self.now():
            raise TokenError("invalid_grant")
        kept.used = True
        return kept
