"""What to say of a call that is not allowed, by how one signed in: who lacks what, and who gives it.

Roles are Orchestrator's, scopes are the token's; the servers of 2019 and a password's token know roles alone. Data and
pure functions; standard library only.
"""

import re
from enum import StrEnum
from typing import Final

Advice = tuple[str, str]
"""The cause and the next step."""

APPLICATIONS: Final = "Admin, External applications"
_SCOPE: Final = re.compile(r"\b[A-Z][A-Za-z]{1,20}\.[A-Z][A-Za-z]{2,40}(?:\.(?:Read|Write))?\b")


class Holder(StrEnum):
    """Whose right it is that a call is made by."""

    UNKNOWN = "token"
    USER_KEY = "user key"
    PASSWORD = "user"  # noqa: S105 - the name of a kind
    PERSONAL_TOKEN = "personal access token"  # noqa: S105 - the name of a kind
    ACCESS_TOKEN = "access token"  # noqa: S105 - the name of a kind
    PERSON = "person's sign-in to an application"
    APPLICATION = "application"

    @property
    def scoped(self) -> bool:
        """Whether scopes limit it beside the role."""
        return self not in (Holder.USER_KEY, Holder.PASSWORD)


class Lack(StrEnum):
    """What a refused call lacks, where the answer's shape tells."""

    NOTHING = ""
    SCOPE = "scope"
    ROLE = "role"


_HOLDERS: Final = {
    "personal access token": Holder.PERSONAL_TOKEN,
    "access token": Holder.ACCESS_TOKEN,
    "token answer": Holder.ACCESS_TOKEN,
    "browser": Holder.PERSON,
    "refresh token": Holder.PERSON,
    "application": Holder.APPLICATION,
    "user and password": Holder.PASSWORD,
}
"""By ``SignInRecord.kind``."""


def holder_of(kind: str, *, scoped: bool) -> Holder:
    """Return whose right a sign-in of ``kind`` uses; ``scoped`` is false on the servers that know no scopes."""
    return _HOLDERS.get(kind, Holder.UNKNOWN) if scoped else Holder.USER_KEY


def adding(holder: Holder, scope: str, *, like: str = "") -> str:
    """Return how ``scope`` is got for the next token of ``holder``; ``like`` completes “a token that has it”."""
    match holder:
        case Holder.PERSONAL_TOKEN:
            return f"Make a new personal access token that has {scope}{like}"
        case Holder.APPLICATION:
            return f"Add {scope} as an application scope to the application ({APPLICATIONS})"
        case Holder.PERSON:
            return f"Add {scope} as a user scope to the application ({APPLICATIONS})"
        case _:
            return f"Get a token that has {scope}{like}"


def not_allowed(lacks: Lack, message: str, holder: Holder) -> Advice:
    """Return why a call was refused and what to do now. ``message`` are the server's words, which may name scopes."""
    role = _role(holder)
    if lacks is Lack.ROLE or not holder.scoped:
        return role
    named = " or ".join(dict.fromkeys(_SCOPE.findall(message)))
    if lacks is Lack.SCOPE:
        scope = f"the scope {named}" if named else "the scope that the server names"
        return f"the token lacks {scope}; your role may well allow it", f"{adding(holder, scope)}, then sign in again"
    step = f"{role[1]}. If the role has it: {_lowered(adding(holder, 'the scope'))}, then sign in again"
    whose = "the application's" if holder is Holder.APPLICATION else "your"
    return f"{whose} role or the token's scopes do not allow it", step


def _role(holder: Holder) -> Advice:
    match holder:
        case Holder.USER_KEY:
            step = "Ask an administrator for a role with the permission; signing in anew would not help"
            return "the sign-in is fine, but your role in Orchestrator does not allow this", step
        case Holder.PASSWORD:
            return "you are signed in, but your role does not allow this here", _ASK
        case Holder.APPLICATION:
            step = "Ask an administrator to give the application a role with the permission in this folder"
            return "the token is fine, but the application's role does not allow this here", step
        case _:
            return "the token is fine, but your role does not allow this here", _ASK


_ASK: Final = "Ask an administrator for a role with the permission in this folder"


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
