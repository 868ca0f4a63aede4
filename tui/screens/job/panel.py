"""One job at a glance: state, facts, stages, outputs and time line; several jobs as rows above. Knows no polling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.flow.outcome import meaning
from tui.screens.job.detail import explained, job_facts, outputs, said, stages
from tui.screens.job.story import Story
from tui.text import clock_time, counted, duration
from tui.widgets.content import renew, state_look
from tui.widgets.facts import Facts
from tui.widgets.job_rows import KINDS, JobRows, kind_of
from tui.widgets.robot_log import RobotLogLines
from tui.widgets.search_field import SearchField
from tui.widgets.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from tui.api.models import Job
    from tui.flow.states import WatchedJob


class JobPanel(Vertical):
    """Shows the jobs it is given, one of them in full; what did not change is not drawn again."""

    _told: tuple[object, ...] = ()
    _refused = ""

    def compose(self) -> ComposeResult:
        """Yield the state, then facts beside the robot's log."""
        with Horizontal(id="job-head"):
            yield Static(id="job-state", markup=False)
            with Vertical():
                yield Static(id="job-meaning", markup=False)
                yield Static(id="poll-line", markup=False)
        yield Static(id="job-notice", markup=False)
        yield Static(id="job-said", markup=False)
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
        """Name the columns."""
        self._story = Story()
        self.query_one("#job-notice").display = False
        self.query_one(SearchField).display = False
        self.query_one("#robot-log").border_title = "Time line"

    @property
    def line_room(self) -> int:
        """The cells there are for the line; 0 before anything is laid out."""
        return self.query_one("#poll-line").content_size.width

    def show_line(self, line: Content) -> None:
        """Show ``line`` below the meaning of the state: how old the picture is."""
        renew(self.query_one("#poll-line", Static), line)

    def show_notice(self, notice: str) -> None:
        """Show what came up beside the state, in lines of its own: it is no part of what may be cut."""
        shown = self.query_one("#job-notice", Static)
        shown.display = bool(notice)
        if shown.content != notice:
            shown.update(notice)

    def show_jobs(
        self, jobs: Sequence[WatchedJob], selected: int, at: datetime | None, more: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Show ``jobs`` as they were ``at`` that time, the selected one in full with ``more`` facts behind its own."""
        watched = jobs[selected]
        job = watched.job
        self._show_state(job.state)
        self._show_rows(jobs, selected)
        self.query_one(Facts).show([*job_facts(job), *more])
        words, why = said(job), explained(watched, at)
        for selector, content in (("#job-said", words), ("#job-explained", why)):
            self.query_one(selector).display = bool(content.plain)
            self._update(selector, content)
        self.query_one("#job-head").set_class(bool(words.plain or why.plain), "-explained")
        self._update("#job-stages", timeline(stages(watched)))
        text = outputs(job)
        self.query_one("#job-outputs").display = bool(text)
        self._update("#job-outputs", Content.assemble(("Outputs\n", "bold"), text))
        self._show_logs(watched)

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

    def _show_rows(self, jobs: Sequence[WatchedJob], selected: int) -> None:
        several = len(jobs) > 1
        rows, counter = self.query_one(JobRows), self.query_one("#jobs-counter", Static)
        rows.display = counter.display = several
        if several:
            counts: dict[str, int] = {}
            for watched in jobs:
                counts[watched.job.state] = counts.get(watched.job.state, 0) + 1
            words = " · ".join(f"{state_look(name).glyph} {count} {name}" for name, count in counts.items())
            self._update("#jobs-counter", Content(f"{counted(len(jobs), 'job')}: {words}"))
            rows.set_rows([_row(watched.job) for watched in jobs], selected)

    def _show_logs(self, watched: WatchedJob) -> None:
        lines = self.query_one(RobotLogLines)
        job = watched.job
        told = (job.id, watched.logs, watched.seen, job.start_time, job.end_time, watched.logs_refused)
        if all(old is new for old, new in zip(self._told, told, strict=False)) and self._told:
            new_refusal = watched.logs_refused != self._refused
        else:
            new_refusal = True
            lines.set_rows(self._story.rows(watched))
            self._told = told
        if new_refusal:
            self._refused = watched.logs_refused
            count = f" · {counted(len(watched.logs), 'log line')}" if watched.logs else ""
            refused = " · no robot log" if watched.logs_refused else ""
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


def _row(job: Job) -> tuple[str, ...]:
    took = (job.end_time - job.start_time).total_seconds() if job.end_time and job.start_time else None
    return (
        str(job.id),
        f"{state_look(job.state).glyph} {job.state}",
        duration(took) if took is not None else clock_time(job.start_time or job.creation_time),
        job.host_machine_name,
    )
