"""The tokens of one sign-in: who may use them until when, and their renewal by exactly one call at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tui.api.answer import Answer
from tui.api.claims import read_claims
from tui.api.connection import Connection
from tui.api.grants import refresh_grant
from tui.api.models import TokenAnswer
from tui.errors import Exit, Failure, SignInError
from tui.secret import Secret

EARLY: Final = 60.0
"""Seconds before its end at which a token counts as expired."""
_NOTHING: Final = Secret("")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one sign-in or renewal brought. ``expires_at`` is the wall clock's, ``None`` when nobody said."""

    access: Secret
    id_token: Secret = _NOTHING
    refresh: Secret = _NOTHING
    expires_at: datetime | None = None


Renewed = Callable[[Tokens], Awaitable[None]]


class Credentials:
    """The tokens in use. Renews them when they are about to end, or when the server says 401.

    ``on_renewed`` is awaited with the new tokens *before* they are used: today's refresh tokens work once, so the new
    one has to be safe first. ``client_id`` is what a renewal names.
    """

    def __init__(
        self, connection: Connection, tokens: Tokens, *, client_id: str = "", on_renewed: Renewed | None = None
    ) -> None:
        self._connection = connection
        self._client_id = client_id
        self._on_renewed = on_renewed
        self._flight: asyncio.Task[None] | None = None
        self._refused: SignInError | None = None
        self._ends = float("inf")
        self.tokens = tokens
        self._take(tokens)

    @property
    def access(self) -> Secret:
        """The access token."""
        return self.tokens.access

    @property
    def id_token(self) -> Secret:
        """The id token; the access token where none was given, which some servers accept as well."""
        return self.tokens.id_token or self.tokens.access

    @property
    def refresh_token(self) -> Secret:
        """The refresh token (user key); empty when the tokens can't be renewed."""
        return self.tokens.refresh

    @property
    def expires_at(self) -> datetime | None:
        """When access ends, ``None`` when nobody said."""
        return self.tokens.expires_at

    @property
    def can_renew(self) -> bool:
        """Whether there is a refresh token and an application to renew with."""
        return bool(self.tokens.refresh) and bool(self._client_id)

    @property
    def email(self) -> str:
        """The e-mail address that the tokens name, ``""`` for none."""
        return self._claim("email")

    @property
    def subject(self) -> str:
        """The user id that the tokens name, ``""`` for none."""
        return self._claim("subject")

    @property
    def organization_id(self) -> str:
        """The organization that the token was issued for (``prt_id``), ``""`` when it does not say."""
        return self._claim("organization_id")

    def expired(self) -> bool:
        """Whether the access token ends within a minute, by the steady or by the wall clock."""
        clock = self._connection.clock
        expires_at = self.tokens.expires_at
        if expires_at is not None and clock.now() >= expires_at - timedelta(seconds=EARLY):
            return True
        return clock.monotonic() >= self._ends - EARLY

    async def ready(self) -> Secret:
        """Return an access token that is not about to end, renewing it first when it can be."""
        if self.can_renew and self.expired():
            await self.renew(self.tokens.access)
        return self.tokens.access

    async def renew(self, used: Secret) -> None:
        """Get new tokens because ``used`` no longer works. However many wait, one call is made.

        Raises `SignInError` when the server refuses or nothing can be renewed, `NoAnswerError` without an answer.
        """
        if self.tokens.access != used:
            return
        if self._refused is not None:
            raise self._refused
        if not self.can_renew:
            raise sign_in_again("the token is no longer accepted and can't be renewed")
        if self._flight is None:
            # Held here and shielded: a caller that gives up must not lose a refresh token that works only once.
            self._flight = asyncio.get_running_loop().create_task(self._renewal())
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    async def _renewal(self) -> None:
        try:
            answer = await refresh_grant(self._connection, self.tokens.refresh, self._client_id)
        except SignInError as error:
            self._refused = error
            raise
        tokens = tokens_of(answer, self._connection, self.tokens)
        if self._on_renewed is not None:
            await self._on_renewed(tokens)
        self._take(tokens)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            # Read, so that a failure that nobody waits for any more is not reported as lost.
            flight.exception()

    def _take(self, tokens: Tokens) -> None:
        clock = self._connection.clock
        for secret in (tokens.access, tokens.id_token, tokens.refresh):
            self._connection.redactor.learn(secret.reveal())
        self.tokens = tokens
        left = (tokens.expires_at - clock.now()).total_seconds() if tokens.expires_at else float("inf")
        self._ends = clock.monotonic() + left

    def _claim(self, name: str) -> str:
        for secret in (self.tokens.id_token, self.tokens.access):
            claims = read_claims(secret.reveal())
            if claims is not None and (value := getattr(claims, name)):
                return str(value)
        return ""


def tokens_of(answer: TokenAnswer, connection: Connection, older: Tokens | None = None) -> Tokens:
    """Return the tokens of a token answer; a refresh or id token it does not bring is kept from ``older``."""
    expires_at: datetime | None = None
    if answer.expires_in is not None and 0 <= answer.expires_in < 10**9:
        expires_at = connection.clock.now() + timedelta(seconds=answer.expires_in)
    return Tokens(
        access=Secret(answer.access_token),
        id_token=Secret(answer.id_token) if answer.id_token else older.id_token if older else _NOTHING,
        refresh=Secret(answer.refresh_token) if answer.refresh_token else older.refresh if older else _NOTHING,
        expires_at=expires_at,
    )


def sign_in_again(why: str, status: int | None = 401) -> SignInError:
    """Return the error that asks for a new sign-in."""
    return SignInError(
        Failure(
            title="Access has ended",
            cause=why,
            next_step="Sign in again; what is being watched stays",
            exit=Exit.SIGN_IN,
            status=status,
        )
    )


async def authorized(
    credentials: Credentials, call: Callable[[str], Awaitable[Answer]], *, by_id_token: bool = False
) -> Answer:
    """Make ``call`` with a token; after a 401 once more with a renewed one.

    Raises `SignInError` when the server refuses the token for good.
    """
    used = await credentials.ready()
    answer = await call(_chosen(credentials, by_id_token))
    if answer.status != 401:
        return answer
    await credentials.renew(used)
    answer = await call(_chosen(credentials, by_id_token))
    if answer.status == 401:
        raise sign_in_again("the server does not accept even a token it has just given")
    return answer


def _chosen(credentials: Credentials, by_id_token: bool) -> str:
    return (credentials.id_token if by_id_token else credentials.access).reveal()
