"""An earlier session over a running one: opened from the palette, and left without an answer lost."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
from __future__ import annotations

from typing import TYPE_CHECKING

from scripted_runtime import (  # pyright: ignore[reportMissingImports]
    ScriptedRuntime,
    make_app,
    on_screen,
    until,
)

from tests.unit.core import recorded
from tui.runtime.keeping_log import log_file
from tui.screens.log.sessions import SessionsScreen

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ENTRY = "Open an earlier session's log"


async def test_an_earlier_session_lies_over_the_step_and_leaves_it_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.paths.state_folder", lambda: tmp_path)
    recorded.keep(log_file(), [recorded.started(1, recorded.job(state="Stopped"))])
    async with make_app(ScriptedRuntime()).run_test(size=(120, 36)) as pilot:
        app = pilot.app
        await until(pilot, lambda: app.screen.query("#log ExchangeList"))
        app.screen.query_one("#token").value = "half-typed"
        (entry,) = [known for known in app.get_system_commands(app.screen) if known.title == ENTRY]
        entry.callback()
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen) and "1 call" in on_screen(app))
        assert ENTRY not in {known.title for known in app.get_system_commands(app.screen)}
        await pilot.press("enter")
        await until(pilot, lambda: "READ-ONLY" in on_screen(app) and "STOPPED" in on_screen(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Where does your UiPath run?" in on_screen(app))
        assert app.screen.query_one("#token").value == "half-typed"
