"""Whole exchanges in memory within a number of bytes: the longest unused give way first. From any thread. No I/O."""

from __future__ import annotations

from collections import OrderedDict
from threading import RLock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.exchanges.model import Exchange

_FIXED: Final = 1_500
"""Bytes of an exchange beside its texts, about."""
_HEADER: Final = 160
"""Bytes of one header beside its texts, about."""


class Held:
    """At most ``limit`` bytes of exchanges, by id. The newest one stays whatever its size."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._lock = RLock()
        self._exchanges: OrderedDict[int, Exchange] = OrderedDict()

    def add(self, exchange: Exchange) -> None:
        """Hold ``exchange``; others give way where there is no room."""
        with self._lock:
            self.remove(exchange.id)
            self._exchanges[exchange.id] = exchange
            self._size += weight(exchange)
            while self._size > self._limit and len(self._exchanges) > 1:
                self._size -= weight(self._exchanges.popitem(last=False)[1])

    def remove(self, number: int) -> None:
        """Hold it no more; one that is not held is no error."""
        with self._lock:
            exchange = self._exchanges.pop(number, None)
            if exchange is not None:
                self._size -= weight(exchange)

    def get(self, number: int) -> Exchange | None:
        """Return the exchange with this id, if held, and count it as used."""
        with self._lock:
            exchange = self._exchanges.get(number)
            if exchange is not None:
                self._exchanges.move_to_end(number)
            return exchange

    def change(self, change: Callable[[Exchange], Exchange]) -> bool:
        """Put ``change`` of each exchange in its place; return whether one is another than before."""
        any_changed = False
        for exchange in self:
            any_changed = self._change(exchange, change) or any_changed
        return any_changed

    def _change(self, exchange: Exchange | None, change: Callable[[Exchange], Exchange]) -> bool:
        """Change one exchange, and what another thread put in its place meanwhile."""
        while exchange is not None and (changed := change(exchange)) != exchange:
            with self._lock:  # not while it is being changed: that may take long
                now = self._exchanges.get(exchange.id)
                if now is exchange:
                    self._size += weight(changed) - weight(exchange)
                    self._exchanges[exchange.id] = changed
                    return True
            exchange = now
        return False

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(tuple(self._exchanges.values()))

    def __len__(self) -> int:
        return len(self._exchanges)


def weight(exchange: Exchange) -> int:
    """Return about how many bytes of memory an exchange takes."""
    headers = (*exchange.request_headers, *exchange.response_headers)
    texts = sum(len(name) + len(value) + _HEADER for name, value in headers)
    return _FIXED + texts + len(exchange.url) + len(exchange.request_body.data) + len(exchange.response_body.data)
