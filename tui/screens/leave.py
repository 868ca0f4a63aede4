"""The question before leaving while something goes on at the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from tui.flow.outcome import is_final
from tui.flow.states import Starting, StartUnresolved
from tui.narration import watch_behind
from tui.screens.overlay import Overlay
from tui.text import counted
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.flow.states import State

WAYS = "Enter leaves, Esc stays."


def reason_to_stay(state: State) -> str:
    """Return what should be known before leaving, ``""`` when nothing goes on."""
    if isinstance(state, Starting):
        return (
            "The start is on its way and can't be recalled. If you leave before the answer, the job may exist "
            "without you knowing its number."
        )
    if isinstance(state, StartUnresolved):
        return (
            "Whether the job was started is still open. Leaving does not change that: the journal on this computer "
            "remembers, and looks for it before this release can be started again."
        )
    watching = watch_behind(state)
    if watching is not None:
        unfinished = [watched.job for watched in watching.jobs if not is_final(watched.job.state)]
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
            yield Static(" " * len(WAYS), id="leave-ways", markup=False, classes="apart muted")
        yield KeyLine(palette=False)

    _seen = False

    def on_mount(self) -> None:
        """Take no answer before the question was on the screen: a key typed ahead is none."""
        self.call_after_refresh(self._now_seen)

    def _now_seen(self) -> None:
        self._seen = True
        self.query_one("#leave-ways", Static).update(WAYS, layout=False)

    def action_leave(self) -> None:
        """Leave."""
        if self._seen:
            self.dismiss(True)
