"""The kept sessions, newest first: one is chosen and opened over the step, read-only."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.errors import UiPathTuiError
from tui.replay.source import kept_sessions, open_session
from tui.screens.overlay import Overlay
from tui.text import clean, counted, day_and_time, duration
from tui.widgets.key_line import KeyLine
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App, ComposeResult

    from tui.clock import Clock
    from tui.exchanges.kept.archive import KeptSession
    from tui.replay.source import PastSession

NOTHING = "No earlier session is kept."


class SessionRows(Rows):
    """Number, when, calls, failed, how long, profile, place. The first three are never cut."""

    RIGID = 3


class SessionsScreen(Overlay["PastSession"]):
    """Ends with the session that was opened. ``running`` is the number of the one that goes on, which is left out."""

    AUTO_FOCUS = "SessionRows"

    def __init__(self, path: Path, running: int = 0) -> None:
        super().__init__()
        self._path = path
        self._ours = running
        self._sessions: tuple[KeptSession, ...] = ()
        self._opening = False

    def compose(self) -> ComposeResult:
        """Yield the rows and a line below them."""
        with Vertical(classes="box full") as box:
            box.border_title = "Earlier sessions"
            yield SessionRows(id="sessions")
            yield Static("Reading …", id="sessions-note", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the list beside the keys."""
        self.run_worker(self._list, name="sessions", group="sessions")

    async def _list(self) -> None:
        try:
            found = await asyncio.to_thread(kept_sessions, self._path)
        except UiPathTuiError as error:
            self._say(error)
            return
        self._sessions = tuple(each for each in found if each.id != self._ours and each.calls)
        rows = self.query_one(SessionRows)
        rows.display = bool(self._sessions)
        if self._sessions:
            rows.set_rows([_row(each) for each in self._sessions])
            rows.focus()
        others = " The one that runs now is not among them." if self._ours else ""
        note = f"Enter opens one, read-only.{others}" if self._sessions else NOTHING
        self.query_one("#sessions-note", Static).update(f"{note}\n{clean(str(self._path))}")

    def _say(self, error: UiPathTuiError) -> None:
        self.query_one("#sessions-note", Static).update(
            Content.styled(clean(str(error.failure), multiline=True), "$error")
        )

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if not self._opening and message.index < len(self._sessions):
            self._opening = True
            self.query_one("#sessions-note", Static).update("Opening …")
            self.run_worker(
                partial(self._open, self._sessions[message.index].id), name="open-session", group="sessions"
            )

    async def _open(self, number: int) -> None:
        try:
            past = await asyncio.to_thread(open_session, self._path, number)
        except UiPathTuiError as error:
            self._opening = False
            self._say(error)
            return
        self.dismiss(past)


def ask_for_session(app: App[None], path: Path, clock: Clock, running: int = 0) -> None:
    """Let the person choose a kept session, and open it over what is in front."""
    from tui.screens.log.replay import ReplayScreen

    def chosen(past: PastSession | None) -> None:
        if past is not None:
            app.push_screen(ReplayScreen(past, clock))

    app.push_screen(SessionsScreen(path, running), chosen)


def _row(kept: KeptSession) -> tuple[str, ...]:
    return (
        str(kept.id),
        day_and_time(kept.started_at),
        counted(kept.calls, "call"),
        f"✘ {kept.failed:,} failed" if kept.failed else "",
        duration((kept.ended_at - kept.started_at).total_seconds()),
        clean(kept.profile),
        clean(kept.place),
    )
