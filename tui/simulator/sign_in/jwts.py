"""Owns how tokens look and how PKCE's challenge is made: base64url, JWTs that nobody can verify. Knows no grant."""

import base64
import hashlib
import json
import re
import secrets
from typing import Any

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge_of(verifier: str) -> str:
    """Return PKCE's S256 challenge of ``verifier``: base64url of its SHA-256, without padding."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def is_challenge(text: str) -> bool:
    """Whether ``text`` can be an S256 challenge: 43 characters of base64url, no padding (RFC 7636)."""
    return _CHALLENGE.fullmatch(text) is not None


def verifies(verifier: str, challenge: str) -> bool:
    """Whether ``verifier`` is well-formed (43 to 128 unreserved characters) and ``challenge`` is made of it."""
    return _VERIFIER.fullmatch(verifier) is not None and challenge_of(verifier) == challenge


def make_jwt(claims: dict[str, Any]) -> str:
    """Return a JWT that carries ``claims``; its signature is noise."""
    header = {"alg": "RS256", "kid": "simulated", "typ": "JWT"}
    parts = [_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    return ".".join([*parts, _base64url(secrets.token_bytes(64))])


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
