"""Which key store of the operating system is trusted with a secret, and what its refusals mean.

Everything here may block for ever: only `tui.store.keystore` calls it, in a thread of its own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from tui.errors import Exit, Failure
from tui.store.errors import KeyStoreError, KeyStoreProblem
from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

CHOICE: Final = "PYTHON_KEYRING_BACKEND"
"""The environment variable by which a person tells keyring what to use."""

ELSEWHERE: Final = "or keep the sign-in in a file or for this session only"

_WINDOWS_PART: Final = 1_200
"""Characters: Windows takes 2,560 bytes an entry and counts two for each character."""

_PART: Final = 100_000

_NAMES: Final = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
_LOCKED: Final = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})
_ABSENT: Final = frozenset(
    {
        *("InitError", "NoKeyringError", "SecretServiceNotAvailableException", "DBusErrorResponse"),
        *("ConnectionError", "EOFError", "FileNotFoundError"),
    }
)


class Backend(Protocol):
    """What keyring's backends do; every method may raise anything."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the value, ``None`` for none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the value."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget the value; raises for one that is not there."""
        ...


@dataclass(frozen=True, slots=True)
class TrustedBackend:
    """A backend that protects what it keeps. ``part`` is the most characters of one entry."""

    backend: Backend
    name: str
    part: int


def trusted() -> TrustedBackend:
    """Return the key store to use. Raises `KeyStoreError` when there is none, or only one that protects nothing."""
    import keyring

    try:
        chosen = cast("Any", keyring.get_keyring())
        module = type(chosen).__module__
        # A chain would fall through to whatever keeps secrets in a plain file: its best one is used by itself.
        chain = cast("Sequence[Any]", chosen.backends) if module == "keyring.backends.chainer" else (chosen,)
        best = next(iter(chain), None)
        priority = 0.0 if best is None else float(best.priority)
    except Exception as error:  # noqa: BLE001 - backends of other people raise anything
        raise _unusable(error) from None
    if best is None:
        raise trouble(KeyStoreProblem.ABSENT, "key store", _NONE_HERE, _START_ONE)
    module = type(best).__module__
    name = _NAMES.get(module, clean(f"{module}.{type(best).__qualname__}", limit=80))
    if module == "keyring.backends.fail" and CHOICE not in os.environ:
        raise trouble(KeyStoreProblem.ABSENT, "key store", _NONE_HERE, _START_ONE)
    if priority < 1 or module.startswith("keyrings.alt") or "plaintext" in type(best).__qualname__.lower():
        cause = f"keyring would use {name}, which keeps secrets unprotected or not at all"
        raise trouble(KeyStoreProblem.REFUSED, "key store", cause, f"Choose another one ({CHOICE}), {ELSEWHERE}.")
    return TrustedBackend(best, name, _WINDOWS_PART if module == "keyring.backends.Windows" else _PART)


_NONE_HERE: Final = "no key store can be reached in this session"
_START_ONE: Final = f"Start one (such as gnome-keyring, in a desktop session), {ELSEWHERE}."


def explained(error: Exception, name: str) -> KeyStoreError:
    """Return what an exception of the backend means. Its own words are left out: they may quote what was to be kept."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    dbus_name = str(getattr(error, "name", ""))
    if kinds & _LOCKED or dbus_name.endswith(".IsLocked"):
        return trouble(KeyStoreProblem.LOCKED, name, f"{name} is locked", f"Unlock it and try again, {ELSEWHERE}.")
    if kinds & _ABSENT:
        return trouble(KeyStoreProblem.ABSENT, name, f"{name} can't be reached", _START_ONE)
    cause = f"{name} failed ({type(error).__name__})"
    return trouble(KeyStoreProblem.OTHER, name, cause, f"Try again, {ELSEWHERE}.")


def trouble(problem: KeyStoreProblem, name: str, cause: str, next_step: str) -> KeyStoreError:
    """Return the error about the key store called ``name``."""
    title = "The key store can't be used" if name == "key store" else f"{name} can't be used"
    return KeyStoreError(Failure(title, cause, next_step, exit=Exit.SIGN_IN), problem)


def _unusable(error: Exception) -> KeyStoreError:
    chosen = clean(os.environ.get(CHOICE, ""), limit=80)
    if chosen:
        cause = f"{CHOICE} is “{chosen}”, which can't be used here ({type(error).__name__})"
        return trouble(KeyStoreProblem.ABSENT, "key store", cause, f"Correct or remove {CHOICE}, {ELSEWHERE}.")
    # keyring says RuntimeError for a store that is not there, anything else for a configuration it can't follow.
    if isinstance(error, RuntimeError):
        return trouble(KeyStoreProblem.ABSENT, "key store", _NONE_HERE, _START_ONE)
    cause = f"keyring's own configuration can't be followed ({type(error).__name__})"
    return trouble(KeyStoreProblem.ABSENT, "key store", cause, f"Correct keyringrc.cfg, {ELSEWHERE}.")
