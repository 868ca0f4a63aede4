"""Says what a pasted text is: a user key, a token, an address, or none of these. Asks nobody; standard library only.

No sentence here ever holds the pasted value.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from tui.api.claims import read_claims
from tui.api.deployments import Generation
from tui.api.guids import is_guid
from tui.secret import Secret


class TokenKind(StrEnum):
    """What a pasted text can be."""

    USER_KEY = "user key"
    PERSONAL_ACCESS_TOKEN = "personal access token"  # noqa: S105 - the name of a kind
    ACCESS_TOKEN = "access token"  # noqa: S105 - the name of a kind
    REDIRECT_ADDRESS = "redirect address"
    TOKEN_ANSWER = "token answer"  # noqa: S105 - the name of a kind
    TENANT_ADDRESS = "tenant address"
    CLIENT_ID = "client id"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    EMPTY = "nothing"
    UNKNOWN = "unknown"


NOTHING: Final = Secret("")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a pasted text is. ``secret`` is the part that signs in; ``usable`` whether this version can use it there.

    ``access``, ``refresh`` and ``id_token`` are the parts of a pasted token answer. The claims come from an unverified
    JWT and are only for showing.
    """

    kind: TokenKind
    secret: Secret
    sentence: str
    usable: bool = False
    organization: str = ""
    tenant: str = ""
    organization_id: str = ""
    expires_at: datetime | None = None
    subject: str = ""
    email: str = ""
    access: Secret = NOTHING
    refresh: Secret = NOTHING
    id_token: Secret = NOTHING


