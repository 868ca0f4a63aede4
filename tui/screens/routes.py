"""Which screen shows which state. Screens are imported when first needed: the first paint loads only step 1."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from tui.flow.state import State
    from tui.screens.step import StepScreen

_START: Final = ("tui.screens.start.form", "StartScreen")
ROUTES: Final[dict[str, tuple[str, str]]] = {
    "SigningIn": ("tui.screens.sign_in.form", "SignInScreen"),
    "AwaitingBrowser": ("tui.screens.sign_in.browser", "BrowserScreen"),
    "ChoosingInstance": ("tui.screens.instance", "InstanceScreen"),
    "ChoosingFolder": ("tui.screens.folder", "FolderScreen"),
    "ChoosingRelease": ("tui.screens.release", "ReleaseScreen"),
    "PreparingStart": _START,
    "ConfirmingStart": _START,
    "Starting": _START,
    "StartUnresolved": ("tui.screens.start.unresolved", "UnresolvedScreen"),
    "Watching": ("tui.screens.job.job", "JobScreen"),
    "ListingJobs": ("tui.screens.job.jobs", "JobsScreen"),
}
"""State name → module and class."""


def screen_class(state: State) -> type[StepScreen[Any]]:
    """Return the screen that shows ``state``."""
    module, name = ROUTES[type(state).__name__]
    return cast("type[StepScreen[Any]]", getattr(import_module(module), name))


def load_screens() -> None:
    """Import every screen, so that no later step waits for it. For a thread, after the first paint."""
    for module in {module for module, _ in ROUTES.values()} | {"tui.screens.start.confirm", "tui.screens.log.exchange"}:
        import_module(module)
