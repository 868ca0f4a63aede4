"""What one sign-in holds: its tokens, and what renews them. Standard library only; asks nobody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tui.secret import Secret

NOTHING: Final = Secret("")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one sign-in or renewal brought. ``expires_at`` is the wall clock's, ``None`` when nobody said."""

    access: Secret
    id_token: Secret = NOTHING
    refresh: Secret = NOTHING
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """The application that a sign-in belongs to. ``client_secret`` only for a confidential one; scopes with spaces."""

    client_id: str = ""
    client_secret: Secret = NOTHING
    scopes: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """User and password of a server of one's own. ``tenancy`` is the tenant's name, ``""`` for the server's default."""

    username: str
    password: Secret
    tenancy: str = ""


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """Everything that lets a sign-in be used again, as it is kept between sessions.

    ``kind`` names the way in, in words for people. ``own_grant`` is true when the application signs in by itself
    (client credentials): it is then renewed with its secret, not with a refresh token.
    """

    kind: str
    tokens: Tokens
    application: Application = Application()
    login: Login | None = None
    own_grant: bool = False

    @property
    def can_renew(self) -> bool:
        """Whether new tokens can be had without asking the person."""
        if self.login is not None or self.own_grant:
            return True
        return bool(self.tokens.refresh) and bool(self.application.client_id)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret in it that is not empty."""
        password = self.login.password if self.login is not None else NOTHING
        tokens = self.tokens
        every = (tokens.access, tokens.id_token, tokens.refresh, self.application.client_secret, password)
        return tuple(secret for secret in every if secret)

    def with_tokens(self, tokens: Tokens) -> "SignInRecord":
        """Return the same sign-in with newer tokens."""
        return replace(self, tokens=tokens)
