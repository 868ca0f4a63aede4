"""What the sign-in form holds when it is handed over: what is missing in it, and the event that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from tui.api.sign_in.token_set import Application, Login
from tui.flow.events import BrowserRequested, SignInSubmitted
from tui.flow.ways import ByApplication, ByKept, ByLogin, Pasted, Target, Way
from tui.keeping import Keeping
from tui.screens.sign_in.fields import (
    APPLICATION,
    BROWSER,
    BROWSER_2019,
    CONSENT,
    NAMES,
    PASSWORD,
    SECRET_FIELDS,
    TOKEN,
)
from tui.secret import Secret
from tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.api.deployments import Deployment
    from tui.api.sign_in.tokens import Recognised
    from tui.flow.event import Event
    from tui.flow.state import Answers, Here, SigningIn
    from tui.screens.sign_in.fields import WayIn

OFFER = "Empty the field to use the demo's token."


def keeping_entries(here: Here) -> list[tuple[str, str]]:
    """Return the places where a secret can be kept here, the default first."""
    places = [(Keeping.SESSION.value, "this session only"), (Keeping.FILE.value, "a file")]
    if here.key_store:
        return [(Keeping.KEY_STORE.value, f"OS key store ({here.key_store})"), *places]
    return places if here.looked else [("", "looking for the OS key store…")]


def keeping_note(here: Here, keeping: str) -> str:
    """Return what to know about the place that is chosen; ``""`` where its name says it."""
    if keeping == Keeping.FILE:
        return "A file that only your user can read; it is not encrypted."
    if keeping == Keeping.SESSION and here.looked and not here.key_store:
        return "No OS key store can be used here; `uipath-tui doctor` says why."
    return ""


class Form:
    """The fields of ``screen`` as they are now, for one kind of server and one way in."""

    def __init__(self, screen: Screen[Any], kind: Deployment, way: WayIn) -> None:
        self._screen = screen
        self._kind = kind
        self._way = way

    def text(self, name: str) -> str:
        """Return what is typed in a field, ``""`` when it is not shown."""
        shown = self._screen.query_one(f"#{name}-row").display
        return self._screen.query_one(f"#{name}", Input).value.strip() if shown else ""

    @property
    def has_no_secret(self) -> bool:
        """Whether no secret was given."""
        return not any(self.text(name) for name in SECRET_FIELDS)

    def renamed(self, answers: Answers) -> tuple[str, str] | None:
        """Return account and instance where the form now names others than were signed in to."""
        if not self._screen.query_one("#tenant-row").display:
            return None
        names = (self.text(NAMES[0]), self.text(NAMES[1]))
        return names if names != answers.named else None

    def untouched(self, answers: Answers) -> bool:
        """Whether nothing differs from what was answered last and no secret was given."""
        if (self._kind.key, self.text("address")) != (answers.deployment, answers.base_url):
            return False
        return (
            self.has_no_secret
            and self._way.key == (answers.way or TOKEN.key)
            and all(
                self.text(name) == value or name not in self._way.fields
                for name, value in (("client-id", answers.client_id), ("scopes", answers.scopes))
            )
        )

    def keeps(self, state: SigningIn) -> bool:
        """Whether the sign-in that the profile keeps is to be used once more."""
        profile = state.answers.profile
        if profile is None or state.interrupted is not None or not (profile.keeping.lasts and profile.credential):
            return False
        return self.untouched(state.answers) and self.text("save-as") == profile.name

    def missing(self, state: SigningIn, found: Recognised, offered: Secret | None) -> tuple[str, str] | None:
        """Return the field to fill in or correct, and why; ``None`` for none."""
        profile = state.answers.profile
        if self.keeps(state):
            return None if profile is not None and self._keeping is profile.keeping else self._not_agreed()
        if self._way is TOKEN:
            if not self.text("token"):
                if offered is None:
                    return "token", found.sentence
            elif not found.usable:
                return "token", found.sentence if offered is None else f"{found.sentence} {OFFER}"
        for name, why in self._needed():
            if not self.text(name):
                return name, why
        return self._not_agreed()

    def _not_agreed(self) -> tuple[str, str] | None:
        if self._screen.query_one("#consent-row").display and self.text("consent").lower() != CONSENT:
            return "consent", "To keep the secret in a plain file, type file; or choose another place above."
        return None

    def _needed(self) -> list[tuple[str, str]]:
        needed: list[tuple[str, str]] = []
        if self._kind.needs_base_url:
            needed.append(("address", "The address of your own server is needed."))
        if self._way in (BROWSER, APPLICATION):
            needed.append(("client-id", "The application's client id is needed."))
        if self._way is APPLICATION:
            needed.append(("client-secret", "The application's secret is needed; without one use the browser."))
        if self._way is PASSWORD:
            needed += [("user", "The user name is needed."), ("password", "The password is needed.")]
        return needed

    def event(self, state: SigningIn, offered: Secret | None) -> Event:
        """Return the event that hands everything over."""
        # An offered token belongs to its own address and is sent nowhere else.
        offering = self._way is TOKEN and self.has_no_secret and offered is not None
        base_url = state.answers.base_url if offering else self.text("address")
        if self._way in (BROWSER, BROWSER_2019) and not self.keeps(state):
            return BrowserRequested(application=self._application(), target=self._target(base_url))
        return SignInSubmitted(
            way=ByKept() if self.keeps(state) else self._given(offered),
            target=self._target(base_url),
            way_name=self._way.key,
            client_id=self.text("client-id"),
            scopes=self.text("scopes"),
        )

    def _target(self, base_url: str) -> Target:
        return Target(
            deployment=self._kind.key,
            base_url=base_url,
            account=self.text("organization"),
            instance=self.text("tenant"),
            keeping=self._keeping,
            save_as=self.text("save-as"),
        )

    def _application(self) -> Application:
        return Application(self.text("client-id"), Secret(self.text("client-secret")), self.text("scopes"))

    def _given(self, offered: Secret | None) -> Way:
        if self._way is APPLICATION:
            return ByApplication(self._application())
        if self._way is PASSWORD:
            return ByLogin(Login(self.text("user"), Secret(self.text("password"))))
        return Pasted(Secret(self.text("token")) if offered is None or self.text("token") else offered)

    @property
    def _keeping(self) -> Keeping | None:
        chosen = self._screen.query_one("#keep", OneOf).key
        return Keeping(chosen) if chosen and self._screen.query_one("#keep-row").display else None

    def forget(self) -> None:
        """Clear every secret field."""
        for name in SECRET_FIELDS:
            self._screen.query_one(f"#{name}", Input).clear()
