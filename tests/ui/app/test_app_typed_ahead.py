"""A key belongs to the screen on which it was pressed, however late it comes up to the bindings."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import asyncio

import pytest
from scripted_runtime import ScriptedRuntime, job, make_app, on_screen, to_job, to_start, until
from textual.events import Key
from textual.widgets import Static

from tui.flow import effects as fx
from tui.screens.start.confirm import ConfirmScreen
from tui.widgets.key_line import KeyLine


class Slow(Static, can_focus=True):
    """Takes a key, and lets it go on only later."""

    def __init__(self) -> None:
        super().__init__("slow")
        self.taken, self.let_go = asyncio.Event(), asyncio.Event()

    async def on_key(self) -> None:
        self.taken.set()
        await self.let_go.wait()


async def slow(app) -> Slow:
    held = Slow()
    await app.screen.mount(held)
    held.focus()
    return held


async def come(condition) -> None:
    """Wait for something while a widget holds a key: a pilot would wait for the widget."""
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.02)


async def press_without_waiting(app, key: str) -> None:
    app.post_message(Key(key, None))


@pytest.mark.parametrize("question", ["leave", "start"])
async def test_a_late_key_answers_no_question_that_came_up_behind_it(question: str) -> None:
    runtime = ScriptedRuntime(jobs=(job(state="Pending"),))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await (to_job if question == "leave" else to_start)(pilot)
        held = await slow(app)
        await until(pilot, lambda: app.focused is held)
        await press_without_waiting(app, "enter")
        await asyncio.wait_for(held.taken.wait(), 8)
        if question == "leave":
            await press_without_waiting(app, "ctrl+q")
            await come(lambda: "Enter leaves" in on_screen(app))
        else:
            await app.screen.run_action("start")
            await come(lambda: "starts it, once" in on_screen(app))
        in_front = app.screen
        held.let_go.set()
        await pilot.pause(0.3)
        assert app.screen is in_front, "the question is still open"
        assert app.is_running
        assert runtime.count(fx.StartJob) == (question == "leave"), "nothing was started by it"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not in_front)


async def asked_in(pilot, width: int, height: int):
    """Open the question in a window of that size and return it."""
    await to_start(pilot)
    await pilot.resize_terminal(width, height)
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
    return pilot.app.screen


async def test_a_key_from_before_the_question_was_painted_whole_starts_nothing_and_one_after_it_always_does():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        question = await asked_in(pilot, 40, 10)
        await until(pilot, lambda: question.query_one("#question-box").border_subtitle)
        early = Key("enter", None)  # pressed now, and on its way while the window is enlarged
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: question.seen)
        app.post_message(early)
        await pilot.pause()
        await pilot.pause()
        assert app.screen is question
        assert runtime.count(fx.StartJob) == 0
        await pilot.press("enter")
        await until(pilot, lambda: runtime.count(fx.StartJob) == 1)


async def test_a_key_right_after_the_picture_counts_however_late_everything_else_is():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        question = await asked_in(pilot, 80, 24)
        question._offer = lambda: None  # whatever is to follow a refresh has not come yet
        question.on_resize()
        await until(pilot, lambda: question.seen)
        app.post_message(Key("enter", None))
        await until(pilot, lambda: runtime.count(fx.StartJob) == 1)


async def click_below(pilot, words: str) -> None:
    line = pilot.app.screen.query_one(KeyLine)
    await until(pilot, lambda: any(each.key and each.key.description == words for each in line.placed))
    place = next(each for each in line.placed if each.key and each.key.description == words)
    await pilot.click(line, offset=(place.at, 0))


async def test_a_click_counts_only_once_the_question_was_there_for_longer_than_a_double_click_takes():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_start(pilot)
        app.CLICK_CHAIN_TIME_THRESHOLD = 60.0  # however slow this machine is, the two clicks are one double click
        await click_below(pilot, "Start…")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and app.screen.seen)
        question = app.screen
        await click_below(pilot, "Start it")
        await pilot.pause()
        await pilot.pause()
        assert app.screen is question
        assert runtime.count(fx.StartJob) == 0
        app.CLICK_CHAIN_TIME_THRESHOLD = 0.0
        await click_below(pilot, "Start it")
        await until(pilot, lambda: runtime.count(fx.StartJob) == 1)
