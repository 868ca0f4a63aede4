"""Where a sign-in is kept: the key store, a private file, or the memory of this session. Owns the names of kept ones.

Every kept sign-in has a lock file beside it, whichever the place: two processes never renew one token at the same time.
"""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui import paths
from tui.errors import Exit, Failure
from tui.keeping import Keeping
from tui.secret import Secret
from tui.store import files, locks, records
from tui.store.errors import StoreError, shown
from tui.store.keystore import KeyStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tui.api.sign_in.token_set import SignInRecord
    from tui.clock import Clock

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_SLUG: Final = 24

GRACE: Final = 3.0
"""Seconds that a cancelled write may still take: the end of the program waits no longer for a key store that hangs."""


def new_name(profile_name: str) -> str:
    """Return a name nobody has used: what can be read of the profile's, and random digits."""
    slug = re.sub(r"[^a-z0-9]+", "-", profile_name.lower()).strip("-")[:_SLUG].strip("-")
    return f"{slug or 'profile'}-{os.urandom(8).hex()}"


class CredentialStore:
    """Sign-ins by name, each in the place that its `Keeping` says. Every method raises `StoreError`.

    ``folder`` is where files and locks go, ``patience`` how many seconds to wait for another process. What is kept for
    the session, or came from the environment, lives in this object alone.
    """

    def __init__(
        self,
        folder: Path | None = None,
        key_store: KeyStore | None = None,
        *,
        patience: float = locks.PATIENCE,
        clock: Clock | None = None,
    ) -> None:
        self._folder = folder or paths.credentials_folder()
        self._patience = patience
        self._clock = clock
        self._session: dict[str, SignInRecord] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self.key_store = key_store or KeyStore()
        """The operating system's key store, also for asking whether it can be used."""

    async def load(self, name: str, keeping: Keeping) -> SignInRecord | None:
        """Return the sign-in kept under ``name``, ``None`` for none."""
        _check(name)
        if keeping is Keeping.KEY_STORE:
            text = await self.key_store.get(name)
        elif keeping is Keeping.FILE:
            content = await asyncio.to_thread(files.read_private, self._file(name))
            text = None if content is None else self._decoded(content, name)
        else:
            return self._session.get(name)
        return None if text is None else records.from_text(text, self.where(name, keeping))

    async def save(self, name: str, keeping: Keeping, record: SignInRecord) -> None:
        """Keep the sign-in under ``name``, durably. Take its `StoredKeeper.locked` first when others may renew it."""
        _check(name)
        if keeping is Keeping.KEY_STORE:
            await _to_the_end(self.key_store.set(name, records.as_text(record)))
        elif keeping is Keeping.FILE:
            await _to_the_end(asyncio.to_thread(self._write, name, records.as_text(record)))
        else:
            self._session[name] = record

    async def forget(self, name: str, keeping: Keeping) -> None:
        """Remove the sign-in kept under ``name``; none is no error. Waits for whoever is renewing it."""
        async with self.keeper(name, keeping).locked():
            if keeping is Keeping.KEY_STORE:
                await self.key_store.delete(name)
            elif keeping is Keeping.FILE:
                await asyncio.to_thread(files.remove_private, self._file(name))
            else:
                self._session.pop(name, None)

    def where(self, name: str, keeping: Keeping) -> str:
        """Return where the sign-in lives, in words that complete “it is kept …”. Asks nobody."""
        _check(name)
        if keeping is Keeping.KEY_STORE:
            return f"in the OS key store ({self.key_store.name})"
        if keeping is Keeping.FILE:
            return f"in the file {shown(self._file(name))} (readable only by you)"
        return "in the environment" if keeping is Keeping.ENVIRONMENT else "in this session only"

    def keeper(self, name: str, keeping: Keeping) -> StoredKeeper:
        """Return what renews the sign-in kept under ``name`` in its place."""
        _check(name)
        return StoredKeeper(self, name, keeping)

    def locked(self, name: str, keeping: Keeping) -> AbstractAsyncContextManager[None]:
        """Return the lock of the sign-in: between processes when it outlives the session, else in this one."""
        _check(name)
        return self._turn_of_all(name) if keeping.lasts else self._own_turn(name)

    @asynccontextmanager
    async def _turn_of_all(self, name: str) -> AsyncGenerator[None]:
        await asyncio.to_thread(files.make_folder, self._folder)
        lock = self._folder / f"{name}.lock"
        async with locks.held_async(lock, "kept sign-in", patience=self._patience, clock=self._clock):
            yield

    @asynccontextmanager
    async def _own_turn(self, name: str) -> AsyncGenerator[None]:
        async with self._turns.setdefault(name, asyncio.Lock()):
            yield

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _decoded(self, content: bytes, name: str) -> Secret:
        # The cause is cut off: it holds the content.
        try:
            return Secret(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise records.damaged(self.where(name, Keeping.FILE), "it is not text") from None

    def _write(self, name: str, text: Secret) -> None:
        files.make_folder(self._folder)
        files.write_private(self._file(name), text.reveal().encode("ascii"))


@dataclass(frozen=True, slots=True)
class StoredKeeper:
    """One kept sign-in as the rotation of its tokens needs it. Every method raises `StoreError`."""

    _store: CredentialStore
    _name: str
    _keeping: Keeping

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Return the lock of this sign-in, held by one process at a time; cancelling gives it back."""
        return self._store.locked(self._name, self._keeping)

    async def load(self) -> SignInRecord | None:
        """Return what the store holds now."""
        return await self._store.load(self._name, self._keeping)

    async def save(self, record: SignInRecord) -> None:
        """Keep the sign-in: durable when this returns."""
        await self._store.save(self._name, self._keeping, record)


async def _to_the_end(write: Coroutine[Any, Any, None]) -> None:
    """Let a write that has begun end before a cancelled caller gives its lock back: others then read the new tokens."""
    writing = asyncio.ensure_future(write)
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        # Nobody hears of its failure any more; asyncio would complain about that.
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([writing], timeout=GRACE)
        raise


def _check(name: str) -> None:
    """Raise `StoreError` for a name that this program does not make: it may come from an edited file."""
    if not _NAME.fullmatch(name):
        cause = "the profile names its kept sign-in in a way that uipath-tui never does"
        raise StoreError(Failure("The kept sign-in can't be found", cause, "Sign in again.", exit=Exit.SIGN_IN))
