"""The ways in: what a person gives to sign in, and where. Secrets are `Secret`. Imports types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.api.sign_in.token_set import Application, Login
    from tui.keeping import Keeping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to sign in, and what becomes of it.

    ``account`` and ``instance`` when they are named already; ``keeping`` where the secret is to live, ``None`` for the
    key store where there is one; ``save_as`` names the profile, ``""`` keeps none.
    """

    deployment: str
    base_url: str = ""
    account: str = ""
    instance: str = ""
    keeping: Keeping | None = None
    save_as: str = ""


Way = Pasted | ByApplication | ByLogin | ByRedirect | ByKept
