"""The window of ``uipath-tui log open``: one earlier session, read-only. It has no client and no workflow."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.clock import SystemClock
from tui.screens.log.replay import ReplayScreen
from tui.widgets.terminal import catch_signals
from tui.window import Window

if TYPE_CHECKING:
    from tui.replay.source import PastSession


class ReplayApp(Window):
    """Shows ``past``; closing it ends the program."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave", priority=True),
    ]

    def __init__(self, past: PastSession, theme: str = "") -> None:
        super().__init__(theme)
        self._past = past

    def on_mount(self) -> None:
        """Open the session."""
        catch_signals(lambda code: self.exit(return_code=code))
        self.push_screen(ReplayScreen(self._past, SystemClock()), self._end)

    def on_replay_screen_all_read(self) -> None:
        """Have no later search for garbage walk through what is known now: it stays as long as the program."""
        gc.freeze()

    def _end(self, _nothing: None) -> None:
        self.exit()


def show(past: PastSession, theme: str) -> int:
    """Run the window until it is closed and return the exit code."""
    app = ReplayApp(past, theme)
    app.run()
    return app.return_code or 0
