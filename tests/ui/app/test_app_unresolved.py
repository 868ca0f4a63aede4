"""The search for a start without an answer: what may be done when, and that the name is wanted before another start."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from scripted_runtime import ScriptedRuntime, at, make_app, on_screen, to_question, until
from textual.widgets import Input

from tui.flow import effects as fx
from tui.intent import IntentState
from tui.screens.start.again import StartAgainScreen
from tui.screens.start.candidate import CandidateScreen


async def test_nothing_can_be_adopted_before_the_whole_time_is_over():
    runtime = ScriptedRuntime(lost=True, verdict=IntentState.UNKNOWN)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Checking…" in on_screen(app))
        await pilot.press("m", "n", "a")
        await pilot.pause()
        assert at(pilot, "StartUnresolved")()
        assert runtime.count(fx.AdoptJobs) == 0


async def test_starting_again_wants_the_name_and_leads_to_the_form():
    runtime = ScriptedRuntime(lost=True, verdict=IntentState.NOT_FOUND)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "No such job seen for 5 minutes" in on_screen(app))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, StartAgainScreen))
        await pilot.press("enter")
        assert runtime.count(fx.CloseStart) == 0
        app.screen.query_one(Input).value = "Process 00001"
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
    assert (runtime.count(fx.CloseStart), runtime.count(fx.StartJob)) == (1, 1)


async def test_the_details_of_a_candidate_are_shown_and_change_nothing():
    runtime = ScriptedRuntime(lost=True, verdict=IntentState.LIKELY)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Open details" in on_screen(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, CandidateScreen))
        await pilot.pause()
        shown = on_screen(app)
        assert "Our start" in shown
        assert "in everything that can be compared" in shown
        await pilot.press("m", "escape")
        await until(pilot, lambda: not isinstance(app.screen, CandidateScreen))
        assert at(pilot, "StartUnresolved")()
    assert runtime.count(fx.AdoptJobs) == 0


async def test_a_proven_job_is_gone_on_to_by_itself():
    runtime = ScriptedRuntime(lost=True, verdict=IntentState.ACCEPTED)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, at(pilot, "Watching"))
        assert "It did start: job 1" in app.state.notice
