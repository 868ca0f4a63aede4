"""The options of a start on the form, for both kinds of server."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from scripted_runtime import FOLDERS, ScriptedRuntime, at, make_app, on_screen, to_start, until
from textual.widgets import Input

from tui.flow import effects as fx


async def test_options_are_folded_and_a_plain_start_needs_none():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        assert "Strategy" not in on_screen(app)
        await pilot.press("f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert (app.state.info.strategy, app.state.info.robot_ids) == ("All", ())
    assert runtime.count(fx.FetchRobots) == 0


async def test_specific_asks_for_robots_and_names_them_in_the_question():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "Strategy All: one job on each" in on_screen(app))
        await pilot.press("right")
        await until(pilot, lambda: "[b]Mixer" in on_screen(app))
        await pilot.press("f5")
        await until(pilot, lambda: "needs at least" in on_screen(app))
        assert runtime.count(fx.ReadFence) == 0
        await pilot.press("tab", "down", "space")
        await until(pilot, lambda: app.state.answers.options.robot_ids == (12,))
        await until(pilot, lambda: "[x] [b]Mixer" in on_screen(app) and "[ ] Oven" in on_screen(app))
        await pilot.press("f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert (app.state.info.strategy, app.state.info.robot_ids) == ("Specific", (12,))
        await until(pilot, lambda: "Specific: 1 job on [b]Mixer" in on_screen(app))
    assert runtime.count(fx.FetchRobots) == 1


async def test_a_number_of_jobs_on_the_2019_platform():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        await pilot.press("f6", "left", "tab", "backspace", "3")
        await until(pilot, lambda: app.state.answers.options.jobs_count == 3)
        await pilot.press("f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert (app.state.info.strategy, app.state.info.jobs_count) == ("JobsCount", 3)


async def test_todays_options_are_number_priority_and_runtime():
    app = make_app(ScriptedRuntime(folders=FOLDERS[:1]))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "Priority" in on_screen(app))
        assert "Strategy" not in on_screen(app)
        priority = app.screen.query_one("#priority", Input)
        priority.value = "urgent"
        await until(pilot, lambda: "the priority must be Low" in on_screen(app))
        priority.value = "high"
        await until(pilot, lambda: app.state.answers.options.priority == "High")
        await pilot.press("f6", "f5")
        await until(pilot, at(pilot, "ConfirmingStart"))
        assert app.state.info.job_priority == "High"
        await until(pilot, lambda: "Priority" in on_screen(app))
