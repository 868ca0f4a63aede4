"""The list of exchanges: one row each, repeated polls folded into one. Draws from the log; keeps no copy of it."""

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Entry, Exchange
from tui.widgets.log.exchange_comparing import ExchangeComparing
from tui.widgets.log.exchange_marking import ExchangeMarking
from tui.widgets.log.exchange_row import Columns, row_parts

if TYPE_CHECKING:
    from collections.abc import Callable

_EMPTY = "Nothing was sent yet."
_NOTHING_FITS = "Nothing fits the filter."


class ExchangeList(ExchangeComparing, ExchangeMarking):
    """The exchanges of an `ExchangeLog`, newest last; follows the end while the cursor stands on it."""

    DEFAULT_CSS = """
    ExchangeList {
        height: 1fr;
        background: $surface;
        & > .exchange-list--number, & > .exchange-list--time, & > .exchange-list--query,
        & > .exchange-list--size, & > .exchange-list--empty { color: $text-muted; }
        & > .exchange-list--duration { color: $text-muted; }
        & > .exchange-list--method { color: $text-primary; }
        & > .exchange-list--path { color: $text; }
        & > .exchange-list--fold, & > .exchange-list--mark { color: $text-accent; }
        & > .exchange-list--ok { color: $text-success; }
        & > .exchange-list--other { color: $text-warning; }
        & > .exchange-list--failed { color: $text-error; text-style: bold; }
        & > .exchange-list--cursor { background: $block-cursor-blurred-background; }
        &:focus > .exchange-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"exchange-list--{part}"
        for part in (
            *("mark", "number", "time", "method", "path", "query", "fold", "ok", "other", "failed", "size"),
            *("duration", "cursor", "empty"),
        )
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "show_job", "Its job", id="exchanges.job", tooltip="Go to the job that this call is about"),
        Binding("f", "toggle_fold", "Fold", id="exchanges.fold", tooltip="Show repeated polls as one row, or each"),
    ]

    folded: reactive[bool] = reactive(True, repaint=False, init=False)
    """Whether repeated polls share one row."""

    class Highlighted(Message):
        """The cursor came to an exchange; ``followed`` when a new exchange took it there."""

        def __init__(self, sender: "ExchangeList", entry: Entry, *, followed: bool) -> None:
            super().__init__()
            self.sender = sender
            self.entry = entry
            self.followed = followed

        @property
        def control(self) -> "ExchangeList":
            """The list that posted this."""
            return self.sender

    class Opened(Message):
        """The person opened an exchange with Enter or a double click."""

        def __init__(self, sender: "ExchangeList", exchange: Exchange) -> None:
            super().__init__()
            self.sender = sender
            self.exchange = exchange

        @property
        def control(self) -> "ExchangeList":
            """The list that posted this."""
            return self.sender

    class JobRequested(Message):
        """The person wants to see the job of exchange ``number``; ``names`` are the ids and keys that it has."""

        def __init__(self, names: tuple[str, ...], number: int) -> None:
            super().__init__()
            self.names = names
            self.number = number

    def __init__(self, exchanges: ExchangeLog, **kwargs: Any) -> None:
        super().__init__(exchanges, **kwargs)
        self._announced: Entry | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._end_renewals: Callable[[], None] | None = None
        self._columns = Columns.fit(80)
        self._strips: LRUCache[tuple[int, int, int, str | None], tuple[Entry, Strip]] = LRUCache(512)
        """Drawn rows, each with the entry that it shows: one that was put in its place is drawn anew."""

    def on_mount(self) -> None:
        """Take in what the log holds and listen for more."""
        self._unsubscribe = self.exchanges.subscribe(self.heard)
        self.follow_marks()
        self._end_renewals = self.exchanges.on_renewed(self.renewed)
        self.take_all()

    def on_unmount(self) -> None:
        """Stop listening and looking."""
        self.call_off()
        self.leave_marks()
        if self._end_renewals is not None:
            self._end_renewals()
            self._end_renewals = None
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def renewed(self) -> None:
        """Forget every drawn row: it may hold what was taken out."""
        self._strips.clear()
        super().renewed()

    @property
    def highlighted(self) -> Exchange | None:
        """The exchange under the cursor."""
        entry = self.highlighted_entry
        return None if entry is None else self.exchanges.exchange(entry.id)

    def row_highlighted(self, index: int, *, followed: bool) -> None:
        """Post `Highlighted`, once for the same exchange."""
        entry = self.entry_at(index)
        if entry is not self._announced:
            self._announced = entry
            self.post_message(self.Highlighted(self, entry, followed=followed))

    def row_opened(self, index: int) -> None:
        """Post `Opened` once the exchange is there; the last one that was asked for counts."""
        self.run_worker(self._open(self.entry_at(index).id), group="open", exclusive=True)

    async def _open(self, number: int) -> None:
        self.post_message(self.Opened(self, await self.exchanges.opened(number)))

    def action_show_job(self) -> None:
        """Go to the job of the exchange under the cursor."""
        entry = self.highlighted_entry
        if entry is not None and entry.job:
            self.post_message(self.JobRequested(tuple(entry.job.split()), entry.id))
        elif entry is not None:
            self.notify("This call is about no job.", markup=False, timeout=3)

    def action_toggle_fold(self) -> None:
        """Fold repeated polls, or show each."""
        self.folded = not self.folded

    def watch_folded(self, folded: bool) -> None:
        """Keep the cursor on the exchange it stood on."""
        self.show_as(folded=folded)

    def notify_style_update(self) -> None:
        """Forget rows drawn in the old colours."""
        super().notify_style_update()
        self._strips.clear()

    def draw_blank(self, y: int, width: int) -> Strip:
        """Say that there is nothing to show, on the first line."""
        if y or self.row_count:
            return super().draw_blank(y, width)
        style = self.get_component_rich_style("exchange-list--empty")
        text = "" if self.progress < 1.0 else _NOTHING_FITS if len(self.exchanges) else _EMPTY
        return Strip([Segment(f" {text}", style)]).crop_extend(0, width, self.rich_style)

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw one row from the cache or anew."""
        at, count = self.index_of_row(index), self.count_of_row(index)
        look = 0 if index != self.cursor else 2 if self.has_focus else 1
        columns = Columns.fit(width, count=len(self.exchanges), method=self.method_width)
        if columns != self._columns:
            self._columns = columns
            self._strips.clear()
        entry, mark = self.exchanges.entries[at], self.mark_of_row(index)
        drawn = self._strips.get((at, count, look, mark))
        if drawn is not None and drawn[0] is entry:
            return drawn[1]
        strip = self._draw(entry, count, look, mark)
        self._strips[at, count, look, mark] = entry, strip
        return strip

    def _draw(self, entry: Entry, count: int, look: int, mark: str | None) -> Strip:
        over = self._cursor_style(look)
        style = self.get_component_rich_style
        parts = row_parts(entry, count, self._columns, mark)
        return Strip([Segment(text, style(f"exchange-list--{kind}") + over) for text, kind in parts])

    def _cursor_style(self, look: int) -> Style:
        if not look:
            return Style.null()
        style = self.get_component_rich_style("exchange-list--cursor")
        return style if look == 2 else Style(bgcolor=style.bgcolor)
