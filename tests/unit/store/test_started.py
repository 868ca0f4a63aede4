"""The list of jobs started from this computer: private, bounded, pruned, shared by processes, harmless when broken."""

import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tui.started_job import GONE, StartedJob
from tui.store.errors import StoreError
from tui.store.started import KEPT, MOST, StartedJobs

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
HERE, THERE = "https://one.example one", "https://two.example two"


def started(number: int, **more: Any) -> StartedJob:
    values: dict[str, Any] = {"place": HERE, "id": number, "started_at": NOW + timedelta(seconds=number)} | more
    return StartedJob(**values)


def test_jobs_come_back_newest_first_and_by_place(tmp_path: Path) -> None:
    kept = StartedJobs(tmp_path / "state")
    kept.add([started(1, release_name="Ünïcode", folder_path="Fin/In", state="Pending"), started(2)])
    kept.add([started(3, place=THERE)])
    again = StartedJobs(tmp_path / "state")
    assert [job.id for job in again.in_place(HERE)] == [2, 1]
    assert again.in_place(THERE) == (started(3, place=THERE),)
    assert again.in_place(HERE)[1].release_name == "Ünïcode"


def test_a_state_is_taken_in_until_it_is_final(tmp_path: Path) -> None:
    kept = StartedJobs(tmp_path)
    kept.add([started(1, state="Pending"), started(2, state="Running"), started(3, place=THERE, state="Running")])
    assert kept.saw(HERE, {1: "Successful", 2: GONE, 3: "Faulted", 99: "Faulted"})
    assert not kept.saw(HERE, {1: "Running", 2: "Running"})
    assert {job.id: job.state for job in kept.all()} == {1: "Successful", 2: GONE, 3: "Running"}
    assert [job.over for job in kept.all()] == [True, True, False]


def test_what_is_over_goes_first_and_nothing_stays_for_ever(tmp_path: Path) -> None:
    kept = StartedJobs(tmp_path)
    kept.add([started(1, state="Running"), *(started(number, state="Successful") for number in range(2, MOST + 3))])
    ids = [job.id for job in kept.all()]
    assert len(ids) == MOST
    assert ids[0] == 1
    assert ids[1] == 4
    kept.add([started(9999, started_at=NOW + KEPT + timedelta(days=1))])
    assert [job.id for job in kept.all()] == [9999]


def test_the_file_is_private_and_holds_no_inputs(tmp_path: Path) -> None:
    kept = StartedJobs(tmp_path / "state")
    kept.add([started(1)])
    assert kept.path is not None
    if os.name == "posix":
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    (row,) = json.loads(kept.path.read_text())["jobs"]
    names = "place id key release_key release_name folder_id folder_key folder_path started_at state"
    assert set(row) == set(names.split())


def test_what_somebody_wrote_into_the_file_is_made_harmless(tmp_path: Path) -> None:
    kept = StartedJobs(tmp_path)
    kept.add([started(1, release_name="\x1b]0;owned\x07", folder_path="\u202eFin")])
    (job,) = kept.all()
    assert "\x1b" not in job.release_name
    assert "\u202e" not in job.folder_path


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"version": 1}',
        '{"version": 1, "jobs": [1]}',
        '{"version": 1, "jobs": [{"place": "x"}]}',
        '{"version": 1, "jobs": [{"place": "x", "id": "7", "started_at": "2026-01-01T00:00:00+00:00"}]}',
        '{"version": 1, "jobs": [{"place": "x", "id": 7, "started_at": "2026-01-01T00:00:00"}]}',
        '{"version": 1, "jobs": [{"place": "x", "id": 7, "started_at": "soon"}]}',
        '{"version": 2, "jobs": []}',
    ],
)
def test_a_file_that_can_t_be_read_is_told_and_left_alone(tmp_path: Path, content: str) -> None:
    kept = StartedJobs(tmp_path)
    assert kept.path is not None
    kept.path.write_text(content)
    kept.path.chmod(0o600)
    for use in (kept.all, lambda: kept.add([started(1)]), lambda: kept.saw(HERE, {1: "Faulted"})):
        with pytest.raises(StoreError, match="list of started jobs"):
            use()
    assert kept.path.read_text() == content


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    kept = StartedJobs(tmp_path / "state")
    assert kept.path is not None
    kept.path.parent.mkdir(0o700)
    kept.path.symlink_to(target)
    with pytest.raises(StoreError):
        kept.add([started(1)])
    assert target.read_text() == "mine"


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    kept = StartedJobs(None)
    kept.add([started(1, state="Running")])
    assert kept.saw(HERE, {1: "Stopped"})
    assert kept.in_place(HERE)[0].state == "Stopped"
    assert not list(tmp_path.iterdir())


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 10):
            StartedJobs(tmp_path).add([started(number)])

    threads = [threading.Thread(target=add, args=(first,)) for first in (100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(StartedJobs(tmp_path).all()) == 30
