"""The key that compares the call under the cursor with the one before, or the two calls that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.log.exchange_rows import ExchangeRows

if TYPE_CHECKING:
    from tui.exchanges.log import ExchangeLog


class ExchangeComparing(ExchangeRows):
    """Rows that can be compared."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d",
            "compare",
            "Differences",
            show=False,
            id="exchanges.compare",
            tooltip="What differs from the same call before, or between two marked calls",
        ),
    ]

    class CompareRequested(Message):
        """The person wants to see what differs at the exchange with this id."""

        def __init__(self, exchanges: ExchangeLog, number: int) -> None:
            super().__init__()
            self.exchanges = exchanges
            self.number = number

    def action_compare(self) -> None:
        """Ask for the comparison."""
        entry = self.highlighted_entry
        if entry is not None:
            self.post_message(self.CompareRequested(self.exchanges, entry.id))
