"""What a JWT says about itself, unverified and only for showing. Standard library only."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from tui.api.names import clean_name

JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*\Z")
_PROGRAM: Final = re.compile(r"[A-Za-z0-9]{32}\Z")
"""The form of the 2019 sign-in's client ids; an API's name has dots or is an address."""
_TEXT_LIMIT: Final = 200
_YEARS: Final = range(1900, 9001)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims worth showing, cleaned; ``""`` and ``None`` for none (uipath-python ``_auth/_models.py``)."""

    subject: str = ""
    email: str = ""
    organization: str = ""
    organization_id: str = ""
    client_id: str = ""
    expires_at: datetime | None = None
    is_id_token: bool = False
    issuer: str = ""
    audience: str = ""


def read_claims(token: str) -> Claims | None:
    """Return the claims of a JWT, or ``None`` when it is none. Never raises."""
    claims = _payload(token)
    if claims is None:
        return None
    return Claims(
        subject=_text(claims, "sub"),
        email=_text(claims, "email", "preferred_username"),
        organization=_text(claims, "organization", "org_name"),
        organization_id=_text(claims, "prt_id", "prtId"),
        client_id=_text(claims, "client_id", "azp"),
        expires_at=_moment(claims.get("exp")),
        issuer=_text(claims, "iss"),
        audience=_text(claims, "aud"),
        is_id_token=_is_id_token(claims),
    )


def read_scopes(token: str) -> frozenset[str]:
    """Return the scopes that a JWT says it has, none when it is none or does not say. Never raises."""
    found = (_payload(token) or {}).get("scope")
    listed = cast("list[object]", found) if isinstance(found, list) else [found]
    words = " ".join(each for each in listed if isinstance(each, str))
    return frozenset(clean_name(word, limit=_TEXT_LIMIT) for word in words.split())


def _is_id_token(claims: dict[str, Any]) -> bool:
    """Tell an ID token from an access token: it is bound to a sign-in, or made for the program alone, without scopes.

    An access token is made for an API (``aud``) or has scopes; an ID token's audience is the client itself.
    """
    if "at_hash" in claims or "c_hash" in claims:
        return True
    if "scope" in claims or "scp" in claims:
        return False
    client = claims.get("azp") or claims.get("client_id")
    audience = claims.get("aud")
    listed = cast("list[object]", audience) if isinstance(audience, list) else [audience]
    only = listed[0] if len(listed) == 1 else None
    for_program = isinstance(only, str) and (only == client or bool(_PROGRAM.match(only)))
    return "nonce" in claims or for_program


def _payload(token: str) -> dict[str, Any] | None:
    if not JWT.match(token):
        return None
    payload = token.split(".")[1]
    try:
        data: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return cast("dict[str, Any]", data) if isinstance(data, dict) else None


def _text(claims: dict[str, Any], *names: str) -> str:
    for name in names:
        value = claims.get(name)
        if isinstance(value, str) and value:
            return clean_name(value, limit=_TEXT_LIMIT)
    return ""


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        moment = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    # No time zone's offset may lead out of what Python counts.
    return moment if moment.year in _YEARS else None
