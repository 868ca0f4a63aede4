"""What the sign-in form is filled with on the person's behalf: by a profile, with an offered token, out of a paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from tui.api.sign_in.token_kinds import TokenKind
from tui.screens.sign_in.fields import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.screen import Screen

    from tui.api.deployments import Deployment
    from tui.api.sign_in.tokens import Recognised
    from tui.profile import Profile


def answered(profile: Profile, kind: Deployment) -> dict[str, str]:
    """Return what ``profile`` answers, by field; the platform of 2019 has no field for account and instance."""
    values = {"address": profile.base_url, "client-id": profile.client_id, "scopes": profile.scopes}
    names = {} if kind.is_2019 else dict(zip(NAMES, (profile.account, profile.instance), strict=True))
    return {**values, **names, "save-as": profile.name}


class Filling:
    """Writes into the fields of ``screen``; what was typed by hand gives way to a profile and to an address only."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._profile: Profile | None = None
        self._claimed: dict[str, str] = {}
        """What tokens said of themselves and was filled in: the next token may replace it."""

    def is_new(self, profile: Profile | None) -> bool:
        """Tell whether ``profile`` is one that was not filled in yet; from now on it was."""
        if profile is None or not profile.name or profile == self._profile:
            return False
        self._profile = profile
        return True

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill these fields, whatever is in them."""
        for name, value in values.items():
            self._field(name).value = value

    def suggest(self, values: Mapping[str, str]) -> None:
        """Fill those of these fields in which nothing is typed."""
        self.fill({name: value for name, value in values.items() if value and not self._field(name).value})

    def take(self, found: Recognised) -> None:
        """Fill in the names that a paste holds: those of an address always, those of a token where none was typed."""
        values = {name: value for name in NAMES if (value := str(getattr(found, name)))}
        if found.kind is not TokenKind.TENANT_ADDRESS:
            free = ("", *self._claimed.values())
            values = {name: value for name, value in values.items() if self._field(name).value in free}
            self._claimed |= values
        self.fill(values)

    def _field(self, name: str) -> Input:
        return self._screen.query_one(f"#{name}", Input)
