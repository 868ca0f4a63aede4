"""What may lie over a step: help, one exchange, questions. All close with Esc."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.widgets.host import host

R = TypeVar("R")


class Overlay(ModalScreen[R]):
    """Base of everything that covers a step for a while. Where ``HELP`` says nothing there is no help."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012 - Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middle")]  # noqa: RUF012 - Textual's declaration
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="overlay.close", tooltip="Close this and go back to the step"),
        Binding("f1,question_mark", "help", "Help", id="overlay.help", tooltip="Explain this and its keys"),
    ]

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def action_help(self) -> None:
        """Explain this and the keys that work on it now."""
        from tui.screens.help import HelpScreen, keys_of

        host(self).push_screen(HelpScreen("", self.HELP or "", keys_of(self)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer help where there is some."""
        return bool(self.HELP) if action == "help" else super().check_action(action, parameters)
