"""The question before leaving while something goes on at the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Static

from tui.flow.outcome import is_final
from tui.flow.states import Starting, StartUnresolved, Watching
from tui.screens.overlay import Overlay
from tui.text import counted

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.flow.states import State


def reason_to_stay(state: State) -> str:
    """Return what should be known before leaving, ``""`` when nothing goes on."""
    if isinstance(state, Starting):
        return (
            "The start is on its way and can't be recalled. If you leave before the answer, the job may exist "
            "without you knowing its number."
        )
    if isinstance(state, StartUnresolved):
        return (
            "Whether the job was started is still open. Leaving does not change that: look for it before starting "
            "it again."
        )
    if isinstance(state, Watching):
        unfinished = [watched.job for watched in state.jobs if not is_final(watched.job.state)]
        if unfinished:
            which = f"Job {unfinished[0].id}" if len(unfinished) == 1 else counted(len(unfinished), "job")
            return f"{which} will go on without this program."
    return ""


class LeaveScreen(Overlay[bool]):
    """Answers whether to leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "Leave", id="leave.yes", tooltip="Close the program"),
        Binding("escape", "close", "Stay", id="leave.no", tooltip="Go back to where you were"),
    ]

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def compose(self) -> ComposeResult:
        """Yield the reason and the two ways on."""
        with Vertical(classes="box") as box:
            box.border_title = "Leave?"
            yield Static(self._reason, markup=False)
            yield Static("Enter leaves, Esc stays.", markup=False, classes="apart muted")
        yield Footer(compact=True, show_command_palette=False)

    def action_leave(self) -> None:
        """Leave."""
        self.dismiss(True)
