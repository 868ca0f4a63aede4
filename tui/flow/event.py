"""The base of what can happen, and what happens in the first step: all that is loaded before the first paint.

Imports types only; `tui.flow.events` has the rest and offers these too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.secret import Secret


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, kw_only=True)
class TokenSubmitted(Event):
    """A token was pasted. ``account`` and ``instance`` when the person named them already."""

    token: Secret
    deployment: str
    base_url: str = ""
    account: str = ""
    instance: str = ""


@dataclass(frozen=True, kw_only=True)
class SignInKept(Event):
    """Go on with the sign-in in use."""


@dataclass(frozen=True, kw_only=True)
class Retried(Event):
    """Repeat the call that failed."""


@dataclass(frozen=True, kw_only=True)
class WentBack(Event):
    """One step back; also drops what is being waited for."""


@dataclass(frozen=True, kw_only=True)
class Answer(Event):
    """Base of what effects answer. An answer whose ticket nobody awaits is ignored."""

    ticket: int
