"""New tokens for a sign-in that ends: which call brings them, and how processes that share it take turns.

Today's refresh tokens work once, and using one again ends the whole sign-in. So under the lock of the kept sign-in it
is read again, renewed by what is kept there, and kept durably before anyone uses the new access token. Nothing here
ever deletes what is kept.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from tui.api.connection import Connection
from tui.api.models import TokenAnswer
from tui.api.sign_in.advice import renewal_refused, token_refused
from tui.api.sign_in.grants import application_grant, password_grant, refresh_grant
from tui.api.sign_in.token_set import NOTHING, SignInRecord, Tokens
from tui.errors import Failure, SignInError, UiPathTuiError
from tui.secret import Secret


class Keeper(Protocol):
    """Where one sign-in is kept between sessions. Everything may raise a `UiPathTuiError`."""

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Return the lock on this sign-in against every process."""
        ...

    async def load(self) -> SignInRecord | None:
        """Return what is kept now, ``None`` for nothing."""
        ...

    async def save(self, record: SignInRecord) -> None:
        """Keep ``record``; it survives a crash once this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a renewal came to. ``adopted``: another process had got the tokens. ``unsaved``: why they are not kept."""

    record: SignInRecord
    adopted: bool = False
    unsaved: Failure | None = None


_FORGOTTEN = Failure(
    title="The sign-in is no longer kept",
    cause="it was forgotten or removed while this session used it",
    next_step="Go on; keep it again to have it at the next start",
)


def tokens_of(answer: TokenAnswer, connection: Connection, older: Tokens | None = None) -> Tokens:
    """Return the tokens of a token answer; a refresh or id token it does not bring is kept from ``older``."""
    expires_at = None
    if answer.expires_in is not None and 0 <= answer.expires_in < 10**9:
        expires_at = connection.clock.now() + timedelta(seconds=answer.expires_in)
    return Tokens(
        access=Secret(answer.access_token),
        id_token=Secret(answer.id_token) if answer.id_token else older.id_token if older else NOTHING,
        refresh=Secret(answer.refresh_token) if answer.refresh_token else older.refresh if older else NOTHING,
        expires_at=expires_at,
    )


def renewing_secret(record: SignInRecord) -> Secret:
    """Return what renews ``record``: a password, an application's secret, or a refresh token."""
    if record.login is not None:
        return record.login.password
    return record.application.client_secret if record.own_grant else record.tokens.refresh


async def renewed(connection: Connection, record: SignInRecord) -> SignInRecord:
    """Return ``record`` with new tokens, by one call. Raises `SignInError` when refused, `NoAnswerError` for none."""
    if record.login is not None:
        answer = await password_grant(connection, record.login)
    elif record.own_grant:
        answer = await application_grant(connection, record.application)
    else:
        answer = await refresh_grant(connection, record.tokens.refresh, record.application)
    return record.with_tokens(tokens_of(answer, connection, record.tokens))


class Rotation:
    """Renews one sign-in again and again. Remembers what is spent, so that nothing spent is sent or taken up again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._spent: set[Secret] = set()
        self._refused: dict[Secret, SignInError] = {}

    async def rotate(self, record: SignInRecord, keeper: Keeper | None) -> Rotated:
        """Return new tokens for ``record``, whose access token no longer works.

        Raises `SignInError` when nothing renews it, `NoAnswerError` without an answer, and what ``keeper`` raises when
        it can't be locked or read: a refresh token that may be used up is never sent blindly.
        """
        if keeper is None:
            rotated = Rotated(await self._renewed(record))
        else:
            async with keeper.locked():
                rotated = await self._rotate_kept(record, keeper)
        self._spent.add(record.tokens.access)
        return rotated

    async def saved_again(self, record: SignInRecord, keeper: Keeper) -> bool:
        """Keep ``record``, unless something newer is kept or nothing any more. Raises what ``keeper`` raises."""
        async with keeper.locked():
            kept = await keeper.load()
            if kept is None or kept.tokens.access not in self._spent:
                return False
            await keeper.save(record)
            return True

    async def _rotate_kept(self, record: SignInRecord, keeper: Keeper) -> Rotated:
        kept = await keeper.load()
        newest = self._newest(record, kept)
        if newest.tokens.access != record.tokens.access and self._lasts(newest.tokens):
            return Rotated(newest, adopted=True)
        try:
            fresh = await self._renewed(newest)
        except SignInError:
            later = await keeper.load()
            if later is None or renewing_secret(later) in (renewing_secret(newest), *self._refused):
                raise
            newest, fresh = later, await self._renewed(later)
        self._spent.add(newest.tokens.access)
        if kept is None:
            return Rotated(fresh, unsaved=_FORGOTTEN)
        return Rotated(fresh, unsaved=await _saved(fresh, keeper))

    async def _renewed(self, record: SignInRecord) -> SignInRecord:
        secret = renewing_secret(record)
        if secret in self._refused:
            raise self._refused[secret]
        if not record.can_renew:
            raise token_refused(record.kind, record.tokens.expires_at, self._connection.clock.now())
        try:
            return await renewed(self._connection, record)
        except SignInError as error:
            ended = self._refused[secret] = renewal_refused(error.failure)
            raise ended from error

    def _newest(self, record: SignInRecord, kept: SignInRecord | None) -> SignInRecord:
        """Return what is kept, unless this session has newer tokens that could not be kept."""
        return record if kept is None or kept.tokens.access in self._spent else kept

    def _lasts(self, tokens: Tokens) -> bool:
        return bool(tokens.access) and (tokens.expires_at is None or tokens.expires_at > self._connection.clock.now())


async def _saved(record: SignInRecord, keeper: Keeper) -> Failure | None:
    try:
        await keeper.save(record)
    except UiPathTuiError as error:
        return error.failure
    return None
