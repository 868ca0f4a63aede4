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
from tui.exchanges.model import Exchange
from tui.widgets.exchange_folds import ExchangeFolds
from tui.widgets.exchange_row import Columns, row_parts
from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from collections.abc import Callable

_EMPTY = "Nothing was sent yet."
_METHOD_WIDTH = 7


class ExchangeList(VirtualLines):
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
        & > .exchange-list--fold { color: $text-accent; }
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
            *("number", "time", "method", "path", "query", "fold", "ok", "other", "failed", "size", "duration"),
            *("cursor", "empty"),
        )
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "toggle_fold", "Fold", id="exchanges.fold", tooltip="Show repeated polls as one row, or each"),
    ]

    folded: reactive[bool] = reactive(True, repaint=False, init=False)
    """Whether repeated polls share one row."""

    class Highlighted(Message):
        """The cursor came to an exchange; ``followed`` when a new exchange took it there."""

        def __init__(self, sender: "ExchangeList", exchange: Exchange, *, followed: bool) -> None:
            super().__init__()
            self.sender = sender
            self.exchange = exchange
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

    def __init__(self, exchanges: ExchangeLog, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exchanges = exchanges
        self._folds = ExchangeFolds()
        self._method_width = 4
        self._first_changed: int | None = None
        self._announced: Exchange | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._columns = Columns.fit(80)
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(512)

    def on_mount(self) -> None:
        """Take in what the log holds and listen for more."""
        for exchange in self.exchanges:
            self._take(exchange)
        self._unsubscribe = self.exchanges.subscribe(self._heard)
        self.rows_changed(0)

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _take(self, exchange: Exchange) -> int:
        self._method_width = max(self._method_width, min(len(exchange.method), _METHOD_WIDTH))
        row = self._folds.append(exchange)
        return row if self.folded else self._folds.total - 1

    def _heard(self, exchange: Exchange) -> None:
        row = self._take(exchange)
        if self._first_changed is None:
            self._first_changed = row
            self.call_later(self._show_changes)
        elif row < self._first_changed:
            self._first_changed = row

    def _show_changes(self) -> None:
        first, self._first_changed = self._first_changed, None
        if first is not None:
            self.rows_changed(first)

    @property
    def row_count(self) -> int:
        """How many rows there are, folded or not."""
        return len(self._folds) if self.folded else self._folds.total

    def exchange_at(self, row: int) -> Exchange:
        """Return the exchange that row ``row`` shows: the newest of a fold."""
        return self.exchanges[self._folds.last(row) if self.folded else row]

    @property
    def highlighted(self) -> Exchange | None:
        """The exchange under the cursor."""
        return self.exchange_at(self.cursor) if self.row_count else None

    def select(self, exchange: Exchange) -> None:
        """Move the cursor to ``exchange``, or to the fold that holds it."""
        index = next((at for at, known in enumerate(self.exchanges) if known.id == exchange.id), None)
        if index is not None and index < self._folds.total:
            self.cursor = self._folds.row_of(index) if self.folded else index
            self.show_row(self.cursor)

    def row_highlighted(self, index: int, *, followed: bool) -> None:
        """Post `Highlighted`, once for the same exchange."""
        exchange = self.exchange_at(index)
        if exchange is not self._announced:
            self._announced = exchange
            self.post_message(self.Highlighted(self, exchange, followed=followed))

    def row_opened(self, index: int) -> None:
        """Post `Opened`."""
        self.post_message(self.Opened(self, self.exchange_at(index)))

    def action_toggle_fold(self) -> None:
        """Fold repeated polls, or show each."""
        self.folded = not self.folded

    def watch_folded(self, folded: bool) -> None:
        """Keep the cursor on the exchange it stood on."""
        self._first_changed = None
        if self._folds.total:
            cursor = self._folds.row_of(self.cursor) if folded else self._folds.last(self.cursor)
            self.rows_changed(0)
            self.cursor = cursor
            self.call_after_refresh(self.show_row, cursor)

    def notify_style_update(self) -> None:
        """Forget rows drawn in the old colours."""
        super().notify_style_update()
        self._strips.clear()

    def draw_blank(self, y: int, width: int) -> Strip:
        """Say that the log is empty, on the first line."""
        if y or self.row_count:
            return super().draw_blank(y, width)
        style = self.get_component_rich_style("exchange-list--empty")
        return Strip([Segment(f" {_EMPTY}", style)]).crop_extend(0, width, self.rich_style)

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw one row from the cache or anew."""
        at, count = (self._folds.last(index), self._folds.count(index)) if self.folded else (index, 1)
        look = 0 if index != self.cursor else 2 if self.has_focus else 1
        columns = Columns.fit(width, count=self._folds.total, method=self._method_width)
        if columns != self._columns:
            self._columns = columns
            self._strips.clear()
        strip = self._strips.get((at, count, look))
        if strip is None:
            strip = self._strips[at, count, look] = self._draw(self.exchanges[at], count, look)
        return strip

    def _draw(self, exchange: Exchange, count: int, look: int) -> Strip:
        over = self._cursor_style(look)
        style = self.get_component_rich_style
        parts = row_parts(exchange, count, self._columns)
        return Strip([Segment(text, style(f"exchange-list--{kind}") + over) for text, kind in parts])

    def _cursor_style(self, look: int) -> Style:
        if not look:
            return Style.null()
        style = self.get_component_rich_style("exchange-list--cursor")
        return style if look == 2 else Style(bgcolor=style.bgcolor)
