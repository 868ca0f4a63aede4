"""What is said about a job's state: only what is known, and never before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flow_samples import JOB, NOW, sample

from tui.flow import explain
from tui.flow import states as st
from tui.narration import changes


def watched(state: str, *earlier: str, **more: object) -> st.WatchedJob:
    seen = tuple(st.StateSeen(each, NOW) for each in (*earlier, state))
    return st.WatchedJob(job=JOB.model_copy(update={"state": state, **more}), seen=seen)


@pytest.mark.parametrize("state", ["Running", "Successful", "Stopped", "Stopping", "Resumed"])
def test_a_state_that_says_it_all_is_not_explained(state: str) -> None:
    assert explain.explain(watched(state), NOW + timedelta(days=1)) is None


@pytest.mark.parametrize(("seconds", "told"), [(0, False), (30, False), (31, True), (9_000, True)])
def test_waiting_is_explained_when_it_is_long(seconds: int, told: bool) -> None:
    found = explain.explain(watched("Pending"), NOW + timedelta(seconds=seconds))
    assert (found is not None) is told


def test_waiting_of_unknown_length_is_not_explained() -> None:
    assert explain.explain(watched("Pending"), None) is None
    assert explain.explain(st.WatchedJob(job=JOB.model_copy(update={"state": "Pending"})), NOW) is None


def test_an_honoured_stop_is_told_from_a_plain_end() -> None:
    assert explain.explain(watched("Successful", "Running", "Stopping"), NOW) is explain.STOP_HONOURED


def test_an_unknown_state_is_named_and_no_end() -> None:
    found = explain.explain(watched("Teleported"), NOW)
    assert found is not None
    assert "Teleported" in found.cause


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ({"error_code": "1671"}, "no user of this folder"),
        ({"info": "Couldn't find any user with Unattended Robot permissions in the current folder."}, "no user of"),
        ({"error_code": "2818"}, "Unattended or NonProduction"),
        ({"info": "It broke.\nSystem.IO.IOException: x\n at Main\nSystem.NullReferenceException: y"}, "NullReference"),
        ({"info": "?", "start_time": None}, "before a robot"),
        ({"info": "?", "start_time": NOW}, "while it was running"),
    ],
)
def test_a_fault_is_told_by_code_phrase_or_exception(job: dict[str, object], words: str) -> None:
    found = explain.explain(watched("Faulted", **job), NOW)
    assert found is not None
    assert words in found.cause
    assert found.next_steps


def test_a_code_is_matched_whole() -> None:
    assert "no machine" not in explain.fault(JOB.model_copy(update={"error_code": "128180"})).cause


def test_the_twin_says_why_once() -> None:
    before = replace(sample(st.Watching), jobs=(watched("Pending"),))
    late = replace(before, checked_at=NOW + timedelta(seconds=40))
    later = replace(late, checked_at=NOW + timedelta(seconds=50))
    (line,) = changes(before, late)
    assert line.step == "why"
    assert line.data["next_steps"] == list(explain.CHECKLIST)
    assert changes(late, later) == ()
