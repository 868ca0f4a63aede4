"""The release picker: filter, pages, server search, detail; live updates that take nothing away."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from scripted_runtime import (
    ARGUMENTS,
    ScriptedRuntime,
    at,
    job,
    make_app,
    on_screen,
    release,
    to_job,
    to_releases,
    until,
)
from textual.widgets import Input

from tui.flow import effects as fx
from tui.widgets.job_rows import JobRows
from tui.widgets.robot_log import RobotLogLines
from tui.widgets.rows import Rows

MANY = tuple(release(number) for number in range(1, 451))


async def test_typing_filters_what_is_loaded():
    names = ("Invoice Intake", "Payroll Export", "Invoice Archive", "In Voice Control")
    app = make_app(ScriptedRuntime(releases=tuple(release(n, name=name) for n, name in enumerate(names, 1))))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.press(*"invoi")
        await until(pilot, lambda: "3 of 4" in on_screen(app))
        assert "Payroll" not in on_screen(app)
        await pilot.press("down", "enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.name == "Invoice Archive"


async def test_pages_load_at_the_end_and_the_mark_stays():
    runtime = ScriptedRuntime(releases=MANY)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: "450 releases · loaded 200" in on_screen(app))
        rows = app.screen.query_one(Rows)
        rows.cursor = 199
        await until(pilot, lambda: len(app.state.releases) == 400)
        await until(pilot, lambda: rows.row_count == 400)
        assert rows.cursor == 199
        assert "Process 00200" in on_screen(app)
        rows.cursor = 399
        await until(pilot, lambda: len(app.state.releases) == 450)
        assert runtime.count(fx.FetchReleases) == 3


async def test_the_server_searches_where_nothing_loaded_fits():
    runtime = ScriptedRuntime(releases=(*MANY, release(999, name="Zebra")))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.press(*"00")
        await until(pilot, lambda: "of the 200 loaded ·  Ctrl+S  searches all 451" in on_screen(app))
        await pilot.press("backspace", "backspace", *"zebra")
        await until(pilot, lambda: "searches all 451" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "searched “zebra”" in on_screen(app))
        await pilot.press(*["backspace"] * 5)
        await until(pilot, lambda: "1 like “zebra” ·  Ctrl+S  lists all" in on_screen(app))
        await pilot.press(*"zebra")
        await until(pilot, lambda: "searched “zebra”" in on_screen(app))
        assert "451 releases." in on_screen(app), "a search changes what is listed, not what was found at the sign-in"
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.name == "Zebra"


async def test_an_empty_list_says_what_to_do():
    app = make_app(ScriptedRuntime(releases=()))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: "There is no release here" in on_screen(app))


async def test_the_detail_tells_what_the_start_depends_on():
    shown = release(
        1,
        ARGUMENTS,
        is_latest_version=False,
        requires_user_interaction=True,
        environment_name="[b]Prod[/b]",
        description="[@click=app.quit]x[/]",
    )
    app = make_app(ScriptedRuntime(releases=(shown,)))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: "Release key" in on_screen(app))
        text = on_screen(app)
        for part in (
            shown.key,
            "outdated",
            "foreground",
            "[b]Prod[/b]",
            "[@click=app.quit]x[/]",
            "in_Text",
            "required",
        ):
            assert part in text


async def test_narrow_terminals_switch_between_list_and_detail():
    app = make_app(ScriptedRuntime(releases=(release(1, ARGUMENTS), release(2))))
    async with app.run_test(size=(60, 15)) as pilot:
        await to_releases(pilot)
        assert "Release key" not in on_screen(app)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "Release key" in on_screen(app))
        await pilot.press("ctrl+t", "down", "enter")
        await until(pilot, at(pilot, "PreparingStart"))
        assert app.state.answers.release.id == 2


async def test_live_updates_keep_focus_cursor_and_scroll():
    jobs = tuple(job(number, "Running") for number in range(1, 501))
    runtime = ScriptedRuntime(jobs=jobs)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        rows = app.screen.query_one(JobRows)
        rows.focus()
        rows.cursor = 300
        await until(pilot, lambda: app.state.selected == 300)
        offset = rows.scroll_offset.y
        polls = runtime.count(fx.PollJobs)
        await until(pilot, lambda: runtime.count(fx.PollJobs) > polls + 3)
        assert (app.focused, rows.cursor, rows.scroll_offset.y) == (rows, 300, offset)
        assert "500 jobs" in on_screen(app)


async def test_a_preview_that_arrives_leaves_half_typed_text_alone():
    runtime = ScriptedRuntime(releases=(release(1, ARGUMENTS),))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        gate = runtime.hold(fx.PreviewStart)
        await to_releases(pilot)
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
        await pilot.press(*"half")
        field = app.focused
        assert isinstance(field, Input)
        gate.set()
        await until(pilot, lambda: app.state.preview is not None)
        assert (app.focused, field.value, field.cursor_position) == (field, "half", 4)


async def test_robot_log_lines_do_not_move_what_is_read():
    runtime = ScriptedRuntime(jobs=(job(state="Running"),))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        lines = app.screen.query_one(RobotLogLines)
        rows = [("09:28:12", "Info", f"line {number} " + "word " * (number % 30)) for number in range(500)]
        lines.set_rows(rows[:400])
        lines.cursor = 100
        before = lines.scroll_offset.y
        lines.set_rows(rows)
        await pilot.pause()
        assert (lines.cursor, lines.scroll_offset.y) == (100, before)
        assert lines.row_count > 500
