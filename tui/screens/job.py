"""Step 5: the job's state at a glance, its facts and stages, what the robot logs, and what can be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.flow.events import (
    CompareRequested,
    JobSelected,
    JobsRequested,
    PauseToggled,
    PollRequested,
    Retried,
    RunAgainRequested,
    StopRequested,
)
from tui.flow.outcome import is_final, meaning
from tui.flow.states import Watching
from tui.screens.job_detail import explained, job_facts, outputs, poll_line, stages
from tui.screens.job_story import Story
from tui.screens.opening_page import open_page
from tui.screens.step import StepScreen
from tui.screens.stop import StopScreen
from tui.text import clock_time, counted, duration
from tui.widgets.content import state_look
from tui.widgets.copying import copy_out
from tui.widgets.facts import Facts
from tui.widgets.host import host
from tui.widgets.job_rows import KINDS, JobRows, kind_of
from tui.widgets.robot_log import RobotLogLines
from tui.widgets.rows import Rows
from tui.widgets.search_field import SearchField
from tui.widgets.timeline import timeline

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.api.models import Job
    from tui.flow.effects import Effect
    from tui.flow.states import WatchedJob


class JobScreen(StepScreen[Watching]):
    """One job, or several with one selected."""

    STEP = 5
    AUTO_FOCUS = ""
    HELP = (
        "The state is read every few seconds; the line below it says how old the picture is and when it is renewed.\n"
        "Esc goes back to the releases while the job goes on; F6 there returns here. Stop asks the process to end, "
        "Kill ends it where it is. Leaving the program does not touch the job."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "stop(False)", "Stop", id="job.stop", tooltip="Ask the job to stop; the process decides when"),
        Binding("k", "stop(True)", "Kill", id="job.kill", tooltip="End the job where it is"),
        Binding("r", "again", "Run again", id="job.again", tooltip="Back to the start form with the same inputs"),
        Binding("c", "check", "Check now", id="job.check", tooltip="Read the state now"),
        Binding("p,space", "pause", "Pause", id="job.pause", tooltip="Stop or resume reading the state"),
        Binding("o", "copy_outputs", "Copy outputs", id="job.outputs", tooltip="Copy the output arguments as JSON"),
        Binding("y", "values", "Values", id="job.values", tooltip="Instance name, release key, and the calls to copy"),
        Binding("d", "compare", "Compare", id="job.compare", tooltip="Inputs and outputs beside the run before"),
        Binding("f7,j", "jobs", "Jobs", id="job.jobs", tooltip="List the recent jobs; this one stays watched"),
        Binding("b", "browser", "Browser", id="job.browser", tooltip="Open Orchestrator, whose address is shown"),
        Binding("v", "toggle_view", "View", id="job.view", tooltip="Switch between facts and robot log"),
    ]

    _ticker: Timer | None = None
    _told: tuple[object, ...] = ()
    _refused = ""
    _comparing = False
    _offered: tuple[bool, ...] = ()

    def compose_step(self) -> ComposeResult:
        """Yield the state, then facts beside the robot's log."""
        with Horizontal(id="job-head"):
            yield Static(id="job-state", markup=False)
            with Vertical():
                yield Static(id="job-meaning", markup=False)
                yield Static(id="poll-line", markup=False)
        yield Static(id="job-explained", markup=False)
        with Horizontal(id="job-columns"):
            with VerticalScroll(id="job-left", can_focus=True):
                yield Static(id="jobs-counter", markup=False)
                yield JobRows(id="jobs")
                yield Facts(id="job-facts")
                yield Static(id="job-stages", classes="apart", markup=False)
                yield Static(id="job-outputs", classes="apart", markup=False)
            with Vertical(id="story"):
                yield RobotLogLines("Nothing is known yet.", id="robot-log")
                yield SearchField(placeholder="Find · Enter next · Esc ends", compact=True, id="log-search")

    def on_mount(self) -> None:
        """Start the ticker and name the columns."""
        self._story = Story()
        self.query_one(SearchField).display = False
        self.query_one("#robot-log").border_title = "Time line"
        self._ticker = self.set_interval(1.0, self._tick)
        self.query_one("#robot-log").focus()

    def on_screen_suspend(self) -> None:
        """Rest while covered."""
        if self._ticker is not None:
            self._ticker.pause()

    def on_screen_resume(self) -> None:
        """Tick again."""
        if self._ticker is not None:
            self._ticker.resume()

    def _tick(self) -> None:
        self.query_one("#poll-line", Static).update(poll_line(self.state, self.clock.now()), layout=False)

    def awaits(self, effect: Effect) -> bool:
        """Tell whether a person waits: only for a stop; reading goes on by itself."""
        return not effect.cancellable or type(effect).__name__ == "FetchPrevious"

    def way_out(self, effect: Effect | None) -> str:
        """Return nothing: stopping can't be taken back."""
        del effect
        return ""

    def show_step(self, state: Watching) -> None:
        """Show the selected job; what did not change is not drawn again."""
        watched = state.current
        job = watched.job
        self._show_state(job.state)
        self._tick()
        self._show_jobs(state)
        self.query_one(Facts).show([*job_facts(job), ("Server", state.answers.base)])
        why = explained(watched, state.checked_at)
        self.query_one("#job-explained").display = bool(why.plain)
        self._update("#job-explained", why)
        self._update("#job-stages", timeline(stages(watched)))
        text = outputs(job)
        self.query_one("#job-outputs").display = bool(text)
        self._update("#job-outputs", Content.assemble(("Outputs\n", "bold"), text))
        self._show_logs(watched)
        self._show_comparison(state)

    def _show_state(self, name: str) -> None:
        look = state_look(name)
        badge = self.query_one("#job-state", Static)
        self._update("#job-state", Content(f"{look.glyph} {name.upper() or 'NO STATE'}"))
        for kind in KINDS:
            badge.set_class(kind == kind_of(name), f"-{kind}")
        self._update("#job-meaning", Content.styled(meaning(name), "bold"))

    def _update(self, selector: str, content: Content) -> None:
        widget = self.query_one(selector, Static)
        if widget.content != content:
            widget.update(content)

    def _show_jobs(self, state: Watching) -> None:
        several = len(state.jobs) > 1
        rows, counter = self.query_one(JobRows), self.query_one("#jobs-counter", Static)
        rows.display = counter.display = several
        if several:
            counts: dict[str, int] = {}
            for watched in state.jobs:
                counts[watched.job.state] = counts.get(watched.job.state, 0) + 1
            words = " · ".join(f"{state_look(name).glyph} {count} {name}" for name, count in counts.items())
            self._update("#jobs-counter", Content(f"{counted(len(state.jobs), 'job')}: {words}"))
            rows.set_rows([_row(watched.job) for watched in state.jobs], state.selected)

    def _show_logs(self, watched: WatchedJob) -> None:
        lines = self.query_one(RobotLogLines)
        told = (watched.job.id, watched.logs, watched.seen, watched.job.start_time, watched.job.end_time)
        if all(old is new for old, new in zip(self._told, told, strict=False)) and self._told:
            new_refusal = watched.logs_refused != self._refused
        else:
            new_refusal = True
            lines.set_rows(self._story.rows(watched))
            self._told = told
        if new_refusal:
            self._refused = watched.logs_refused
            count = f" · {counted(len(watched.logs), 'log line')}" if watched.logs else ""
            refused = f" · no robot log: {watched.logs_refused}" if watched.logs_refused else ""
            lines.border_title = Content(f"Time line{count}{refused}").markup

    @on(RobotLogLines.SearchRequested)
    def _ask_what_to_find(self) -> None:
        field = self.query_one(SearchField)
        field.display = True
        field.focus()

    @on(SearchField.Changed)
    def _find(self, message: SearchField.Changed) -> None:
        self.query_one(RobotLogLines).search(message.value)

    @on(SearchField.Submitted)
    def _find_next(self) -> None:
        self.query_one(RobotLogLines).action_found(1)

    @on(SearchField.Closed)
    def _stop_finding(self) -> None:
        self.query_one(SearchField).display = False
        self.query_one(RobotLogLines).focus()

    @on(Rows.Marked, "#jobs")
    def _job_marked(self, message: Rows.Marked) -> None:
        self.happened(JobSelected(index=message.index))

    def action_stop(self, kill: bool) -> None:
        """Ask whether to stop or kill."""
        unfinished = sum(not is_final(watched.job.state) for watched in self.state.jobs)
        host(self).push_screen(StopScreen(self.state.current.job, kill=kill, unfinished=unfinished), self._stop)

    def _stop(self, request: StopRequested | None) -> None:
        if request is not None:
            self.happened(request)

    def _show_comparison(self, state: Watching) -> None:
        """Show the run before beside this one, once it was asked for and is known."""
        found = state.previous
        if not self._comparing or found is None or found.of != state.current.job.id:
            return
        from tui.screens.jobs_compare import CompareScreen

        self._comparing = False
        host(self).push_screen(CompareScreen(found, state.current.job))

    def action_compare(self) -> None:
        """Ask for the run before this one."""
        self._comparing = True
        self.happened(CompareRequested())

    def action_jobs(self) -> None:
        """List the recent jobs."""
        self.happened(JobsRequested())

    def action_again(self) -> None:
        """Go back to the start form."""
        self.happened(RunAgainRequested())

    def action_check(self) -> None:
        """Read the state now."""
        self.happened(PollRequested(at=self.clock.now()))

    def action_retry(self) -> None:
        """Read again after a failure."""
        self.happened(Retried(at=self.clock.now()))

    def action_pause(self) -> None:
        """Stop or resume reading."""
        self.happened(PauseToggled(at=self.clock.now()))

    def action_copy_outputs(self) -> None:
        """Copy the output arguments."""
        copy_out(self, outputs(self.state.current.job))

    def action_browser(self) -> None:
        """Open Orchestrator in the browser."""
        self.run_worker(open_page(self, self.state.answers.base), group="browser")

    def action_toggle_view(self) -> None:
        """Switch between facts and robot log where there is no room for both."""
        self.toggle_class("-robot-log")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the state allows."""
        if self._state is None:
            return super().check_action(action, parameters)
        over = all(is_final(watched.job.state) for watched in self._state.jobs)
        if action in ("check", "pause"):
            return not over
        if action == "stop":
            return not is_final(self._state.current.job.state) or not over
        if action == "toggle_view":
            return self.has_class("-narrow")
        if action == "again":
            return _can_run_again(self._state)
        if action == "copy_outputs":
            return bool(self._state.current.job.output_arguments)
        return super().check_action(action, parameters)


def _can_run_again(state: Watching) -> bool:
    """Tell whether the release is known and belongs to the folder whose releases lie behind."""
    release, listing = state.answers.release, state.listing
    known = release is not None and bool(release.key)
    return known and (listing is None or listing.answers.folder == state.answers.folder)


def _row(job: Job) -> tuple[str, ...]:
    took = (job.end_time - job.start_time).total_seconds() if job.end_time and job.start_time else None
    return (
        str(job.id),
        f"{state_look(job.state).glyph} {job.state}",
        duration(took) if took is not None else clock_time(job.start_time or job.creation_time),
        job.host_machine_name,
    )
