"""Enter right behind what was typed takes what fits it, never what was marked before the filter was done."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from scripted_runtime import FOLDERS, ScriptedRuntime, at, make_app, on_screen, release, sign_in, to_releases, until

from tui.flow import effects as fx


async def test_the_folder_that_was_typed_is_taken():
    app = make_app(ScriptedRuntime(folders=FOLDERS))
    async with app.run_test(size=(120, 36)) as pilot:
        await sign_in(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.state.instances is not None)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingFolder"))
        await pilot.press(*"fin", "enter")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert app.state.answers.folder == FOLDERS[1]


async def test_a_release_that_does_not_fit_is_searched_for_and_none_is_taken():
    runtime = ScriptedRuntime(releases=(release(1, name="Intake"), release(2, name="Export")))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.press(*"zzz", "enter")
        await until(pilot, lambda: any(getattr(effect, "search", "") == "zzz" for effect in runtime.performed))
        assert at(pilot, "ChoosingRelease")()
        assert runtime.count(fx.PreviewStart) == 0


async def test_a_release_key_with_enter_right_behind_it_is_looked_up():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        app.screen.query_one("#picker-filter").value = "9b2f0000-0000-4000-8000-00000000beef"
        await pilot.press("enter")
        await until(pilot, lambda: "› Found by key" in on_screen(app))
        assert runtime.count(fx.FindRelease) == 1
        assert runtime.count(fx.PreviewStart) == 0


async def test_typing_on_after_enter_takes_nothing():
    app = make_app(ScriptedRuntime(releases=(release(1, name="Intake"), release(2, name="Export"))))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.press(*"exp", "enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.name == "Export"
