"""The operating system's key store, asked without waiting for ever. Owns the time limit of a call and the one thread.

A key store may hang (a dead daemon, a question nobody sees), so each call runs in a thread that the end of the process
does not wait for. keyring is imported in that thread alone.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tui.store import backends, entries
from tui.store.errors import KeyStoreError, KeyStoreProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.secret import Secret
    from tui.store.backends import TrustedBackend

LIMIT: Final = 10.0
"""Seconds that one call may take: time to answer a question of the operating system, not for ever."""

Result = TypeVar("Result")

_EXPECTED: Final = {"darwin": "macOS Keychain", "win32": "Windows Credential Manager"}
_PROBE: Final = "probe"


@dataclass(frozen=True, slots=True)
class KeyStoreState:
    """Whether secrets can be kept there. ``why`` says why not, in whole sentences; ``problem`` is its kind."""

    usable: bool
    name: str
    why: str = ""
    problem: KeyStoreProblem | None = None


class KeyStore:
    """Values by name in the operating system's key store. Every method but `probe` raises `KeyStoreError`.

    ``limit`` is in seconds, ``part`` the most characters of one entry, ``None`` for what the store is known to take.
    While a call that took too long is still out, further ones fail at once: threads never pile up.
    """

    def __init__(self, limit: float = LIMIT, part: int | None = None) -> None:
        self._limit = limit
        self._part = part
        self._turn = asyncio.Lock()
        self._last: Future[Any] | None = None
        self._hung = False
        self._name = _EXPECTED.get(sys.platform, "Secret Service")

    @property
    def name(self) -> str:
        """What people call it: expected from the operating system until the first call, known from then on."""
        return self._name

    async def probe(self) -> KeyStoreState:
        """Find out whether secrets can be kept there, by asking it for one that it does not hold. Never raises."""
        try:
            await self.get(_PROBE)
        except KeyStoreError as error:
            return KeyStoreState(usable=False, name=self._name, why=str(error), problem=error.problem)
        return KeyStoreState(usable=True, name=self._name)

    async def get(self, name: str) -> Secret | None:
        """Return the value called ``name``, ``None`` for none."""
        return await self._run(lambda store: entries.read(store, name))

    async def set(self, name: str, value: Secret) -> None:
        """Keep the value and read it back: when this returns, it is there."""
        await self._run(lambda store: entries.write(store, name, value, self._part or store.part))

    async def delete(self, name: str) -> None:
        """Forget the value called ``name``; none is no error."""
        await self._run(lambda store: entries.remove(store, name))

    async def _run(self, work: Callable[[TrustedBackend], Result]) -> Result:
        async with self._turn:
            await self._finish_last()
            call: Future[Result] = Future()
            call.set_running_or_notify_cancel()
            self._last, self._hung = call, False
            threading.Thread(target=self._answer, args=(call, work), name="key store", daemon=True).start()
            return await self._answered(call)

    async def _finish_last(self) -> None:
        """Wait for a call whose caller went away; one that took too long already is not waited for again."""
        if self._last is None or self._last.done():
            return
        if self._hung:
            raise self._too_slow()
        try:
            await self._answered(self._last)
        except KeyStoreError:
            if self._hung:
                raise

    async def _answered(self, call: Future[Result]) -> Result:
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.wrap_future(call)
        except TimeoutError:
            self._hung = True
            raise self._too_slow() from None

    def _answer(self, call: Future[Result], work: Callable[[TrustedBackend], Result]) -> None:
        """Do the work, in the thread. Whatever a backend raises becomes a `KeyStoreError`."""
        try:
            store = backends.trusted()
            self._name = store.name
            result = work(store)
        except KeyStoreError as error:
            call.set_exception(error)
        except Exception as error:  # noqa: BLE001 - backends of other people raise anything
            call.set_exception(backends.explained(error, self._name))
        else:
            call.set_result(result)

    def _too_slow(self) -> KeyStoreError:
        return backends.trouble(
            KeyStoreProblem.HUNG,
            self._name,
            f"{self._name} did not answer within {self._limit:g} s",
            f"Look for a question it asks in another window and try again, {backends.ELSEWHERE}.",
        )
