"""The verdict on a start without an answer: proof by the mark alone, likelihood after the window, else a doubt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tui.api.audit import Starters
from tui.api.models import Candidate
from tui.api.names import raw_of
from tui.intent import REFERENCE, Intent, IntentState
from tui.runtime.reconciling import PATIENCE, ROUNDED, WINDOW, Verdict, hashed, inputs_hash, judged

SENT = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
FAILED = SENT + timedelta(seconds=30)
INPUTS = '{"in_Month": "May"}'
PLAIN = Intent(
    id="3b1d5c9e",
    tenant="https://x.test/a/b",
    release_key="r-1",
    release_name="Invoice Intake",
    count=1,
    fence=100,
    inputs_hash=inputs_hash(INPUTS),
    state=IntentState.UNKNOWN,
    sent_at=SENT,
    failed_at=FAILED,
)
MARKED = replace(PLAIN, reference=f"{REFERENCE}{PLAIN.id}")


def job(number: int = 101, **members: Any) -> Candidate:
    row = {
        "Id": number,
        "Key": f"key-{number}",
        "ReleaseName": "Invoice Intake",
        "SourceType": "Manual",
        "BatchExecutionKey": f"batch-{number}",
        "InputArguments": INPUTS,
        "CreationTime": (SENT + timedelta(seconds=1)).isoformat(),
    }
    return Candidate.model_validate({**row, **members})


def verdict(intent: Intent, *jobs: Candidate, after: timedelta, claimed: tuple[int, ...] = ()) -> Verdict:
    return judged(intent, jobs, claimed, FAILED + after)


MOMENT = timedelta(seconds=3)
WHOLE_WINDOW = WINDOW + ROUNDED + timedelta(seconds=1)


def test_a_mark_proves_a_job_at_once() -> None:
    own = job(Reference=MARKED.reference)
    assert verdict(MARKED, own, job(102), after=MOMENT) == Verdict(IntentState.ACCEPTED, (own,))


def test_no_mark_proves_nothing_and_only_time_makes_absence_credible() -> None:
    others = (job(101), job(102, Reference=f"{REFERENCE}somebody-else"))
    assert verdict(MARKED, *others, after=MOMENT).state is IntentState.UNKNOWN
    just_before = PATIENCE - timedelta(seconds=1)
    assert verdict(MARKED, *others, after=just_before).state is IntentState.UNKNOWN
    assert verdict(MARKED, *others, after=PATIENCE) == Verdict(IntentState.NOT_FOUND)


def test_newer_jobs_can_be_looked_at_where_the_server_tells_no_inputs_that_could_carry_the_mark() -> None:
    carried = replace(MARKED, carrier="in_Ref")
    silent = job(101, InputArguments="")
    for after, state in ((MOMENT, IntentState.UNKNOWN), (PATIENCE, IntentState.NOT_FOUND)):
        found = verdict(carried, silent, after=after)
        assert (found.state, found.jobs, [group.jobs for group in found.groups]) == (state, (), [(silent,)])
        assert "other inputs" in found.groups[0].misfits


def test_fewer_marked_jobs_than_asked_for_are_waited_for_and_then_taken() -> None:
    two = replace(MARKED, count=2)
    own = job(Reference=MARKED.reference)
    early = verdict(two, own, after=MOMENT)
    assert (early.state, early.jobs) == (IntentState.UNKNOWN, ())
    assert early.groups[0].jobs == (own,)
    assert not early.groups[0].fits
    assert verdict(two, own, after=PATIENCE) == Verdict(IntentState.ACCEPTED, (own,))


def test_more_marked_jobs_than_asked_for_are_all_ours() -> None:
    own = (job(101, Reference=MARKED.reference), job(102, Reference=MARKED.reference))
    assert verdict(MARKED, *own, after=MOMENT).jobs == own


def test_without_marks_one_fitting_job_is_likely_only_after_the_whole_window() -> None:
    fitting = job()
    for seconds in (0, 60, 120, 122):
        early = verdict(PLAIN, fitting, after=timedelta(seconds=seconds))
        assert (early.state, early.jobs) == (IntentState.UNKNOWN, ())
        assert early.groups[0].fits
    late = verdict(PLAIN, fitting, after=WHOLE_WINDOW)
    assert (late.state, late.jobs) == (IntentState.LIKELY, ()), "never adopted by itself"


def test_without_marks_two_fitting_starts_are_a_question() -> None:
    found = verdict(PLAIN, job(101), job(102), after=WHOLE_WINDOW)
    assert found.state is IntentState.ASK_USER
    assert sum(group.fits for group in found.groups) == 2


def test_the_jobs_of_one_call_are_one_group() -> None:
    two = replace(PLAIN, count=2)
    found = verdict(two, job(101, BatchExecutionKey="b"), job(102, BatchExecutionKey="b"), after=WHOLE_WINDOW)
    assert found.state is IntentState.LIKELY
    assert [each.id for each in found.groups[0].jobs] == [101, 102]


def test_without_marks_absence_takes_as_long_as_with_them() -> None:
    assert verdict(PLAIN, after=WHOLE_WINDOW).state is IntentState.UNKNOWN
    assert verdict(PLAIN, after=PATIENCE).state is IntentState.NOT_FOUND


def test_a_start_of_which_nothing_is_known_yet_stays_unknown() -> None:
    assert judged(replace(PLAIN, failed_at=None), [job()], (), FAILED).state is IntentState.UNKNOWN


@pytest.mark.parametrize(
    ("members", "changes", "claimed", "said"),
    [
        ({}, {}, (101,), "of another start"),
        ({}, {"denied": (101,)}, (), "not yours"),
        ({"SourceType": "Schedule"}, {}, (), "not started by hand"),
        ({"SourceType": "", "Source": "Time Trigger"}, {}, (), "not started by hand"),
        ({}, {"count": 3}, (), "1 jobs, not 3"),
        ({"InputArguments": '{"in_Month": "June"}'}, {}, (), "other inputs"),
        ({"Robot": {"Id": 9}}, {"robot_ids": (4, 5)}, (), "another robot"),
        ({"CreationTime": (SENT - timedelta(seconds=3)).isoformat()}, {}, (), "another time"),
        ({"CreationTime": (FAILED + WINDOW + timedelta(seconds=1)).isoformat()}, {}, (), "another time"),
        ({"CreationTime": None}, {}, (), "another time"),
    ],
)
def test_what_speaks_against_a_job(
    members: dict[str, Any], changes: dict[str, Any], claimed: tuple[int, ...], said: str
) -> None:
    found = verdict(replace(PLAIN, **changes), job(**members), after=PATIENCE, claimed=claimed)
    assert found.groups[0].misfits == (said,)
    assert found.state is IntentState.NOT_FOUND


@pytest.mark.parametrize(
    "members",
    [
        {"InputArguments": '{ "in_Month":"May" }'},
        {"SourceType": "manual"},
        {"SourceType": "", "Source": "Manual"},
        {"SourceType": "", "Source": ""},
        {"BatchExecutionKey": ""},
        {"Robot": {"Id": 4}},
        {"CreationTime": (SENT - ROUNDED).isoformat()},
        {"CreationTime": (FAILED + WINDOW).isoformat()},
    ],
)
def test_what_does_not_speak_against_a_job(members: dict[str, Any]) -> None:
    intent = replace(PLAIN, robot_ids=(4, 5))
    assert verdict(intent, job(**members), after=WHOLE_WINDOW).state is IntentState.LIKELY


def test_jobs_before_the_fence_and_of_other_releases_are_not_even_candidates() -> None:
    found = verdict(PLAIN, job(99), job(100), job(101, ReleaseName="Payroll"), after=WHOLE_WINDOW)
    assert found.groups == ()


def test_names_that_only_look_alike_are_other_releases() -> None:
    alike = job(ReleaseName="Invoice\u200d Intake")
    assert raw_of(alike.release_name) != PLAIN.release_name
    assert verdict(PLAIN, alike, after=WHOLE_WINDOW).groups == ()


def test_jobs_that_fit_come_first() -> None:
    found = verdict(PLAIN, job(101, SourceType="Schedule"), job(102), after=WHOLE_WINDOW)
    assert [group.fits for group in found.groups] == [True, False]


def test_inputs_are_compared_by_what_they_say() -> None:
    assert inputs_hash('{"a": 1, "b": [2]}') == inputs_hash('{"b":[2],"a":1}')
    assert inputs_hash("") == inputs_hash("{}")
    assert inputs_hash('{"a": 1}') != inputs_hash('{"a": "1"}')
    assert inputs_hash("no json") == hashed(b"no json")
    assert len(inputs_hash("[" * 100_000)) == 64, "too deep to be read, and still compared"


def audited(*jobs: Candidate, ours: tuple[int, ...] = (), others: tuple[int, ...] = (), after: timedelta) -> Verdict:
    return judged(PLAIN, jobs, (), FAILED + after, Starters(frozenset(ours), frozenset(others)))


def test_the_audit_log_proves_the_one_group_of_this_user() -> None:
    own, theirs = job(101), job(102)
    assert audited(own, ours=(101,), after=WHOLE_WINDOW).jobs == (own,)
    found = audited(own, theirs, ours=(101,), others=(102,), after=WHOLE_WINDOW)
    assert (found.state, found.jobs) == (IntentState.ACCEPTED, (own,))


def test_the_audit_log_proves_nothing_early_or_by_halves() -> None:
    early, unknown = WINDOW - timedelta(seconds=1), IntentState.UNKNOWN
    assert audited(job(101), ours=(101,), after=early).state is unknown, "another may yet come"
    doubts = [
        audited(job(101), job(102), ours=(101, 102), after=WHOLE_WINDOW),  # twice the same user
        audited(job(101), job(102), ours=(101,), after=WHOLE_WINDOW),  # nobody knows who started the other one
    ]
    assert [doubt.state for doubt in doubts] == [IntentState.ASK_USER] * 2
    theirs = audited(job(101), others=(101,), after=WHOLE_WINDOW)
    assert (theirs.state, theirs.jobs) == (IntentState.LIKELY, ()), "only the person may say that it is not theirs"
    assert audited(job(101), after=WHOLE_WINDOW).state is IntentState.LIKELY
    assert audited(job(101, InputArguments="{}"), ours=(101,), after=WHOLE_WINDOW).state is IntentState.UNKNOWN


def test_what_was_given_up_fits_for_a_day_and_is_only_ever_likely() -> None:
    gone = replace(PLAIN, state=IntentState.CLOSED, again=True)
    day = timedelta(hours=24)
    late, later = (job(CreationTime=(FAILED + day + more).isoformat()) for more in (timedelta(0), MOMENT))
    found = verdict(gone, late, after=day)
    assert (found.state, found.jobs) == (IntentState.LIKELY, ())
    assert verdict(gone, later, after=day).state is IntentState.CLOSED
    assert verdict(gone, after=day).state is IntentState.CLOSED
    assert verdict(PLAIN, late, after=day).state is IntentState.NOT_FOUND, (
        "nobody gave it up: the screen is before them"
    )
