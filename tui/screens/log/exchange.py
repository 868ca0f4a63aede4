"""One exchange in full, over the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.screens.overlay import Overlay
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Exchange


class ExchangeScreen(Overlay[None]):
    """Request, response and timing of one exchange."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "compare", "Differences", id="exchange.compare", tooltip="What differs from the same call before"),
        Binding("c", "copy_as", "Copy as…", id="exchange.copy_as", tooltip="Copy this call as curl, Python and others"),
    ]

    HELP = (
        "One call as it was sent and answered. Secrets are fingerprints: taken out before anything was kept.\n"
        "JSON is laid out over many lines, and its parts fold; raw shows the bytes as they are. The search goes by "
        "what is seen."
    )

    def __init__(self, exchange: Exchange, exchanges: ExchangeLog) -> None:
        super().__init__()
        self._lent = exchanges.lend(exchange)
        self._exchange = self._lent.get(exchange.id) or exchange
        self._exchanges = exchanges
        self._end_renewals: Callable[[], None] | None = None

    def on_mount(self) -> None:
        """Hear when a secret is taken out of what is shown."""
        self._end_renewals = self._exchanges.on_renewed(self._renewed)
        self._renewed()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._end_renewals is not None:
            self._end_renewals()

    def _renewed(self) -> None:
        now = self._lent.get(self._exchange.id)
        if now is not None and now != self._exchange:
            self._exchange = now
            self.refresh(recompose=True)

    def compose(self) -> ComposeResult:
        """Yield the view."""
        from tui.widgets.log.exchange_view import ExchangeView

        with Vertical(classes="box full") as box:
            box.border_title = f"Exchange {self._exchange.id}"
            yield ExchangeView(self._exchange, log=self._exchanges)
        yield KeyLine()

    def action_compare(self) -> None:
        """Show what differs from the same call before, or between two marked calls."""
        from tui.screens.log.diff import show_differences

        show_differences(self, self._exchanges, self._exchange.id)

    def action_copy_as(self) -> None:
        """Ask for a form to copy the request in."""
        from tui.screens.log.copy_as import CopyAsScreen

        host(self).push_screen(CopyAsScreen.of_exchange(self._exchange, self._exchanges))
