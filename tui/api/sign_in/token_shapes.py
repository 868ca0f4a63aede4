"""What one pasted word or one pasted JSON answer is, by its shape. Standard library only; asks nobody.

No sentence here ever holds the pasted value.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

from tui.api.deployments import Generation
from tui.api.guids import is_guid
from tui.api.sign_in.claims import Claims, read_claims
from tui.api.sign_in.token_kinds import WANTED, Recognised, TokenKind, unknown
from tui.api.sign_in.token_set import NOTHING
from tui.secret import Secret

PUBLIC_CLIENT_IDS: Final = frozenset(
    {"5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN", "8DEv1AMNXczW3y4U15LL3jYf62jK93n5", "qccWcbcRgHGP0Nivlm7T9B7lven0AnTW"}
)
"""The ids of UiPath's own applications of 2019, which stand beside a user key."""
_PAT: Final = re.compile(r"rt_[0-9A-Fa-f]{16,}(-\d+)?\Z")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_\-.~+/=|]{20,}\Z")
_SECRET_LIKE: Final = re.compile(r"(?=\S*[A-Za-z])(?=\S*\d)(?=\S*[^A-Za-z0-9_\-.~+/=|])\S{14,128}\Z")
_AUDIENCE_2019: Final = "https://orchestrator.cloud.uipath.com"
_HOSTS_2019: Final = frozenset({"account.uipath.com", "id.uipath.com"})
_KNOWN_ERRORS: Final = frozenset(
    {"invalid_grant", "invalid_client", "invalid_scope", "invalid_request", "unauthorized_client", "access_denied"}
)


def recognised_word(bare: str, generation: Generation, now: datetime | None, variable: str = "") -> Recognised:
    """Say what a single word is; ``variable`` is the name of the shell variable that held it."""
    secret = Secret(bare)
    today = generation is Generation.TODAY
    if _PAT.match(bare):
        sentence = "A personal access token." if today else _elsewhere("A personal access token", "clouds of today")
        return Recognised(TokenKind.PERSONAL_ACCESS_TOKEN, secret, sentence, usable=today, access=secret)
    if bare.startswith("eyJ"):
        return _jwt(bare, generation, now)
    if bare.startswith("rt_"):
        return unknown(
            "It starts like a personal access token but a part is missing or altered. Copy it again, all of it.", bare
        )
    if is_guid(bare) or bare in PUBLIC_CLIENT_IDS:
        sentence = f"This is an id of an application, not a token. {WANTED[generation]}."
        return Recognised(TokenKind.CLIENT_ID, NOTHING, sentence)
    if "secret" in variable.lower() or (not _OPAQUE.match(bare) and _SECRET_LIKE.match(bare)):
        return Recognised(
            TokenKind.CLIENT_SECRET,
            secret,
            "This looks like the secret of an application: it signs in only together with the application's id. "
            f"{WANTED[generation]}.",
        )
    if _OPAQUE.match(bare):
        return _user_key(secret, generation)
    if len(bare.split()) == 1 and len(bare) < 64:
        sentence = f"This looks like a password or a name, not a token. {WANTED[generation]}."
        return Recognised(TokenKind.PASSWORD, secret, sentence)
    what = "These are several words, not a token." if len(bare.split()) > 1 else "This is not a token that is known."
    return unknown(what, bare, wanted=generation)


def recognised_answer(bare: str, generation: Generation, now: datetime | None) -> Recognised:
    """Say what a pasted JSON answer of a token endpoint holds."""
    try:
        data: Any = json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return unknown("It starts like JSON but is cut or damaged. Copy the whole answer.", bare)
    fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    if "__abp" in fields and isinstance(fields.get("result"), str):
        fields = {"access_token": fields["result"]}
    access, refresh, id_token = (
        Secret(value) if isinstance(value := fields.get(name), str) else NOTHING
        for name in ("access_token", "refresh_token", "id_token")
    )
    if not access and not refresh:
        return unknown(_without_a_token(fields), wanted=generation)
    today = generation is Generation.TODAY
    secret = access if today else refresh
    claims = read_claims(access.reveal()) or Claims()
    ended = today and not refresh and _has_ended(claims, now)
    if ended:
        sentence = f"A token answer whose access token ended {_stamp(claims.expires_at)}. Get a new one."
    elif secret:
        sentence = f"A token answer; its {'access' if today else 'refresh'} token is used."
    else:
        sentence = f"A token answer without {'an access' if today else 'a refresh'} token. {WANTED[generation]}."
    return Recognised(
        TokenKind.TOKEN_ANSWER,
        secret,
        sentence,
        usable=bool(secret) and not ended,
        organization=claims.organization,
        organization_id=claims.organization_id,
        expires_at=claims.expires_at,
        subject=claims.subject,
        email=claims.email,
        access=access,
        refresh=refresh,
        id_token=id_token,
    )


def _user_key(secret: Secret, generation: Generation) -> Recognised:
    today = generation is Generation.TODAY
    sentence = "A user key (the tutorial's refresh token)."
    if today:
        sentence = (
            "It looks like a user key (refresh token); these no longer sign in on the clouds of today. "
            f"{WANTED[generation]}."
        )
    return Recognised(TokenKind.USER_KEY, secret, sentence, usable=not today, refresh=secret)


def _jwt(bare: str, generation: Generation, now: datetime | None) -> Recognised:
    claims = read_claims(bare)
    if claims is None:
        return unknown(
            "It starts like an access token but can't be read: a part is missing. Copy it again, all of it.", bare
        )
    if claims.is_id_token:
        return unknown("This is an ID token: it says who you are but opens nothing.", bare, wanted=generation)
    sentence, usable = _access_sentence(claims, generation, now)
    return Recognised(
        TokenKind.ACCESS_TOKEN,
        Secret(bare),
        sentence,
        usable=usable,
        organization=claims.organization,
        organization_id=claims.organization_id,
        expires_at=claims.expires_at,
        subject=claims.subject,
        email=claims.email,
        access=Secret(bare),
    )


def _access_sentence(claims: Claims, generation: Generation, now: datetime | None) -> tuple[str, bool]:
    if generation is Generation.CLOUD_2019:
        return f"An access token: it can't be renewed nor list accounts. {WANTED[generation]}.", False
    if claims.audience == _AUDIENCE_2019 or _host(claims.issuer) in _HOSTS_2019:
        return _elsewhere("An access token of the cloud platform of 2019", "cloud platform of 2019", generation), False
    whose = claims.organization or claims.organization_id
    what = f"An access token{f' of organization {whose}' if whose else ''}"
    if _has_ended(claims, now):
        return f"{what}; it ended {_stamp(claims.expires_at)}. Get a new one.", False
    return f"{what}{f'; it ends {_stamp(claims.expires_at)}' if claims.expires_at else ''}.", True


def _without_a_token(fields: dict[str, Any]) -> str:
    word = fields.get("error")
    if "error" not in fields:
        return "This answer is without a token."
    known = f" ({word})" if isinstance(word, str) and word in _KNOWN_ERRORS else ""
    return f"This answer is an error{known}: the sign-in that got it was refused."


def _has_ended(claims: Claims, now: datetime | None) -> bool:
    return now is not None and claims.expires_at is not None and claims.expires_at <= now


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _elsewhere(what: str, where: str, wanted: Generation = Generation.CLOUD_2019) -> str:
    return f"{what}: it signs in on the {where} only. {WANTED[wanted]}."


def _stamp(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else ""
