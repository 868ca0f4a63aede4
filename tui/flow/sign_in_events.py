"""What happens while signing in and around profiles, beyond the first form. Imports types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.event import Answer, Event

if TYPE_CHECKING:
    from tui.api.models import Account, Folder, ServiceInstance
    from tui.errors import Failure
    from tui.flow.state import Here, Identity
    from tui.profile import Profile
    from tui.secret import Secret


@dataclass(frozen=True, kw_only=True)
class RedirectGiven(Event):
    """The address on which the browser ended (or the code in it) was pasted."""

    text: Secret


@dataclass(frozen=True, kw_only=True)
class BrowserBegun(Answer):
    """The sign-in page is ready at ``address``.

    ``opened`` tells whether a browser was asked to show it, ``caught`` whether its end is caught here; otherwise the
    address it ends on has to be pasted. ``redirect_uri`` is that address without its answer.
    """

    address: str
    redirect_uri: str
    opened: bool = False
    caught: bool = False
    failure: Failure | None = None
    """Why the end can't be caught here."""


@dataclass(frozen=True, kw_only=True)
class SignedIn(Answer):
    """The sign-in works, or can't be proven before the instance is named (``accounts`` empty, ``reason`` says why).

    ``partial`` when only what the profile names was given and nothing was listed; ``folder`` is the profile's.
    """

    identity: Identity
    accounts: tuple[Account, ...] = ()
    instances: tuple[ServiceInstance, ...] | None = None
    reason: str = ""
    partial: bool = False
    folder: Folder | None = None


@dataclass(frozen=True, kw_only=True)
class AccountsListed(Answer):
    """What the sign-in may use, listed after all; as in `SignedIn`."""

    accounts: tuple[Account, ...] = ()
    instances: tuple[ServiceInstance, ...] | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HereChanged(Event):
    """Something about this computer is known or was kept. ``saved`` is the profile now kept; ``failure`` why not."""

    here: Here
    saved: Profile | None = None
    failure: Failure | None = None
