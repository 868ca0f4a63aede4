"""A field for what to find in the lines beside it: Esc ends the search and clears the field."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.filter_field import FilterField


class SearchField(FilterField):
    """What is typed is found at once; Enter goes to the next place, Esc ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "End search", id="search.end", tooltip="End the search; the lines stay"),
    ]

    class Closed(Message):
        """The search is over; the field is empty."""

    def action_close(self) -> None:
        """End the search."""
        self.value = ""
        self.post_message(self.Closed())
