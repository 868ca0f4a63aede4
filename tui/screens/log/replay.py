"""An earlier session, read-only: its log, and above it the job as it was at the call under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.replay.folding import time_of
from tui.screens.job.detail import outputs
from tui.screens.job.panel import JobPanel
from tui.screens.job.story import call_of_row, rows_of_call
from tui.screens.log.replay_reading import ReplayReading
from tui.screens.log.replay_words import HELP, as_of, no_job, reading, title, told
from tui.text import clean, counted
from tui.widgets.copying import copy_out
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.log.log_panel import LogPanel
from tui.widgets.robot_log import RobotLogLines
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

    from tui.clock import Clock
    from tui.exchanges.model import Entry
    from tui.replay.folding import Moment
    from tui.replay.source import PastSession


class ReplayScreen(ReplayReading):
    """Closes with Esc. ``past`` is let go of then."""

    AUTO_FOCUS = "ExchangeList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012 - Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middle"), (32, "-tall")]  # noqa: RUF012 - Textual's declaration
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="replay.close", tooltip="Close the earlier session"),
        Binding(
            "comma", "change(-1)", "Before", id="replay.before", tooltip="Go to the call that told the state before"
        ),
        Binding(
            "full_stop", "change(1)", "Next state", id="replay.next", tooltip="Go to the call that told the next one"
        ),
        Binding("v", "toggle_view", "View", id="replay.view", tooltip="Switch between facts and time line"),
        Binding("o", "copy_outputs", "Copy outputs", id="replay.outputs", tooltip="Copy the output arguments as JSON"),
        Binding("f8,ctrl+l", "toggle_log", "Log", id="replay.log", tooltip="Show the log, or the job in its place"),
        Binding("f1,question_mark", "help", "Help", id="replay.help", tooltip="Explain this screen and its keys"),
    ]

    def __init__(self, past: PastSession, clock: Clock) -> None:
        super().__init__(past)
        self.clock = clock
        self._picked = self._job = 0

    def compose(self) -> ComposeResult:
        """Yield which session it is, the job, what the call told, and the log."""
        yield Static(title(self.past.kept), id="past-title", markup=False)
        yield JobPanel(id="job-panel")
        yield Static(id="past-nothing", markup=False)
        yield Static(id="past-told", markup=False)
        yield LogPanel(self.exchanges, id="log")
        yield KeyLine()

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, those of this screen before those of the log."""
        found = super().active_bindings
        own = {key: active for key, active in found.items() if (active.binding.id or "").startswith("replay.")}
        return own | {key: active for key, active in found.items() if key not in own}

    def on_mount(self) -> None:
        """Read what the answers told, beside the keys; each call is a row, for each is a moment."""
        self.past.keep_marks(self._complain)
        self.query_one(RobotLogLines).explain("Nothing is known of it at this call.")
        calls = self.query_one(ExchangeList)
        calls.folded = False
        if len(self.exchanges):
            self._reading, self._entry = self.exchanges.entries[0], self.exchanges.entries[-1]
            self._begin_at_the_end()
        self._show()
        self._glance()
        self.run_worker(self._read, name="replay", group="replay")

    def _begin_at_the_end(self) -> None:
        """Go to the last call, in a long list as soon as it is shown, unless the person moves on before."""
        calls = self.query_one(ExchangeList)
        if not calls.select(self._last):
            calls.select_when_shown(self._last)

    def on_unmount(self) -> None:
        """Let go of the file."""
        self.past.close()

    def on_log_panel_highlighted(self, message: LogPanel.Highlighted) -> None:
        """Go to the moment of the call."""
        message.stop()
        self._entry = message.entry
        self._picked = 0
        self._show()
        self._glance()

    @on(Rows.Marked, "#jobs")
    def _job_marked(self, message: Rows.Marked) -> None:
        if self._shown is not None and message.index < len(self._shown.jobs):
            self._picked = self._shown.jobs[message.index].job.id
            self._show()

    @on(RobotLogLines.CallRequested)
    def _show_call(self, message: RobotLogLines.CallRequested) -> None:
        """Go from a state to the call that told it, and so to that moment."""
        moment = self._shown
        if moment is not None and moment.jobs:
            number = call_of_row(self.exchanges, moment.jobs[self._selected(moment)], message.row)
            if number is not None:
                self.show_call(number)

    @on(ExchangeList.JobRequested)
    def _show_one(self, message: ExchangeList.JobRequested) -> None:
        """Go from a call to its job, as it was then."""
        message.stop()
        message.prevent_default()
        jobs = self._shown.jobs if self._shown is not None else ()
        about = [each.job.id for each in jobs if {str(each.job.id), each.job.key.lower()} & set(message.names)]
        if not about:
            self._complain(f"Nothing is known of job {message.names[0]} at this call.")
            return
        self._picked = about[0]
        self._show()
        if self.has_class("-low"):
            self.add_class("-log-toggled")
        self.set_class(self.has_class("-narrow"), "-robot-log")
        lines, moment = self.query_one(RobotLogLines), self._shown
        lines.focus()
        if moment is not None:
            lines.go_to_one_of(rows_of_call(self.exchanges, moment.jobs[self._selected(moment)], message.number))

    def _show(self) -> None:
        """Show the moment of the call under the cursor, or as far as the answers are read."""
        if not self.is_attached or not self.query("#past-told"):
            return
        entry, replay = self._so_far
        moment = replay.at(entry.id) if entry is not None else None
        known = moment is not None and bool(moment.jobs)
        self.query_one(JobPanel).display = known
        nothing = self.query_one("#past-nothing", Static)
        nothing.display = not known
        if entry is None or moment is None:
            nothing.update("This session holds no call.")
            return
        if known:
            self._show_job(entry, moment, replay.look_before(entry.id))
        else:
            nothing.update(no_job(entry, self.past.replay.change_after(entry.id), reading=self._reading is not None))
        job = moment.jobs[self._selected(moment)].job.id if known else 0
        glanced = replay is not self.past.replay
        so_far = self._reading if glanced or entry is not self._entry else None
        line = told(entry, moment, job) if so_far is None else reading(so_far, self._last, glanced=glanced)
        self.query_one("#past-told", Static).update(line)
        self._shown = moment
        self.refresh_bindings()

    def _show_job(self, entry: Entry, moment: Moment, look: int) -> None:
        selected = self._selected(moment)
        self._job = moment.jobs[selected].job.id
        panel = self.query_one(JobPanel)
        panel.show_jobs(moment.jobs, selected, time_of(entry.started_at, entry.total))
        panel.show_line(as_of(entry, self._last, look, moment, moment.jobs[selected].job.id))

    def _selected(self, moment: Moment) -> int:
        """Return the place of the job that is shown: the picked one, else one of the call's, else the same."""
        ids = [watched.job.id for watched in moment.jobs]
        if self._picked in ids:
            return ids.index(self._picked)
        entry, _ = self._so_far
        names = frozenset(entry.job.split()) if entry is not None else frozenset[str]()
        about = moment.about if entry is not None and moment.call == entry.id else ()
        about = about or tuple(
            each.job.id for each in moment.jobs if str(each.job.id) in names or each.job.key.lower() in names
        )
        wanted = self._job if self._job in about or not about else about[0]
        return ids.index(wanted) if wanted in ids else len(ids) - 1

    def _complain(self, sentence: str) -> None:
        host(self).notify(clean(sentence), severity="warning", markup=False)

    def action_change(self, step: int) -> None:
        """Go to the call that told the next state, or the one before."""
        replay, here = self.past.replay, self._entry.id if self._entry is not None else 0
        call = replay.change_after(here) if step > 0 else replay.change_before(here)
        calls = self.query_one(ExchangeList)
        if call is None:
            host(self).bell()
            return
        calls.folded = False
        if not calls.select(call):
            self._complain(f"Call {call} told it, but the filter hides it.")

    def action_close(self) -> None:
        """Close the session."""
        self.dismiss(None)

    def action_toggle_view(self) -> None:
        """Switch between facts and time line where there is no room for both."""
        self.toggle_class("-robot-log")
        if not self.query_one("#log").has_focus_within:
            self._focus_job()

    def action_copy_outputs(self) -> None:
        """Copy the output arguments of the job as they were then."""
        if self._shown is not None and self._shown.jobs:
            copy_out(self, outputs(self._shown.jobs[self._selected(self._shown)].job))

    def action_toggle_log(self) -> None:
        """Show the job without the log, or where there is no room for both, in its place."""
        self.toggle_class("-log-toggled")
        if self.has_class("-log-toggled"):
            self._focus_job()
        else:
            self.query_one(ExchangeList).focus()

    def _focus_job(self) -> None:
        """Give the keys to the side of the job that is seen."""
        facts = self.has_class("-narrow") and not self.has_class("-robot-log")
        self.query_one("#job-left" if facts else "#robot-log", Widget).focus()

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from tui.screens.help import HelpScreen, keys_of

        kept = self.past.kept
        host(self).push_screen(HelpScreen(f"Session {kept.id}, {counted(kept.calls, 'call')}", HELP, keys_of(self)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is something to do for."""
        if action == "toggle_view":
            return self.has_class("-narrow")
        if action == "copy_outputs":
            moment = self._shown
            return bool(moment and moment.jobs and moment.jobs[self._selected(moment)].job.output_arguments)
        return super().check_action(action, parameters)
