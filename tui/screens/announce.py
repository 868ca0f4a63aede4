"""What the window's title says, and how the end of a job is announced: bell and notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.flow.outcome import is_final
from tui.flow.states import Watching
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


def tell_outside(app: App[None], state: State, settings: Settings | None = None) -> None:
    """Show progress; name the window and announce an end, when the title changes with ``state``."""
    if settings is not None and _wants_progress(settings):
        set_progress(app, progress(state))
    title = window_title(state)
    if title == app.sub_title:
        return
    app.sub_title = title
    if settings is None or settings.announce_title == "on":
        set_title(app, title)
    if isinstance(state, Watching) and state.jobs and all(is_final(watched.job.state) for watched in state.jobs):
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
    """Ring and say how it ended."""
    states = [watched.job.state for watched in state.jobs]
    if settings is None or settings.announce_bell == "on":
        app.bell()
    if settings is not None and settings.announce_notification != "on":
        return
    if len(states) == 1:
        text = f"Job {state.jobs[0].job.id} ended {states[0]}."
    else:
        text = f"{counted(len(states), 'job')} ended, {states.count('Successful')} Successful."
    severity = "information" if set(states) == {"Successful"} else "warning"
    app.notify(Content(text).plain, severity=severity, markup=False)
