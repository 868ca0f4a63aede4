"""The session's exchanges in memory, in order, with listeners. Thread-bound to the event loop that records.

A listener can't disturb the call that is being recorded: one that raises hears no more, and its error is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.exchanges.model import Exchange

    Listener = Callable[[Exchange], None]


class ExchangeLog:
    """An append-only list of exchanges that tells its listeners of each new one."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._listeners: list[Listener] = []
        self.failures: list[Exception] = []
        """What listeners raised, in order; each of them was unsubscribed."""
        self.proxies: tuple[str, ...] = ()
        """The proxies that the calls go through, without their credentials."""

    def append(self, exchange: Exchange) -> None:
        """Keep ``exchange`` and tell every listener, in order of subscription.

        An `Exception` of a listener ends its subscription and goes to ``failures``; it never reaches the caller.
        """
        self._exchanges.append(exchange)
        for listener in tuple(self._listeners):
            try:
                listener(exchange)
            except Exception as error:  # noqa: BLE001 - whatever a listener does, the request was sent
                self._unsubscribe(listener)
                self.failures.append(error)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for each exchange from now on; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._unsubscribe(listener)

    def _unsubscribe(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def next_id(self) -> int:
        """Return the id the next exchange should carry: one more than the last."""
        return self._exchanges[-1].id + 1 if self._exchanges else 1

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, index: int) -> Exchange:
        return self._exchanges[index]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)
