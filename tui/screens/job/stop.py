"""The question before stopping or killing a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.flow.events import StopRequested
from tui.screens.overlay import Overlay
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Job


class StopScreen(Overlay[StopRequested]):
    """Answers with the request to make, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer(False)", "Yes", id="stop.yes", tooltip="Ask the server to end this job"),
        Binding("a", "answer(True)", "All of them", id="stop.all", tooltip="Ask the server to end every job shown"),
        Binding("escape", "close", "No", id="stop.no", tooltip="Leave the job alone"),
    ]

    def __init__(self, job: Job, *, kill: bool, unfinished: int) -> None:
        super().__init__()
        self._job = job
        self._kill = kill
        self._unfinished = unfinished

    def compose(self) -> ComposeResult:
        """Yield the question."""
        if self._kill:
            what = "It ends where it is: half-done work stays half done."
        else:
            what = (
                "The process is asked to end; it ends where its author allows it, which may take long or never happen."
            )
        with Vertical(classes="box") as box:
            box.border_title = "Kill?" if self._kill else "Stop?"
            head = Content.assemble("Job ", (str(self._job.id), "bold"), f"  {self._job.release_name}")
            yield Static(head, markup=False)
            yield Static(what, markup=False, classes="apart")
            answers = [(" Enter ", "bold reverse"), f" {'kills' if self._kill else 'stops'} it    "]
            if self._unfinished > 1:
                answers += [(" a ", "bold reverse"), f" all {self._unfinished}    "]
            yield Static(
                Content.assemble(*answers, (" Esc ", "bold reverse"), " does not"), markup=False, classes="apart"
            )
        yield KeyLine(palette=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer all only where there are several."""
        if action == "answer" and parameters == (True,):
            return self._unfinished > 1
        return super().check_action(action, parameters)

    def action_answer(self, every: bool) -> None:
        """Give the request back."""
        self.dismiss(StopRequested(kill=self._kill, every=every))
