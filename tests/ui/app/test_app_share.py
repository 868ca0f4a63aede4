"""Copying, exporting and the values to paste elsewhere, on the screen."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import json
from datetime import timedelta

import pytest
from scripted_runtime import NOW, ScriptedRuntime, at, make_app, on_screen, to_job, to_releases, until
from textual.widgets import Input

from tui.exchanges.model import Body, Exchange, Purpose
from tui.widgets.one_of import OneOf

TOKEN_CALL = Exchange(
    1, NOW, Purpose.SIGN_IN, 1, "POST", "https://x.test/oauth/token", (("Content-Type", "application/json"),),
    Body('{"refresh_token":"…a3f1"}'.encode(), 40, "application/json"), 200,
)  # fmt: skip
START_CALL = Exchange(
    2, NOW + timedelta(seconds=1), Purpose.START, 1, "POST", "https://x.test/odata/Jobs/Start",
    (("Authorization", "Bearer …b4e2"),), Body(b"{[/x]\x1b", 6), 201,
)  # fmt: skip


@pytest.fixture
def copied(monkeypatch):
    found = []
    monkeypatch.setattr("tui.widgets.copying.copy", lambda text, **_: found.append(text) or "Copied")
    return found


async def to_log(pilot, app):
    await to_releases(pilot)
    app.exchanges.append(TOKEN_CALL)
    app.exchanges.append(START_CALL)
    await until(pilot, lambda: app.screen.query("#log ExchangeList"))
    app.screen.query_one("#log ExchangeList").focus()
    await until(pilot, lambda: "2 calls" in on_screen(app))


async def test_a_call_of_the_log_is_copied_in_the_form_that_is_shown(copied):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_log(pilot, app)
        await pilot.press("home", "c")
        await until(pilot, lambda: "Copy call 1 as" in on_screen(app))
        app.screen.query_one(OneOf).choose("curl")
        await pilot.press("right", "right")
        await until(pilot, lambda: 'os.environ["UIPATH_REFRESH_TOKEN"]' in on_screen(app))
        assert "Set UIPATH_REFRESH_TOKEN in the environment first." in on_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: copied != [])
        assert copied[0].startswith("import os\n")
        await until(pilot, at(pilot, "ChoosingRelease"))


async def test_what_a_form_can_not_say_is_said_and_not_copied(copied):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await to_releases(pilot)
        app.exchanges.append(Exchange(1, NOW, Purpose.WATCH, 1, "PUT", "https://x.test/", (), Body(b"\0", 1)))
        await pilot.press("f8", "c")
        await until(pilot, lambda: "Copy call 1 as" in on_screen(app))
        app.screen.query_one(OneOf).choose("python")
        await pilot.press("left", "left")
        await until(pilot, lambda: "Not as curl: it holds a NUL byte" in on_screen(app))
        await pilot.press("enter", "c")
        assert "Copy call 1 as" in on_screen(app)
    assert copied == []


def told(app):
    """Return what the export complains of, as it is drawn, without the line breaks that a long path makes."""
    lines = [part.render_line(y).text for part in app.screen.query("#export-failure") for y in range(part.size.height)]
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("size", [(120, 36), (60, 15)])
async def test_the_log_is_written_to_a_file_and_replaced_only_after_a_yes(size, tmp_path):
    app = make_app(ScriptedRuntime())
    path = tmp_path / "log.har"
    async with app.run_test(size=size, notifications=True) as pilot:
        await to_releases(pilot)
        app.exchanges.append(TOKEN_CALL)
        app.exchanges.append(START_CALL)
        if size[1] < 20:
            await pilot.press("f8")
        else:
            await until(pilot, lambda: app.screen.query("#log ExchangeList"))
            app.screen.query_one("#log ExchangeList").focus()
        await pilot.press("x")
        await until(pilot, lambda: "all (2)" in on_screen(app))
        app.screen.query_one("#export-path", Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: path.exists() and not app.screen.query("#export-path"))
        assert len(json.loads(path.read_text())["log"]["entries"]) == 2
        path.write_text("mine")
        await pilot.press("x")
        await until(pilot, lambda: app.screen.query("#export-path"))
        app.screen.query_one("#export-path", Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in told(app))
        assert path.read_text() == "mine"
        await pilot.press("y")
        await until(pilot, lambda: not app.screen.query("#export-path"))
        assert len(json.loads(path.read_text())["log"]["entries"]) == 2


async def test_a_file_that_can_not_be_written_is_explained_in_place(tmp_path):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_log(pilot, app)
        await pilot.press("x")
        await until(pilot, lambda: app.screen.query("#export-path"))
        app.screen.query_one("#export-path", Input).value = str(tmp_path / "missing" / "log.har")
        await pilot.press("enter")
        await until(pilot, lambda: "The export can't be written" in told(app))
        assert "No such file" in told(app)
        await pilot.press("escape")
        await until(pilot, at(pilot, "ChoosingRelease"))


async def test_the_values_are_copied_and_the_secret_is_not(copied):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await to_job(pilot)
        app.exchanges.append(TOKEN_CALL)
        app.exchanges.append(START_CALL)
        await pilot.press("y")
        await until(pilot, lambda: "To paste elsewhere" in on_screen(app))
        for name in ("Account logical name", "Service instance logical name", "Release key", "Token call"):
            assert name in on_screen(app)
        assert "…a3f1" in on_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: "A secret is never copied" in on_screen(app))
        await pilot.press("down", "down", "down", "enter")
        await until(pilot, lambda: copied != [])
        assert copied == [app.state.answers.release.key]
        await pilot.press("end", "enter")
        await until(pilot, lambda: "Copy call 2 as" in on_screen(app))
        await pilot.press("escape", "escape")
        await until(pilot, at(pilot, "Watching"))
