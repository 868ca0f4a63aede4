"""What the steps say where a newcomer would be lost: filters, forms, ends, turns, keys, at the sizes that cut words."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from dataclasses import replace

import pytest
from scripted_runtime import (
    FAILURE,
    ScriptedRuntime,
    at,
    job,
    make_app,
    on_screen,
    sign_in,
    to_job,
    to_releases,
    until,
)
from textual.events import Paste

from tui.flow import effects as fx
from tui.flow.state import Answers, SigningIn
from tui.screens.job.jobs_started import parked_line
from tui.widgets.facts import facts
from tui.widgets.failure_notice import failure_content


async def test_a_filter_that_nothing_fits_says_what_to_do_and_esc_empties_it_before_it_goes_back():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await sign_in(pilot)
        await pilot.press(*"xyz")
        await until(pilot, lambda: "none of 2 fits ·  Esc  shows all" in on_screen(app))
        await pilot.press("enter")
        await pilot.pause()
        assert "none of 2 fits" in on_screen(app)
        await pilot.press("escape")
        await until(pilot, lambda: "2 accounts" in on_screen(app))
        assert type(app.state).__name__ == "ChoosingInstance"
        await pilot.press("escape")
        await until(pilot, at(pilot, "SigningIn"))


async def test_the_end_is_announced_once_and_by_no_notice_over_the_screen_that_says_it():
    app = make_app(ScriptedRuntime(jobs=(job(1, "Successful"),)))
    rung = []
    async with app.run_test(size=(60, 15), notifications=True) as pilot:
        app.bell = lambda: rung.append(1)
        await to_job(pilot)
        await until(pilot, lambda: "SUCCESSFUL" in on_screen(app))
        assert list(app._notifications) == []
        await pilot.press("f7")
        await until(pilot, at(pilot, "ListingJobs"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "Watching"))
        assert len(rung) == 1


async def test_an_end_behind_something_is_told_by_how_many_ended_how():
    runtime = ScriptedRuntime(jobs=(job(1), job(2)))
    app = make_app(runtime)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to_job(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: type(app.screen).__name__ == "HelpScreen")
        ended = (job(1, "Faulted"), job(2, "Stopped"))
        jobs = tuple(replace(each, job=now) for each, now in zip(app.state.jobs, ended, strict=True))
        app.state = replace(app.state, jobs=jobs)
        app._present()
        said = "2 jobs ended: 1 Faulted, 1 Stopped."
        await until(pilot, lambda: [each.message for each in app._notifications] == [said])


async def test_a_list_that_waits_for_its_turn_says_so():
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.FetchJobs)
    app = make_app(runtime)
    async with app.run_test(size=(60, 15)) as pilot:
        await to_releases(pilot)
        app.exchanges.turn = lambda: 4.2
        await pilot.press("f7")
        await until(pilot, lambda: "waits for its turn, ~5 s  ·  Esc stops" in on_screen(app))
        app.exchanges.turn = lambda: 0.0
        gate.set()
        await until(pilot, lambda: "waits for its turn" not in on_screen(app))


async def test_the_typed_form_begins_with_the_names_given_at_the_sign_in_and_has_its_own_help():
    runtime = ScriptedRuntime(accounts=())
    app = make_app(runtime, state=SigningIn(answers=Answers(deployment="automation-cloud")))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        app.screen.query_one("#organization").value = "acme"
        app.screen.query_one("#token").value = f"rt_{'0a1b' * 16}-1"
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        assert app.screen.query_one("#typed-account").value == "acme"
        await pilot.press("f1")
        await until(pilot, lambda: "checks both with a call" in " ".join(on_screen(app).split()))
        assert "filter" not in app.state.typed_reason + on_screen(app)


async def test_names_changed_after_the_sign_in_have_everything_listed_again():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=SigningIn(answers=Answers(deployment="automation-cloud")))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        app.screen.query_one("#organization").value = "acme"
        app.screen.query_one("#token").value = f"rt_{'0a1b' * 16}-1"
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "SigningIn"))
        await pilot.press("f5")
        await until(pilot, at(pilot, "ChoosingInstance"))
        assert runtime.count(fx.FetchAccounts) == 0, "nothing was changed"
        await pilot.press("escape")
        await until(pilot, at(pilot, "SigningIn"))
        app.screen.query_one("#organization").value = ""
        await pilot.press("f5")
        await until(pilot, lambda: runtime.count(fx.FetchAccounts) == 1)


async def test_a_page_whose_code_was_refused_is_awaited_no_more():
    runtime = ScriptedRuntime()
    runtime.hold(fx.AwaitRedirect)
    runtime.fail[fx.SignIn] = FAILURE
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        await pilot.press("shift+tab", "right", "enter")
        await until(pilot, at(pilot, "AwaitingBrowser"))
        app.screen.query_one("#redirect").value = f"{app.state.redirect_uri}?code=made-up-code-1234&state=s"
        await pilot.press("enter")
        await until(pilot, lambda: "This page is used up" in on_screen(app))
        assert "goes on by itself" not in on_screen(app)
        assert app.state.pending == ()


async def test_a_paste_takes_the_place_of_what_can_not_sign_in():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        field = app.screen.query_one("#token")
        for text in ("9b2f0000-0000-4000-8000-00000000beef", "8f3kQ0-invented-user-key-for-tests-only-77"):
            app.post_message(Paste(text))
            await until(pilot, lambda text=text: field.value == text)


@pytest.mark.parametrize("width", [58, 78, 118])
def test_the_way_back_to_the_job_is_never_cut(width: int):
    line = parked_line(job(10173064, "Successful").model_copy(update={"release_name": "A long name " * 4}), width).plain
    assert len(line) <= width or width < 60
    assert line.endswith(" F6  returns to it")
    assert ("A long" in line) is (width > 58)


def test_wrapped_words_go_on_under_their_first_one():
    lines = facts([("f1", "Help  " + "Explain this step and its keys " * 3)], 40).plain.split("\n")
    assert len(lines) > 2
    assert all(line.startswith(" " * 4) for line in lines[1:])


@pytest.mark.parametrize("width", range(40, 140, 7))
def test_the_key_that_helps_is_never_parted_from_its_words(width: int):
    failure = replace(FAILURE, next_step="Start the browser sign-in again, within a few minutes of its beginning")
    lines = [
        line.plain for part in failure_content(failure, "F2 tries again", width).split() for line in part.wrap(width)
    ]
    assert any("F2  tries again" in line for line in lines)
