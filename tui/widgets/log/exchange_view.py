"""One exchange in detail: what was asked, what was answered, where the time went, and what the call is for."""

from typing import Any, ClassVar, Final

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import EXPLANATIONS, Exchange
from tui.text import clean, duration
from tui.widgets.body.body_view import BodyView
from tui.widgets.body.exchange_head import exchange_note, request_head, response_head
from tui.widgets.content import status_content
from tui.widgets.copying import copy_out
from tui.widgets.log.exchange_row import keep_end, target
from tui.widgets.log.exchange_timing import TimingView
from tui.widgets.search_field import SearchField

SECTIONS: Final = ("Request", "Response", "Timing")
_REASON_FROM: Final = 70
_EMPTY: Final = "Pick a call in the log to see what was said."


class SectionBar(Static):
    """The names of the sections on one line; a click picks one."""

    DEFAULT_CSS = """
    SectionBar { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Picked(Message):
        """A section was clicked."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    def show(self, section: str, *, pretty: bool, finding: str = "") -> None:
        """Mark ``section``, say which form its body has and where in it the search is."""
        parts: list[Content | str | tuple[str, str]] = []
        for name in SECTIONS:
            parts.append((f" {name} ", "bold reverse" if name == section else "$foreground-muted"))
            parts.append(" ")
        if section != "Timing":
            parts.append((f"· {'pretty' if pretty else 'raw'}", "$foreground-muted"))
            if finding:
                parts.append((f" · {finding}", "$text-accent"))
        self.update(Content.assemble(*parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Post the section under the mouse."""
        offset = event.get_content_offset(self)
        end = 0
        for name in SECTIONS:
            begin, end = end, end + len(name) + 3
            if offset is not None and begin <= offset.x < end - 1:
                self.post_message(self.Picked(name))


class ExchangeView(Vertical):
    """Shows the exchange it is given; `show` with ``None`` empties it."""

    DEFAULT_CSS = """
    ExchangeView {
        height: 1fr;
        & > #exchange-heading, & > #exchange-purpose {
            height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & > #exchange-purpose { height: auto; max-height: 2; text-wrap: wrap; color: $text-muted; }
        & > .-hidden { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "section(-1)", "Section", key_display="←/→", id="exchange.left", tooltip="The section before"),
        Binding("right", "section(1)", "Next", show=False, id="exchange.right", tooltip="The next section"),
        Binding("p", "toggle_pretty", "Pretty/raw", id="exchange.pretty", tooltip="Indented, or exactly as sent"),
        Binding("y", "copy_body", "Copy body", id="exchange.copy", tooltip="Send the shown body to the clipboard"),
    ]

    section: reactive[str] = reactive("Response", init=False)
    """One of `SECTIONS`; stays when another exchange is shown."""

    pretty: reactive[bool] = reactive(True, init=False)
    """Whether bodies are indented and decoded."""

    heading = getters.query_one("#exchange-heading", Static)
    purpose = getters.query_one("#exchange-purpose", Static)
    bar = getters.query_one(SectionBar)
    request = getters.query_one("#exchange-request", BodyView)
    response = getters.query_one("#exchange-response", BodyView)
    timing = getters.query_one(TimingView)
    field = getters.query_one(SearchField)

    def __init__(self, exchange: Exchange | None = None, *, log: ExchangeLog | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._exchange = exchange
        self._log = log

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that is shown."""
        return self._exchange

    def compose(self) -> ComposeResult:
        """Lay out heading, sentence, section names and the sections."""
        yield Static(id="exchange-heading")
        yield Static(id="exchange-purpose")
        yield SectionBar()
        field = SearchField(placeholder="Find · Enter: to the text · Esc: end", compact=True, classes="-hidden")
        field.can_focus = False
        yield field
        yield BodyView(id="exchange-request")
        yield BodyView(id="exchange-response")
        yield TimingView()

    def on_mount(self) -> None:
        """Show what was given before there were widgets."""
        self.show(self._exchange)
        self._show_section()

    def on_resize(self) -> None:
        """Fit the path in the heading."""
        self._show_heading()

    def show(self, exchange: Exchange | None) -> None:
        """Show ``exchange`` from its beginning, in the section that is open."""
        self._exchange = exchange
        if not self.children:
            return
        self._show_heading()
        self.timing.show(exchange)
        if exchange is not None:
            self.request.show(
                exchange.request_body,
                head=lambda width, pretty: request_head(exchange, width, pretty=pretty),
                note=exchange_note(exchange, asked=True),
            )
            self.response.show(
                exchange.response_body,
                head=lambda width, pretty: response_head(exchange, width, pretty=pretty),
                note=exchange_note(exchange, asked=False),
            )

    def _show_heading(self) -> None:
        exchange = self._exchange
        if exchange is None:
            self.heading.update(Content.styled(_EMPTY, "$foreground-muted"), layout=False)
            self.purpose.update(Content(""))
            return
        status = status_content(exchange.status, exchange.reason if self.size.width >= _REASON_FROM else "")
        took = f"  {duration(exchange.timing.total)}"
        tries = f"  try {exchange.attempt}" if exchange.attempt > 1 else ""
        method = clean(exchange.method, limit=10)
        room = self.size.width - len(method) - status.cell_length - len(took) - len(tries) - 5
        path = keep_end(target(exchange.url)[0], max(8, room))
        self.heading.update(
            Content.assemble(
                (f"{method} ", "$text-primary"),
                (path, "bold"),
                "  ",
                status,
                (took, "$foreground-muted"),
                (tries, "$text-accent"),
            ),
            layout=False,
        )
        self.purpose.update(Content(EXPLANATIONS[exchange.purpose]))

    @property
    def body_shown(self) -> BodyView | None:
        """The body in the section that is open, if it has one."""
        return {"Request": self.request, "Response": self.response}.get(self.section)

    def _show_bar(self) -> None:
        body = self.body_shown
        self.bar.show(self.section, pretty=self.pretty, finding=body.finding if body else "")

    @on(BodyView.SearchRequested)
    def _ask_what_to_find(self, message: BodyView.SearchRequested) -> None:
        message.stop()
        self._offer_field(on=True)
        self.field.focus()

    def _offer_field(self, *, on: bool) -> None:
        self.field.set_class(not on, "-hidden")
        self.field.can_focus = on  # a screen gives its keys first to what could have them, seen or not

    @on(SearchField.Changed)
    def _find(self, message: SearchField.Changed) -> None:
        message.stop()
        for body in (self.request, self.response):
            body.search(message.value)

    @on(SearchField.Submitted)
    def _read_on(self, message: SearchField.Submitted) -> None:
        message.stop()
        self.focus_section()

    @on(SearchField.Closed)
    def _stop_finding(self, message: SearchField.Closed) -> None:
        message.stop()
        self._offer_field(on=False)
        self.focus_section()

    @on(BodyView.Told)
    def _tell_finding(self, message: BodyView.Told) -> None:
        message.stop()
        self._show_bar()

    def _show_section(self) -> None:
        self._show_bar()
        for name, part in zip(SECTIONS, (self.request, self.response, self.timing), strict=True):
            part.set_class(name != self.section, "-hidden")

    def watch_section(self) -> None:
        """Show the chosen section and give it the keys if another section had them."""
        if self.children:
            had_focus = self.has_focus_within
            self._show_section()
            if had_focus:
                self.focus_section()
            self.refresh_bindings()

    def watch_pretty(self, pretty: bool) -> None:
        """Show both bodies in the other form."""
        if self.children:
            self.request.pretty = self.response.pretty = pretty
            self._show_bar()

    def focus_section(self) -> None:
        """Give the keys to the section that is shown."""
        (self.body_shown or self.timing).focus()

    def on_section_bar_picked(self, event: SectionBar.Picked) -> None:
        """Open the clicked section."""
        event.stop()
        self.section = event.section

    def action_section(self, step: int) -> None:
        """Open the section before or after."""
        self.section = SECTIONS[(SECTIONS.index(self.section) + step) % len(SECTIONS)]

    def action_toggle_pretty(self) -> None:
        """Switch between pretty and raw."""
        self.pretty = not self.pretty

    def action_copy_body(self) -> None:
        """Send the body of the shown section to the clipboard."""
        if (exchange := self._exchange) is not None:
            body = exchange.request_body if self.section == "Request" else exchange.response_body
            copy_out(self, body.data.decode("utf-8", "backslashreplace"), self._log)
