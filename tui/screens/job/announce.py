"""What the window's title says, and how the end of a job is announced: bell and notification."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from textual.content import Content

from tui.flow.outcome import is_final
from tui.flow.states import Watching
from tui.screens.step import StepScreen
from tui.text import counted
from tui.widgets.content import state_look
from tui.widgets.terminal import set_progress, set_title, shows_progress

if TYPE_CHECKING:
    from textual.app import App

    from tui.flow.states import State
    from tui.settings import Settings


def window_title(state: State) -> str:
    """Return the title: the program, and the job's state while one is watched."""
    if not isinstance(state, Watching):
        return "uipath-tui"
    if len(state.jobs) == 1:
        job = state.jobs[0].job
        return f"{state_look(job.state).glyph} {job.state} · {job.release_name or job.id} · uipath-tui"
    over = sum(is_final(watched.job.state) for watched in state.jobs)
    return f"{over}/{len(state.jobs)} ended · uipath-tui"


def tell_outside(app: App[None], state: State, settings: Settings | None, announced: set[int]) -> None:
    """Show progress, name the window, and announce an end once: ``announced`` are the jobs whose end was."""
    if settings is not None and _wants_progress(settings):
        set_progress(app, progress(state))
    title = window_title(state)
    if title != app.sub_title:
        app.sub_title = title
        if settings is None or settings.announce_title == "on":
            set_title(app, title)
    if isinstance(state, Watching) and state.jobs and all(is_final(watched.job.state) for watched in state.jobs):
        ended = {watched.job.id for watched in state.jobs}
        if not ended <= announced:
            announced |= ended
            announce(app, state, settings)


def _wants_progress(settings: Settings) -> bool:
    return settings.announce_progress == "on" or (settings.announce_progress == "auto" and shows_progress())


def progress(state: State) -> str:
    """Return which progress the terminal shows for ``state``."""
    if not isinstance(state, Watching):
        return "none"
    states = {watched.job.state for watched in state.jobs}
    if not all(is_final(found) for found in states):
        return "wait" if states <= {"Pending", "Suspended"} else "busy"
    return "good" if states == {"Successful"} else "bad"


def announce(app: App[None], state: Watching, settings: Settings | None = None) -> None:
    """Ring; say how it ended where something covers the screen that says it."""
    if settings is None or settings.announce_bell == "on":
        app.bell()
    if (settings is None or settings.announce_notification == "on") and not _is_told(app):
        states = [watched.job.state for watched in state.jobs]
        severity = "information" if set(states) == {"Successful"} else "warning"
        app.notify(Content(end_of(state)).plain, severity=severity, markup=False)


def end_of(state: Watching) -> str:
    """Return in one sentence how the jobs ended."""
    if len(state.jobs) == 1:
        job = state.jobs[0].job
        return f"Job {job.id} ended {job.state}."
    counts = Counter(watched.job.state for watched in state.jobs)
    return f"{counted(len(state.jobs), 'job')} ended: {', '.join(f'{count} {name}' for name, count in counts.items())}."


def _is_told(app: App[None]) -> bool:
    """Tell whether the job's own screen is in sight: nothing lies over it, nor does the log take its place."""
    screen = app.screen
    return isinstance(screen, StepScreen) and not (screen.has_class("-low") and screen.has_class("-log-toggled"))
