"""The question before the start, put on its step and taken away again as the state says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tui.flow.state import SigningIn
from tui.screens.step import StepScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.flow.state import State

    class Asking(Protocol):
        """An application that shows a state."""

        state: State

        @property
        def screen(self) -> Screen[Any]:
            """The screen in front."""
            ...

        def push_screen(self, screen: Any) -> Any:
            """Put a screen in front."""
            ...

        def pop_screen(self) -> Any:
            """Take the screen in front away."""
            ...


def ask(app: Asking) -> None:
    """Put the question before the start on its step."""
    if isinstance(app.state, SigningIn):
        return
    from tui.flow.states import ConfirmingStart

    if isinstance(app.state, ConfirmingStart):
        from tui.screens.start.confirm import ConfirmScreen

        app.push_screen(ConfirmScreen(app.state))


def close_question(app: Asking) -> None:
    """Take the question away once the state no longer asks it; put it anew where the state asks once more."""
    if isinstance(app.screen, StepScreen):
        return
    from tui.flow.states import ConfirmingStart
    from tui.screens.start.confirm import ConfirmScreen

    if not isinstance(app.screen, ConfirmScreen):
        return
    if not isinstance(app.state, ConfirmingStart):
        app.pop_screen()
    else:
        app.screen.show(app.state)
