"""Sizes, keys without a screen, the palette, the guard, signals."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import subprocess
import sys

import pytest
from scripted_runtime import NOW, ScriptedRuntime, at, job, make_app, on_screen, sign_in, to_job, to_releases, until

from tui.commands import screen_commands
from tui.exchanges.model import Body, Exchange, Purpose
from tui.flow.machine import IllegalEvent
from tui.widgets.guard import TerminalGuard
from tui.widgets.stepper import Stepper


async def test_too_small_a_terminal_asks_for_room_and_ignores_keys():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_releases(pilot)
        await pilot.resize_terminal(39, 9)
        await until(pilot, lambda: "make this window larger" in on_screen(app))
        await pilot.press("enter", "escape", "x")
        await pilot.pause()
        assert type(app.state).__name__ == "ChoosingRelease"
        await pilot.resize_terminal(80, 24)
        await until(pilot, at(pilot, "ChoosingRelease"))


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 10), (60, 15), (80, 24), (200, 60)])
async def test_no_size_breaks_a_step(size):
    app = make_app(ScriptedRuntime(jobs=(job(1, "Running"), job(2, "Faulted", info="broken\nbadly"))))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        await pilot.resize_terminal(120, 36)
        await until(pilot, lambda: "RUNNING" in on_screen(app))


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_stepper_fits(width: int):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(width, 24)) as pilot:
        await sign_in(pilot)
        line = on_screen(app).splitlines()[0]
        assert "2 Service instance" in line
        assert app.screen.query_one(Stepper).render().cell_length <= width


async def test_the_palette_offers_the_keys_of_the_screen_and_no_screenshot():
    app = make_app(ScriptedRuntime(jobs=(job(state="Running"),)))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Stop", "Kill", "Back", "Help", "Log", "Quit", "Dark theme", "Light theme"} <= titles
        assert not any("creenshot" in title for title in titles)
        light = next(command for command in screen_commands(app, app.screen) if command.title == "Light theme")
        light.callback()
        await until(pilot, lambda: app.theme == "uipath-light")


async def test_every_key_has_an_id_and_an_explanation():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        for reach in (sign_in, None):
            if reach:
                await reach(pilot)
            own = [active.binding for active in app.screen.active_bindings.values() if active.node is app.screen]
            own = [binding for binding in own if not binding.system and binding.id]
            assert own
            assert all(binding.tooltip for binding in own)


async def test_help_lists_the_keys_of_the_step():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        await pilot.press("f1")
        await until(pilot, lambda: "Prove it by real calls" in on_screen(app))
        await pilot.press("f1")
        await until(pilot, at(pilot, "SigningIn"))


async def test_help_over_a_call_lists_the_keys_that_fold_and_search():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        app.exchanges.append(Exchange(1, NOW, Purpose.WATCH, 1, "GET", "https://x.test/", (), Body()))
        await until(pilot, lambda: app.screen.query("#log ExchangeList"))
        await pilot.press("f8", "enter")
        await until(pilot, lambda: "Exchange 1" in on_screen(app))
        await pilot.press("f1")
        await until(pilot, lambda: "as it was sent and answered" in on_screen(app) and "Copy as…" in on_screen(app))
        await pilot.press("f1")
        await until(pilot, lambda: "Exchange 1" in on_screen(app) and "sent and answered" not in on_screen(app))


async def test_the_log_is_put_away_and_brought_back():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await to_releases(pilot)
        assert "Log ·" not in on_screen(app)
        await pilot.press("f8")
        await until(pilot, lambda: "Log ·" in on_screen(app))
        await pilot.press("f8")
        await until(pilot, lambda: "Process 00001" in on_screen(app))
        await pilot.press("f8", "escape")
        await until(pilot, lambda: "Process 00001" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))


async def test_the_key_of_the_log_goes_there_and_from_there_puts_it_away():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: app.screen.query("#log ExchangeList"))
        before, calls = app.focused, app.screen.query_one("#log ExchangeList")
        await pilot.press("f8")
        assert calls.has_focus
        await pilot.press("escape")
        assert app.focused is before
        assert calls.is_on_screen
        await pilot.press("f8", "f8")
        await until(pilot, lambda: "Log ·" not in on_screen(app))
        assert app.focused is before
        await pilot.press("f8")
        await until(pilot, lambda: "Log ·" in on_screen(app))
        assert calls.has_focus


async def test_the_guard_is_the_last_filter():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(80, 24)):
        assert isinstance(app.get_line_filters()[-1], TerminalGuard)


def test_an_illegal_event_is_a_defect():
    from tui.flow import events as ev

    app = make_app(ScriptedRuntime())
    with pytest.raises(IllegalEvent):
        app.dispatch(ev.StartConfirmed())


def test_the_first_paint_needs_no_network_libraries():
    code = (
        "import sys, tui.app, tui.screens.sign_in.form;"
        "print([m for m in ('httpx','pydantic','keyring','starlette','uvicorn','tui.api.models') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
