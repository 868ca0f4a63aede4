"""The page of the browser sign-in: what is pasted is judged in sight, and belongs to the page that is shown."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from dataclasses import dataclass, replace

import pytest
from scripted_runtime import FAILURE, ScriptedRuntime, at, make_app, on_screen, until
from textual import events as key_events

from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.state import Answers, SigningIn

REFUSED = "https://cloud.uipath.com/identity_/web/login?errorCode=219&message=made+up+words&returnUrl=%2Fidentity_"
LANDED = "http://127.0.0.1:8765/?code=made-up-code-1234&state=s"


@dataclass
class Pages(ScriptedRuntime):
    """Gives another sign-in page each time."""

    async def perform(self, effect: fx.Effect) -> ev.Event:
        answer = await super().perform(effect)
        if isinstance(answer, ev.BrowserBegun):
            return replace(answer, address=f"{answer.address}?{'long=' * 40}page={self.count(fx.BeginBrowser)}")
        return answer


async def to_page(pilot) -> None:
    await until(pilot, lambda: pilot.app.screen.query("#save-as"))
    await pilot.pause()
    await pilot.press("shift+tab", "right", "enter", *"an-id", "enter")
    await until(pilot, at(pilot, "AwaitingBrowser"))
    await until(pilot, lambda: pilot.app.screen.query("#redirect"))


def paging(**more):
    runtime = Pages(**more)
    runtime.hold(fx.AwaitRedirect)
    return runtime, make_app(
        runtime, state=SigningIn(answers=Answers(deployment="automation-cloud", save_as="default"))
    )


def paste(app, text: str) -> None:
    app.screen.query_one("#redirect").post_message(key_events.Paste(text))


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 15)])
async def test_an_error_in_the_pasted_address_says_what_to_do_and_what_the_server_said(size):
    runtime, app = paging()
    async with app.run_test(size=size) as pilot:
        await to_page(pilot)
        paste(app, REFUSED)
        await until(pilot, lambda: "made up words" in on_screen(app))
        said = " ".join(on_screen(app).split())
        assert "directory" in said
        assert "personal access token" in said
        await pilot.press("enter")
        await until(pilot, lambda: "Not sent" in on_screen(app))
    assert not runtime.count(fx.SignIn)


async def test_what_is_pasted_after_a_refusal_takes_its_place():
    _, app = paging()
    async with app.run_test(size=(120, 36)) as pilot:
        await to_page(pilot)
        paste(app, REFUSED)
        await pilot.press("enter")
        await until(pilot, lambda: "Not sent" in on_screen(app))
        paste(app, LANDED)
        await until(pilot, lambda: "where the browser sign-in ended" in on_screen(app))
        assert app.screen.query_one("#redirect").value == LANDED


async def test_a_new_page_forgets_what_was_pasted_for_the_one_before():
    _, app = paging(fail={fx.SignIn: FAILURE})
    async with app.run_test(size=(120, 36)) as pilot:
        await to_page(pilot)
        paste(app, LANDED)
        await pilot.press("enter")
        await until(pilot, lambda: FAILURE.title in on_screen(app))
        paste(app, LANDED)
        await until(pilot, lambda: app.screen.query_one("#redirect").value == LANDED)
        await pilot.press("f2")
        await until(pilot, lambda: "page=2" in "".join(on_screen(app).split()))
        assert app.screen.query_one("#redirect").value == ""


async def test_a_refusal_leaves_the_field_in_sight_of_a_low_terminal():
    _, app = paging(fail={fx.SignIn: FAILURE})
    async with app.run_test(size=(60, 15)) as pilot:
        await to_page(pilot)
        await until(pilot, lambda: "Open this address" in on_screen(app) or "asked to open" in on_screen(app))
        paste(app, LANDED)
        await pilot.press("enter")
        await until(pilot, lambda: FAILURE.title in on_screen(app))
        paste(app, LANDED)
        await until(pilot, lambda: "•••" in on_screen(app))
        await pilot.resize_terminal(120, 36)
        await pilot.resize_terminal(60, 15)
        await until(pilot, lambda: "•••" in on_screen(app))
