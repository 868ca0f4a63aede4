"""Which exchanges of a log are rows of its list: all of them or those that fit a filter, folded or one by one.

New exchanges and a filter at work never move what is being read; the cursor keeps its exchange, or the next that fits.
"""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message

from tui.clock import SystemClock
from tui.widgets.log.filter_key import FilterKey
from tui.widgets.log.filter_sieve import Sieve

if TYPE_CHECKING:
    from tui.exchanges.filter.language import Filter
    from tui.exchanges.filter.search import Search
    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Entry, Exchange
    from tui.widgets.log.exchange_folds import ExchangeFolds

_METHOD_WIDTH: Final = 7
_BREATH: Final = 0.001
"""Seconds between two slices, for the keys."""
_AT_ONCE: Final = 0.05
"""Seconds for what a log holds when its list appears; what is left comes in slices."""


class ExchangeRows(FilterKey):
    """The rows of a log, without a look."""

    class Sifted(Message):
        """The filter went on, or is done."""

    class Found(Message):
        """A search of the kept exchanges up to id ``last`` is over; ``None`` when it could not look."""

        def __init__(self, sieve: Sieve, last: int, found: frozenset[int] | None) -> None:
            super().__init__()
            self.sieve = sieve
            self.last = last
            self.found = found

    def __init__(self, exchanges: ExchangeLog, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exchanges = exchanges
        self.method_width = 4
        self._monotonic = SystemClock().monotonic
        self._as_folds = True
        self._shown = self._sieve(None)
        """What the rows are drawn from."""
        self._next: Sieve | None = None
        """What is being filtered; the rows before it stay until it is done."""
        self._search: Search | None = None
        self._read: tuple[int, bool] | None = None
        self._settles = False
        """What was under the cursor before a filter, by its index in the log, and whether the end was followed."""
        self._first_changed: int | None = None

    def _sieve(self, wanted: Filter | None) -> Sieve:
        return Sieve(self.exchanges, wanted, self._monotonic)

    @property
    def rows(self) -> ExchangeFolds:
        """The exchanges that are shown."""
        return self._shown.folds

    @property
    def row_count(self) -> int:
        """How many rows there are, folded or not."""
        return len(self.rows) if self._as_folds else self.rows.total

    @property
    def shown_filter(self) -> Filter | None:
        """The filter that the rows fit."""
        return self._shown.wanted

    @property
    def wanted_filter(self) -> Filter | None:
        """The filter that was asked for last."""
        return (self._next or self._shown).wanted

    @property
    def progress(self) -> float:
        """How far the filter that was asked for has come, 0 to 1."""
        at_work = self._next or self._shown
        return 1.0 if at_work.done else at_work.progress

    def index_of_row(self, row: int, *, folded: bool | None = None) -> int:
        """Return the index in the log of what ``row`` shows: the newest of a fold."""
        return self.rows.last(row) if (self._as_folds if folded is None else folded) else self.rows.taken(row)

    def count_of_row(self, row: int) -> int:
        """Return how many exchanges ``row`` stands for."""
        return self.rows.count(row) if self._as_folds else 1

    def row_near(self, index: int) -> int:
        """Return the row of exchange ``index`` of the log, or of the next one that is shown."""
        return self.rows.row_near(index) if self._as_folds else self.rows.position_of(index)

    def row_of(self, number: int) -> int | None:
        """Return the row that holds the exchange with this id, ``None`` where none does."""
        entries, rows = self.exchanges.entries, self.rows
        index = bisect_left(entries, number, key=lambda entry: entry.id)
        if not rows.total or index >= len(entries) or entries[index].id != number:
            return None
        return self.row_near(index) if rows.taken(rows.position_of(index)) == index else None

    def entry_at(self, row: int) -> Entry:
        """Return what ``row`` shows: the newest of a fold."""
        return self.exchanges.entries[self.index_of_row(row)]

    @property
    def highlighted_entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.entry_at(self.cursor) if self.row_count else None

    def select(self, number: int) -> bool:
        """Move the cursor to the exchange with this id or to its fold; ``False`` when it is not shown."""
        row = self.row_of(number)
        if row is None:
            return False
        self.cursor = row
        self.show_row(row)
        return True

    def select_when_shown(self, number: int) -> None:
        """Move the cursor to the exchange with this id once the filter that was asked for is done."""
        entries = self.exchanges.entries
        self._read = bisect_left(entries, number, key=lambda entry: entry.id), False

    def go_to(self, index: int) -> None:
        """Put the cursor on exchange ``index`` of the log, or the next one that is shown."""
        self.rows_changed(0)
        if self.row_count:
            self.cursor = self.row_near(index)
            self.call_after_refresh(self.show_row, self.cursor)

    def show_as(self, *, folded: bool) -> None:
        """Show folds, or each exchange, with the cursor where it was."""
        index = self.index_of_row(self.cursor) if self.row_count else 0
        self._first_changed = None
        self._as_folds = folded
        self.rows_renewed()
        self.go_to(index)

    def rows_renewed(self) -> None:
        """Hear that rows are other ones than before, or more."""

    def take_all(self) -> None:
        """Take in what the log holds."""
        for method in {entry.method for entry in self.exchanges.entries}:
            self._fit_method(method)
        whole = self._sieve(None)
        whole.slice(_AT_ONCE)
        if whole.done:
            self._shown = whole
            self.rows_renewed()
            self.rows_changed(0)
        else:
            self._next = whole  # rows that run past could not be read
            self.set_timer(_BREATH, lambda: self._go_on(whole))

    def _fit_method(self, method: str) -> None:
        self.method_width = max(self.method_width, min(len(method), _METHOD_WIDTH))

    def heard(self, exchange: Exchange) -> None:
        """Take in the newest exchange of the log; slices at work come to it by themselves."""
        self._fit_method(exchange.method)
        if self._shown.behind > 1:
            return
        row = self._shown.slice()
        if row is None:
            return
        if not self._as_folds:
            row = self.rows.total - 1
        if self._first_changed is None:
            self._first_changed = row
            self.call_later(self._show_changes)
        elif row < self._first_changed:
            self._first_changed = row

    def _show_changes(self) -> None:
        first, self._first_changed = self._first_changed, None
        if first is not None:
            self.rows_changed(first)

    def sift(self, wanted: Filter | None) -> None:
        """Show what fits ``wanted`` alone; everything for ``None``. The work is done beside the keys.

        Where exchanges are kept, a thread looks into their bodies; everything else is done in slices.
        """
        self.call_off()
        sieve = self._next = self._sieve(wanted)
        self._settles = False
        keeper = self.exchanges.keeper
        where = keeper.where if keeper is not None and wanted is not None and wanted.deep else None
        if where is None:
            self._go_on(sieve)
            return
        from tui.exchanges.filter.search import Search

        last = self.exchanges.entries[-1].id

        def told(found: frozenset[int] | None) -> None:
            with suppress(RuntimeError):  # the application is gone
                self.post_message(self.Found(sieve, last, found))

        self._search = Search(where, str(wanted), told)
        self._search.start()
        self.post_message(self.Sifted())

    def renewed(self) -> None:
        """Draw what was changed, and look again where its bodies decide."""
        self.refresh()
        wanted = self.wanted_filter
        if wanted is not None:
            self.sift(wanted)

    def call_off(self) -> None:
        """End a search that nobody waits for any more."""
        if self._search is not None:
            self._search.call_off()
            self._search = None

    def on_exchange_rows_found(self, event: Found) -> None:
        """Go on with what the search found; where it could not look, look here."""
        event.stop()
        if event.sieve is self._next:
            self._search = None
            if event.found is not None:
                event.sieve.judge(event.last, event.found, self.exchanges.unkept)
            self._go_on(event.sieve)

    def _go_on(self, sieve: Sieve) -> None:
        """Do one slice, unless another filter took over; show what fits when all was looked at."""
        if sieve is not self._next:
            return
        sieve.slice()
        if sieve.done:
            self._adopt(sieve)
        self.post_message(self.Sifted())
        if not sieve.done:
            self.set_timer(_BREATH, lambda: self._go_on(sieve))

    def _adopt(self, sieve: Sieve) -> None:
        """Draw from ``sieve``: at the end when the end was followed, else on the same exchange or the next.

        Through filters in a row, as they are typed, that is the exchange under the cursor before the first of them.
        """
        if self._read is None:
            at = self.index_of_row(self.cursor) if self.row_count else 0
            newest = self._shown.wanted is None or at == len(self.exchanges.entries) - 1
            self._read = at, self.following and newest
        read = index, followed = self._read
        self._shown, self._next = sieve, None
        self._first_changed = None
        self.rows_renewed()
        self.refresh()
        if followed:
            self.rows_changed(0)
            self.action_last()
        else:
            self.go_to(index)
        self._read = read
        if self._settles:
            self._settles = False
            self.settle()

    def settle(self) -> None:
        """Take the exchange under the cursor for the one that is read from now on: the filter is typed.

        One that is still at work is shown first: until then the cursor stands on what a beginning of it showed.
        """
        self._settles = self._next is not None
        if self.row_count and not self._settles:
            self._read = None

    def watch_cursor(self, old: int, new: int) -> None:
        """Forget what was read before a filter: the person moved on."""
        super().watch_cursor(old, new)
        self._read = None
