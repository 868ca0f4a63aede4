"""Step 1: where to sign in and with what. Says what a pasted text is before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from tui.api.deployments import DEPLOYMENTS, Deployment
from tui.flow.state import SigningIn
from tui.screens.sign_in.fields import (
    CONSENT,
    FIELD_KEYS,
    NAMES,
    TOKEN,
    WayIn,
    field,
    is_seen,
    opening_text,
    place_rows,
    shown_fields,
    way_rows,
    ways_of,
)
from tui.screens.sign_in.filling import Filling, answered
from tui.screens.sign_in.words import not_sent, other_organization, said
from tui.screens.step import StepScreen
from tui.widgets.choice import Choice
from tui.widgets.host import host
from tui.widgets.one_of import OneOf
from tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from tui.api.sign_in.tokens import Recognised
    from tui.clock import Clock
    from tui.exchanges.log import ExchangeLog
    from tui.flow.event import Event
    from tui.screens.sign_in.order import Form
    from tui.secret import Secret


class SignInScreen(StepScreen[SigningIn]):
    """The deployment, the way in with its fields, and where the secret is to be kept."""

    STEP = 1
    AUTO_FOCUS = "#token"
    HINT = "Tab moves on · ↑ ↓ ← → choose · Enter signs in"
    HELP = (
        "Choose where your UiPath runs and how you sign in.\n"
        "Automation Cloud: a personal access token (rt_…), made under Preferences › Personal access token; or your own "
        "external application, in the browser or by itself.\n"
        "Cloud platform of 2019: the user key (the tutorial's refresh token), under Admin › Services › API access; or "
        "the browser.\n"
        "What you give is hidden, goes only to the chosen server, and is shown from then on as a fingerprint such as "
        "…a3f1. It is kept where “Keep it in” says; “this session only” keeps nothing."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "submit", "Sign in", id="sign_in.submit", tooltip="Prove it by real calls"),
        Binding("f4", "other_address", "Other address", id="sign_in.address", tooltip="Sign in at an address you type"),
        *FIELD_KEYS,
    ]
    _asked_for_address = False
    _complete = False
    _doubted = ""
    """What spoke against what was pasted when Enter was pressed last: pressed again, it is sent all the same."""
    _place = ""  # of the profile's secret, until it can be chosen

    def __init__(self, log: ExchangeLog, clock: Clock) -> None:
        super().__init__(log, clock)
        self._filling = Filling(self)

    def compose_step(self) -> ComposeResult:
        """Yield the form; what the first paint does not need follows it."""
        yield Static(id="opening", markup=False)
        with VerticalScroll(id="sign-in-form", can_focus=False):
            kinds = [(kind.key, kind.title, kind.description) for kind in DEPLOYMENTS.values()]
            yield Choice(kinds, "Where does your UiPath run?", id="deployment")
            yield field("way", "How", OneOf(id="way"))
            yield field("token", "Token", SecretInput("paste it here; it stays hidden", id="token"))
            yield Static(id="recognised", markup=False)

    def on_mount(self) -> None:
        """Start with the answers of last time; the rest of the form comes after the first paint."""
        self.query_one(Choice).choose(self.state.answers.deployment)
        self._offer_ways()
        self.call_after_refresh(self._mount_fields)

    async def _mount_fields(self) -> None:
        from tui.api.sign_in.scopes import DEFAULT_SCOPES

        form = self.query_one("#sign-in-form")
        if not form.is_attached:
            return  # the application is closing
        answers = self.state.answers
        await form.mount_all(way_rows(answers, DEFAULT_SCOPES), before="#recognised")
        await form.mount_all(place_rows(answers))
        if not self.query("#save-as"):
            return  # the application is closing: nothing is mounted any more
        self._complete = True
        self._fill()
        self._adapt()
        self._mind_focus()

    def show_step(self, state: SigningIn) -> None:
        """Show that a profile is being opened, or the form, which is the person's."""
        opening = self.query_one("#opening", Static)
        opening.display = state.opening
        self.query_one("#sign-in-form").display = not state.opening
        if state.opening:
            opening.update(opening_text(state))
        self.set_class(not len(self.exchanges), "-quiet")
        if state.failure is not None and self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)
        if self._complete:
            self._fill()
            self._offer_places()
            self._say()
            self._mind_focus()

    def _mind_focus(self) -> None:
        """Go to the first field of the way in, where the field in focus is not shown."""
        if not self.state.opening and not is_seen(self.focused):
            self.set_focus(self.query_one(f"#{self._way.first}"))

    def _fill(self) -> None:
        """Fill in what the profile says, once for each profile."""
        profile = self.state.answers.profile
        if profile is None or not self._filling.is_new(profile):
            return
        self.query_one(Choice).choose(profile.deployment)
        self._offer_ways()
        self.query_one("#way", OneOf).choose(profile.way)
        self._filling.fill(answered(profile, self._kind))
        self._place = profile.keeping.value
        self._adapt()

    @property
    def _kind(self) -> Deployment:
        return DEPLOYMENTS[self.query_one(Choice).key]

    @property
    def _way(self) -> WayIn:
        chosen = self.query_one("#way", OneOf).key
        return next((way for way in ways_of(self._kind) if way.key == chosen), TOKEN)

    @property
    def _is_empty(self) -> bool:
        return not self.query_one("#token", SecretInput).value.strip()

    @property
    def _offered(self) -> Secret | None:
        return self.state.prefilled.get(self._kind.key)

    @property
    def _is_kept(self) -> bool:
        from tui.screens.sign_in.order import Form

        return self.state.forward is None and Form(self, self._kind, self._way).keeps(self.state)

    def _offer_ways(self) -> None:
        self.query_one("#way", OneOf).offer([(way.key, way.title) for way in ways_of(self._kind)])

    def _offer_places(self) -> None:
        from tui.screens.sign_in.order import keeping_entries, keeping_note

        here, keep, note = self.state.answers.here, self.query_one("#keep", OneOf), self.query_one("#keep-note", Static)
        keep.offer(keeping_entries(here))
        if here.looked:
            keep.choose(self._place)
            self._place = ""
        text = keeping_note(here, keep.key) if self.query_one("#keep-row").display else ""
        note.display = bool(text)
        note.update(text)

    def _adapt(self) -> None:
        """Show the fields that the deployment and the way in have."""
        if not self._complete:
            return
        kind, way = self._kind, self._way
        asked = bool(self.query_one("#address", Input).value) or self._asked_for_address
        keeps = bool(self.state.answers.save_as)
        in_file = keeps and self.query_one("#keep", OneOf).key == CONSENT
        shown = shown_fields(kind, way, address=asked, keeps=keeps, consents=in_file)
        for name, display in shown.items():
            self.query_one(f"#{name}-row").display = display
        self._offer_places()
        self._filling.suggest(dict(zip(NAMES, self.state.names.get(kind.key, ()), strict=False)))
        self._say()

    def _recognised(self) -> Recognised:
        from tui.api.sign_in.tokens import recognise

        return recognise(self.query_one("#token", SecretInput).value, self._kind.generation, now=self.clock.now())

    def _say(self) -> None:
        self.query_one("#recognised", Static).update(self._line())

    def _line(self) -> Content:
        found, kept = self._recognised(), self._complete and self._is_kept
        offered = self._offered is not None
        return said(self.state, self._way, found, kept=kept, offered=offered, doubt=self._doubt(found))

    def _doubt(self, found: Recognised) -> str:
        """Return what speaks against the token that was pasted, ``""`` for nothing and where none is asked for."""
        if not self._complete or self._way is not TOKEN or self._kind.is_2019:
            return ""
        organization = self.query_one("#organization", Input).value.strip()
        return other_organization(found, organization, self.state.answers)

    @on(SecretInput.Edited)
    def _token_edited(self) -> None:
        if not self._complete:
            return
        self._doubted = ""
        found = self._recognised()
        self.query_one("#token", SecretInput).gives_way = not found.usable
        self._filling.take(found)
        self._say()

    @on(Input.Changed, "#organization")
    def _organization_edited(self) -> None:
        self._doubted = ""
        if self._complete:
            self._say()

    @on(Choice.Changed)
    def _deployment_changed(self) -> None:
        self._offer_ways()
        self._adapt()

    @on(OneOf.Changed)
    def _one_changed(self) -> None:
        self._adapt()

    @on(Choice.Settled)
    @on(OneOf.Settled, "#way")
    def _settled(self, message: Choice.Settled | OneOf.Settled) -> None:
        """Go on to the first field of the way in; one that has none is handed over at once."""
        if not self._way.fields and isinstance(message, OneOf.Settled):
            self.action_submit()
        else:
            self.set_focus(self.query_one(f"#{self._way.first}"))

    @on(OneOf.Settled, "#keep")
    def _place_settled(self) -> None:
        self.focus_next()

    @on(Input.Submitted)
    @on(SecretInput.Given)
    def action_submit(self) -> None:
        """Hand everything over and forget the secrets here; what can't sign in stays, with the reason beside it."""
        if not self._complete:
            self.call_after_refresh(self.action_submit)
            return
        from tui.screens.sign_in.order import Form

        form = Form(self, self._kind, self._way)
        event = self._order(form)
        if event is not None:
            self.happened(event)
            form.forget()

    def _order(self, form: Form) -> Event | None:
        """Return the event that the form makes, or say what is missing and go there."""
        if self.state.forward is not None and form.untouched(self.state.answers):
            from tui.flow.events import SignInKept

            return SignInKept(named=form.renamed(self.state.answers))
        found = self._recognised()
        missing = form.missing(self.state, found, self._offered)
        doubt = self._doubt(found) if missing is None else ""
        if missing is None and doubt == self._doubted:
            return form.event(self.state, self._offered)
        self._doubted = doubt
        name, why = missing or ("token", f"{found.sentence} {doubt}")
        self.set_focus(self.query_one(f"#{name}"))
        host(self).bell()
        if why:
            self.query_one("#recognised", Static).update(not_sent(why))
        return None

    def action_other_address(self) -> None:
        """Show the address field."""
        self._asked_for_address = True
        self._adapt()
        if self._complete:
            self.set_focus(self.query_one("#address"))
