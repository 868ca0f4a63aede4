"""The base of what can happen, and what happens in the first step: all that is loaded before the first paint.

Imports types only; `tui.flow.events` has the rest and offers these too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.sign_in.token_set import Application
    from tui.flow.ways import Target, Way
    from tui.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, kw_only=True)
class SignInSubmitted(Event):
    """The person gave what signs in, and where. The texts are the defaults of next time."""

    way: Way
    target: Target
    way_name: str = ""
    client_id: str = ""
    scopes: str = ""


@dataclass(frozen=True, kw_only=True)
class BrowserRequested(Event):
    """Sign in with the browser."""

    application: Application
    target: Target


@dataclass(frozen=True, kw_only=True)
class ProfileChosen(Event):
    """Open a kept profile; without ``keep`` it stays as it was kept, whatever is answered from now on."""

    profile: Profile
    keep: bool = True


@dataclass(frozen=True, kw_only=True)
class SignInAgainRequested(Event):
    """Sign in anew and go on with what is being done."""


@dataclass(frozen=True, kw_only=True)
class SignInKept(Event):
    """Go on with the sign-in in use; with ``named`` account and instance were changed, and everything is listed."""

    named: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Retried(Event):
    """Repeat the call that failed; ``at`` is when it was asked for, where that counts."""

    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WentBack(Event):
    """One step back; also drops what is being waited for."""


@dataclass(frozen=True, kw_only=True)
class Answer(Event):
    """Base of what effects answer. An answer whose ticket nobody awaits is ignored."""

    ticket: int
