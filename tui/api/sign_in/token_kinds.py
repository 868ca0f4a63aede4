"""What a pasted text can be, and the sentences that ask for the right thing. Types and data; standard library only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tui.api.deployments import Generation
from tui.api.sign_in.token_set import NOTHING
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
    CLIENT_SECRET = "client secret"  # noqa: S105 - the name of a kind
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    EMPTY = "nothing"
    UNKNOWN = "unknown"


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


WANTED: Final = {
    Generation.CLOUD_2019: "Paste the user key (the tutorial's refresh token)",
    Generation.TODAY: "Paste a personal access token (rt_…) or an access token",
}
"""What to paste instead."""


def unknown(sentence: str, text: str = "", *, wanted: Generation | None = None) -> Recognised:
    """Return that ``text`` does not sign in; ``wanted`` adds what would."""
    sentence = f"{sentence} {WANTED[wanted]}." if wanted is not None else sentence
    return Recognised(TokenKind.UNKNOWN, Secret(text), sentence)
