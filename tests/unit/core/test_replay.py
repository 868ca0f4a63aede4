"""Folding a recorded session: each moment is what the answers told, and what they can't tell any more is said."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.core.recorded import ACTION, KEY, NOW, call, job, listed, logged, polled, replayed, started
from tui.exchanges.model import Body, Exchange, Purpose, Timing
from tui.exchanges.redaction.arguments import without_arguments
from tui.replay.answers import RELEVANT, ids_of, told
from tui.replay.folding import BEFORE, Moment, time_of


def states(moment: Moment) -> list[str]:
    return [watched.job.state for watched in moment.jobs]


def test_each_moment_is_what_was_known_then() -> None:
    replay = replayed(
        started(3, job()),
        polled(5, job()),
        polled(6, job(state="Running", StartTime=NOW.isoformat())),
        logged(7, "one", "two"),
        polled(8, job(state="Successful", OutputArguments='{"out": 4}')),
    )
    assert replay.at(2) == BEFORE
    assert [states(replay.at(number)) for number in (3, 4, 5, 6, 7, 8, 99)] == [
        ["Pending"], ["Pending"], ["Pending"], ["Running"], ["Running"], ["Successful"], ["Successful"],
    ]  # fmt: skip
    assert [len(replay.at(number).jobs[0].logs) for number in (6, 7)] == [0, 2]
    assert replay.changes == (3, 6, 8)
    assert replay.at(6).said == "job 12: Pending → Running"
    assert replay.at(7).said == "2 new log lines"
    assert replay.at(8).jobs[0].seen[1].at == time_of(polled(6, job()).started_at, 0.5)
    assert [replay.look_before(number) for number in (4, 5, 7)] == [0, 5, 6]


def test_one_goes_from_state_to_state() -> None:
    replay = replayed(started(3, job()), polled(6, job(state="Running")), polled(9, job(state="Faulted")))
    assert [replay.change_after(number) for number in (0, 3, 4, 6, 9)] == [3, 6, 6, 9, None]
    assert [replay.change_before(number) for number in (3, 4, 6, 9, 50)] == [None, 3, 3, 6, 9]


def test_what_changes_nothing_makes_no_moment() -> None:
    one, two = (replayed(started(1, job()), *[polled(n, job()) for n in range(2, last)]) for last in (3, 300))
    assert one.at(500) is one.at(1)
    assert two.at(500) is two.at(1)
    assert two.look_before(500) == 299


def test_a_final_state_stays_and_a_job_that_is_not_listed_is_said_so() -> None:
    replay = replayed(
        started(1, job(12), job(13)),
        listed(2, "Id in (12,13)", job(12, "Successful")),
        listed(3, "Id eq 12 or Id eq 13", job(12, "Running"), job(13)),
    )
    assert replay.at(2).said == "job 12: Pending → Successful, job 13 was not listed"
    assert replay.at(2).jobs[1].misses == 1
    assert replay.at(2).about == (12, 13)
    assert replay.at(3).about == (13,)
    assert states(replay.at(3)) == ["Successful", "Pending"]
    assert replay.at(3).jobs[1].misses == 0


@pytest.mark.parametrize("condition", ["contains(ReleaseName,'x')", "Id lt 40 and ReleaseName eq 'Intake'", ""])
def test_a_list_of_whatever_there_is_tells_of_known_jobs_alone(condition: str) -> None:
    replay = replayed(started(1, job()), listed(2, condition, job(40, "Running"), job(12, "Running")))
    assert [watched.job.id for watched in replay.at(2).jobs] == [12]
    assert states(replay.at(2)) == ["Running"]
    assert replay.at(2).about == (12,)


def test_a_job_that_was_attached_to_is_known_by_its_first_reading() -> None:
    replay = replayed(call(4, Purpose.WATCH, "Jobs(12)?$expand=Release", job(state="Running")))
    assert replay.at(4).jobs[0].seen == ()
    assert replay.at(4).said == "job 12 is Running"


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("Id in (4,5, 6)", (4, 5, 6)),
        ("Id eq 4 or Id eq 9", (4, 9)),
        ("(Id ge 4 and Id le 6) or Id eq 9", (4, 5, 6, 9)),
        ("Id eq 4 or contains(ReleaseName,'4')", ()),
        ("Id lt 9", ()),
        ("(Id ge 1 and Id le 999999999999)", ()),
        ("", ()),
    ],
)
def test_what_a_condition_asks_for(condition: str, ids: tuple[int, ...]) -> None:
    assert ids_of(condition) == ids


def test_a_look_that_failed_leaves_the_picture_and_says_so_until_the_next() -> None:
    replay = replayed(
        started(1, job()), polled(2, {"Id": 12, "message": "later"}, status=503), polled(3, job(), status=None),
        polled(4, job()),
    )  # fmt: skip
    cut = replace(polled(6, job(state="Running")), error="The connection was lost in the middle of the answer")
    assert "in the middle" in replayed(started(1, job()), cut).at(6).stale
    assert states(replayed(started(1, job()), cut).at(6)) == ["Pending"]
    assert "status 503" in replay.at(2).stale
    assert "The connection was lost" in replay.at(3).stale
    assert states(replay.at(3)) == ["Pending"]
    assert not replay.at(4).stale


def test_a_body_that_is_not_whole_is_unknown_and_never_guessed() -> None:
    whole = polled(2, job(state="Running"))
    cut = replace(whole, response_body=Body(whole.response_body.data[:20], 900, "", truncated=True))
    damaged = replace(whole, id=3, response_body=Body(b'{"Id": 12, "Sta', 15))
    gone = replace(whole, id=4, response_body=Body(), gave_way=True)
    other = replace(whole, id=5, response_body=Body(json.dumps(job(13)).encode(), 9))
    for each in (cut, damaged, gone, other):
        replay = replayed(started(1, job()), each, polled(9, job(state="Running")))
        assert states(replay.at(each.id)) == ["Pending"]
        assert replay.at(each.id).unknown_of(12).startswith(f"What call {each.id} told is unknown: ")
        assert not replay.at(9).unknown_of(12)


def test_lines_of_a_robot_log_that_were_lost_stay_unknown() -> None:
    lost = replace(logged(2, "one"), response_body=Body(b'{"val', 900, "", truncated=True))
    replay = replayed(started(1, job()), lost, logged(3, "two"), polled(4, job(state="Running")))
    assert "robot log is unknown" in replay.at(4).unknown_of(12)
    assert not replay.at(4).unknown_of(13)


def test_a_start_without_a_readable_answer_is_unknown_until_a_job_is_read() -> None:
    for lost in (started(1, status=None), call(1, Purpose.START, f"Jobs/{ACTION}.StartJobs", b"<html>", status=502)):
        replay = replayed(lost, polled(5, job(state="Running")))
        assert replay.at(1).jobs == ()
        assert replay.at(1).unknown_of(0)
        assert not replay.at(5).unknown_of(12)
    refused = replayed(call(1, Purpose.START, f"Jobs/{ACTION}.StartJobs", {"message": "no"}, status=409))
    assert refused.at(1).said.endswith("no")
    assert not refused.at(1).unknown


def test_reasons_stops_and_a_refused_robot_log_are_told() -> None:
    asked = call(2, Purpose.WATCH, f"Jobs(12)/{ACTION}.ValidateExistingJob", {"IsValid": False, "Errors": ["No robot"]})
    stop = call(3, Purpose.STOP, f"Jobs(12)/{ACTION}.StopJob", b"", status=204, sent={"strategy": "Kill"})
    replay = replayed(started(1, job()), asked, stop, logged(4, status=403))
    reasons = replay.at(2).jobs[0].reasons
    assert reasons is not None
    assert reasons.errors == ("No robot",)
    assert replay.at(3).said.startswith("Kill was accepted")
    assert replay.at(4).jobs[0].logs_refused
    silent = replayed(started(1, job()), replace(asked, status=404))
    reasons = silent.at(2).jobs[0].reasons
    assert reasons is not None
    assert not reasons.told


def test_hidden_arguments_stay_hidden() -> None:
    answer = without_arguments(polled(2, job(state="Successful", OutputArguments='{"out": "secret"}')))
    assert replayed(started(1, job()), answer).at(2).jobs[0].job.output_arguments == "(hidden)"


TARGETS = [
    f"Jobs/{ACTION}.StartJobs",
    "Jobs(12)",
    "Jobs(99999999999999999999999)",
    "Jobs?$filter=Id%20in%20(12,13)",
    "Jobs?$filter=" + "(" * 50,
    "Jobs?%FF=%00&[",
    f"RobotLogs?$filter=JobKey%20eq%20{KEY}",
    f"Jobs(12)/{ACTION}.ValidateExistingJob",
    f"Jobs/{ACTION}.StopJobs",
    f"Jobs(12)/{ACTION}.StopJob",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "Id", "Key", "State", "Errors", "TimeStamp", "error"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
BODIES = st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode())


@st.composite
def recordings(draw: st.DrawFn) -> Sequence[Exchange]:
    found = [started(1, job())]
    for number in range(2, draw(st.integers(2, 6))):
        each = call(number, draw(st.sampled_from(sorted(RELEVANT))), draw(st.sampled_from(TARGETS)), draw(BODIES))
        kept = Body(each.response_body.data, 9, "", truncated=draw(st.booleans()))
        found.append(
            replace(
                each,
                status=draw(st.sampled_from([None, 200, 201, 204, 301, 400, 403, 404, 409, 500])),
                request_body=Body(draw(BODIES)),
                response_body=kept,
                timing=Timing(total=draw(st.sampled_from([0.1, float("inf"), float("nan"), -1e300]))),
                gave_way=draw(st.booleans()),
            )
        )
    return found


@given(recordings())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_was_recorded_makes_it_raise(exchanges: Sequence[Exchange]) -> None:
    replay = replayed(*exchanges)
    for number in range(10):
        moment = replay.at(number)
        assert all(watched.job.id > 0 for watched in moment.jobs)
        assert moment.call <= number


@given(st.text(max_size=60), st.sampled_from(sorted(RELEVANT)))
def test_no_address_makes_it_raise(address: str, purpose: Purpose) -> None:
    told(replace(call(1, purpose, "Jobs(12)", job()), url=address))


def test_who_reads_while_a_thread_folds_finds_a_moment_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    replay, seen = replayed(started(1, job())), list[list[str]]()

    def made(**parts: object) -> Moment:
        seen.append(states(replay.at(99)))
        return Moment(**parts)  # pyright: ignore[reportArgumentType] - what the replay gives

    monkeypatch.setattr("tui.replay.folding.Moment", made)
    replay.take(polled(2, job(state="Running")))
    assert seen == [["Pending"]]
    assert states(replay.at(99)) == ["Running"]
