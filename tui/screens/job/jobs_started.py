"""The lines above the releases: the job left running, and jobs started from this computer that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from tui.widgets.content import state_content
from tui.widgets.rows import cut

if TYPE_CHECKING:
    from collections.abc import Set

    from textual.screen import Screen

    from tui.api.models import Job
    from tui.flow.state import Answers
    from tui.started_job import StartedJob

LEAST_NAME: Final = 6
"""Cells below which a release's name is left out rather than cut."""


def show_started(screen: Screen[None], answers: Answers, watched: Set[int]) -> None:
    """Put the line above the step, renew it, or take it away; ``watched`` are ids that another line tells about."""
    lines = screen.query("#started")
    going_on = [job for job in answers.started if not job.over and job.id not in watched]
    if not going_on and not answers.started_trouble:
        lines.remove()
        return
    line = lines.first(Static) if lines else Static(id="started", markup=False)
    if not lines:
        screen.mount(line, before="#step")
    text = said(going_on, looked=answers.started_looked) if going_on else _trouble(answers)
    if line.content != text:
        line.update(text)


def parked_line(job: Job, width: int) -> Content:
    """Return how the job left running was seen last, and the key that returns to it; its name where there is room."""
    key = ((" F6 ", "bold reverse"), " returns to it")
    number, seen = ("Job ", (str(job.id), "bold")), (" was last seen ", state_content(job.state), " ")
    whole = Content.assemble(*number, f" ({job.release_name})", *seen, *key)
    if whole.cell_length <= width or not job.release_name:
        return whole
    brief = Content.assemble(*number, *seen, *key)
    room = width - brief.cell_length - 3
    if room < LEAST_NAME:
        return brief
    return Content.assemble(*number, f" ({cut(job.release_name, room).rstrip()})", *seen, *key)


def _trouble(answers: Answers) -> Content:
    return Content.styled(f"! {answers.started_trouble}", "$text-warning")


def said(jobs: list[StartedJob], *, looked: bool) -> Content:
    """Return how many jobs go on; until the server was asked, how it was when they were seen last."""
    key = (" F7 ", "bold reverse")
    if len(jobs) == 1:
        job = jobs[0]
        seen = "is" if looked else "was last seen"
        name = f" ({job.release_name}), started here, {seen} "
        return Content.assemble("Job ", (str(job.id), "bold"), name, state_content(job.state), " ", key, " shows it")
    run = "still run" if looked else "were still running when last seen"
    return Content.assemble((str(len(jobs)), "bold"), f" jobs you started {run} ", key, " shows them")
