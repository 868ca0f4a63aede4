"""“Copy as…”: the form to choose, the text as it will be pasted, and what to know beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.exchanges.share.asked import NotCopyableError, asked, asked_exchange
from tui.exchanges.share.copy_as import FORMS, Copied, copy_as
from tui.screens.overlay import Overlay
from tui.text import clean
from tui.widgets.copying import copy_out
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tui.api.outcome import RequestPreview
    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Exchange
    from tui.exchanges.share.asked import Asked

PREVIEW_LIMIT: Final = 20_000
"""Characters shown of a text that is copied whole."""


class CopyAsScreen(Overlay[None]):
    """Shows one request in each form; Enter copies the one that is shown.

    ``ask`` makes the request; where it raises `NotCopyableError`, that is shown in place of every form. It is asked
    again when a secret is taken out of what ``log`` holds.
    """

    AUTO_FOCUS = "#copy-forms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "copy", "Copy", id="copy_as.copy", tooltip="Copy the text as it is shown"),
        Binding("left", "form(-1)", "Form", key_display="←/→", id="copy_as.left", tooltip="The form before"),
        Binding("right", "form(1)", "Next", id="copy_as.right", tooltip="The next form", show=False),
        Binding("up", "scroll(-1)", "Up", id="copy_as.up", tooltip="Scroll the text up", show=False),
        Binding("down", "scroll(1)", "Down", id="copy_as.down", tooltip="Scroll the text down", show=False),
    ]
    last_form: ClassVar[str] = "curl"
    """The form that was chosen last, in this session."""

    def __init__(self, title: str, ask: Callable[[], Asked], log: ExchangeLog | None = None) -> None:
        super().__init__()
        self._title = title
        self._ask = ask
        self._log = log
        self._refused = ""
        self._asked: Asked | None = None
        self._end_renewals: Callable[[], None] | None = None
        self._make()

    @classmethod
    def of_exchange(cls, exchange: Exchange, log: ExchangeLog) -> CopyAsScreen:
        """Return the chooser for the request of ``exchange``, one of ``log``."""
        lent = log.lend(exchange)
        return cls(f"Copy call {exchange.id} as…", lambda: asked_exchange(lent.get(exchange.id) or exchange), log)

    @classmethod
    def of_preview(cls, preview: RequestPreview) -> CopyAsScreen:
        """Return the chooser for a request that was not sent."""
        return cls(
            "Copy the request as… (it is not sent)",
            lambda: asked(preview.method, preview.url, preview.headers, preview.body),
        )

    def _make(self) -> None:
        try:
            self._asked = self._ask()
        except NotCopyableError as error:
            self._asked, self._refused = None, f"This request can't be copied: {error}."

    def compose(self) -> ComposeResult:
        """Yield the forms above the text."""
        with Vertical(classes="box full", id="copy-as") as box:
            box.border_title = self._title
            yield OneOf([(form, title) for form, (title, _) in FORMS.items()], id="copy-forms")
            with VerticalScroll(id="copy-text-box", can_focus=False):
                yield Static(id="copy-text", markup=False)
            yield Static(id="copy-notes", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the form of last time, and hear when a secret is taken out of what is shown."""
        if self._log is not None:
            self._end_renewals = self._log.on_renewed(self._renewed)
        self._make()
        self.query_one(OneOf).choose(CopyAsScreen.last_form)
        self._show()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._end_renewals is not None:
            self._end_renewals()

    def _renewed(self) -> None:
        before = self._asked
        self._make()
        if self._asked != before:
            self._show()

    @property
    def copied(self) -> Copied:
        """What the chosen form gives."""
        if self._asked is None:
            return Copied(refused=self._refused)
        return copy_as(self._asked, self.query_one(OneOf).key)

    @on(OneOf.Changed)
    def _show(self) -> None:
        CopyAsScreen.last_form = self.query_one(OneOf).key
        copied = self.copied
        text = clean(copied.text, multiline=True, limit=PREVIEW_LIMIT)
        if copied.refused:
            self.query_one("#copy-text", Static).update(Content.styled(clean(copied.refused), "$warning"))
        else:
            self.query_one("#copy-text", Static).update(Content(text))
        notes = list(copied.notes)
        if len(copied.text) > PREVIEW_LIMIT:
            notes.append(f"All {len(copied.text):,} characters are copied.")
        self.query_one("#copy-notes", Static).update(Content("\n".join(map(clean, notes))))
        self.query_one("#copy-notes").display = bool(notes)
        self.query_one("#copy-text-box", VerticalScroll).scroll_home(animate=False)
        self.refresh_bindings()

    @on(OneOf.Settled)
    def action_copy(self) -> None:
        """Copy the text and go back to the step."""
        copied = self.copied
        if copied.refused:
            host(self).bell()
            return
        copy_out(self, copied.text, self._log)
        self.dismiss(None)

    def action_form(self, by: int) -> None:
        """Choose the neighbouring form."""
        self.query_one(OneOf).action_move(by)

    def action_scroll(self, by: int) -> None:
        """Scroll the text."""
        self.query_one("#copy-text-box", VerticalScroll).scroll_relative(y=by, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no copy of what can't be written."""
        if action == "copy" and self.is_mounted:
            return not self.copied.refused
        return super().check_action(action, parameters)
