"""What may lie over a step: help, one exchange, questions. All close with Esc."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

R = TypeVar("R")


class Overlay(ModalScreen[R]):
    """Base of everything that covers a step for a while."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012 - Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middle")]  # noqa: RUF012 - Textual's declaration
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="overlay.close", tooltip="Close this and go back to the step"),
    ]

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
