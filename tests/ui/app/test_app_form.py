"""The start form beyond typing: remembered inputs, presets, the server's check, copying, and recent releases."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import json
from datetime import UTC, datetime

from scripted_runtime import (
    FOLDERS,
    NOW,
    ScriptedRuntime,
    at,
    make_app,
    on_screen,
    release,
    to_releases,
    to_start,
    until,
)
from textual.widgets import Input

from tui.api.models import ValidationResult
from tui.flow import effects as fx
from tui.flow.form_effects import RememberStart, ValidateStart
from tui.flow.start_options import StartOptions
from tui.intent import STAND_IN
from tui.remembered import CarrierKept, Preset, PresetDropped, PresetKept, Remembered, Started
from tui.screens.start.presets import PresetsScreen
from tui.widgets.input_row import MarkRow

SECOND = release(2).key
OWN = '{"in_Text": "own"}'
TYPED = '{"in_Text":"typed"}'
DECLARED = (
    '[{"name":"in_Text","type":"System.String"},{"name":"in_Password","type":"System.String"},'
    '{"name":"in_Count","type":"System.Int32"}]'
)
MONTH = Preset("Month end", '{"in_Text":"month","in_Count":3}', StartOptions(jobs_count=4, priority="High"))


def runtime(*known: Remembered, today: bool = False) -> ScriptedRuntime:
    releases = (release(1), release(2, DECLARED, input_arguments=OWN), release(3))
    return ScriptedRuntime(releases=releases, memory=known, folders=FOLDERS[:1] if today else None)


def remembered(*presets: Preset, inputs: str = TYPED, today: bool = False) -> Remembered:
    return Remembered("f1" if today else "", SECOND, NOW, inputs, presets)


async def test_recent_releases_stand_first_and_are_marked():
    older = Remembered("", release(3).key, datetime(2026, 1, 1, tzinfo=UTC))
    app = make_app(runtime(remembered(), older))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: "recent" in on_screen(app))
        lines = [line for line in on_screen(app).splitlines() if "Process 0000" in line]
        names = [line.split("Process ")[1][:5] for line in lines if "1.0.0" in line]
        assert names[:3] == ["00002", "00003", "00001"]
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.key == SECOND


async def test_the_form_begins_with_the_last_inputs_and_gives_the_releases_own_back():
    app = make_app(runtime(remembered()))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot)
        await until(pilot, lambda: "Filled in from the last start" in on_screen(app))
        assert "typed" in on_screen(app)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: "Filled in from the release" in on_screen(app) and " own" in on_screen(app))
        assert json.loads(app.state.answers.inputs) == {"in_Text": "own"}


async def test_an_accepted_start_is_remembered_without_secrets():
    scripted = runtime()
    app = make_app(scripted)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        fields = list(app.screen.query("InputRow Input").results(Input))
        fields[0].value, fields[1].value = "typed", "hunter2"
        await until(pilot, lambda: "hunter2" in app.state.answers.inputs)
        await pilot.press("f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert not [each for each in scripted.performed if isinstance(each, RememberStart)]
        await pilot.press("enter")
        await until(pilot, at(pilot, "Watching"))
        (kept,) = [each for each in scripted.performed if isinstance(each, RememberStart)]
        assert kept.change == Started(folder="", release_key=SECOND, inputs=TYPED, at=NOW)
        assert "hunter2" in app.state.answers.inputs, "running it again starts with what was typed"


async def test_a_preset_is_saved_filled_in_and_deleted():
    scripted = runtime(remembered(MONTH, today=True), today=True)
    app = make_app(scripted)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen) and "Month end" in on_screen(app))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: app.state.answers.options == MONTH.options)
        assert (app.state.answers.inputs, app.state.filled) == (MONTH.inputs, "preset Month end")
        await until(pilot, lambda: "month" in on_screen(app))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
        await pilot.press("tab", *"Year", "enter")
        await until(pilot, lambda: app.state.filled == "preset Year")
        saved = PresetKept(folder="f1", release_key=SECOND, preset=Preset("Year", MONTH.inputs, MONTH.options))
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen) and "Year" in on_screen(app))
        await pilot.press("down", "down", "delete")
        await until(pilot, lambda: "once more to forget “Month end”" in on_screen(app))
        await pilot.press("delete")
        gone = PresetDropped(folder="f1", release_key=SECOND, name="Month end")
        await until(pilot, lambda: not isinstance(app.screen, PresetsScreen))
        changes = [each.change for each in scripted.performed if isinstance(each, RememberStart)]
        assert changes == [saved, gone]


async def test_a_preset_of_the_same_name_is_asked_about_and_a_wrong_form_is_not_kept():
    app = make_app(runtime(remembered(MONTH)))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
        await pilot.press("tab", *"month end", "enter")
        await until(pilot, lambda: "writes over it" in on_screen(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, PresetsScreen))
        list(app.screen.query("InputRow Input").results(Input))[2].value = "many"
        await until(pilot, lambda: app.state.problems != ())
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
        await pilot.press("tab", *"wrong", "enter")
        await until(pilot, lambda: "can't be kept like this" in on_screen(app))


async def test_the_server_checks_a_start_that_is_not_made():
    scripted = runtime(today=True)
    scripted.opinion = ValidationResult(is_valid=False, errors=("[b]VM-01 is off",), error_codes=("TemplateNoRuntime",))
    app = make_app(scripted)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        await pilot.press("f12")
        await until(pilot, lambda: "would not run now" in on_screen(app))
        assert "[b]VM-01 is off" in on_screen(app)
        assert "runtime of this type" in on_screen(app)
        list(app.screen.query("InputRow Input").results(Input))[2].value = "7"
        await until(pilot, lambda: "would not run now" not in on_screen(app))
        scripted.opinion = ValidationResult()
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "The server would take this start" in on_screen(app))
        assert scripted.count(ValidateStart) == 2
        assert scripted.count(fx.ReadFence) == 0


async def test_many_reasons_leave_the_form_in_sight():
    scripted = runtime(today=True)
    scripted.opinion = ValidationResult(is_valid=False, errors=tuple(f"reason {number}" for number in range(50)))
    app = make_app(scripted)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot, 1)
        await pilot.press("f12")
        await until(pilot, lambda: "and 44 more" in on_screen(app))
        assert "in_Text" in on_screen(app)


async def test_where_the_server_has_no_check_it_is_not_offered():
    scripted = runtime()
    app = make_app(scripted)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        assert "Check" not in on_screen(app)
        await pilot.press("f12")
        await pilot.pause()
        assert scripted.count(ValidateStart) == 0


async def test_what_is_copied_is_the_request_of_now_and_nothing_while_a_field_is_wrong():
    scripted = runtime()
    app = make_app(scripted)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await to_start(pilot, 1)
        field = list(app.screen.query("InputRow Input").results(Input))[2]
        field.value = "many"
        await pilot.pause()
        await pilot.press("f7")
        await until(pilot, lambda: "Nothing was copied" in on_screen(app))
        gate = scripted.hold(fx.PreviewStart)
        before = scripted.count(fx.PreviewStart)
        field.value = "8"
        await pilot.pause()
        await pilot.press("f7")
        await until(pilot, lambda: scripted.count(fx.PreviewStart) > before)
        assert type(app.screen).__name__ == "StartScreen", "the old request is not what would be sent"
        gate.set()
        await until(pilot, lambda: type(app.screen).__name__ == "CopyAsScreen")


async def test_an_argument_is_chosen_to_carry_the_mark_and_can_not_be_typed_in():
    script = runtime(remembered(inputs=""))
    app = make_app(script)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot)
        await until(pilot, lambda: "in_Text" in on_screen(app))
        await pilot.press("f11")
        await until(pilot, lambda: "filled in by uipath-tui" in on_screen(app))
        kept = [effect.change for effect in script.performed if isinstance(effect, RememberStart)]
        assert kept == [CarrierKept(folder="", release_key=SECOND, argument="in_Text")]
        assert "what was here, without its in_Text" in on_screen(app)
        assert [row.argument.name for row in app.screen.query(MarkRow)] == ["in_Text"]
        app.screen.query_one(MarkRow).focus()
        await pilot.press("x", "f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        asked = [effect for effect in script.performed if isinstance(effect, fx.ReadFence)]
        assert [(each.carrier, json.loads(each.info.input_arguments)) for each in asked] == [
            ("in_Text", {"in_Text": STAND_IN})
        ]
        await pilot.press("escape")
        await until(pilot, at(pilot, "PreparingStart"))
        app.screen.query_one(MarkRow).focus()
        await pilot.press("f11")
        await until(pilot, lambda: not app.screen.query(MarkRow))
        assert "filled in by uipath-tui" not in on_screen(app)


async def test_enter_goes_to_the_field_below_and_asks_for_nothing():
    app = make_app(runtime(remembered()))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        fields = list(app.screen.query("InputRow Input"))
        await until(pilot, lambda: app.focused is fields[0])
        await pilot.press("enter")
        assert app.focused is fields[1]
        await pilot.press("enter", "enter", "enter")
        assert app.focused is fields[-1]
        assert type(app.state).__name__ == "PreparingStart"
