"""The tokens of one sign-in: who may use them until when, and their renewal by exactly one call at a time."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tui.api.answer import Answer
from tui.api.connection import Connection
from tui.api.rights import Holder, holder_of
from tui.api.sign_in.advice import access_ended
from tui.api.sign_in.claims import read_claims
from tui.api.sign_in.rotation import Keeper, Rotation
from tui.api.sign_in.token_set import SignInRecord, Tokens
from tui.errors import UiPathTuiError
from tui.secret import Secret

if TYPE_CHECKING:
    from tui.errors import Failure

__all__ = ["Credentials", "Keeper", "authorized"]

EARLY: Final = 60.0
"""Seconds before its end at which a token counts as expired; of one that lasts a moment, half of what is left."""
_MOST_ADOPTED: Final = 3
"""How often one call may go on with a token that another process had got and that the server refuses all the same."""


class Credentials:
    """The sign-in in use. Renews its tokens when they are about to end, or when the server says 401.

    With a ``keeper`` new tokens are kept *before* they are used, and those that another process has got are taken up.
    """

    def __init__(self, connection: Connection, record: SignInRecord, *, keeper: Keeper | None = None) -> None:
        self._connection = connection
        self._keeper = keeper
        self._rotation = Rotation(connection)
        self._flight: asyncio.Task[None] | None = None
        self._ends = float("inf")
        self._early = EARLY
        self.adopted = False
        """Whether the tokens in use were got by another process, so that they may be used up already."""
        self.unsaved: Failure | None = None
        """Why the newest tokens are not kept although they should be; ``None`` when all is well."""
        self.record = record
        self._take(record)

    @property
    def tokens(self) -> Tokens:
        """The tokens in use."""
        return self.record.tokens

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
        """The refresh token (user key); empty when there is none."""
        return self.tokens.refresh

    @property
    def expires_at(self) -> datetime | None:
        """When access ends, ``None`` when nobody said."""
        return self.tokens.expires_at

    @property
    def can_renew(self) -> bool:
        """Whether new tokens can be had without asking the person."""
        return self.record.can_renew

    @property
    def holder(self) -> Holder:
        """Whose right the calls use."""
        return holder_of(self.record.kind, scoped=not self._connection.deployment.is_2019)

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
        """Whether there is no access token, or it ends within a minute by the steady or by the wall clock."""
        clock = self._connection.clock
        expires_at = self.tokens.expires_at
        if expires_at is not None and clock.now() >= expires_at - timedelta(seconds=self._early):
            return True
        return not self.tokens.access or clock.monotonic() >= self._ends - self._early

    async def ready(self) -> Secret:
        """Return an access token that is not about to end, renewing it first when it can be."""
        if self.can_renew and self.expired():
            await self.renew(self.tokens.access)
        return self.tokens.access

    async def renew(self, used: Secret) -> None:
        """Get new tokens because ``used`` no longer works. However many wait, one call is made.

        Raises `SignInError` when the server refuses or nothing can be renewed, `NoAnswerError` without an answer, and
        what the keeper raises when it can't be locked or read.
        """
        if self.tokens.access != used:
            return
        if self._flight is None:
            # Held here and shielded: a caller that gives up must not lose a refresh token that works only once.
            self._flight = asyncio.get_running_loop().create_task(self._renewal())
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    async def keep(self, keeper: Keeper) -> None:
        """Keep the sign-in from now on, beginning with what it holds. Raises what ``keeper`` raises."""
        kept: SignInRecord | None = None
        while kept is not self.record:
            await self._landed_flight()
            async with keeper.locked():
                kept = self.record
                await keeper.save(kept)
            self._keeper, self.unsaved = keeper, None
            # A renewal that began meanwhile knew nothing of the keeper.
            await self._landed_flight()

    def forget(self) -> None:
        """Keep nothing more; what is kept stays until somebody removes it."""
        self._keeper = self.unsaved = None

    async def settled(self) -> None:
        """Let a renewal under way end, whatever comes of it, and try once more to keep what could not be kept.

        To be awaited before the connection is closed.
        """
        await self._landed_flight()
        if self.unsaved is not None and self._keeper is not None:
            with contextlib.suppress(UiPathTuiError):
                if await self._rotation.saved_again(self.record, self._keeper):
                    self.unsaved = None

    async def _landed_flight(self) -> None:
        if self._flight is not None:
            await asyncio.wait({self._flight})

    async def _renewal(self) -> None:
        rotated = await self._rotation.rotate(self.record, self._keeper)
        self.adopted, self.unsaved = rotated.adopted, rotated.unsaved
        self._take(rotated.record)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            # Read, so that a failure that nobody waits for any more is not reported as lost.
            flight.exception()

    def _take(self, record: SignInRecord) -> None:
        clock = self._connection.clock
        for secret in record.secrets:
            self._connection.redactor.learn(secret.reveal())
        self.record = record
        expires_at = record.tokens.expires_at
        left = (expires_at - clock.now()).total_seconds() if expires_at else float("inf")
        self._ends = clock.monotonic() + left
        self._early = min(EARLY, max(left, 0.0) / 2)

    def _claim(self, name: str) -> str:
        for secret in (self.tokens.id_token, self.tokens.access):
            claims = read_claims(secret.reveal())
            if claims is not None and (value := getattr(claims, name)):
                return str(value)
        return ""


async def authorized(
    credentials: Credentials, call: Callable[[str], Awaitable[Answer]], *, by_id_token: bool = False
) -> Answer:
    """Make ``call`` with a token; after a 401 once more with a renewed one.

    A renewed token that another process had got may be used up too: then again. Raises `SignInError` when the server
    refuses the token for good.
    """
    used = await credentials.ready()
    answer = await call(_chosen(credentials, by_id_token))
    for _ in range(_MOST_ADOPTED):
        if answer.status != 401:
            return replace(answer, holder=credentials.holder)
        await credentials.renew(used)
        used, adopted = credentials.access, credentials.adopted
        answer = await call(_chosen(credentials, by_id_token))
        if answer.status == 401 and not adopted:
            break
    if answer.status == 401:
        raise access_ended("the server does not accept even a token it has just given")
    return replace(answer, holder=credentials.holder)


def _chosen(credentials: Credentials, by_id_token: bool) -> str:
    return (credentials.id_token if by_id_token else credentials.access).reveal()
