"""The key that asks for a filter of the rows, and what is typed right behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


class FilterKey(VirtualLines):
    """Rows that can be filtered through a field beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="log.filter", tooltip="Show only calls that fit, such as status:>=400"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_filter: Callable[[], None] | None = None
        """Gives the keys to the field, at once."""

    def on_key(self, event: events.Key) -> None:
        """Ask for the filter at once, and give letters typed ahead to the field that has the keys by then.

        A binding is looked up only when the key has come up to the application, and so would the letters be.
        """
        field = self.screen.focused
        if event.key == "slash" and self.has_focus:
            event.stop()
            event.prevent_default()
            self.action_filter()
        elif isinstance(field, Input) and event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            field.insert_text_at_cursor(event.character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a filter where there is a field for it."""
        return self.ask_filter is not None if action == "filter" else super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Give the keys to the field of the filter."""
        if self.ask_filter is not None:
            self.ask_filter()
