"""What the sign-in form holds when it is handed over: what is missing in it, and the event that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from tui.api.token_set import Application, Login
from tui.flow.events import BrowserRequested, SignInSubmitted
from tui.flow.ways import ByApplication, ByLogin, Pasted, Way
from tui.keeping import Keeping
from tui.screens.sign_in_fields import APPLICATION, BROWSER, BROWSER_2019, PASSWORD, SECRET_FIELDS, TOKEN
from tui.secret import Secret
from tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.api.deployments import Deployment
    from tui.api.tokens import Recognised
    from tui.flow.event import Event
    from tui.flow.state import Here, SigningIn
    from tui.screens.sign_in_fields import WayIn

CONSENT = "file"


def keeping_entries(here: Here) -> list[tuple[str, str]]:
    """Return the places where a secret can be kept here, the default first."""
    places = [(Keeping.SESSION.value, "this session only"), (Keeping.FILE.value, "a file")]
    if here.key_store:
        return [(Keeping.KEY_STORE.value, f"OS key store ({here.key_store})"), *places]
    return places if here.looked else [("", "…")]


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
    def untouched(self) -> bool:
        """Whether no secret was given and the way in is the plain one."""
        return self._way is TOKEN and not self.text("token")

    def missing(self, found: Recognised, offered: Secret | None) -> tuple[str, str] | None:
        """Return the field to fill in or correct, and why (``""`` where its own words say it); ``None`` for none."""
        if self._way is TOKEN:
            if not self.text("token"):
                if offered is None:
                    return "token", found.sentence
            elif not found.usable:
                return "token", found.sentence
        for name, why in self._needed():
            if not self.text(name):
                return name, why
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
        base_url = state.answers.base_url if self.untouched and offered is not None else self.text("address")
        if self._way in (BROWSER, BROWSER_2019):
            return BrowserRequested(
                application=self._application(),
                deployment=self._kind.key,
                base_url=base_url,
                account=self.text("organization"),
                instance=self.text("tenant"),
                keeping=self._keeping,
                save_as=self.text("save-as"),
            )
        return SignInSubmitted(
            way=self._given(offered),
            deployment=self._kind.key,
            base_url=base_url,
            account=self.text("organization"),
            instance=self.text("tenant"),
            keeping=self._keeping,
            way_name=self._way.key,
            client_id=self.text("client-id"),
            scopes=self.text("scopes"),
            save_as=self.text("save-as"),
        )

    def _application(self) -> Application:
        return Application(self.text("client-id"), Secret(self.text("client-secret")), self.text("scopes"))

    def _given(self, offered: Secret | None) -> Way:
        if self._way is APPLICATION:
            return ByApplication(self._application())
        if self._way is PASSWORD:
            return ByLogin(Login(self.text("user"), Secret(self.text("password"))))
        return Pasted(offered if self.untouched and offered is not None else Secret(self.text("token")))

    @property
    def _keeping(self) -> Keeping | None:
        chosen = self._screen.query_one("#keep", OneOf).key
        return Keeping(chosen) if chosen and self._screen.query_one("#keep-row").display else None

    def forget(self) -> None:
        """Clear every secret field."""
        for name in SECRET_FIELDS:
            self._screen.query_one(f"#{name}", Input).clear()
