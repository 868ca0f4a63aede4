"""The ways in: what a person gives to sign in. Each holds its secrets as `Secret`. Imports types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.api.token_set import Application, Login
    from tui.secret import Secret


@dataclass(frozen=True, slots=True)
class Pasted:
    """A pasted token, user key or token answer."""

    text: Secret


@dataclass(frozen=True, slots=True)
class ByApplication:
    """An external application that signs in by itself (client credentials)."""

    application: Application


@dataclass(frozen=True, slots=True)
class ByLogin:
    """User and password, on a server of one's own."""

    login: Login


@dataclass(frozen=True, slots=True)
class ByRedirect:
    """The address (or the code in it) on which the browser sign-in that is under way has ended."""

    text: Secret


@dataclass(frozen=True, slots=True)
class ByKept:
    """The secret that the profile keeps."""


Way = Pasted | ByApplication | ByLogin | ByRedirect | ByKept
