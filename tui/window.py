"""What every window of this program is: its looks, its guard against control characters, its least size, its end.

Knows no workflow and calls nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from textual.app import App, SystemCommand
from textual.filter import ANSIToTruecolor

from tui.screens.step import StepScreen
from tui.theme import DARK, THEMES
from tui.widgets.guard import TerminalGuard
from tui.widgets.strips import without_cycles
from tui.widgets.terminal import traceback_without_locals
from tui.widgets.typed_ahead import KeysStayWithTheirScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.driver import Driver
    from textual.events import Resize
    from textual.filter import LineFilter
    from textual.screen import Screen

LEAST_WIDTH: Final = 40
LEAST_HEIGHT: Final = 10


class Window(KeysStayWithTheirScreen):
    """Base of the applications. ``theme`` is the name of one, ``""`` for the dark one."""

    TITLE = "uipath-tui"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, theme: str = "") -> None:
        without_cycles()
        super().__init__()
        self._take_theme(theme)
        self._guard = TerminalGuard()

    def _take_theme(self, name: str) -> None:
        """Begin in the dark theme without its watcher, which would have the stylesheet parsed twice before a paint."""
        for known in THEMES:
            self.register_theme(known)
        self.set_reactive(App.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        if name in self.available_themes:
            self.theme = name

    def get_driver_class(self) -> type[Driver]:
        """Talk to the terminal so that its end is the program's end as well."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from tui.widgets.driver import LastingDriver

        return LastingDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put the guard behind every other filter: nothing after it can bring a control character back.

        No theme here has ANSI colours, so their filter would only make every drawn line dearer.
        """
        kept = [known for known in super().get_line_filters() if not isinstance(known, ANSIToTruecolor)]
        return [*kept, self._guard]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer what the screen in front can do, and nothing that writes the screen to a file."""
        from tui.commands import screen_commands

        return screen_commands(self, screen)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that are seen behind the one in front: none behind one that lets nothing through.

        What changes on a screen behind has the one in front painted anew, whole.
        """
        covers = self.screen.styles.background.a == 1
        return [] if covers else cast("list[Screen[Any]]", super()._background_screens)  # pyright: ignore[reportUnknownMemberType]

    def on_resize(self, event: Resize) -> None:
        """Ask for room where there is too little of it."""
        small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        if not small and isinstance(self.screen, StepScreen):
            return
        from tui.screens.too_small import TooSmallScreen

        shown = isinstance(self.screen, TooSmallScreen)
        if small and not shown:
            self.push_screen(TooSmallScreen())
        elif shown and not small:
            self.pop_screen()

    def _fatal_error(self) -> None:
        """End after a defect, with a traceback that holds no values of variables."""
        self.bell()
        self._exit_renderables.append(traceback_without_locals())
        self._close_messages_no_wait()
