"""Which argument carries the mark of a start, and that nothing a person gave for it is lost unsaid or kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flow_samples import ANSWERS, JOB, NOW, RELEASE, awaiting, sample  # pyright: ignore[reportMissingImports]

from tui.api.arguments import check_inputs
from tui.api.models import ReleaseArguments
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.form_effects import RememberStart
from tui.flow.machine import transition
from tui.flow.marking import carrier, declared, note, trouble
from tui.flow.start_info import start_info
from tui.intent import REFERENCE, STAND_IN
from tui.remembered import CarrierKept, Preset, PresetKept, Remembered, Started

DECLARED = '[{"name":"in_Ref","type":"System.String","required":true},{"name":"in_Count","type":"System.Int32"}]'
TAKES = RELEASE.model_copy(update={"arguments": ReleaseArguments(input=DECLARED)})
OLD_MARK = f"{REFERENCE}3b1d5c9e-0f6a-4f4e-9d43-6a0f6f2b7c11"


def preparing(chosen: str | None = None, rules: tuple[tuple[str, str], ...] = (), **more: object) -> st.PreparingStart:
    memory = (Remembered("f-7", TAKES.key, NOW, carrier=chosen),)
    answers = replace(ANSWERS, release=TAKES, base="https://b", memory=memory, carriers=rules)
    return replace(sample(st.PreparingStart), answers=replace(answers, **more))  # pyright: ignore[reportArgumentType]


def step(state: st.State, event: ev.Event) -> tuple[st.PreparingStart, tuple[fx.Effect, ...]]:
    following, effects = transition(state, event)
    assert isinstance(following, st.PreparingStart)
    return following, effects


def sent(state: st.PreparingStart) -> object:
    info = start_info(state.answers)
    assert info is not None
    return json.loads(info.input_arguments or "{}")


@pytest.mark.parametrize("release", [TAKES.key, TAKES.key.upper(), TAKES.name, TAKES.name.lower()])
def test_the_settings_name_the_argument_by_the_releases_key_or_name(release: str) -> None:
    state = preparing(rules=(("another", "in_Other"), (release, "in_Ref")))
    assert carrier(state.answers) == "in_Ref"
    assert [each.carries_mark for each in declared(state.answers)] == [True, False]
    assert sent(state) == {"in_Ref": STAND_IN}


def test_what_was_chosen_in_the_form_counts_before_the_settings() -> None:
    rules = ((TAKES.name, "in_Ref"),)
    assert carrier(preparing("", rules).answers) == ""
    assert carrier(preparing("in_Ref").answers) == "in_Ref"
    assert carrier(preparing().answers) == ""


@pytest.mark.parametrize("name", ["in_Count", "in_Gone", "IN_REF"])
def test_what_is_no_text_argument_carries_nothing_and_is_told(name: str) -> None:
    state = preparing(rules=((TAKES.name, name),), inputs='{"in_Ref":"mine"}')
    assert carrier(state.answers) == ""
    assert name in trouble(state.answers)
    assert note(state.answers) == trouble(state.answers)
    assert sent(state) == {"in_Ref": "mine"}


def test_the_argument_need_not_be_given_and_must_not_be() -> None:
    arguments = declared(preparing("in_Ref").answers)
    assert check_inputs("", arguments) == []
    (error,) = check_inputs('{"in_Ref": "order 5"}', arguments)
    assert (error.name, "leave it out" in error.message) == ("in_Ref", True)
    (error,) = check_inputs(json.dumps({"in_Count": 1, "x": ""})[:-2] + "y" * 9_960 + '"}', arguments)[-1:]
    assert "characters" in error.message, "the mark counts among the characters that are allowed"


def test_choosing_remembers_it_and_shows_the_form_anew_without_losing_what_was_typed_unsaid() -> None:
    before = preparing(inputs='{"in_Count":4,"in_Ref":"order 5"}')
    after, effects = step(before, ev.CarrierChosen(argument="in_Ref"))
    assert after.answers.inputs == '{"in_Count":4}'
    assert after.filled == "what was here, without its in_Ref"
    assert after.refills != before.refills
    kept = [each.change for each in effects if isinstance(each, RememberStart)]
    assert kept == [CarrierKept(folder="f-7", release_key=TAKES.key, argument="in_Ref")]
    previews = [each.info.input_arguments for each in effects if isinstance(each, fx.PreviewStart)]
    assert previews == [f'{{"in_Count":4,"in_Ref":"{STAND_IN}"}}']
    again, _ = step(after, ev.CarrierChosen(argument=""))
    assert (carrier(again.answers), sent(again)) == ("", {"in_Count": 4})


@pytest.mark.parametrize("argument", ["in_Count", "in_Gone", "in_Ref"])
def test_what_can_not_carry_it_or_does_already_changes_nothing(argument: str) -> None:
    before = preparing("in_Ref")
    assert transition(before, ev.CarrierChosen(argument=argument)) == (before, ())


def test_the_question_is_asked_with_the_argument_and_each_start_anew() -> None:
    _, effects = step(preparing("in_Ref"), ev.StartRequested())
    (fence,) = effects
    assert isinstance(fence, fx.ReadFence)
    assert fence.carrier == "in_Ref"
    assert json.loads(fence.info.input_arguments) == {"in_Ref": STAND_IN}


def test_the_releases_own_value_gives_way_and_is_told() -> None:
    release = TAKES.model_copy(update={"input_arguments": '{"in_Ref":"own","in_Count":1}'})
    answers = replace(preparing("in_Ref").answers, release=None)
    choosing = replace(sample(st.ChoosingRelease), answers=answers)
    state, _ = step(choosing, ev.ReleaseChosen(release=release))
    assert (state.answers.inputs, state.filled) == ('{"in_Count":1}', "the release, without its in_Ref")
    assert "own value for it is not sent" in note(state.answers)
    state, _ = step(state, ev.DefaultsTaken())
    assert (state.answers.inputs, state.filled) == ('{"in_Count":1}', "the release, without its in_Ref")


def test_a_preset_loses_its_value_saying_so_and_an_old_mark_without_a_word() -> None:
    presets = (Preset("own", '{"in_Ref":"order 5"}'), Preset("marked", json.dumps({"in_Ref": OLD_MARK})))
    memory = (Remembered("f-7", TAKES.key, NOW, presets=presets, carrier="in_Ref"),)
    state = preparing(memory=memory)
    for name, filled in (("own", "preset own, without its in_Ref"), ("marked", "preset marked")):
        after, _ = step(state, ev.PresetTaken(name=name))
        assert (after.answers.inputs, after.filled) == ("", filled)


def test_the_mark_is_never_remembered() -> None:
    state = preparing("in_Ref", inputs=json.dumps({"in_Ref": OLD_MARK, "in_Count": 2}))
    _, effects = step(state, ev.PresetSaved(name="month"))
    (kept,) = [each.change for each in effects if isinstance(each, RememberStart)]
    assert isinstance(kept, PresetKept)
    assert kept.preset.inputs == '{"in_Count":2}'
    starting = awaiting(replace(sample(st.Starting), answers=state.answers, step_back=state))
    _, effects = transition(starting, ev.JobsStarted(ticket=1, jobs=(JOB,), at=NOW))
    (started,) = [each.change for each in effects if isinstance(each, RememberStart)]
    assert isinstance(started, Started)
    assert started.inputs == '{"in_Count":2}'
