"""What the window's title says, and how the end of a job is announced: bell and notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.flow.outcome import is_final
from tui.flow.states import Watching
from tui.text import counted
from tui.widgets.content import state_look
from tui.widgets.terminal import set_title

if TYPE_CHECKING:
    from textual.app import App

    from tui.flow.states import State


def window_title(state: State) -> str:
    """Return the title: the program, and the job's state while one is watched."""
    if not isinstance(state, Watching):
        return "uipath-tui"
    if len(state.jobs) == 1:
        job = state.jobs[0].job
        return f"{state_look(job.state).glyph} {job.state} · {job.release_name or job.id} · uipath-tui"
    over = sum(is_final(watched.job.state) for watched in state.jobs)
    return f"{over}/{len(state.jobs)} ended · uipath-tui"


def tell_outside(app: App[None], state: State) -> None:
    """Name the window, and announce an end, when the title changes with ``state``."""
    title = window_title(state)
    if title != app.sub_title:
        app.sub_title = title
        set_title(app, title)
        announce(app, state)


def announce(app: App[None], state: State) -> None:
    """Ring and say how it ended, once every watched job is over."""
    if not isinstance(state, Watching) or not state.jobs:
        return
    states = [watched.job.state for watched in state.jobs]
    if not all(is_final(found) for found in states):
        return
    app.bell()
    if len(states) == 1:
        text = f"Job {state.jobs[0].job.id} ended {states[0]}."
    else:
        good = states.count("Successful")
        text = f"{counted(len(states), 'job')} ended, {good} Successful."
    severity = "information" if set(states) == {"Successful"} else "warning"
    app.notify(Content(text).plain, severity=severity, markup=False)
