"""The session's exchanges in order, with listeners. Thread-bound to the event loop that records.

Every exchange has a light `Entry` in memory; whole exchanges are in a bounded cache and in the attached store. A
listener can't disturb the call that is being recorded: one that raises hears no more, and its error is kept.
"""

from __future__ import annotations

import asyncio
import sys
from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from tui.exchanges.held import Held
from tui.exchanges.marks import Marks
from tui.exchanges.redaction.renewals import Renewals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui.exchanges.keeper import Keeper
    from tui.exchanges.model import Entry, Exchange
    from tui.exchanges.redaction.cover_late import Covering
    from tui.exchanges.redaction.needles import Needle

    Listener = Callable[[Exchange], None]

HELD: Final = 64 * 1024 * 1024
"""Bytes of whole exchanges in memory where no store keeps them."""
CACHED: Final = 16 * 1024 * 1024
"""Bytes of whole exchanges in memory beside a store."""
LARGE: Final = 1024 * 1024
"""Bytes of bodies from which an exchange is compressed, and read again, beside the event loop."""


class ExchangeLog:
    """An append-only list of exchanges that tells its listeners of each new one."""

    def __init__(self, held: int = HELD, cached: int = CACHED) -> None:
        self._entries: list[Entry] = []
        self._held = Held(held)
        """Those that nothing else keeps."""
        self._cached = Held(cached)
        self._keeper: Keeper | None = None
        self._unkept: set[int] = set()
        self._listeners: list[Listener] = []
        self._renewals = Renewals()
        self._troubled = Renewals()
        self._covering: Covering | None = None
        self._lent = WeakSet[Held]()
        self._also: list[Callable[[Sequence[Needle]], int]] = []
        self._covered = 0
        self._lock = Lock()
        self.conceal: Callable[[Exchange], Exchange] | None = None
        """What takes out of each exchange, before anything keeps it, what the person wants out."""
        self.failures: list[Exception] = []
        """What listeners raised, in order; each of them was unsubscribed."""
        self.troubles: list[str] = []
        """What is wrong with keeping it, in sentences; none of it ends the session."""
        self.told = 0
        """How many of ``troubles`` the person has been shown."""
        self.marks = Marks()
        """What the person has marked."""
        self.sought = ""
        """What the person typed as the filter; it goes with the log from screen to screen."""
        self.turn: Callable[[], float] = lambda: 0.0
        """Tells the seconds until a request that waits for its turn may leave, 0 while none waits."""
        self.proxies: tuple[str, ...] = ()
        """The proxies that the calls go through, without their credentials."""

    @property
    def entries(self) -> Sequence[Entry]:
        """Every exchange of the session in short, oldest first. It grows; don't change it."""
        return self._entries

    @property
    def keeper(self) -> Keeper | None:
        """Where exchanges are kept beside memory, if anywhere."""
        return self._keeper

    @property
    def unkept(self) -> frozenset[int]:
        """The ids of exchanges that the keeper could not keep."""
        return frozenset(self._unkept)

    def attach(self, keeper: Keeper) -> None:
        """Keep every exchange there from now on, and those so far that memory still holds whole."""
        self._keeper = keeper
        self._unkept = {entry.id for entry in self._entries}
        for exchange in tuple(self._held):
            if keeper.keep(exchange, self._entries[self._index(exchange.id)]):
                self._unkept.discard(exchange.id)
                self._held.remove(exchange.id)
                self._cached.add(exchange)
        for each in self.late:  # what was taken from memory before a look there came here after the look
            self.cover(each)

    def close(self) -> None:
        """Let go of the store, at the end of the session, once no secret that was learned late is in it."""
        if self._covering is not None:
            self._covering.finish()
        if self._keeper is not None:
            self._keeper.close()

    def prepare(self, data: bytes) -> None:
        """Do ahead, in whatever thread, what takes long in keeping an exchange with this large body."""
        if self._keeper is not None:
            self._keeper.prepare(data)

    def append(self, exchange: Exchange) -> None:
        """Keep ``exchange``, in the store first, and then tell every listener, in order of subscription.

        An `Exception` of a listener ends its subscription and goes to ``failures``; it never reaches the caller.
        """
        from tui.exchanges.model import Entry  # not needed before the first call

        if self.conceal is not None:
            exchange = self.conceal(exchange)
        entry = Entry.of(exchange)
        kept = self._keeper is not None and self._keeper.keep(exchange, entry)
        (self._cached if kept else self._held).add(exchange)
        if self._keeper is not None and not kept:
            self._unkept.add(entry.id)
        self._entries.append(entry)
        for listener in tuple(self._listeners):
            try:
                listener(exchange)
            except Exception as error:  # noqa: BLE001 - whatever a listener does, the request was sent
                self._unsubscribe(listener)
                self.failures.append(error)

    def exchange(self, number: int) -> Exchange:
        """Return the exchange with this id, from memory or from the store.

        One that neither holds any more comes back as its entry alone (``gave_way``). Raises `KeyError` for an id that
        the log never had.
        """
        entry = self._entries[self._index(number)]
        found = self._held.get(number) or self._cached.get(number)
        while found is None and self._keeper is not None:
            covered = self._covered
            found = self._keeper.exchange(number)
            if found is None:
                break
            self._cached.add(found)
            if covered != self._covered:  # read before a secret was taken out of it
                self._cached.remove(number)
                found = None
        return found if found is not None else entry.bare()

    async def opened(self, number: int) -> Exchange:
        """Return what `exchange` does; a large one that only the store has is read beside the event loop."""
        entry = self._entries[self._index(number)]
        where = self._keeper.where if self._keeper is not None else None
        here = self._held.get(number) or self._cached.get(number)
        if where is not None and here is None and entry.request_size + entry.response_size >= LARGE:
            from tui.exchanges.kept.archive import read_apart

            covered = self._covered
            found = await asyncio.to_thread(read_apart, where.path, where.session, number)
            if found is not None:
                self._cached.add(found)
                if covered != self._covered:  # read before a secret was taken out of it
                    self._cached.remove(number)
        return self.exchange(number)

    def cover(self, needle: Needle) -> None:
        """Take a secret that was learned late out of everything so far, behind what goes on. From any thread."""
        if not self._entries:
            return
        with self._lock:
            if self._covering is None:
                from tui.exchanges.redaction.cover_late import Covering

                self._covering = Covering(self._cover)
        self._covering.add(needle)

    @property
    def late(self) -> tuple[Needle, ...]:
        """The secrets that were learned late: they are, or will soon be, in nothing that the log holds."""
        return self._covering.known if self._covering is not None else ()

    def lend(self, *exchanges: Exchange) -> Held:
        """Return ``exchanges`` for who goes on showing them: what is learned late is taken out of them too.

        They stay whole when the log itself holds them no more; `on_renewed` tells when one was changed.
        """
        lent = Held(sys.maxsize)
        with self._lock:
            self._lent.add(lent)
        for each in exchanges:
            covered = -1
            while covered != self._covered:  # read before a secret was taken out of it, and lent after
                covered = self._covered
                lent.add(self._now(each))
        return lent

    def _now(self, exchange: Exchange) -> Exchange:
        now = self.exchange(exchange.id)
        if not now.gave_way:
            return now
        from tui.exchanges.redaction.cover import covered_exchange

        return covered_exchange(exchange, self.late)

    def cover_also(self, cover: Callable[[Sequence[Needle]], int]) -> Callable[[], None]:
        """Have ``cover`` take late secrets out of what was written elsewhere; the returned function ends that.

        It is called in whatever thread, raises nothing, and returns the bytes it looked at.
        """
        self._also.append(cover)
        return lambda: self._also.remove(cover)

    def _cover(self, needles: Sequence[Needle], last: bool) -> int | None:
        """Cover what is kept, then what memory holds: what is read from there in between is read again."""
        from tui.exchanges.redaction.cover_held import cover_held

        looked = self._keeper.cover(needles, last=last) if self._keeper is not None else 0
        self._covered += 1
        more, changed = cover_held(self._entries, self._holds(), self.marks, needles)
        more += sum(each(needles) for each in tuple(self._also))
        if changed:
            self._renewals.tell()
        return None if looked is None else looked + more

    def _holds(self) -> Iterator[Held]:
        yield self._held
        yield self._cached
        self._covered += 1  # what is read from now on was covered; what was read before is among those lent
        with self._lock:
            lent = tuple(self._lent)
        yield from lent

    def trouble(self, sentence: str) -> None:
        """Keep what is wrong with keeping the log, for whoever shows it. From any thread."""
        self.troubles.append(sentence)
        self._troubled.tell()

    def on_trouble(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when there is a new trouble, as `on_renewed` does; the returned function ends that."""
        return self._troubled.subscribe(listener, self.failures)

    def on_renewed(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after exchanges that the log had already were changed; the returned function ends that.

        In the event loop in which this is called, if there is one, whatever thread changes them.
        """
        return self._renewals.subscribe(listener, self.failures)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for each exchange from now on; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._unsubscribe(listener)

    def _unsubscribe(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def next_id(self) -> int:
        """Return the id the next exchange should carry: one more than the last."""
        return self._entries[-1].id + 1 if self._entries else 1

    def _index(self, number: int) -> int:
        """Return where the entry with this id is: ids only grow, and in a session they count up by one."""
        if not self._entries:
            raise KeyError(number)
        at = number - self._entries[0].id
        if not (0 <= at < len(self._entries) and self._entries[at].id == number):
            at = next((at for at, entry in enumerate(self._entries) if entry.id == number), -1)
        if at < 0:
            raise KeyError(number)
        return at

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Exchange:
        return self.exchange(self._entries[index].id)

    def __iter__(self) -> Iterator[Exchange]:
        return (self.exchange(entry.id) for entry in tuple(self._entries))
