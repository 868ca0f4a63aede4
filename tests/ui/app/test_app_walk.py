"""The whole way through the five steps, forwards and back, by keys alone."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import asyncio

import pytest
from scripted_runtime import (
    ARGUMENTS,
    FAILURE,
    FOLDERS,
    USER_KEY,
    ScriptedRuntime,
    at,
    job,
    make_app,
    on_screen,
    release,
    sign_in,
    to_job,
    to_question,
    to_releases,
    to_start,
    until,
)
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Input

from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.states import Starting, Watching
from tui.screens.step import StepScreen


async def test_five_steps_to_a_finished_job():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await until(pilot, lambda: "PENDING" in on_screen(app))
        runtime.jobs = (job(state="Successful"),)
        await until(pilot, lambda: "SUCCESSFUL" in on_screen(app))
        await pilot.press("ctrl+q")
    assert runtime.count(fx.StartJob) == 1
    assert isinstance(app.final_state, Watching)
    assert runtime.closed


async def test_folders_are_asked_for_where_the_server_has_them():
    runtime = ScriptedRuntime(folders=FOLDERS)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.state.instances is not None)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingFolder"))
        await pilot.press("f", "i", "n")
        await until(pilot, lambda: "1 of 2" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert app.state.answers.folder == FOLDERS[1]


async def test_nothing_listed_is_typed():
    runtime = ScriptedRuntime(accounts=())
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(pilot)
        assert "Nothing is listed." in on_screen(app)
        await pilot.press("a", "c", "enter", "t", "1", "enter")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert app.state.answers.account.account_logical_name == "ac"
        assert app.state.answers.instance.logical_name == "t1"


async def test_going_back_keeps_every_answer():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot, 1)
        await pilot.press("h", "i")
        for name in ("ChoosingRelease", "ChoosingInstance", "ChoosingInstance", "SigningIn"):
            await pilot.press("escape")
            await until(pilot, at(pilot, name))
        assert app.state.answers.release is not None
        assert app.state.answers.identity is not None
        await sign_in(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.state.instances is not None)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingRelease"))
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.name == "Process 00002"
        await until(pilot, lambda: app.state.answers.inputs == '{"in_Text":"hi"}')


async def test_a_failure_stays_on_its_step_and_is_repeated():
    runtime = ScriptedRuntime(fail={fx.FetchReleases: FAILURE})
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.state.instances is not None)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingRelease"))
        await until(pilot, lambda: FAILURE.title in on_screen(app))
        assert "[/boom]" in on_screen(app)
        runtime.fail.clear()
        await pilot.press("f2")
        await until(pilot, lambda: app.state.releases)
        assert FAILURE.title not in on_screen(app)


async def test_waiting_is_shown_and_escape_ends_it():
    runtime = ScriptedRuntime()
    runtime.hold(fx.SignIn)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        app.screen.query_one("#token").value = USER_KEY
        await pilot.press("enter")
        await until(pilot, lambda: "Signing in…" in on_screen(app))
        await pilot.press("escape")
        await until(pilot, lambda: runtime.cancelled == [fx.SignIn])
        assert "Signing in…" not in on_screen(app)


async def test_an_event_of_a_step_already_left_is_dropped():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_releases(pilot)
        step = app.screen
        assert isinstance(step, StepScreen)
        chosen = ev.ReleaseChosen(release=app.state.releases[0])
        step.happened(chosen)
        step.happened(chosen)
        await until(pilot, at(pilot, "PreparingStart"))


async def test_a_step_that_changes_under_an_overlay_shows_when_it_closes():
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.SignIn)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        app.screen.query_one("#token").value = USER_KEY
        await pilot.press("enter", "f1")
        await until(pilot, lambda: "Help" in on_screen(app))
        gate.set()
        await until(pilot, lambda: type(app.state).__name__ == "ChoosingInstance")
        assert "Help" in on_screen(app)
        await pilot.press("escape")
        await until(pilot, at(pilot, "ChoosingInstance"))


async def test_a_running_job_is_parked_and_resumed():
    app = make_app(ScriptedRuntime(jobs=(job(state="Running"),)))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.press("escape")
        await until(pilot, at(pilot, "ChoosingRelease"))
        await until(pilot, lambda: "returns to it" in on_screen(app))
        await pilot.press("f6")
        await until(pilot, at(pilot, "Watching"))
        await pilot.press("r")
        await until(pilot, at(pilot, "PreparingStart"))


@pytest.mark.parametrize("kill", [False, True])
async def test_stop_and_kill_ask_first(kill: bool):
    runtime = ScriptedRuntime(jobs=(job(1, "Running"), job(2, "Running")))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.press("k" if kill else "s", "escape")
        await pilot.press("k" if kill else "s")
        await until(pilot, lambda: "all 2" in on_screen(app))
        await pilot.press("a")
        await until(pilot, lambda: runtime.count(fx.StopJobs) == 1)
        stop = next(effect for effect in runtime.performed if isinstance(effect, fx.StopJobs))
        assert (stop.kill, stop.ids) == (kill, (1, 2))


async def test_leaving_asks_once_while_a_job_runs():
    app = make_app(ScriptedRuntime(jobs=(job(state="Running"),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_job(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "will go on without this program" in on_screen(app))
        await pilot.press("escape")
        await until(pilot, at(pilot, "Watching"))
        await pilot.press("ctrl+q", "ctrl+q")
        await until(pilot, lambda: not app.is_running)


async def test_a_start_on_its_way_is_waited_for_when_leaving():
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.StartJob)
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.state, Starting))
        await pilot.press("ctrl+q", "enter")
        gate.set()
        await until(pilot, lambda: not app.is_running)
    assert isinstance(app.final_state, Watching)
    assert fx.StartJob not in runtime.cancelled


async def test_an_unresolved_start_is_adopted_by_m_and_never_by_enter():
    runtime = ScriptedRuntime(lost=True)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, at(pilot, "StartUnresolved"))
        await until(pilot, lambda: "One job fits" in on_screen(app))
        await pilot.press("enter", "enter")
        await until(pilot, at(pilot, "StartUnresolved"))
        assert "Do not start it again" in on_screen(app)
        await pilot.press("m")
        await until(pilot, at(pilot, "Watching"))
    assert runtime.count(fx.StartJob) == 1


async def test_a_pasted_release_key_is_looked_up():
    runtime = ScriptedRuntime(releases=(release(1), release(2, ARGUMENTS)))
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_releases(pilot)
        app.screen.query_one("#picker-filter", Input).value = "{AAAAAAAA-0000-4000-8000-000000000001}"
        await until(pilot, lambda: "none of 2 fits" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.state.releases[0].name == "Found by key")
        assert runtime.performed[-1].key == "aaaaaaaa-0000-4000-8000-000000000001"


@pytest.mark.parametrize("apart", [0.0, 0.02, 0.05])
async def test_who_and_where_are_folded_to_the_last_of_quick_resizes(apart: float):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await to_releases(pilot)
        narrow = app.screen.query_one("#where").content.plain
        for _ in range(4):
            for size in (Size(120, 36), Size(60, 15)):
                app._driver._size = size
                app.post_message(Resize(size, size))
                await asyncio.sleep(apart)
            await until(pilot, lambda: app.screen.query_one("#where").size.width < 60)
            await pilot.pause(0.2)
            assert app.screen.query_one("#where").content.plain == narrow
