"""Step 4 gone wrong: the start was sent and no complete answer came. Looks for the job; never starts it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui import doubt
from tui.flow.events import CandidateAdopted, CandidateDenied, CheckRequested, StartAgainRequested
from tui.flow.states import StartUnresolved
from tui.intent import IntentState
from tui.screens.step import StepScreen
from tui.text import clock_time
from tui.widgets.content import state_look
from tui.widgets.host import host
from tui.widgets.job_rows import JobRows

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Job
    from tui.intent import Group


class UnresolvedScreen(StepScreen[StartUnresolved]):
    """What is known, what is not, and the jobs that may be the one."""

    STEP = 4
    AUTO_FOCUS = "#candidates"
    HELP = (
        "The start left this machine, but its answer did not arrive whole. The job may exist: starting again could "
        "run it twice. Where the server keeps our mark, or an input argument carries it, the job is found by it, and "
        "this screen goes on to it by itself. Where neither is so, the list shows newer jobs of this release: only you "
        "can say that one is yours.\n"
        "Until this is settled the release can't be started again, not from another window either. Leaving changes "
        "nothing: the journal on this computer remembers."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "adopt", "It is mine", id="unresolved.adopt", tooltip="Watch the marked job as the one started"),
        Binding("n", "deny", "Not mine", id="unresolved.deny", tooltip="The marked job was started by somebody else"),
        Binding("d", "details", "Open details", id="unresolved.details", tooltip="All that is known of the marked job"),
        Binding("c", "check", "Check again", id="unresolved.check", tooltip="Look for the job now"),
        Binding(
            "a",
            "start_again",
            "Start again…",
            id="unresolved.again",
            tooltip="Start once more at your own risk; asks for the name of the process",
        ),
        Binding("escape", "back", "Leave", id="unresolved.leave", tooltip="Back to the releases; nothing changes"),
    ]
    _rows: tuple[tuple[Job, Group], ...] = ()

    def compose_step(self) -> ComposeResult:
        """Yield the story and the candidates."""
        yield Static(id="story", markup=False)
        yield Static(id="finding", classes="apart", markup=False)
        yield JobRows(id="candidates")

    def show_step(self, state: StartUnresolved) -> None:
        """Show what is known now; the marked job stays marked."""
        story = Content.assemble(("? ", "bold $warning"), doubt.story(state))
        self.query_one("#story", Static).update(story)
        finding = Content.styled(doubt.finding(state), "bold" if state.may_start_again or self._decides else "")
        self.query_one("#finding", Static).update(finding)
        marked = self._marked
        self._rows = tuple((job, group) for group in state.groups for job in group.jobs)
        jobs = [job.id for job, _ in self._rows]
        place = jobs.index(marked.id) if marked is not None and marked.id in jobs else 0
        self.query_one(JobRows).set_rows([_row(job, group) for job, group in self._rows], place)

    @property
    def _decides(self) -> bool:
        """Whether the whole time has been waited, so that the person may say what is theirs."""
        judged = (IntentState.LIKELY, IntentState.ASK_USER)
        return self._state is not None and self._state.intent.state in judged

    @property
    def _marked(self) -> Job | None:
        cursor = self.query_one(JobRows).cursor if self._rows else 0
        return self._rows[cursor][0] if cursor < len(self._rows) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the knowledge of now allows."""
        if action in ("adopt", "deny"):
            return self._decides
        if action == "details":
            return bool(self._rows)
        if action == "start_again":
            return self._state is not None and self._state.may_start_again
        return super().check_action(action, parameters)

    def action_adopt(self) -> None:
        """Take the marked job as the one that was started."""
        job = self._marked
        if job is not None:
            self.happened(CandidateAdopted(job=job))

    def action_deny(self) -> None:
        """Say that the marked job is somebody else's."""
        job = self._marked
        if job is not None:
            self.happened(CandidateDenied(job=job))

    def action_details(self) -> None:
        """Show all that is known of the marked job, and how it compares with what was started."""
        from tui.screens.start.candidate import CandidateScreen

        cursor = self.query_one(JobRows).cursor
        if cursor < len(self._rows):
            host(self).push_screen(CandidateScreen(*self._rows[cursor], self.state.intent))

    def action_check(self) -> None:
        """Look again."""
        self.happened(CheckRequested())

    def action_start_again(self) -> None:
        """Ask for the name of the process before another start can be made."""
        from tui.screens.start.again import StartAgainScreen

        host(self).push_screen(StartAgainScreen(doubt.name_of(self.state)), self._start_again)

    def _start_again(self, name: str | None) -> None:
        if name is not None:
            self.happened(StartAgainRequested(name=name))


def _row(job: Job, group: Group) -> tuple[str, ...]:
    return (
        str(job.id),
        f"{state_look(job.state).glyph} {job.state}",
        clock_time(job.creation_time),
        "fits, same arguments" if group.fits else ", ".join(group.misfits),
        job.host_machine_name,
    )
