"""How old the picture of a job is, and that a look without an answer is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flow_samples import JOB, NOW, sample  # pyright: ignore[reportMissingImports]

from tui.flow import effects as fx
from tui.flow import states as st
from tui.screens.job.detail import poll_line


def line(state: str = "Running", **more: object) -> str:
    job = JOB.model_copy(update={"state": state})
    watching = replace(sample(st.Watching), jobs=(st.WatchedJob(job=job),), checked_at=NOW, **more)  # pyright: ignore[reportArgumentType]
    return poll_line(watching, NOW + timedelta(seconds=40)).plain


def test_a_look_without_an_answer_is_marked_with_the_age_of_what_is_shown() -> None:
    assert "STALE" not in line()
    assert "checked 40 s ago" in line()
    assert " STALE  checked 40 s ago" in line(failures=1, tried_at=NOW)
    assert "server asked to wait 30 s" in line(failures=1, tried_at=NOW, asked_to_wait=30.0)


def test_what_is_over_never_grows_stale() -> None:
    assert "STALE" not in line("Successful", failures=3)


def test_when_it_is_read_again_stays_where_how_long_has_no_room() -> None:
    watching = replace(sample(st.Watching), jobs=(st.WatchedJob(job=JOB),), checked_at=NOW)
    whole = poll_line(watching, NOW + timedelta(seconds=40)).plain
    assert poll_line(watching, NOW + timedelta(seconds=40), len(whole)).plain == whole
    assert poll_line(watching, NOW + timedelta(seconds=40), len(whole) - 1).plain.startswith("checked 40 s ago")


@pytest.mark.parametrize(("delay", "said"), [(30.0, "checking, 10 s late"), (38.0, "checking"), (60.0, "checking")])
def test_a_look_whose_answer_does_not_come_says_how_late_it_is(delay: float, said: str) -> None:
    poll = fx.PollJobs(ids=(JOB.id,), folder=None, looked_at=JOB.id)
    assert line(pending=(poll,), tried_at=NOW, delay=delay).endswith(said)
