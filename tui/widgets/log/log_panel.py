"""The log as a panel of any screen: a title that counts, and the list of exchanges, which can be put away."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Entry, Exchange
from tui.text import clean
from tui.widgets.content import status_failed
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.log.filter_bar import FilterBar
from tui.widgets.log.log_title import LogTitle, title

if TYPE_CHECKING:
    from collections.abc import Callable


class LogPanel(Widget):
    """A titled, collapsible `ExchangeList`: ``Log · 14 calls · 1 failed``."""

    DEFAULT_CSS = """
    LogPanel {
        layout: vertical;
        height: 1fr;
        &.-collapsed { height: 1; }
        &.-collapsed ExchangeList { display: none; }
        & > FilterBar { display: none; }
        &.-filtering > FilterBar { display: block; }
        &.-collapsed > FilterBar { display: none; }
        & > LogTitle.-active { background: $primary-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "clear_filter", "All calls", id="log.clear_filter", tooltip="End the filter, show every call"
        ),
        Binding(
            "l", "toggle_collapsed", "Fold away", show=False, id="log.collapse", tooltip="Put the log away or back"
        ),
        Binding("c", "copy_as", "Copy as…", id="log.copy_as", tooltip="Copy this call as curl, Python and other forms"),
        Binding(
            "x", "export", "Export…", id="log.export", tooltip="Write the calls to a file: HAR, JSON Lines, Markdown"
        ),
    ]

    collapsed: reactive[bool] = reactive(False, toggle_class="-collapsed")
    """Whether only the title is shown."""

    class OpenRequested(Message):
        """The person wants to see one exchange in detail."""

        def __init__(self, exchange: Exchange) -> None:
            super().__init__()
            self.exchange = exchange

    class CopyRequested(Message):
        """The person wants to copy the request of one exchange."""

        def __init__(self, exchange: Exchange) -> None:
            super().__init__()
            self.exchange = exchange

    class ExportRequested(Message):
        """The person wants the log as a file. ``choices`` are ids of exchanges by a word: all, filtered, marked."""

        def __init__(self, exchanges: ExchangeLog, choices: dict[str, list[int]]) -> None:
            super().__init__()
            self.exchanges = exchanges
            self.choices = choices

    class Highlighted(Message):
        """The cursor of the list came to an exchange; ``followed`` when a new exchange took it there."""

        def __init__(self, entry: Entry, *, followed: bool) -> None:
            super().__init__()
            self.entry = entry
            self.followed = followed

    def __init__(self, exchanges: ExchangeLog, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exchanges = exchanges
        self._failed = 0
        self._title_due = False
        self._unsubscribe: Callable[[], object] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the title above the list."""
        entries = ExchangeList(self.exchanges)
        entries.ask_filter = self.ask_filter
        yield LogTitle(title(self.exchanges, failed=0, collapsed=False))
        yield FilterBar(entries)
        yield entries

    @property
    def entries(self) -> ExchangeList:
        """The list inside."""
        return self.query_one(ExchangeList)

    def on_mount(self) -> None:
        """Count what the log holds and listen for more."""
        self._failed = sum(status_failed(entry.status) for entry in self.exchanges.entries)
        ends = self.exchanges.subscribe(self._heard), self.exchanges.on_trouble(self._tell_trouble)
        self._unsubscribe = lambda: [end() for end in ends]
        if self.exchanges.sought:
            self._filtering(on=True)
            self.query_one(FilterBar).begin(self.exchanges.sought)
        self._show_title()
        self._tell_trouble()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def on_descendant_focus(self) -> None:
        """Mark the title while the list has the keys."""
        self.query_one(LogTitle).add_class("-active")

    def on_descendant_blur(self) -> None:
        """Unmark the title."""
        self.query_one(LogTitle).remove_class("-active")

    def _heard(self, exchange: Exchange) -> None:
        self._failed += status_failed(exchange.status)
        if not self._title_due:
            self._title_due = True
            self.call_later(self._show_title)

    def _tell_trouble(self) -> None:
        """Say once what is wrong with keeping the log; the title says that something is."""
        log = self.exchanges
        new, log.told = log.troubles[log.told :], len(log.troubles)
        for sentence in new:
            self.notify(clean(sentence), title="The log", severity="warning", markup=False)
        if new:
            self._show_title()

    def _show_title(self) -> None:
        self._title_due = False
        if self.children:  # unless the application is closing: then nothing was mounted
            entries = self.entries
            fitting = None if entries.wanted_filter is None else entries.rows.total
            shown = title(
                self.exchanges,
                failed=self._failed,
                collapsed=self.collapsed,
                fitting=fitting,
                progress=entries.progress,
            )
            self.query_one(LogTitle).update(shown, layout=False)

    def watch_collapsed(self) -> None:
        """Show the last exchange in the title while the list is away."""
        self._show_title()

    @on(LogTitle.Clicked)
    def _toggle(self) -> None:
        self.action_toggle_collapsed()

    def action_toggle_collapsed(self) -> None:
        """Put the list away or bring it back."""
        self.collapsed = not self.collapsed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to end a filter only where there is one."""
        if action == "clear_filter":
            return self.has_class("-filtering")
        return super().check_action(action, parameters)

    def ask_filter(self) -> None:
        """Give the keys to the filter's field."""
        if not len(self.exchanges):
            return
        from tui.exchanges.filter.candidates import known_values

        self.collapsed = False
        self._filtering(on=True)
        bar = self.query_one(FilterBar)
        bar.known = known_values(self.exchanges.entries)
        self.screen.set_focus(bar.field)

    def action_clear_filter(self) -> None:
        """Show every call again."""
        self.query_one(FilterBar).clear()
        self.exchanges.sought = ""
        self._filtering(on=False)

    def _filtering(self, *, on: bool) -> None:
        self.set_class(on, "-filtering")
        self.query_one(FilterBar).field.can_focus = on
        self.refresh_bindings()

    @on(FilterBar.Edited)
    def _edited(self, event: FilterBar.Edited) -> None:
        event.stop()
        self.exchanges.sought = event.text

    @on(FilterBar.Applied)
    def _applied(self, event: FilterBar.Applied) -> None:
        event.stop()
        self.entries.sift(event.wanted)
        self._show_title()

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.screen.set_focus(self.entries)
        self.entries.settle()
        if not self.query_one(FilterBar).text:
            self._filtering(on=False)

    @on(ExchangeList.Sifted)
    def _sifted(self, event: ExchangeList.Sifted) -> None:
        event.stop()
        self._show_title()

    def show_call(self, number: int) -> None:
        """Put the cursor on a call and give the list the keys; a filter or a fold that hides it ends."""
        self.collapsed = False
        entries = self.entries
        shown = entries.select(number)
        if entries.folded and not (shown and entries.entry_at(entries.cursor).id == number):
            entries.folded = False
            shown = entries.select(number)
        if not shown:
            self.action_clear_filter()
            entries.select_when_shown(number)
        self.screen.set_focus(entries)

    def action_copy_as(self) -> None:
        """Ask for a form to copy the exchange under the cursor in."""
        exchange = self.entries.highlighted
        if exchange is not None:
            self.post_message(self.CopyRequested(exchange))

    def action_export(self) -> None:
        """Ask for a file to write the calls to."""
        if len(self.exchanges):
            self.post_message(self.ExportRequested(self.exchanges, self._choices()))

    def _choices(self) -> dict[str, list[int]]:
        """Return the ids of what can be exported: all calls, those that the filter shows, those that are marked."""
        known, entries = self.exchanges.entries, self.entries
        found = {"all": [entry.id for entry in known]}
        if entries.shown_filter is not None:
            found["filtered"] = [known[entries.rows.taken(at)].id for at in range(entries.rows.total)]
        found["marked"] = [number for number in found["all"] if number in self.exchanges.marks]
        return found

    @on(ExchangeList.Opened)
    def _open(self, event: ExchangeList.Opened) -> None:
        event.stop()
        self.post_message(self.OpenRequested(event.exchange))

    @on(ExchangeList.Highlighted)
    def _highlight(self, event: ExchangeList.Highlighted) -> None:
        event.stop()
        self.post_message(self.Highlighted(event.entry, followed=event.followed))
