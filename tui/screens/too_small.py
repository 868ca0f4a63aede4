"""What a terminal below 40×10 shows: one sentence. Every key but quitting is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class TooSmallScreen(ModalScreen[None]):
    """Asks for room."""

    def compose(self) -> ComposeResult:
        """Yield the sentence."""
        yield Static("Please make this window larger: 40 × 10 at least.", markup=False)
