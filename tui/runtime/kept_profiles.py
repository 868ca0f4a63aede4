"""The profiles of this computer and the secrets that belong to them: looked at, kept, and tidied up together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.errors import UiPathTuiError
from tui.flow.events import HereChanged
from tui.flow.state import Here
from tui.store.profiles import load_profiles, save_profile, save_unfinished

if TYPE_CHECKING:
    from pathlib import Path

    from tui.errors import Failure
    from tui.profile import Profile, ProfileBook
    from tui.store.credentials import CredentialStore


class KeptProfiles:
    """The profile file at ``path`` and the ``store`` of the secrets that its profiles name."""

    def __init__(self, store: CredentialStore, path: Path) -> None:
        self._store = store
        self._path = path
        self._here = Here()
        self._turn = asyncio.Lock()

    async def look(self) -> HereChanged:
        """Read the profiles and ask the key store. What can't be read is told, and nothing is lost."""
        state = await self._store.key_store.probe()
        book, failure = await self._book()
        self._here = Here(book=book, looked=True, key_store=state.name if state.usable else "", why=state.why)
        return HereChanged(here=self._here, failure=failure)

    def changed(self, failure: Failure | None) -> HereChanged:
        """Return the news that something could not be kept."""
        return HereChanged(here=self._here, failure=failure)

    async def save(self, profile: Profile, *, unfinished: bool) -> HereChanged:
        """Keep ``profile``; then drop the secrets that nothing names any more. A failure is told, never raised."""
        async with self._turn:  # what is kept later is newer
            return await self._saved(profile, unfinished)

    async def _saved(self, profile: Profile, unfinished: bool) -> HereChanged:
        before, _ = await self._book()
        try:
            await asyncio.to_thread(self._write, profile, unfinished)
        except UiPathTuiError as error:
            return self.changed(error.failure)
        book, failure = await self._book()
        self._here = replace(self._here, book=book)
        await self._tidy(before, book)
        return HereChanged(here=self._here, saved=None if unfinished else profile, failure=failure)

    def _write(self, profile: Profile, unfinished: bool) -> None:
        if unfinished:
            save_unfinished(self._path, profile)
        else:
            save_profile(self._path, profile)
            save_unfinished(self._path, None)

    async def _book(self) -> tuple[ProfileBook, Failure | None]:
        try:
            return await asyncio.to_thread(load_profiles, self._path), None
        except UiPathTuiError as error:
            return self._here.book, error.failure

    async def _tidy(self, before: ProfileBook, after: ProfileBook) -> None:
        named = {profile.credential for profile in _every(after)}
        for profile in _every(before):
            if profile.credential and profile.credential not in named:
                with suppress(UiPathTuiError):
                    await self._store.forget(profile.credential, profile.keeping)


def _every(book: ProfileBook) -> tuple[Profile, ...]:
    return (*book.profiles, *((book.unfinished,) if book.unfinished is not None else ()))
