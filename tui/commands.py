"""The command palette: the keys of the screen in front, from their one declaration, and the themes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand
from textual.screen import Screen

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
    for theme in THEMES:
        name = "Dark theme" if theme.dark else "Light theme"
        yield SystemCommand(name, "Change the colours", partial(setattr, app, "theme", theme.name))
