"""Step 1: where to sign in and with which token. Says what a pasted text is before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from tui.api.deployments import DEPLOYMENTS, Deployment
from tui.flow.state import SigningIn
from tui.screens.step import StepScreen
from tui.secret import Secret
from tui.widgets.choice import Choice
from tui.widgets.host import host
from tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.tokens import Recognised


class SignInScreen(StepScreen[SigningIn]):
    """The deployment, its address where it needs one, and the token."""

    STEP = 1
    AUTO_FOCUS = "#token"
    HINT = "Tab moves between the fields · ↑ ↓ choose where · Enter signs in"
    HELP = (
        "Choose where your UiPath runs and paste what signs you in.\n"
        "Automation Cloud: a personal access token (rt_…), made under Preferences › Personal access token.\n"
        "Cloud platform of 2019: the user key (the tutorial's refresh token), under Admin › Services › API access.\n"
        "The token is hidden, goes only to the chosen server, and is shown from then on as a fingerprint such as …a3f1."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "submit", "Sign in", id="sign_in.submit", tooltip="Prove the token by real calls"),
        Binding("f4", "other_address", "Other address", id="sign_in.address", tooltip="Sign in at an address you type"),
    ]

    def compose_step(self) -> ComposeResult:
        """Yield the form."""
        with VerticalScroll(id="sign-in-form", can_focus=False):
            kinds = [(kind.key, kind.title, kind.description) for kind in DEPLOYMENTS.values()]
            yield Choice(kinds, "Where does your UiPath run?", id="deployment")
            with Horizontal(id="token-row", classes="field"):
                yield Label("Token", markup=False)
                yield SecretInput("paste it here; it stays hidden", id="token")
            yield Static(id="recognised", markup=False)

    def on_mount(self) -> None:
        """Start at the deployment of last time; the rest of the form comes after the first paint."""
        self.query_one(Choice).choose(self.state.answers.deployment)
        self.call_after_refresh(self._mount_places)

    async def _mount_places(self) -> None:
        base_url = self.state.answers.base_url
        form = self.query_one("#sign-in-form")
        if not form.is_attached:
            return  # the application is closing
        await form.mount_all(
            [
                field_row("address", "Address", "https://orchestrator.example.com", base_url),
                field_row("organization", "Organization", "optional: as in cloud.uipath.com/ORGANIZATION/tenant"),
                field_row("tenant", "Tenant", "optional: as in cloud.uipath.com/organization/TENANT"),
            ]
        )
        if not self.query("#address"):
            return  # the application is closing: nothing is mounted any more
        self._complete = True
        self._adapt()

    def show_step(self, state: SigningIn) -> None:
        """Show a prefilled token's offer; the form itself is the person's."""
        del state
        if self._complete:
            self._say()

    @property
    def _kind(self) -> Deployment:
        return DEPLOYMENTS[self.query_one(Choice).key]

    @property
    def _is_empty(self) -> bool:
        return not self.query_one(SecretInput).value.strip()

    @property
    def _offered(self) -> Secret | None:
        return self.state.prefilled.get(self._kind.key)

    def _adapt(self) -> None:
        if not self._complete:
            return
        kind = self._kind
        address = self.query_one("#address", Input)
        self.query_one("#address-row").display = kind.needs_base_url or bool(address.value) or self._asked_for_address
        today = not kind.is_2019
        self.query_one("#organization-row").display = today and kind.uses_path
        self.query_one("#tenant-row").display = today
        self._suggest_names()
        self._say()

    def _suggest_names(self) -> None:
        """Fill in the names that go with an offered token, where nothing was typed."""
        organization, tenant = self.state.names.get(self._kind.key, ("", ""))
        for name, value in (("organization", organization), ("tenant", tenant)):
            field = self.query_one(f"#{name}", Input)
            if value and not field.value:
                field.value = value

    _asked_for_address = False
    _complete = False

    def _recognised(self) -> Recognised:
        from tui.api.tokens import recognise

        return recognise(self.query_one(SecretInput).value, self._kind.generation)

    def _say(self) -> None:
        found = self._recognised()
        if not self._is_empty:
            mark = ("✓ ", "$success") if found.usable else ("! ", "$warning")
            name = found.secret.fingerprint if found.secret else ""
            line = Content.assemble(mark, found.sentence, (f"  {name}" if name else "", "$text-muted"))
        elif self.state.forward is not None:
            line = Content.assemble(("✓ ", "$success"), "Signed in: Enter goes on. Paste another token to change it.")
        elif self._offered is not None:
            line = Content.assemble(("✓ ", "$success"), "The demo's token is filled in: press Enter.")
        else:
            line = Content.styled(found.sentence, "$text-muted")
        self.query_one("#recognised", Static).update(line)

    @on(SecretInput.Edited)
    def _token_edited(self) -> None:
        if not self._complete:
            return
        found = self._recognised()
        for name, value in (("organization", found.organization), ("tenant", found.tenant)):
            if value:
                self.query_one(f"#{name}", Input).value = value
        self._say()

    @on(Choice.Changed)
    def _deployment_changed(self) -> None:
        self._adapt()

    @on(Choice.Settled)
    def _deployment_settled(self) -> None:
        self.query_one(SecretInput).focus()

    @on(Input.Submitted)
    @on(SecretInput.Given)
    def action_submit(self) -> None:
        """Hand the token over and forget it here; what can't sign in stays, with the reason beside it."""
        if not self._complete:
            self.call_after_refresh(self.action_submit)
            return
        field = self.query_one(SecretInput)
        found = self._recognised()
        token = Secret(field.value) if not self._is_empty else self._offered
        if self._is_empty and self.state.forward is not None:
            from tui.flow.events import SignInKept

            self.happened(SignInKept())
            return
        if token is None or (not self._is_empty and not found.usable):
            field.focus()
            host(self).bell()
            self.query_one("#recognised", Static).update(Content.assemble(("✘ Not sent. ", "$error"), found.sentence))
            return
        if self._kind.needs_base_url and not self._value("address"):
            self.query_one("#address", Input).focus()
            return
        from tui.flow.events import TokenSubmitted

        event = TokenSubmitted(
            token=token,
            deployment=self._kind.key,
            # An offered token belongs to its own address and is sent nowhere else.
            base_url=self.state.answers.base_url if self._is_empty else self._value("address"),
            account=self._value("organization"),
            instance=self._value("tenant"),
        )
        self.happened(event)
        field.clear()

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip() if self.query_one(f"#{name}-row").display else ""

    def action_other_address(self) -> None:
        """Show the address field."""
        self._asked_for_address = True
        self._adapt()
        if not self._complete:
            return
        self.query_one("#address", Input).focus()


def field_row(name: str, title: str, placeholder: str, value: str = "") -> Horizontal:
    """Return a labelled field."""
    return Horizontal(
        Label(title, markup=False),
        Input(value, placeholder=placeholder, compact=True, id=name),
        id=f"{name}-row",
        classes="field",
    )
