"""Still step 1: the sign-in page's address, and the field for the address on which the browser ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.api.sign_in.landing import landing_of
from tui.api.sign_in.pasted_addresses import recognise_landing
from tui.api.sign_in.token_kinds import TokenKind
from tui.flow.events import RedirectGiven
from tui.flow.states import AwaitingBrowser
from tui.screens.sign_in.fields import field
from tui.screens.step import StepScreen
from tui.secret import Secret
from tui.widgets.copying import copy_out
from tui.widgets.host import host
from tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.sign_in.tokens import Recognised


class BrowserScreen(StepScreen[AwaitingBrowser]):
    """What to do in the browser, in three steps; the third does itself where the browser can come back here."""

    STEP = 1
    AUTO_FOCUS = ""
    HINT = "F6 copies the address · Enter takes what you pasted"
    HELP = (
        "Open the address in a browser, on this computer or on any other, and sign in there.\n"
        "Where the browser can come back to this computer, the program goes on by itself. Where it can't (over SSH, "
        "or on the platform of 2019), the browser ends on an address that it may fail to show: copy that address out "
        "of the address bar and paste it here. It works once, and only for the sign-in page shown here.\n"
        "Where it ends on a page with an error, paste that page's address: what went wrong is read out of it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "submit", "Take it", id="browser.submit", tooltip="Sign in with the pasted address"),
        Binding("f6", "copy_address", "Copy address", id="browser.copy", tooltip="Copy the sign-in page's address"),
    ]

    _page = ""  # the sign-in page to which what is pasted belongs

    def compose_step(self) -> ComposeResult:
        """Yield the three steps with the address and the field."""
        with VerticalScroll(id="browser-steps", can_focus=False):
            yield Static(id="browser-open", markup=False)
            yield Static(id="browser-address", markup=False)
            yield Static(id="browser-then", markup=False)
            yield Static(id="browser-by-hand", markup=False)
            yield field("redirect", "Ended on", SecretInput("paste the address here; it stays hidden", id="redirect"))
            yield Static(id="browser-said", markup=False)

    def on_mount(self) -> None:
        """Be ready for a paste, with the steps in sight from the first one."""
        self.set_focus(self.query_one(SecretInput), scroll_visible=False)

    def show_step(self, state: AwaitingBrowser) -> None:
        """Show the address, and what has to be done by hand."""
        asked = "A browser was asked to open this address:" if state.opened else "Open this address in a browser:"
        self.query_one("#browser-open", Static).update(Content.assemble(("1  ", "bold $primary"), (asked, "bold")))
        self.query_one("#browser-address", Static).update(Content.styled(state.address, "$text-muted"))
        self.query_one("#browser-then", Static).update(_then(state))
        self.query_one("#browser-by-hand", Static).update(_by_hand(state))
        self.set_class(not len(self.exchanges), "-quiet")
        if state.address != self._page:
            self._page = state.address
            self.query_one(SecretInput).clear()
            self.query_one("#browser-said", Static).update("")
        if not state.caught or state.failure is not None:
            self._bring_into_view()

    def fold(self) -> None:
        """Keep what is pasted in view where the lines around it fold anew."""
        super().fold()
        if self.query_one(SecretInput).value:
            self._bring_into_view()

    def _bring_into_view(self) -> None:
        """Scroll to the field and, above all, to what is said about it."""

        def scroll() -> None:
            for name in ("#redirect", "#browser-said"):
                self.query_one(name).scroll_visible(animate=False)

        self.call_after_refresh(scroll)

    @on(SecretInput.Edited)
    def _edited(self) -> None:
        found = recognise_landing(self.query_one(SecretInput).value)
        mark = ("✓ ", "$success") if found.usable else ("! ", "$warning")
        self._say(mark, found if found.kind is not TokenKind.EMPTY else None)

    def _say(self, mark: tuple[str, str], found: Recognised | None) -> None:
        line = Content.assemble(mark, found.sentence, self._way_on()) if found is not None else Content("")
        self.query_one("#browser-said", Static).update(line)
        if found is not None:
            self._bring_into_view()

    def _way_on(self) -> Content:
        """Return what to do about an error that the pasted address tells, and the server's own words."""
        landing = landing_of(self.query_one(SecretInput).value)
        if landing is None or landing.failure is None:
            return Content("")
        words = landing.failure.server_message
        said = Content.assemble("\n", ("said  ", "$text-muted"), f"“{words}”") if words else Content("")
        return Content.assemble("\n", ("now   ", "$text-muted"), landing.failure.next_step, ".", said)

    @on(SecretInput.Given)
    def action_submit(self) -> None:
        """Hand over what was pasted and forget it here."""
        pasted = self.query_one(SecretInput)
        found = recognise_landing(pasted.value)
        if not found.usable:
            host(self).bell()
            self._say(("✘ Not sent. ", "$error"), found)
            pasted.select_all()  # what is pasted next takes its place: nobody sees what stands there
            return
        self.happened(RedirectGiven(text=Secret(pasted.value.strip())))
        pasted.clear()

    def action_copy_address(self) -> None:
        """Copy the address of the sign-in page."""
        copy_out(self, self.state.address)


def _then(state: AwaitingBrowser) -> Content:
    if state.spent:
        return Content.styled("This page is used up: its code works once. F2 begins a new one.", "bold $warning")
    third = "This goes on by itself." if state.caught else "Paste the address on which it ends."
    lines = (("2  ", "Sign in there."), ("3  ", third))
    return Content("\n").join(Content.assemble((number, "bold $primary"), (text, "bold")) for number, text in lines)


def _by_hand(state: AwaitingBrowser) -> Content:
    """Return when an address has to be pasted, and which one."""
    if state.spent:
        return Content("")
    if state.caught:
        return Content.styled(
            f"If the browser runs on another computer (SSH), it ends on an address at {state.redirect_uri} that it "
            "can't show: paste that address here. Or that of a page which says an error.",
            "$text-muted",
        )
    line = Content.styled(f"It begins with {state.redirect_uri}?code=", "$text-muted")
    if state.uncaught is None:
        return line
    return Content.assemble(line, "\n", (f"{state.uncaught.title}: {state.uncaught.cause}.", "$warning"))
