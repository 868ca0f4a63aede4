"""Opens Orchestrator's own page in the person's browser, and says its address in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.host import host

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.settings import Settings


async def open_page(screen: Screen[None], address: str) -> None:
    """Ask a browser to show ``address``, where there is one and the settings allow it; tell what was done."""
    from tui.system.browser import open_browser

    settings: Settings | None = getattr(host(screen), "settings", None)
    allowed = settings is None or settings.open_browser == "auto"
    asked = allowed and bool(address) and await open_browser(address)
    text = f"A browser was asked to open {address}" if asked else f"Open this in a browser: {address}"
    screen.notify(text, markup=False)
