"""Which lines a change of state gives, and what is left behind at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flow_samples import FAILURE, JOB, LOST, NOW, make_states, sample

from tui.api.models import Job, RobotLog
from tui.errors import Exit
from tui.flow import states as st
from tui.intent import Group
from tui.narration import candidate_lines, changes, failure_line, farewell

STATES = make_states()
WATCHING = sample(st.Watching)


def watching(job: Job, *logs: RobotLog) -> st.Watching:
    return replace(WATCHING, jobs=(st.WatchedJob(job=job, logs=logs),))


def texts(old: st.State, new: st.State) -> list[str]:
    return [f"{line.step}: {line.text}" for line in changes(old, new)]


def test_signing_in_says_who_and_never_more_than_the_fingerprint() -> None:
    (line, *_) = changes(st.SigningIn(), STATES[st.ChoosingInstance])
    assert "ada@example.test" in line.text
    assert "…a3f1" in line.text
    assert line.data["fingerprint"] == "…a3f1"


def test_a_state_is_told_once() -> None:
    later = watching(JOB.model_copy(update={"state": "Successful", "info": "Job completed"}))
    assert texts(watching(JOB), later) == ["state: job 101 Successful, ended normally: Job completed"]
    assert texts(later, later) == []


def test_an_unknown_state_is_told_as_the_server_says_it() -> None:
    text, why = texts(watching(JOB), watching(JOB.model_copy(update={"state": "Teleported"})))
    assert "Teleported" in text
    assert "does not know" in text
    assert "does not take it for the end" in why


def test_a_late_log_row_is_told_although_it_sorts_before_known_ones() -> None:
    second = RobotLog(time_stamp=NOW + timedelta(seconds=1), level="Info", message="second")
    first = RobotLog(time_stamp=NOW, level="Info", message="first")
    (text,) = texts(watching(JOB, second), watching(JOB, first, second))
    assert text.endswith("first")


def test_stale_data_is_said_to_be_stale() -> None:
    (text, failure) = texts(WATCHING, replace(WATCHING, failures=2, delay=10.0, failure=FAILURE))
    assert "2 in a row" in text
    assert "It failed: because. Try again." in failure


def test_the_farewell_tells_the_outcome() -> None:
    ended = JOB.model_copy(
        update={"state": "Faulted", "start_time": NOW, "end_time": NOW + timedelta(seconds=3), "output_arguments": "{}"}
    )
    lines, code = farewell(watching(ended))
    assert code is Exit.FAULTED
    assert lines[0].text == "Invoice Intake · job 101 · Faulted after 3.0 s"
    assert farewell(WATCHING)[1] is Exit.UNFINISHED
    for state, step in (("Pending", "left"), ("Stopped", "end")):
        jobs = tuple(
            st.WatchedJob(job=ended.model_copy(update={"state": name})) for name in ("Faulted",) * 21 + (state,)
        )
        last = farewell(replace(WATCHING, jobs=jobs))[0][-1]
        assert (last.step, last.text) == (step, f"… and 2 more: 1 Faulted, 1 {state}")
    assert farewell(st.SigningIn()) == ((), Exit.SUCCESSFUL)


def test_a_lost_start_never_reads_as_started() -> None:
    unresolved = STATES[st.StartUnresolved]
    assert isinstance(unresolved, st.StartUnresolved)
    lines, code = farewell(unresolved)
    assert code is Exit.OUTCOME_UNKNOWN
    said = [line.text.lower() for line in (*lines, *changes(STATES[st.Starting], unresolved))]
    said += [line.text.lower() for line in candidate_lines(replace(unresolved, groups=(Group((JOB,)),), looked=1))]
    assert not any(" started" in text for text in said)
    assert "nobody could look" in next(iter(candidate_lines(replace(unresolved, checks=1)))).text.lower()
    assert "no such job" in next(iter(candidate_lines(replace(unresolved, looked=1)))).text.lower()


def test_the_outcome_of_a_parked_watch_counts() -> None:
    release = replace(STATES[st.ChoosingRelease], parked=WATCHING)
    assert farewell(release)[1] is Exit.UNFINISHED


def test_a_failure_keeps_the_servers_words() -> None:
    line = failure_line(replace(FAILURE, server_message="Folder does not exist.", error_code=1100, trace_id="00-ab"))
    assert "Folder does not exist." in line.text
    assert (line.data["error_code"], line.data["trace_id"]) == (1100, "00-ab")


def test_leaving_anywhere_tells_what_was_left_running_or_unresolved() -> None:
    release = replace(sample(st.ChoosingRelease), parked=WATCHING)
    preparing = replace(sample(st.PreparingStart), step_back=release)
    assert farewell(preparing)[1] is Exit.UNFINISHED
    folder = replace(sample(st.ChoosingFolder), parked=WATCHING)
    assert farewell(folder)[1] is Exit.UNFINISHED
    unresolved = replace(sample(st.ChoosingRelease), answers=replace(WATCHING.answers, intents=(LOST,)))
    assert farewell(unresolved)[1] is Exit.OUTCOME_UNKNOWN
