"""A step that another one covers: it paints nothing, and is laid out for the window that it comes back to."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import asyncio

from scripted_runtime import ScriptedRuntime, job, make_app, to_job, to_start, until
from textual._compositor import Compositor
from textual.widgets import Static

from tui.screens.sign_in.form import SignInScreen


async def test_a_change_on_a_covered_step_paints_nothing_of_the_one_in_front(monkeypatch) -> None:
    app = make_app(ScriptedRuntime(jobs=(job(state="Running"),)))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        first = app.screen_stack[0]
        assert isinstance(first, SignInScreen)
        await asyncio.sleep(0.5)
        painted = []
        whole = Compositor.render_full_update

        def noted(compositor, simplify=False):
            painted.append(compositor)
            return whole(compositor, simplify)

        monkeypatch.setattr(Compositor, "render_full_update", noted)
        first.query_one("#where", Static).update("somebody else")
        first.query_one("#log").refresh()
        await pilot.pause(0.3)
        assert painted == []
        app.screen.refresh()
        await until(pilot, lambda: painted)


async def test_a_step_comes_back_laid_out_for_the_window_as_it_is_now() -> None:
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_start(pilot)
        first = app.screen_stack[0]
        assert first.has_class("-wide")
        await pilot.resize_terminal(60, 15)
        for _ in range(4):
            await pilot.press("escape")
            await pilot.pause(0.1)
        await until(pilot, lambda: app.screen is first and first.has_class("-narrow"))
        await until(pilot, lambda: first.query_one("#where").outer_size.width == 60)
