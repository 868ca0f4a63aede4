"""A kept session opened again: which one, what is in it, its marks, and every way in which the file can be wrong."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest

from tests.unit.core.recorded import job, keep, polled, started
from tui.errors import UiPathTuiError
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.schema import NAME
from tui.replay.source import kept_sessions, open_session

SESSION = [started(1, job()), polled(2, job(state="Running")), polled(3, job(state="Successful"))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def test_the_newest_or_the_wanted_session_is_opened(path: Path) -> None:
    keep(path, SESSION[:1], "first")
    keep(path, SESSION, "second")
    assert [each.profile for each in kept_sessions(path)] == ["second", "first"]
    for wanted, profile, calls in [(0, "second", 3), (1, "first", 1), (2, "second", 3)]:
        past = open_session(path, wanted)
        assert (past.kept.profile, len(past.log)) == (profile, calls)
        assert [past.log.exchange(n + 1) for n in range(calls)] == SESSION[:calls]
        past.fold(past.telling)
        assert past.replay.at(99).jobs[0].job.state == ("Successful" if calls == 3 else "Pending")
        past.close()


def test_marks_are_shown_and_kept(path: Path) -> None:
    keep(path, SESSION)
    said: list[str] = []
    past = open_session(path)
    past.keep_marks(said.append)
    past.log.marks.set(2, "look")
    past.log.marks.set(3)
    past.log.marks.drop(3)
    past.close()
    assert dict(open_session(path).log.marks) == {2: "look"}
    again = open_session(path)
    again.keep_marks(said.append)
    path.unlink()
    assert said == []
    again.log.marks.drop(2)
    assert said == [f"The mark is not kept: {path} is gone"]
    assert not path.exists()


DAMAGES = (
    "response_packed = 1", "response_body = 7", "response_type = x'ff'", "reason = x'ff'", "phases = '1'",
    "phases = '[[]]'", "request_headers = '[1]'", "response_headers = '[[1, 2]]'",
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_is_one_unknown_call_alone(path: Path, damage: str) -> None:
    keep(path, SESSION)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE messages SET {damage} WHERE id = 2")  # noqa: S608 - our own text
    past = open_session(path)
    past.fold(past.telling)
    assert past.log.exchange(2).gave_way
    assert "could not be read" in past.replay.at(2).unknown_of(12)
    assert past.replay.at(3).jobs[0].job.state == "Successful"
    assert not past.replay.at(3).unknown_of(12)


def test_what_is_wrong_is_said(path: Path) -> None:
    assert kept_sessions(path) == ()
    with pytest.raises(UiPathTuiError, match="No session is kept"):
        open_session(path)
    keep(path, SESSION)
    with pytest.raises(UiPathTuiError, match="No session 7 is kept"):
        open_session(path, 7)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UiPathTuiError, match="was written by a newer uipath-tui"):
        open_session(path)
    damaged = keep(path.with_name("damaged"), SESSION)
    with sqlite3.connect(damaged) as connection:
        connection.execute("UPDATE exchanges SET url = x'ff' WHERE id = 2")
    past = open_session(damaged)
    past.fold(past.telling)
    assert past.replay.at(3).jobs[0].job.state == "Successful"
    past.close()
    wrong = path.with_name("wrong")
    wrong.write_bytes(b"no database at all" * 100)
    with pytest.raises(UiPathTuiError, match="is damaged"):
        open_session(wrong)


def test_nothing_is_written_by_looking(path: Path) -> None:
    keep(path, SESSION)
    before = path.read_bytes()
    past = open_session(path)
    past.fold(past.telling)
    past.close()
    assert path.read_bytes() == before
    assert Archive.open(path).sessions()[0].calls == 3


def test_closing_ends_what_is_being_folded(path: Path) -> None:
    keep(path, [started(1, job()), *[polled(n, job()) for n in range(2, 500)]])
    past = open_session(path)
    worker = Thread(target=past.fold, args=(past.telling,))
    worker.start()
    past.close()
    worker.join(10)
    assert not worker.is_alive()
    known = past.replay.look_before(9_999)
    past.fold(past.telling[-1:])
    assert past.replay.look_before(9_999) == known
    assert past.log.exchange(2).gave_way
    closed = open_session(path)
    closed.close()
    closed.fold(closed.telling)
    assert closed.replay.changes == ()


def test_a_glance_tells_the_state_of_then(path: Path) -> None:
    rows = [
        started(1, job()),
        *(polled(at, job(state="Running")) for at in range(2, 100)),
        polled(100, job(state="Faulted")),
    ]
    past = open_session(keep(path, rows))
    assert [each.job.state for each in past.glance(100).at(100).jobs] == ["Faulted"]
    assert [each.job.state for each in past.glance(99).at(99).jobs] == ["Running"]
    assert past.glance(1).at(1).jobs[0].job.state == "Pending"
    assert past.replay.at(100).jobs == ()
    past.close()
    assert past.glance(100).at(100).jobs == ()
