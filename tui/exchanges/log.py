"""The session's exchanges in memory, in order, with listeners. Thread-bound to the event loop that records."""

from collections.abc import Callable, Iterator

from tui.exchanges.model import Exchange

Listener = Callable[[Exchange], None]


class ExchangeLog:
    """An append-only list of exchanges that tells its listeners of each new one."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._listeners: list[Listener] = []

    def append(self, exchange: Exchange) -> None:
        """Keep ``exchange`` and tell every listener, in order of subscription."""
        self._exchanges.append(exchange)
        for listener in tuple(self._listeners):
            listener(exchange)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for each exchange from now on; the returned function ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def next_id(self) -> int:
        """Return the id the next exchange should carry: one more than the last."""
        return self._exchanges[-1].id + 1 if self._exchanges else 1

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, index: int) -> Exchange:
        return self._exchanges[index]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)
