"""The start form, the preview, and the question that starts exactly once."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import asyncio
import random

import pytest
from scripted_runtime import (
    ARGUMENTS,
    ScriptedRuntime,
    at,
    make_app,
    on_screen,
    release,
    to_question,
    to_start,
    until,
)
from textual.widgets import Input, TextArea

from tui.flow import effects as fx
from tui.flow.states import ConfirmingStart, Starting
from tui.screens.log.copy_as import CopyAsScreen
from tui.widgets.inputs_form import InputsForm
from tui.widgets.one_of import OneOf


@pytest.mark.parametrize("seed", range(6))
async def test_a_storm_of_keys_on_the_question_starts_once(seed: int):
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.StartJob)
    app = make_app(runtime)
    storm = random.Random(seed).choices(["enter", "f5", "ctrl+s", "space", "tab", "x"], k=40)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("enter", "enter", *storm)
        await until(pilot, lambda: isinstance(app.state, Starting))
        assert "waiting for the answer" in on_screen(app) or app.state.pending
        gate.set()
        await until(pilot, at(pilot, "Watching"))
        await pilot.press("enter", "enter")
    assert runtime.count(fx.StartJob) == 1


async def test_a_start_on_its_way_is_not_left_by_escape():
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.StartJob)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("enter", "escape", "escape")
        await until(pilot, lambda: "it can't be recalled" in on_screen(app))
        assert isinstance(app.state, Starting)
        gate.set()
        await until(pilot, at(pilot, "Watching"))
    assert fx.StartJob not in runtime.cancelled


async def test_escape_declines():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_question(pilot)
        await pilot.press("escape", "escape", "enter")
        await asyncio.sleep(0)
    assert runtime.count(fx.StartJob) == 0


async def test_the_question_shows_what_runs_where():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await to_question(pilot)
        await until(pilot, lambda: "starts it, once" in on_screen(app))
        text = on_screen(app)
        for shown in ("Process 00001", "00000000-0000-4000-8000-000000000001", "Acme / Default", "All: one job"):
            assert shown in text


async def test_a_question_that_is_cut_off_cannot_be_confirmed():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(44, 12)) as pilot:
        await to_question(pilot)
        await until(pilot, lambda: "Too small" in on_screen(app))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.state, ConfirmingStart)
        assert runtime.count(fx.StartJob) == 0
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: "Too small" not in on_screen(app))
        await pilot.press("enter")
        await until(pilot, at(pilot, "Watching"))


async def test_a_required_input_is_asked_for_at_its_field():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        assert "✘" not in on_screen(app)
        await pilot.press("f5")
        await until(pilot, lambda: "is required" in on_screen(app))
        assert runtime.count(fx.ReadFence) == 0
        await pilot.press("h", "i", "tab", "x")
        await until(pilot, lambda: "must be a whole number" in on_screen(app))
        await pilot.press("backspace", "4", "2", "f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert app.state.info.input_arguments == '{"in_Text":"hi","in_Count":42}'


async def test_form_and_json_are_kept_in_step():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        await pilot.press("h", "i", "f4")
        editor = app.screen.query_one(TextArea)
        await until(pilot, lambda: editor.display and '"in_Text": "hi"' in editor.text)
        editor.text = '{"in_Text": "ho", "in_List": ["a"]'
        await pilot.press("f4")
        assert editor.display, "what is no JSON stays in the editor"
        editor.text = '{"in_Text": "ho", "in_List": ["a"]}'
        await pilot.press("f4")
        await until(pilot, lambda: not editor.display)
        fields = [field.value for field in app.screen.query_one(InputsForm).query(Input)]
        assert fields == ["ho", "", '["a"]']
        await until(pilot, lambda: app.state.answers.inputs == '{"in_Text":"ho","in_List":["a"]}')


async def test_another_release_gets_its_own_form():
    app = make_app(ScriptedRuntime(releases=(release(1), release(2, ARGUMENTS))))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot)
        assert "No arguments" in on_screen(app)
        await pilot.press("escape", "down", "enter")
        await until(pilot, at(pilot, "PreparingStart"))
        await until(pilot, lambda: "in_Text" in on_screen(app))


async def test_the_preview_and_its_copy_hold_the_request(monkeypatch):
    copied = []
    monkeypatch.setattr("tui.widgets.copying.copy", lambda text, **_: copied.append(text) or "Copied")
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot)
        assert "Bearer …a3f1" in on_screen(app)
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, CopyAsScreen))
        app.screen.query_one(OneOf).choose("plain")
        await pilot.press("enter")
        await until(pilot, lambda: copied != [])
        assert copied[0].endswith('{"a":1}')
        assert "Bearer $UIPATH_TOKEN" in copied[0]
        await until(pilot, at(pilot, "PreparingStart"))
