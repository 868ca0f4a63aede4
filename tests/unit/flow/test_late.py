"""A start that was not found at first: looked for beside the jobs under watch, and told of wherever the person is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flow_samples import ANSWERS, JOB, LOST, NOW, make_states, sample  # pyright: ignore[reportMissingImports]

from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import schedule
from tui.flow import states as st
from tui.flow.form_effects import RememberStart
from tui.flow.machine import transition
from tui.intent import Group, IntentState
from tui.remembered import StartedUnseen, of_release

FOUND = replace(LOST, state=IntentState.ACCEPTED, jobs=(7,))
SAID = "The start of Invoice Intake at 09:28:39 did come through, late: job 7"


def watching(*, given_up: bool = True) -> st.Watching:
    answers = replace(ANSWERS, given_up=(LOST,) if given_up else ())
    return replace(sample(st.Watching), answers=answers)


def polled(state: st.Watching, after: float) -> tuple[st.Watching, tuple[fx.Effect, ...]]:
    """Let the wait end and the poll be answered, ``after`` seconds behind the first moment."""
    poll = fx.PollJobs(ticket=state.ticket + 1, ids=(JOB.id,), folder=None)
    state = replace(state, ticket=poll.ticket, pending=(poll,))
    following, effects = transition(
        state, ev.JobsPolled(ticket=poll.ticket, jobs=(JOB,), at=NOW + timedelta(seconds=after))
    )
    assert isinstance(following, st.Watching)
    return following, effects


def looks(effects: tuple[fx.Effect, ...]) -> int:
    return sum(isinstance(effect, fx.LookForLate) for effect in effects)


def test_beside_the_jobs_it_is_looked_for_once_a_minute() -> None:
    state, effects = polled(watching(), 0)
    assert looks(effects) == 1
    assert not any(isinstance(effect, fx.LookForLate) for effect in state.pending), "nobody awaits it"
    for after in (2, 30, 59):
        state, effects = polled(state, after)
        assert looks(effects) == 0
    _, effects = polled(state, 60)
    assert looks(effects) == 1


def test_the_look_counts_among_the_requests_that_may_be_made() -> None:
    (plain,) = [each.seconds for each in polled(watching(given_up=False), 0)[1] if isinstance(each, fx.Wait)]
    (later,) = [each.seconds for each in polled(watching(), 0)[1] if isinstance(each, fx.Wait)]
    assert later == plain + schedule.STEADY


def test_nothing_is_looked_for_where_nothing_is_missing() -> None:
    assert looks(polled(watching(given_up=False), 0)[1]) == 0


def test_an_open_start_of_another_release_is_looked_for_too() -> None:
    state = watching(given_up=False)
    state = replace(state, answers=replace(state.answers, intents=(LOST,)))
    assert looks(polled(state, 0)[1]) == 1


def test_whoever_starts_again_keeps_the_old_start_in_mind() -> None:
    state = replace(sample(st.StartUnresolved), intent=replace(LOST, state=IntentState.NOT_FOUND))
    name = LOST.release_name
    state, (close, *_) = transition(state, ev.StartAgainRequested(name=name))
    assert isinstance(close, fx.CloseStart)
    closed = replace(LOST, state=IntentState.CLOSED, again=True)
    state, _ = transition(state, ev.StartClosed(ticket=close.ticket, intent=closed))
    assert state.answers.given_up == (closed,)
    assert state.answers.intents == ()


@pytest.mark.parametrize("kind", list(make_states()), ids=lambda kind: kind.__name__)
def test_it_is_told_wherever_the_person_is(kind: type[st.State]) -> None:
    state = sample(kind)
    state = replace(state, answers=replace(state.answers, intents=(LOST,), given_up=(LOST,)))
    following, effects = transition(state, ev.LateFound(found=(FOUND,), said=(SAID,)))
    (kept,) = effects
    assert isinstance(kept, RememberStart)
    assert FOUND.sent_at is not None
    assert kept.change == StartedUnseen(folder=FOUND.folder, release_key=FOUND.release_key, at=FOUND.sent_at)
    assert of_release(following.answers.memory, FOUND.folder, FOUND.release_key).at == FOUND.sent_at
    assert following.answers.late == (SAID,)
    assert (following.answers.intents, following.answers.given_up) == ((), ())
    if isinstance(following, st.Watching):
        assert following.notice == f"{SAID}."


def test_a_look_without_a_find_changes_nothing() -> None:
    state = watching()
    assert transition(state, ev.LateFound()) == (state, ())


def test_a_start_given_up_that_is_not_what_fitted_lets_the_next_one_be_made() -> None:
    again = replace(LOST, state=IntentState.LIKELY, again=True)
    group = Group((JOB,))
    state = replace(sample(st.StartUnresolved), intent=again, groups=(group,), resumed=True)
    state, (look,) = transition(state, ev.CandidateDenied(job=JOB))
    assert isinstance(look, fx.CheckStart)
    assert look.denied == (JOB.id,)
    closed = replace(again, state=IntentState.CLOSED, denied=(JOB.id,))
    state, _ = transition(state, ev.StartChecked(ticket=look.ticket, intent=closed))
    assert isinstance(state, st.PreparingStart)
    assert state.failure is not None
    assert state.failure.title == "The earlier start stays given up"
    assert state.answers.intents == ()


def test_starting_again_passes_over_the_jobs_that_fitted() -> None:
    groups = (Group((JOB, JOB.model_copy(update={"id": 103}))), Group((JOB.model_copy(update={"id": 104}),), ("x",)))
    state = replace(sample(st.StartUnresolved), intent=replace(LOST, state=IntentState.ASK_USER), groups=groups)
    _, (close,) = transition(state, ev.StartAgainRequested(name=LOST.release_name))
    assert isinstance(close, fx.CloseStart)
    assert close.seen == 103
