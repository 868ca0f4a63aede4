"""Step 5: the job's state at a glance, its facts and stages, what the robot logs, and what can be done now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

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
from tui.flow.outcome import is_final
from tui.flow.states import Watching
from tui.screens.job.detail import outputs, poll_line
from tui.screens.job.panel import JobPanel
from tui.screens.job.stop import StopScreen
from tui.screens.job.story import call_of_row, rows_of_call
from tui.screens.opening_page import open_page
from tui.screens.sign_in.fields import is_seen
from tui.screens.step import StepScreen
from tui.widgets.copying import copy_out
from tui.widgets.host import host
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.robot_log import RobotLogLines
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.flow.effects import Effect


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
    _comparing = False
    _offered: tuple[bool, ...] = ()

    def compose_step(self) -> ComposeResult:
        """Yield the panel of the job."""
        yield JobPanel(id="job-panel")

    def on_mount(self) -> None:
        """Start the ticker."""
        self._ticker = self.set_interval(1.0, self._tick)
        self.query_one("#robot-log").focus()
        self.call_after_refresh(self._mind_focus)

    def fold(self) -> None:
        """Keep the focus, and with it the keys that are offered, on what there is room for."""
        super().fold()
        self.call_after_refresh(self._mind_focus)

    def _mind_focus(self) -> None:
        if not is_seen(self.focused):
            narrow = self.has_class("-narrow") and not self.has_class("-robot-log")
            self.set_focus(self.query_one("#job-left" if narrow else "#robot-log"))

    def on_screen_suspend(self) -> None:
        """Rest while covered."""
        if self._ticker is not None:
            self._ticker.pause()

    def on_screen_resume(self) -> None:
        """Tick again."""
        if self._ticker is not None:
            self._ticker.resume()

    def _tick(self) -> None:
        panel = self.query_one(JobPanel)
        panel.show_line(poll_line(self.state, self.clock.now(), panel.line_room, self.exchanges.turn()))

    def awaits(self, effect: Effect) -> bool:
        """Tell whether a person waits: only for a stop; reading goes on by itself."""
        return not effect.cancellable or type(effect).__name__ == "FetchPrevious"

    def way_out(self, effect: Effect | None) -> str:
        """Return nothing: stopping can't be taken back."""
        del effect
        return ""

    def show_step(self, state: Watching) -> None:
        """Show the selected job."""
        self._tick()
        self.query_one(JobPanel).show_notice(state.notice)
        server = ("Server", state.answers.base)
        self.query_one(JobPanel).show_jobs(state.jobs, state.selected, state.checked_at, [server])
        self._show_comparison(state)

    @on(Rows.Marked, "#jobs")
    def _job_marked(self, message: Rows.Marked) -> None:
        self.happened(JobSelected(index=message.index))

    @on(RobotLogLines.CallRequested)
    def _show_call(self, message: RobotLogLines.CallRequested) -> None:
        number = call_of_row(self.exchanges, self.state.current, message.row)
        if number is None:
            self.notify("No call in the log is about this job.", markup=False, timeout=3)
        else:
            self.show_call(number)

    @on(ExchangeList.JobRequested)
    def _show_job(self, message: ExchangeList.JobRequested) -> None:
        """Go from a call to its job: the one shown if the call is about it, else another of those watched."""
        jobs, names = self.state.jobs, message.names
        about = [n for n, each in enumerate(jobs) if str(each.job.id) in names or each.job.key.lower() in names]
        if not about:
            return
        message.stop()
        message.prevent_default()
        if self.state.selected not in about:
            self.happened(JobSelected(index=about[0]))
        self.set_class(self.has_class("-log-toggled") and not self.has_class("-low"), "-log-toggled")
        self.set_class(self.has_class("-narrow"), "-robot-log")
        lines = self.query_one("#robot-log", RobotLogLines)
        lines.focus()
        lines.go_to_one_of(rows_of_call(self.exchanges, self.state.current, message.number))

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
        from tui.screens.job.jobs_compare import CompareScreen

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
        self.run_worker(partial(open_page, self, self.state.answers.base), group="browser")

    def action_toggle_view(self) -> None:
        """Switch between facts and robot log where there is no room for both."""
        self.toggle_class("-robot-log")
        self.query_one("#robot-log" if self.has_class("-robot-log") else "#job-left").focus()

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
