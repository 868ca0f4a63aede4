"""How soon news is on the screen: the first state with the next frame, a change with the poll that brings it."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import asyncio

from scripted_runtime import ScriptedRuntime, at, job, make_app, to_job, to_question, until

from tui.flow import effects as fx

FRAMES = 1
"""Frames in which news must be shown: the first one that paints anything after it came."""


def record_frames(app) -> list[str]:
    """Return a list that gets what every frame from now on paints: the text sent to the terminal, and no more."""
    frames: list[str] = []
    display = app._display

    def displayed(screen, renderable):
        display(screen, renderable)
        if renderable is not None:
            frames.append("".join(segment.text for segment in app.console.render(renderable)))

    app._display = displayed
    return frames


async def frames_until(pilot, frames: list[str], words: str) -> int:
    """Return how many frames were painted until one showed ``words``."""
    await until(pilot, lambda: any(words in frame for frame in frames))
    return next(number for number, frame in enumerate(frames, 1) if words in frame)


async def test_the_first_state_is_on_the_screen_with_the_answer_to_the_start():
    runtime = ScriptedRuntime(jobs=(job(state="Pending"),))
    gate, polls = runtime.hold(fx.StartJob), runtime.hold(fx.PollJobs)
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("enter")
        await until(pilot, at(pilot, "Starting"))
        gate.set()
        while type(app.state).__name__ != "Watching":
            await asyncio.sleep(0)
        frames = record_frames(app)
        assert await frames_until(pilot, frames, "PENDING") <= FRAMES
        assert not polls.is_set(), "no poll was needed for it"


async def test_a_change_of_state_is_on_the_screen_with_the_poll_that_brings_it():
    runtime = ScriptedRuntime(jobs=(job(state="Pending"),))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        gate = runtime.hold(fx.Wait)
        await until(pilot, lambda: any(isinstance(effect, fx.Wait) for effect in app.state.pending))
        await pilot.pause(0.1)
        before = runtime.count(fx.PollJobs)
        runtime.jobs = (job(state="Running"),)
        gate.set()
        while app.state.current.job.state != "Running":
            await asyncio.sleep(0)
        frames = record_frames(app)
        assert runtime.count(fx.PollJobs) - before <= 1
        assert await frames_until(pilot, frames, "RUNNING") <= FRAMES
