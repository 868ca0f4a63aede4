"""One exchange in full, over the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer

from tui.screens.overlay import Overlay
from tui.widgets.host import host

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Exchange


class ExchangeScreen(Overlay[None]):
    """Request, response and timing of one exchange."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "compare", "Differences", id="exchange.compare", tooltip="What differs from the same call before"),
        Binding("c", "copy_as", "Copy as…", id="exchange.copy_as", tooltip="Copy this call as curl, Python and others"),
    ]

    def __init__(self, exchange: Exchange, exchanges: ExchangeLog | None = None) -> None:
        super().__init__()
        self._exchange = exchange
        self._exchanges = exchanges

    def compose(self) -> ComposeResult:
        """Yield the view."""
        from tui.widgets.exchange_view import ExchangeView

        with Vertical(classes="box full") as box:
            box.border_title = f"Exchange {self._exchange.id}"
            yield ExchangeView(self._exchange)
        yield Footer(compact=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a comparison where there are other calls."""
        return self._exchanges is not None if action == "compare" else super().check_action(action, parameters)

    def action_compare(self) -> None:
        """Show what differs from the same call before, or between two marked calls."""
        from tui.screens.diff import show_differences

        if self._exchanges is not None:
            show_differences(self, self._exchanges, self._exchange.id)

    def action_copy_as(self) -> None:
        """Ask for a form to copy the request in."""
        from tui.screens.copy_as import CopyAsScreen

        host(self).push_screen(CopyAsScreen.of_exchange(self._exchange))
