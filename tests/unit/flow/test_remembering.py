"""What the start form begins with and what is remembered of an accepted start."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flow_samples import (  # pyright: ignore[reportMissingImports]
    ANSWERS,
    FAILURE,
    JOB,
    LOST,
    NOW,
    RELEASE,
    awaiting,
    sample,
)

from tui.api.models import ReleaseArguments, ValidationResult
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.form_effects import RememberStart, ValidateStart
from tui.flow.machine import transition
from tui.flow.memory import recent_keys
from tui.flow.remembering import NO_CHECK
from tui.flow.start_options import StartOptions
from tui.intent import IntentState
from tui.remembered import Preset, Remembered, Started

OWN = RELEASE.model_copy(update={"input_arguments": '{"a": 1}'})
OPTIONS = StartOptions(jobs_count=3)
PRESET = Preset("month", '{"a":3}', OPTIONS)
KNOWN = Remembered("f-7", RELEASE.key, NOW, '{"a":2}', (PRESET,))


def preparing(**more: object) -> st.PreparingStart:
    answers = replace(ANSWERS, release=OWN, base="https://b", memory=(KNOWN,), modern=True, **more)  # pyright: ignore[reportArgumentType]
    return replace(sample(st.PreparingStart), answers=answers)


def filled(state: st.State, event: ev.Event) -> st.PreparingStart:
    following, effects = transition(state, event)
    assert isinstance(following, st.PreparingStart)
    assert [type(effect) for effect in effects] == [fx.PreviewStart]
    return following


def test_the_form_begins_with_the_last_inputs_and_plain_options() -> None:
    choosing = replace(sample(st.ChoosingRelease), answers=replace(ANSWERS, release=None, memory=(KNOWN,)))
    state = filled(choosing, ev.ReleaseChosen(release=OWN))
    assert (state.answers.inputs, state.answers.options, state.filled) == (
        KNOWN.inputs,
        StartOptions(),
        "the last start",
    )
    nothing = replace(choosing, answers=replace(choosing.answers, memory=()))
    state = filled(nothing, ev.ReleaseChosen(release=OWN))
    assert (state.answers.inputs, state.filled) == ('{"a": 1}', "")


def test_a_release_of_another_folder_is_another_one() -> None:
    elsewhere = replace(KNOWN, folder="f-8")
    choosing = replace(sample(st.ChoosingRelease), answers=replace(ANSWERS, release=None, memory=(elsewhere,)))
    assert filled(choosing, ev.ReleaseChosen(release=OWN)).answers.inputs == '{"a": 1}'
    assert recent_keys(choosing.answers) == ()


@pytest.mark.parametrize(
    ("event", "inputs", "options"),
    [
        (ev.DefaultsTaken(), '{"a": 1}', StartOptions()),
        (ev.LastTaken(), '{"a":2}', StartOptions(jobs_count=9)),
        (ev.PresetTaken(name="MONTH"), '{"a":3}', OPTIONS),
    ],
)
def test_each_way_to_fill_the_form_shows_it_anew(event: ev.Event, inputs: str, options: StartOptions) -> None:
    before = preparing(inputs="{", options=StartOptions(jobs_count=9))
    after = filled(before, event)
    assert (after.answers.inputs, after.answers.options) == (inputs, options)
    assert after.refills != before.refills
    assert filled(after, event).refills not in (before.refills, after.refills)


def test_an_accepted_start_is_remembered_at_once_and_written_down_without_secrets() -> None:
    typed = ReleaseArguments(input='[{"name":"k","type":"System.Security.SecureString, System"}]')
    release = OWN.model_copy(update={"arguments": typed})
    answers = replace(preparing().answers, release=release, inputs='{"a":5,"k":"x","in_Password":"p"}')
    starting = awaiting(replace(sample(st.Starting), answers=answers))
    state, effects = transition(starting, ev.JobsStarted(ticket=1, jobs=(JOB,), at=NOW))
    (kept,) = [effect for effect in effects if isinstance(effect, RememberStart)]
    assert kept.change == Started(folder="f-7", release_key=RELEASE.key, inputs='{"a":5}', at=NOW)
    assert (kept.base, state.answers.memory) == ("https://b", kept.change.applied((KNOWN,)))
    assert state.answers.inputs == answers.inputs
    assert isinstance(state, st.Watching)
    again, _ = transition(state, ev.RunAgainRequested())
    assert isinstance(again, st.PreparingStart)
    assert again.answers.inputs == answers.inputs
    assert again.refills != state.step_back.refills, "the form may show something else by now"


def test_a_start_whose_job_is_found_is_remembered_with_the_inputs_that_the_server_has() -> None:
    found = JOB.model_copy(update={"input_arguments": '{"a":6,"in_Password":"p"}', "creation_time": NOW})
    state = replace(sample(st.StartUnresolved), answers=preparing().answers, step_back=preparing())
    intent = replace(LOST, release_key=RELEASE.key, state=IntentState.ACCEPTED, jobs=(found.id,), sent_at=NOW)
    watched, effects = transition(awaiting(state), ev.StartChecked(ticket=1, intent=intent, jobs=(found,)))
    assert isinstance(watched, st.Watching)
    (kept,) = [effect for effect in effects if isinstance(effect, RememberStart)]
    assert kept.change == Started(folder="f-7", release_key=RELEASE.key, inputs='{"a":6}', at=NOW)
    assert recent_keys(watched.answers) == (RELEASE.key,)


@pytest.mark.parametrize(
    "answer", [ev.StartRefused(ticket=1, failure=FAILURE), ev.CallFailed(ticket=1, failure=FAILURE, at=NOW)]
)
def test_a_start_that_is_not_accepted_is_not_remembered(answer: ev.Event) -> None:
    state, effects = transition(awaiting(sample(st.Starting)), answer)
    assert not [effect for effect in effects if isinstance(effect, RememberStart)]
    assert state.answers.memory == ()


def test_what_cannot_be_written_down_is_told_and_nothing_stops() -> None:
    state, _ = transition(sample(st.Watching), ev.StartRemembered(base="", failure=FAILURE))
    assert isinstance(state, st.Watching)
    assert "It failed" in state.notice
    assert state.failure is None
    state, _ = transition(preparing(), ev.StartRemembered(base="", failure=FAILURE))
    assert state.failure == FAILURE
    state, _ = transition(sample(st.Starting), ev.StartRemembered(base="", failure=FAILURE))
    assert state == sample(st.Starting)


def test_news_of_another_instance_changes_nothing() -> None:
    assert transition(preparing(), ev.StartRemembered(base="https://c", memory=()))[0] == preparing()
    assert transition(preparing(), ev.StartRemembered(base="https://b", memory=()))[0].answers.memory == ()


def test_the_verdict_is_about_the_start_of_now() -> None:
    state, (check,) = transition(preparing(), ev.DryRunRequested())
    assert isinstance(check, ValidateStart)
    said = ValidationResult(is_valid=False, error_codes=("RobotBusy",))
    state, _ = transition(state, ev.StartValidated(ticket=check.ticket, verdict=said))
    assert isinstance(state, st.PreparingStart)
    assert state.verdict == said
    state, _ = transition(state, ev.InputsEdited(inputs='{"a":9}'))
    assert isinstance(state, st.PreparingStart)
    assert state.verdict is None
    state, (check,) = transition(state, ev.DryRunRequested())
    state, _ = transition(state, ev.InputsEdited(inputs='{"a":10}'))
    late, _ = transition(state, ev.StartValidated(ticket=check.ticket, verdict=said))
    assert late == state, "an answer about an older form is dropped"


def test_where_nobody_can_check_that_is_said() -> None:
    old = replace(preparing(), answers=replace(preparing().answers, modern=False))
    state, effects = transition(old, ev.DryRunRequested())
    assert (state.failure, effects) == (NO_CHECK, ())
    wrong = replace(preparing(), problems=("a is required",))
    assert transition(wrong, ev.DryRunRequested()) == (wrong, ())
