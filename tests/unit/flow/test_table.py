"""Every state meets every event: it is in the table and gives a lawful step, or it raises."""

from __future__ import annotations

import inspect

import pytest
from flow_samples import awaiting, make_events, make_states  # pyright: ignore[reportMissingImports]

from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import IllegalEvent, transition
from tui.flow.table import TABLE

STATES = make_states()
EVENTS = make_events()
BACKABLE = "Retried WentBack CallFailed HereChanged StartRemembered StartedChanged LateFound"
LEAVABLE = f"{BACKABLE} SignInAgainRequested ProfileChosen"
LEGAL = {
    st.SigningIn: f"SignInSubmitted SignInKept SignedIn BrowserRequested BrowserBegun ProfileChosen {BACKABLE}",
    st.AwaitingBrowser: f"BrowserBegun RedirectGiven SignedIn {BACKABLE}",
    st.ChoosingInstance: (
        f"AccountChosen AccountsListed InstanceChosen InstanceTyped InstancesLoaded InstanceOpened {LEAVABLE}"
    ),
    st.ChoosingFolder: f"FolderChosen ReleasesLoaded {LEAVABLE}",
    st.ChoosingRelease: (
        "ReleasesLoaded SearchRequested MoreRequested ReleaseKeyEntered ReleaseFound ReleaseChosen WatchResumed "
        f"JobsRequested JobChosen StartedLookRequested {LEAVABLE}"
    ),
    st.PreparingStart: (
        "CarrierChosen DefaultsTaken LastTaken PresetTaken PresetSaved PresetDeleted DryRunRequested StartValidated "
        f"InputsEdited RobotsRequested RobotsLoaded StartPreviewed StartRequested FenceRead IntentFound {LEAVABLE}"
    ),
    st.ConfirmingStart: "StartConfirmed WentBack StartRemembered HereChanged StartedChanged LateFound",
    st.Starting: (
        "StartConfirmed JobsStarted StartRefused StartLost CallFailed StartRemembered HereChanged StartedChanged "
        "LateFound"
    ),
    st.StartUnresolved: (
        "StartChecked StartClosed WaitEnded CheckRequested CandidateAdopted CandidateDenied StartAgainRequested "
        f"{LEAVABLE}"
    ),
    st.Watching: (
        "PendingExplained "
        "WaitEnded JobsPolled RobotLogsLoaded PollRequested PauseToggled JobSelected StopRequested StopAccepted "
        f"RunAgainRequested JobsRequested CompareRequested PreviousFound {LEAVABLE}"
    ),
    st.ListingJobs: (
        "JobsRequested JobsListed JobChosen JobAttached SearchRequested MoreRequested PollRequested WaitEnded "
        f"{LEAVABLE}"
    ),
}


def concrete(module: object, base: type) -> set[type]:
    found = {kind for _name, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, base)}
    return found - {st.State, ev.Event, ev.Answer}


def test_samples_are_complete() -> None:
    assert set(STATES) == concrete(st, st.State)
    assert set(EVENTS) == concrete(ev, ev.Event)


def test_the_table_is_the_one_meant() -> None:
    actual = {state: {event.__name__ for at, event in TABLE if at is state} for state in STATES}
    assert actual == {state: set(names.split()) for state, names in LEGAL.items()}


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("state", STATES.values(), ids=lambda state: type(state).__name__)
def test_every_state_meets_every_event(state: st.State, event: ev.Event) -> None:
    state = awaiting(state)
    if (type(state), type(event)) not in TABLE:
        with pytest.raises(IllegalEvent, match=type(event).__name__):
            transition(state, event)
        return
    following, effects = transition(state, event)
    tickets = [effect.ticket for effect in effects]
    assert tickets == sorted(set(tickets))
    assert all(ticket > state.ticket for ticket in tickets)
    assert {effect for effect in effects if effect.awaited} <= set(following.pending)
    assert following.ticket >= state.ticket


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("state", STATES.values(), ids=lambda state: type(state).__name__)
def test_an_answer_nobody_awaits_changes_nothing(state: st.State, event: ev.Event) -> None:
    if isinstance(event, ev.Answer):
        assert transition(state, event) == (state, ())


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("state", STATES.values(), ids=lambda state: type(state).__name__)
def test_only_the_confirmed_question_starts_a_job(state: st.State, event: ev.Event) -> None:
    state = awaiting(state)
    if (type(state), type(event)) not in TABLE:
        return
    _following, effects = transition(state, event)
    starts = [effect for effect in effects if isinstance(effect, fx.StartJob)]
    assert len(starts) == (isinstance(state, st.ConfirmingStart) and isinstance(event, ev.StartConfirmed))


@pytest.mark.parametrize("event", [ev.WentBack(), ev.Retried(), ev.SignInSubmitted, ev.ReleaseChosen], ids=str)
def test_nothing_but_its_answer_leaves_starting(event: ev.Event | type[ev.Event]) -> None:
    event = EVENTS[event] if isinstance(event, type) else event
    with pytest.raises(IllegalEvent):
        transition(STATES[st.Starting], event)
