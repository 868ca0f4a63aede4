"""One job that may be of a start without an answer: everything known of it, and what speaks for or against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from tui.screens.job.detail import job_facts
from tui.screens.overlay import Overlay
from tui.text import clean, clock_time
from tui.widgets.facts import Facts
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from tui.api.models import Job
    from tui.intent import Group, Intent

INPUTS_SHOWN = 2_000


class CandidateScreen(Overlay[None]):
    """Shows one candidate beside what was started."""

    def __init__(self, job: Job, group: Group, intent: Intent) -> None:
        super().__init__()
        self._job = job
        self._group = group
        self._intent = intent

    def compose(self) -> ComposeResult:
        """Yield the facts."""
        with VerticalScroll(classes="box", can_focus=True) as box:
            box.border_title = f"Job {self._job.id}"
            yield Facts()
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Show the job as it was when it was last looked at."""
        self.query_one(Facts).show(self._facts())

    def _facts(self) -> list[tuple[str, Content | str]]:
        job, intent = self._job, self._intent
        others = [str(each.id) for each in self._group.jobs if each is not job]
        return [
            ("Our start", f"{clean(intent.release_name)}, sent {clock_time(intent.sent_at)}"),
            ("It fits", "in everything that can be compared" if self._group.fits else ""),
            ("It differs", ", ".join(self._group.misfits)),
            *job_facts(job),
            ("State", job.state),
            ("Same call", ", ".join(others)),
            ("Batch", job.batch_execution_key),
            ("Reference", job.reference),
            ("Inputs", clean(job.input_arguments, limit=INPUTS_SHOWN) or "none"),
        ]
