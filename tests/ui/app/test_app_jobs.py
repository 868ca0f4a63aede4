"""The list of jobs: reached by a key, filtered, renewed, watched from and returned to; and two runs compared."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
from __future__ import annotations

from typing import Any

import pytest
from scripted_runtime import (  # pyright: ignore[reportMissingImports]
    FAILURE,
    FOLDERS,
    NOW,
    ScriptedRuntime,
    at,
    job,
    make_app,
    on_screen,
    to_job,
    to_releases,
    until,
)

from tui.flow import effects as fx
from tui.started_job import StartedJob

LISTED = (
    job(103, "Running", host_machine_name="BAKER-1"),
    job(102, "Faulted", info="[/boom] it broke"),
    job(101, "Successful", input_arguments='{"in_Text": "new", "in_Password": "abc"}'),
)
MINE = StartedJob(place="https://h", id=103, release_name="Process", started_at=NOW, state="Running")


def renewing(**more: Any) -> ScriptedRuntime:
    """A runtime with a list of jobs, of which the first is still running."""
    return ScriptedRuntime(listed=LISTED, jobs=(job(103, "Running"),), **more)


async def to_list(pilot: Any) -> None:
    await to_releases(pilot)
    await pilot.press("f7")
    await until(pilot, lambda: at(pilot, "ListingJobs")() and pilot.app.state.listed_at is not None)


def seen(pilot: Any, text: str) -> Any:
    return lambda: text in on_screen(pilot.app)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 15)])
async def test_the_list_says_state_in_words_and_marks_what_was_started_here(size: tuple[int, int]) -> None:
    async with make_app(renewing(started=(MINE,))).run_test(size=size) as pilot:
        await to_list(pilot)
        await until(pilot, seen(pilot, "103"))
        text = on_screen(pilot.app)
        row = next(line for line in text.splitlines() if "103" in line)
        assert "▸ Running" in row
        assert "• 103" in row
        assert "✘ Faulted" in text
        assert "• 102" not in text


async def test_server_text_stays_text() -> None:
    async with make_app(renewing()).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        await pilot.press("down")
        await until(pilot, seen(pilot, "[/boom] it broke"))


async def test_enter_watches_and_esc_leads_back_step_by_step() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, at(pilot, "Watching"))
        assert pilot.app.state.current.job.id == 101
        await until(pilot, seen(pilot, "SUCCESSFUL"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "ListingJobs"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert pilot.app.state.answers.release is None
        assert pilot.app.state.parked.current.job.id == 101
        assert runtime.count(fx.StartJob) == 0


async def test_a_watch_goes_on_when_the_list_was_opened_from_it() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.press("j")
        await until(pilot, at(pilot, "ListingJobs"))
        await until(pilot, seen(pilot, "102"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: at(pilot, "Watching")() and pilot.app.state.current.job.id == 102)
        await pilot.press("escape")
        await until(pilot, at(pilot, "ListingJobs"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "Watching"))
        assert pilot.app.state.current.job.id == 103
        assert pilot.app.state.listing is None


async def test_choosing_the_job_that_is_watched_returns_to_its_watch() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        seen_states = pilot.app.state.current.seen
        await pilot.press("f7")
        await until(pilot, at(pilot, "ListingJobs"))
        await until(pilot, seen(pilot, "102"))
        await pilot.press("home", "enter")
        await until(pilot, at(pilot, "Watching"))
        assert pilot.app.state.current.seen[: len(seen_states)] == seen_states
        assert runtime.count(fx.AttachJob) == 0


async def test_one_key_goes_through_the_kinds_of_jobs() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        for shown in ("unfinished", "Faulted", "Successful", "Stopped", ""):
            await pilot.press("f7")
            await until(pilot, lambda shown=shown: pilot.app.state.shown == shown and pilot.app.state.listed_at)
        shown = [effect.shown for effect in runtime.performed if isinstance(effect, fx.FetchJobs) and not effect.quiet]
        assert shown == ["", "unfinished", "Faulted", "Successful", "Stopped", ""]


async def test_what_is_not_loaded_is_looked_for_by_the_server() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        pilot.app.screen.query_one("#picker-filter").value = "Nightly"
        await until(pilot, seen(pilot, "none of 3 fits"))
        await pilot.press("enter")
        await until(pilot, seen(pilot, "The server knows no job like “Nightly”"))


async def test_a_list_that_can_t_be_read_says_why_and_is_asked_for_again() -> None:
    runtime = renewing()
    runtime.fail[fx.FetchJobs] = FAILURE
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.press("f7")
        await until(pilot, seen(pilot, "the list could not be read"))
        runtime.fail.clear()
        await pilot.press("f2")
        await until(pilot, seen(pilot, "103"))
        assert pilot.app.state.failure is None


async def test_half_typed_text_and_mark_survive_the_renewal() -> None:
    runtime = renewing()
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        await pilot.press("down")
        gate = runtime.hold(fx.FetchJobs)
        before = runtime.count(fx.FetchJobs)
        await pilot.press("f5")
        await until(pilot, lambda: runtime.count(fx.FetchJobs) > before)
        pilot.app.screen.query_one("#picker-filter").value = "proc"
        await until(pilot, lambda: pilot.app.screen.query_one("Picker")._done == "proc")
        runtime.listed = (job(104, "Pending"), *LISTED)
        gate.set()
        del runtime.held[fx.FetchJobs]
        await until(pilot, lambda: len(pilot.app.state.jobs) == 4)
        assert pilot.app.screen.query_one("#picker-filter").value == "proc"
        await until(pilot, lambda: pilot.app.screen._marked is not None and pilot.app.screen._marked.id == 103)


async def test_the_release_list_tells_of_jobs_started_here_once_it_knows() -> None:
    second = StartedJob(place="https://h", id=90, release_name="Old", started_at=NOW, state="Running")
    runtime = renewing(started=(MINE, second))
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, seen(pilot, "2 jobs you started still run"))
        assert runtime.count(fx.LookAtStarted) == 1


async def test_jobs_that_are_over_are_not_told_of() -> None:
    over = StartedJob(place="https://h", id=90, release_name="Old", started_at=NOW, state="Successful")
    runtime = renewing(started=(over,))
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await pilot.pause()
        assert not pilot.app.screen.query("#started")
        assert runtime.count(fx.LookAtStarted) == 0


async def test_a_job_started_in_another_folder_is_listed_and_watched_there() -> None:
    far = StartedJob(
        place="https://h", id=77, release_name="Far", folder_id=2, folder_path="Fin/In", started_at=NOW, state="Running"
    )
    runtime = renewing(started=(far,), folders=FOLDERS)
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await _to_folder(pilot)
        await pilot.press("f7")
        await until(pilot, lambda: at(pilot, "ListingJobs")() and pilot.app.state.listed_at is not None)
        await until(pilot, seen(pilot, "Fin/In"))
        runtime.hold(fx.FetchJobs)
        runtime.listed = (*LISTED, job(77, "Running"))
        await pilot.press("enter")
        await until(pilot, at(pilot, "Watching"))
        assert pilot.app.state.answers.folder.id == 2
        assert "again" not in {active.binding.action for active in pilot.app.screen.active_bindings.values()}
        await pilot.press("escape", "escape")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert pilot.app.state.answers.folder.id == 1


async def _to_folder(pilot: Any) -> None:
    from scripted_runtime import sign_in  # pyright: ignore[reportMissingImports]

    await sign_in(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.state.instances is not None)
    await pilot.press("enter")
    await until(pilot, at(pilot, "ChoosingFolder"))
    await pilot.press("enter")
    await until(pilot, lambda: at(pilot, "ChoosingRelease")() and pilot.app.state.releases)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 15)])
async def test_two_runs_are_shown_side_by_side(size: tuple[int, int]) -> None:
    before = job(50, "Faulted", input_arguments='{"in_Text": "old", "in_Password": "xyz"}')
    runtime = renewing(previous=before)
    async with make_app(runtime).run_test(size=size) as pilot:
        await to_list(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, at(pilot, "Watching"))
        await pilot.press("d")
        await until(pilot, seen(pilot, "2 values differ"))
        text = on_screen(pilot.app)
        assert "old" in text
        assert "new" in text
        assert "≠" in text
        assert "abc" not in text
        assert "xyz" not in text
        await pilot.press("escape")
        await until(pilot, at(pilot, "Watching"))


async def test_a_first_run_has_nothing_to_be_compared_with() -> None:
    async with make_app(renewing()).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, at(pilot, "Watching"))
        await pilot.press("d")
        await until(pilot, seen(pilot, "There is no run of Process before job 101"))


async def test_a_refused_comparison_leaves_the_watch_as_it_is() -> None:
    runtime = renewing()
    runtime.fail[fx.FetchPrevious] = FAILURE
    async with make_app(runtime).run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.press("d")
        await until(pilot, seen(pilot, "Could not list the releases"))
        assert pilot.app.state.failures == 0
        assert pilot.app.state.failure is None


async def test_a_new_sign_in_goes_on_with_the_list() -> None:
    async with make_app(renewing()).run_test(size=(120, 36)) as pilot:
        await to_list(pilot)
        await pilot.press("f9")
        await until(pilot, at(pilot, "SigningIn"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "ListingJobs"))


@pytest.mark.parametrize("sizes", [((60, 15),), ((120, 36), (60, 15)), ((60, 15), (120, 36), (60, 15))])
async def test_the_focus_and_its_keys_are_where_there_is_room(sizes: tuple[tuple[int, int], ...]) -> None:
    app = make_app(ScriptedRuntime(jobs=(job(state="Successful"),)))
    async with app.run_test(size=sizes[0]) as pilot:
        await to_job(pilot)
        for size in sizes[1:]:
            await pilot.resize_terminal(*size)
        await until(pilot, lambda: app.focused is app.screen.query_one("#job-left"))
        await until(pilot, lambda: "Run again" in on_screen(app))
        assert "Level" not in on_screen(app)
        await pilot.press("v")
        await until(pilot, lambda: app.focused is app.screen.query_one("#robot-log"))
