"""The start form beyond typing: what it begins with, presets, and the server's check. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tui.errors import Exit, Failure
from tui.flow.events import (
    CarrierChosen,
    DefaultsTaken,
    DryRunRequested,
    LastTaken,
    PresetDeleted,
    PresetSaved,
    PresetTaken,
    StartRemembered,
    StartValidated,
)
from tui.flow.form_effects import ValidateStart
from tui.flow.interruptions import LEAVABLE
from tui.flow.marking import carrier, declared, remembered, unmarked
from tui.flow.memory import LAST, OWN, filled_from, fit_to_keep, place, remember
from tui.flow.start_info import preview_again, release_folder, start_info
from tui.flow.start_options import PLAIN, StartOptions
from tui.flow.states import AwaitingBrowser, ConfirmingStart, PreparingStart, SigningIn, Starting, State, Watching
from tui.flow.table import Step, ask, awaiting, on, stay, without
from tui.remembered import LONGEST_NAME, CarrierKept, Preset, PresetDropped, PresetKept

TYPED: Final = "what was here"
NO_CHECK: Final = Failure(
    "This server can't check a start",
    "it does not know the call (servers of today do)",
    "Start without the check.",
    exit=Exit.REFUSED,
)


def _filled(state: PreparingStart, inputs: str, options: StartOptions, source: str) -> Step:
    answers = replace(state.answers, inputs=unmarked(state.answers, inputs), options=options)
    problems = options.problems(modern=answers.modern)
    state = replace(
        without(state, ValidateStart),
        answers=answers,
        problems=problems,
        filled=filled_from(source, answers, inputs) if source else "",
        refills=max(state.refills, state.ticket) + 1,
        verdict=None,
        failure=None,
        failed=None,
    )
    return stay(state) if problems else preview_again(state)


@on(PreparingStart, DefaultsTaken)
def _defaults(state: PreparingStart, _event: DefaultsTaken) -> Step:
    release = state.answers.release
    return _filled(state, release.input_arguments.strip() if release is not None else "", PLAIN, OWN)


@on(PreparingStart, LastTaken)
def _last(state: PreparingStart, _event: LastTaken) -> Step:
    known = remembered(state.answers)
    return _filled(state, known.inputs, state.answers.options, LAST) if known.at is not None else stay(state)


@on(PreparingStart, PresetTaken)
def _take(state: PreparingStart, event: PresetTaken) -> Step:
    preset = remembered(state.answers).preset(event.name)
    return _filled(state, preset.inputs, preset.options, f"preset {preset.name}") if preset is not None else stay(state)


@on(PreparingStart, PresetSaved)
def _save(state: PreparingStart, event: PresetSaved) -> Step:
    name = event.name.strip()[:LONGEST_NAME]
    if not name or state.problems:
        return stay(state)
    preset = Preset(name, fit_to_keep(state.answers, state.answers.inputs), state.answers.options)
    step = stay(replace(state, filled=f"preset {name}"))
    return remember(step, PresetKept(**place(state.answers), preset=preset))


@on(PreparingStart, PresetDeleted)
def _delete(state: PreparingStart, event: PresetDeleted) -> Step:
    preset = remembered(state.answers).preset(event.name)
    if preset is None:
        return stay(state)
    return remember(stay(state), PresetDropped(**place(state.answers), name=preset.name))


@on(PreparingStart, CarrierChosen)
def _carry(state: PreparingStart, event: CarrierChosen) -> Step:
    """Let another argument carry the mark, or none; a value that stood there is told of, not lost unsaid."""
    texts = {argument.name for argument in declared(state.answers) if argument.is_text}
    if event.argument == carrier(state.answers) or event.argument not in ("", *texts):
        return stay(state)
    inputs, source = state.answers.inputs, state.filled
    following, kept = remember(stay(state), CarrierKept(**place(state.answers), argument=event.argument))
    if inputs != unmarked(following.answers, inputs):
        source = source or TYPED
    assert isinstance(following, PreparingStart)  # noqa: S101 - the state stays
    following, effects = _filled(following, inputs, state.answers.options, source)
    return following, (*kept, *effects)


@on(PreparingStart, DryRunRequested)
def _check(state: PreparingStart, _event: DryRunRequested) -> Step:
    info = start_info(state.answers)
    if info is None or state.problems or awaiting(state, ValidateStart):
        return stay(state)
    if not state.answers.modern:
        return stay(replace(state, failure=NO_CHECK, failed=None))
    state = replace(state, verdict=None, failure=None, failed=None)
    return ask(state, ValidateStart(info=info, folder=release_folder(state.answers)))


@on(PreparingStart, StartValidated)
def _checked(state: PreparingStart, event: StartValidated) -> Step:
    if event.verdict is None:
        return stay(replace(state, failure=NO_CHECK, failed=None))
    return stay(replace(state, verdict=event.verdict))


def _news(state: State, event: StartRemembered) -> Step:
    """Take what is known on disk; a failure is told where it disturbs nothing."""
    if event.memory is not None and event.base == state.answers.base:
        state = replace(state, answers=replace(state.answers, memory=event.memory))
    if event.failure is None:
        return stay(state)
    if isinstance(state, PreparingStart):
        return stay(replace(state, failure=event.failure, failed=None))
    if isinstance(state, Watching):
        return stay(replace(state, notice=f"The inputs could not be kept. {event.failure}"))
    return stay(state)


for _state in (SigningIn, AwaitingBrowser, ConfirmingStart, Starting, *LEAVABLE):
    on(_state, StartRemembered)(_news)
