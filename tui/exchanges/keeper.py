"""What the log asks of whatever keeps its exchanges beside memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.exchanges.filter.search import Where
    from tui.exchanges.model import Entry, Exchange
    from tui.exchanges.redaction.needles import Needle


class Keeper(Protocol):
    """Where whole exchanges are kept beside memory."""

    def keep(self, exchange: Exchange, entry: Entry) -> bool:
        """Keep one for good before it returns; ``False`` when that was not possible. Raises nothing."""
        ...

    def prepare(self, data: bytes) -> None:
        """Do ahead, in whatever thread, what takes long in keeping a body. Raises nothing."""
        ...

    def exchange(self, number: int) -> Exchange | None:
        """Return the exchange with this id, ``None`` where it is not kept."""
        ...

    def cover(self, needles: Sequence[Needle], *, last: bool) -> int | None:
        """Take secrets out of what was kept, in whatever thread; return the bytes looked at.

        ``None`` to be asked again, which the ``last`` time never comes to. Raises nothing.
        """
        ...

    @property
    def where(self) -> Where | None:
        """Where a thread can read what is kept, by a connection of its own; ``None`` for nowhere."""
        ...

    def close(self) -> None:
        """Let go of what is open. Nothing is kept afterwards."""
        ...