_PAT: Final = re.compile(r"rt_[0-9A-Fa-f]{16,}(-\d+)?\Z")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_\-.~+/=|]{20,}\Z")
_PREFIX: Final = re.compile(r"\A(?:authorization\s*[:=]\s*)?bearer\s+", re.IGNORECASE)
_QUOTES: Final = "\"'`“”‘’,;"
_HOST: Final = re.compile(r"(?:https?://)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE)
_PUBLIC_CLIENT_IDS: Final = frozenset(
    {"5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN", "8DEv1AMNXczW3y4U15LL3jYf62jK93n5", "qccWcbcRgHGP0Nivlm7T9B7lven0AnTW"}
)
_WANTED: Final = {
    Generation.CLOUD_2019: "Paste the user key (the tutorial's refresh token)",
    Generation.TODAY: "Paste a personal access token (rt_…) or an access token",
}


def recognise(text: str, generation: Generation) -> Recognised:
    """Say what ``text`` is and whether it signs in on ``generation``. Never raises.

    ``Bearer``, quotes, spaces and newlines around (and, in a token wrapped over lines, within) are dropped.
    """
    bare = _bare(text)
    if not bare:
        return Recognised(TokenKind.EMPTY, NOTHING, f"Nothing pasted yet. {_WANTED[generation]}.")
    if bare.startswith("{"):
        return _json_answer(bare, generation)
    if "://" in bare or (_HOST.match(bare) and "/" in bare and not bare.startswith("eyJ")):
        return _address(bare, generation)
    return _single(bare, generation)


def _bare(text: str) -> str:
    text = text.replace("\ufeff", "").replace("\u200b", "").strip().strip(_QUOTES).strip()
    text = _PREFIX.sub("", text).strip().strip(_QUOTES).strip()
    if text.startswith("{"):
        return text
    lines = text.split()
    joined = "".join(lines)
    # A token wrapped by a terminal or a mail comes in pieces; two words of prose do not look like one when joined.
    wrapped = len(lines) > 1 and ("\n" in text or joined.startswith(("eyJ", "rt_")))
    return joined if wrapped and (_OPAQUE.match(joined) or "://" in lines[0]) else text


def _single(bare: str, generation: Generation) -> Recognised:
    secret = Secret(bare)
    today = generation is Generation.TODAY
    if _PAT.match(bare):
        sentence = "A personal access token." if today else _elsewhere("A personal access token", "clouds of today")
        return Recognised(TokenKind.PERSONAL_ACCESS_TOKEN, secret, sentence, usable=today, access=secret)
    if bare.startswith("eyJ") and bare.count(".") == 2:
        return _jwt(bare, generation)
    if is_guid(bare) or bare in _PUBLIC_CLIENT_IDS:
        return Recognised(
            TokenKind.CLIENT_ID, NOTHING, f"This is an id of an application, not a token. {_WANTED[generation]}."
        )
    if _OPAQUE.match(bare):
        sentence = (
            "It looks like a user key (refresh token); these no longer sign in on the clouds of today. "
            f"{_WANTED[generation]}."
            if today
            else "A user key (the tutorial's refresh token)."
        )
        return Recognised(TokenKind.USER_KEY, secret, sentence, usable=not today, refresh=secret)
    if len(bare.split()) == 1 and len(bare) < 64:
        return Recognised(
            TokenKind.PASSWORD, secret, f"This looks like a password or a name, not a token. {_WANTED[generation]}."
        )
    return Recognised(TokenKind.UNKNOWN, secret, f"This is not a token that is known here. {_WANTED[generation]}.")


def _jwt(bare: str, generation: Generation) -> Recognised:
    claims = read_claims(bare)
    if claims is None:
        return Recognised(
            TokenKind.UNKNOWN,
            Secret(bare),
            "It starts like an access token but can't be read: a part is missing. Copy it again, all of it.",
        )
    if claims.is_id_token:
        return Recognised(
            TokenKind.UNKNOWN,
            Secret(bare),
            f"This is an ID token: it says who you are but opens nothing. {_WANTED[generation]}.",
        )
    today = generation is Generation.TODAY
    if not today:
        sentence = "An access token: it can't be renewed nor list accounts. " + f"{_WANTED[generation]}."
    else:
        until = f"; it ends {_stamp(claims.expires_at)}" if claims.expires_at else ""
        whose = claims.organization or claims.organization_id
        sentence = f"An access token{f' of organization {whose}' if whose else ''}{until}."
    return Recognised(
        TokenKind.ACCESS_TOKEN,
        Secret(bare),
        sentence,
        usable=today,
        organization=claims.organization,
        organization_id=claims.organization_id,
        expires_at=claims.expires_at,
        subject=claims.subject,
        email=claims.email,
        access=Secret(bare),
    )


def _json_answer(bare: str, generation: Generation) -> Recognised:
    try:
        data: Any = json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return Recognised(
            TokenKind.UNKNOWN, Secret(bare), "It starts like JSON but is cut or damaged. Copy the whole answer."
        )
    fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    access, refresh, id_token = (
        Secret(value) if isinstance(value := fields.get(name), str) else NOTHING
        for name in ("access_token", "refresh_token", "id_token")
    )
    if not access and not refresh:
        kind = "an error" if "error" in fields else "without a token"
        return Recognised(TokenKind.UNKNOWN, NOTHING, f"This answer is {kind}. {_WANTED[generation]}.")
    today = generation is Generation.TODAY
    secret = access if today else refresh
    claims = read_claims(access.reveal())
    if secret:
        sentence = f"A token answer; its {'access' if today else 'refresh'} token is used."
    else:
        sentence = f"A token answer without {'an access' if today else 'a refresh'} token. {_WANTED[generation]}."
    return Recognised(
        TokenKind.TOKEN_ANSWER,
        secret,
        sentence,
        usable=bool(secret),
        organization=claims.organization if claims else "",
        organization_id=claims.organization_id if claims else "",
        expires_at=claims.expires_at if claims else None,
        subject=claims.subject if claims else "",
        email=claims.email if claims else "",
        access=access,
        refresh=refresh,
        id_token=id_token,
    )


def _address(bare: str, generation: Generation) -> Recognised:
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        query = parse_qs(parts.query) or parse_qs(parts.fragment)
    except ValueError:
        return Recognised(TokenKind.UNKNOWN, Secret(bare), f"This address can't be read. {_WANTED[generation]}.")
    if "code" in query:
        return Recognised(
            TokenKind.REDIRECT_ADDRESS,
            Secret(query["code"][0]),
            f"The address where the browser sign-in ended. Its code can't be used here yet. {_WANTED[generation]}.",
        )
    if "error" in query or "errorCode" in query:
        return Recognised(
            TokenKind.REDIRECT_ADDRESS, NOTHING, f"The browser sign-in failed at this address. {_WANTED[generation]}."
        )
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    names = [segment for segment in segments[:2] if not segment.endswith("_") and segment.lower() != "odata"]
    if not names:
        return Recognised(TokenKind.UNKNOWN, NOTHING, f"This is an address, not a token. {_WANTED[generation]}.")
    return Recognised(
        TokenKind.TENANT_ADDRESS,
        NOTHING,
        f"The address of a tenant: kept for the next step. {_WANTED[generation]}.",
        organization=names[0],
        tenant=names[1] if len(names) > 1 else "",
    )


def _elsewhere(what: str, where: str) -> str:
    return f"{what}: it signs in on the {where} only. {_WANTED[Generation.CLOUD_2019]}."


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
