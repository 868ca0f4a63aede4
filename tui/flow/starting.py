"""Step 4: inputs, the exact request, the question, the one start. Imports types only.

The start is asked for in one place, from `ConfirmingStart`; `Starting` is left by its answer alone.
"""

from __future__ import annotations

from dataclasses import replace

from tui.flow import unresolved, watching
from tui.flow.effects import FetchRobots, ReadFence, StartJob
from tui.flow.events import (
    CallFailed,
    FenceRead,
    InputsEdited,
    IntentFound,
    JobsStarted,
    ReleaseChosen,
    Retried,
    RobotsLoaded,
    RobotsRequested,
    RunAgainRequested,
    StartConfirmed,
    StartLost,
    StartPreviewed,
    StartRefused,
    StartRequested,
    WentBack,
)
from tui.flow.form_effects import ValidateStart
from tui.flow.marking import carrier
from tui.flow.memory import after_start, first_inputs
from tui.flow.profiles import keep
from tui.flow.start_info import preview_again, release_folder, robots_for, start_info
from tui.flow.start_options import PLAIN
from tui.flow.states import ChoosingRelease, ConfirmingStart, PreparingStart, Starting, Watching
from tui.flow.table import Step, ask, ask_afresh, awaiting, back_to, on, stay, without
from tui.intent import IntentState


@on(ChoosingRelease, ReleaseChosen)
def _prepare(state: ChoosingRelease, event: ReleaseChosen) -> Step:
    kept, filled = replace(state.answers, finished=False), ""
    if kept.release is None or kept.release.key != event.release.key:
        inputs, filled = first_inputs(kept, event.release)
        kept = replace(kept, inputs=inputs, options=PLAIN)
    answers = replace(kept, release=event.release)
    back = back_to(replace(state, answers=answers), state)
    preparing = PreparingStart(answers=answers, ticket=state.ticket, step_back=back, filled=filled)
    open_one = next((each for each in answers.intents if each.release_key == event.release.key), None)
    return preview_again(preparing) if open_one is None else unresolved.resume(preparing, open_one)


@on(PreparingStart, InputsEdited)
def _edited(state: PreparingStart, event: InputsEdited) -> Step:
    answers = replace(state.answers, inputs=event.inputs, options=event.options)
    problems = (*event.problems, *event.options.problems(modern=answers.modern))
    if (answers, problems) == (state.answers, state.problems):
        return stay(state)  # told twice: a question that was asked for in between is on its way
    state = without(replace(state, answers=answers, problems=problems, verdict=None), ReadFence, ValidateStart)
    return stay(state) if problems else preview_again(state)


@on(PreparingStart, RobotsRequested)
def _ask_robots(state: PreparingStart, _event: RobotsRequested) -> Step:
    if state.robots is not None or awaiting(state, FetchRobots):
        return stay(state)
    return ask(replace(state, failure=None, failed=None), FetchRobots(folder=release_folder(state.answers)))


@on(PreparingStart, RobotsLoaded)
def _robots(state: PreparingStart, event: RobotsLoaded) -> Step:
    release = state.answers.release
    return stay(replace(state, robots=robots_for(release, event.robots) if release is not None else ()))


@on(PreparingStart, StartPreviewed)
def _previewed(state: PreparingStart, event: StartPreviewed) -> Step:
    return stay(replace(state, preview=event.preview))


@on(PreparingStart, StartRequested)
def _question(state: PreparingStart, _event: StartRequested) -> Step:
    info = start_info(state.answers)
    if info is None or state.problems or awaiting(state, ReadFence):
        return stay(state)
    release = state.answers.release
    name = release.name if release is not None else ""
    folder = release_folder(state.answers)
    return ask_afresh(state, ReadFence(info=info, folder=folder, release_name=name, carrier=carrier(state.answers)))


@on(PreparingStart, FenceRead)
def _ready(state: PreparingStart, event: FenceRead) -> Step:
    return stay(
        ConfirmingStart(
            answers=state.answers,
            ticket=state.ticket,
            step_back=replace(state, pending=(), preview=event.preview),
            info=event.info,
            preview=event.preview,
            intent=event.intent,
        )
    )


@on(PreparingStart, IntentFound)
def _not_yet(state: PreparingStart, event: IntentFound) -> Step:
    """Look for the job of an earlier start first, made by another program or before this one."""
    return unresolved.resume(state, event.intent)


@on(PreparingStart, CallFailed)
def _failed(state: PreparingStart, event: CallFailed) -> Step:
    return stay(replace(state, failure=event.failure))


@on(PreparingStart, Retried)
def _retry(state: PreparingStart, _event: Retried) -> Step:
    return ask_afresh(state, state.failed) if state.failed else stay(state)


@on(PreparingStart, WentBack)
def _back(state: PreparingStart, _event: WentBack) -> Step:
    if awaiting(state, ReadFence, FetchRobots, ValidateStart):
        return stay(back_to(state, state))
    return stay(back_to(state.step_back, state))


@on(ConfirmingStart, WentBack)
def _declined(state: ConfirmingStart, _event: WentBack) -> Step:
    return stay(back_to(state.step_back, state))


@on(ConfirmingStart, StartConfirmed)
def _start(state: ConfirmingStart, event: StartConfirmed) -> Step:
    if state.answers.production and not (state.asked_again and event.again):
        return stay(replace(state, asked_again=True))
    following = Starting(
        answers=state.answers,
        ticket=state.ticket,
        step_back=state.step_back,
        info=state.info,
        preview=state.preview,
        intent=state.intent,
    )
    return ask(following, StartJob(info=state.info, folder=release_folder(state.answers), intent=state.intent))


@on(Starting, StartConfirmed)
def _again(state: Starting, _event: StartConfirmed) -> Step:
    """Take a second key press for what it is: nothing."""
    return stay(state)


@on(Starting, JobsStarted)
def _started(state: Starting, event: JobsStarted) -> Step:
    answers = unresolved.settled(state.answers, state.intent)
    origin = back_to(replace(state.step_back, answers=answers), replace(state, answers=answers))
    step = after_start(watching.begin(origin, state.ticket, event.jobs, event.at), origin, event.at)
    return keep(step)


@on(Starting, StartRefused)
def _refused(state: Starting, event: StartRefused) -> Step:
    return stay(replace(back_to(state.step_back, state), failure=event.failure))


@on(Starting, StartLost)
def _lost(state: Starting, event: StartLost) -> Step:
    return unresolved.begin(state, event.intent)


@on(Starting, CallFailed)
def _unclear(state: Starting, event: CallFailed) -> Step:
    """Treat any other failure of the start as lost: what is not proven unsent may have been sent."""
    return unresolved.begin(state, replace(state.intent, state=IntentState.UNKNOWN, cause=event.failure.cause))


@on(Watching, RunAgainRequested)
def _run_again(state: Watching, _event: RunAgainRequested) -> Step:
    release_step = replace(state.step_back.step_back, parked=replace(state, pending=()))
    # The form may show what was typed for another start of the release meanwhile.
    refills = max(state.step_back.refills, state.ticket) + 1
    return preview_again(replace(back_to(state.step_back, state), step_back=release_step, refills=refills))
