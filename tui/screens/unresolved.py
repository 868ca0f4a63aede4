"""Step 4 gone wrong: the start was sent and no complete answer came. Looks for the job; never starts it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.flow.events import CandidateAdopted, CheckRequested
from tui.flow.states import StartUnresolved
from tui.screens.step import StepScreen
from tui.text import clock_time, counted
from tui.widgets.content import state_look
from tui.widgets.failure_notice import failure_content
from tui.widgets.job_rows import JobRows

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Job


class UnresolvedScreen(StepScreen[StartUnresolved]):
    """What is known, what is not, and the jobs that may be the one."""

    STEP = 4
    AUTO_FOCUS = "#candidates"
    HELP = (
        "The start left this machine, but its answer did not arrive whole. The job may exist: starting again could "
        "run it twice. The list shows jobs of this release that are newer than the start. If one of them is yours, "
        "take it; the program can't prove it. Leaving keeps a warning on the release."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "adopt", "It is mine", id="unresolved.adopt", tooltip="Watch the marked job as the one started"),
        Binding("c", "check", "Check again", id="unresolved.check", tooltip="Look for the job now"),
        Binding("escape", "back", "Leave", id="unresolved.leave", tooltip="Back to the releases; the warning stays"),
    ]

    def compose_step(self) -> ComposeResult:
        """Yield the story and the candidates."""
        yield Static(id="story", markup=False)
        yield Static(id="candidates-title", classes="question apart", markup=False)
        yield JobRows(id="candidates")

    def show_step(self, state: StartUnresolved) -> None:
        """Show what is known now; the marked candidate stays marked."""
        release = state.answers.release
        name = release.name if release else "the job"
        self.query_one("#story", Static).update(
            Content("\n").join(
                [
                    Content.assemble(
                        ("? ", "bold $warning"),
                        "We sent the start of ",
                        (name, "bold"),
                        " but got no complete answer. ",
                        ("The job may exist. Do not start it again.", "bold $warning"),
                    ),
                    failure_content(state.lost),
                ]
            )
        )
        rows = self.query_one(JobRows)
        marked = state.candidates.index(self._marked) if self._marked in state.candidates else 0
        rows.set_rows([_row(job) for job in state.candidates], marked)
        self.query_one("#candidates-title", Static).update(self._title(state))

    @property
    def _marked(self) -> Job | None:
        rows = self.query_one(JobRows)
        candidates = self._candidates
        return candidates[rows.cursor] if rows.cursor < len(candidates) else None

    _candidates: tuple[Job, ...] = ()

    def _title(self, state: StartUnresolved) -> Content:
        self._candidates = state.candidates
        if state.candidates:
            return Content.assemble(
                f"{counted(len(state.candidates), 'newer job fits', 'newer jobs fit')}. "
                "Only you can tell whether one is yours: ",
                (" m ", "bold reverse"),
                " it is mine",
            )
        if any(effect.doing for effect in state.pending):
            return Content(f"Looking for the job… (look {state.checks + 1})")
        if state.pending:
            return Content(f"Not seen in {counted(state.checks, 'look')} so far; looks again by itself.")
        return Content("No such job was seen. It most likely never started, but a late delivery is possible.")

    def action_adopt(self) -> None:
        """Take the marked job as the one that was started."""
        job = self._marked
        if job is not None:
            self.happened(CandidateAdopted(job=job))

    def action_check(self) -> None:
        """Look again."""
        self.happened(CheckRequested())


def _row(job: Job) -> tuple[str, ...]:
    return (
        str(job.id),
        f"{state_look(job.state).glyph} {job.state}",
        f"created {clock_time(job.creation_time)}",
        job.host_machine_name,
        job.source or job.source_type,
    )
