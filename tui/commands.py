"""The command palette: the keys of the screen in front, from their one declaration, the profiles, and the themes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.app import App, SystemCommand
from textual.screen import Screen

from tui.flow.state import SigningIn
from tui.screens.step import StepScreen
from tui.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable


def screen_commands(app: App[None], screen: Screen[object]) -> Iterable[SystemCommand]:
    """Yield a command for every key that works now; then one for each theme."""
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip or not active.enabled or binding.system or not binding.description:
            continue
        everywhere = isinstance(active.node, (App, Screen))
        if binding.action in seen or binding.action == "command_palette" or not (binding.show or everywhere):
            continue
        seen.add(binding.action)
        run = partial(app.run_action, binding.action, active.node)
        yield SystemCommand(binding.description, f"{binding.tooltip} ({app.get_key_display(binding)})", run)
    if isinstance(screen, StepScreen):
        yield from _profiles(cast("StepScreen[Any]", screen))
        yield SystemCommand(
            "Open an earlier session's log", "Its calls, and its jobs at each of them, read-only", partial(_past, app)
        )
    for theme in THEMES:
        name = "Dark theme" if theme.dark else "Light theme"
        yield SystemCommand(name, "Change the colours", partial(setattr, app, "theme", theme.name))


def _past(app: App[None]) -> None:
    """Let the person choose an earlier session."""
    from tui.runtime.keeping_log import log_file
    from tui.screens.log.sessions import ask_for_session

    screen = app.screen
    if isinstance(screen, StepScreen):
        step = cast("StepScreen[Any]", screen)
        keeper = step.exchanges.keeper
        running = keeper.where if keeper is not None else None
        ask_for_session(app, log_file(), step.clock, running.session if running is not None else 0)


def _profiles(step: StepScreen[Any]) -> Iterable[SystemCommand]:
    """Yield a command for each profile that can be opened from here."""
    answers = step.state.answers
    if not step.can_leave and not isinstance(step.state, SigningIn):
        return
    for profile in answers.here.book.profiles:
        mark = " (production)" if profile.production else ""
        here = " · in use" if answers.identity is not None and profile.name == answers.save_as else ""
        where = f"{profile.account} / {profile.instance}" if profile.account else profile.instance
        yield SystemCommand(
            f"Open profile {profile.name}{mark}", f"{profile.who} in {where}{here}", partial(step.open_profile, profile)
        )
