"""The kept log: what comes back is what was kept; trouble is told once; old sessions go, running ones stay."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.schema import NAME, SCHEMA, WrongFileError, opened
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Entry, Exchange, Purpose, Timing

NOW = datetime(2019, 6, 12, 9, 28, 12, 920_001, tzinfo=UTC)


def exchange(number: int, data: bytes = b'{"State": "Running"}', *, at: datetime = NOW) -> Exchange:
    return Exchange(
        id=number,
        started_at=at,
        purpose=Purpose.WATCH,
        attempt=2,
        method="GET",
        url=f"https://x.example/odata/Jobs({number})",
        request_headers=(("Accept", "a"), ("accept", "é\x00")),
        request_body=Body(b"\x00\xff", 2, "text/plain"),
        status=200,
        reason="OK",
        http_version="HTTP/1.1",
        response_headers=(("B", "2"), ("A", "1")),
        response_body=Body(data, len(data) + 7, "application/json", truncated=True),
        timing=Timing(0.1, None, 0.25, 0.5, None, 1.0),
    )


class Said(list[str]):
    """The sentences that were told."""


def store_at(path: Path, said: Said) -> ExchangeStore:
    path.touch(0o600)
    store = ExchangeStore.open(path, version="1.2", profile="work", complain=said.append)
    assert store is not None
    return store


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


BODIES = [b"", b"a", bytes(range(256)) * 50, b"ab" * 500_000, os.urandom(50_000)]


@pytest.mark.parametrize("data", BODIES, ids=["empty", "one", "binary", "packed", "random"])
def test_what_comes_back_is_what_was_kept(path: Path, said: Said, data: bytes) -> None:
    store = store_at(path, said)
    log = ExchangeLog(cached=1)
    log.attach(store)
    given = [exchange(1, data), replace(exchange(2), status=None, error="It timed out")]
    for each in given:
        log.append(each)
    log.append(exchange(3))
    assert [log.exchange(1), log.exchange(2)] == given
    store.close()
    archive = Archive.open(path)
    (session,) = archive.sessions()
    assert [archive.exchange(session.id, number) for number in (1, 2)] == given
    assert archive.entries(session.id) == tuple(Entry.of(each) for each in (*given, exchange(3)))
    assert (session.version, session.profile, session.place) == ("1.2", "work", "x.example")
    assert (session.calls, session.failed, session.started_at) == (3, 1, NOW)
    archive.close()
    assert said == []


def test_an_exchange_is_kept_before_it_is_shown(path: Path, said: Said) -> None:
    log = ExchangeLog()
    log.attach(store_at(path, said))
    seen: list[int] = []

    def other(found: Exchange) -> None:
        archive = Archive.open(path)
        seen.extend(entry.id for entry in archive.entries(1) if entry.id == found.id)
        archive.close()

    log.subscribe(other)
    for number in range(1, 6):
        log.append(exchange(number))
    assert seen == [1, 2, 3, 4, 5]


def test_two_programs_keep_their_own_sessions(path: Path, said: Said) -> None:
    one, other = store_at(path, said), store_at(path, said)
    for number in range(1, 51):
        for store in (one, other):
            assert store.keep(exchange(number), Entry.of(exchange(number)))
    assert one.session != other.session
    archive = Archive.open(path)
    assert [session.calls for session in archive.sessions()] == [50, 50]
    assert said == []


def test_marks_are_kept_and_dropped(path: Path, said: Said) -> None:
    store, log = store_at(path, said), ExchangeLog()
    log.attach(store)
    store.follow(log.marks)
    log.append(exchange(1))
    log.marks.set(1, "look here")
    log.marks.set(2)
    log.marks.set(1, "no, there")
    log.marks.drop(2)
    assert Archive.open(path).marks(1) == {1: "no, there"}


def test_a_newer_file_is_told_and_left_alone(path: Path, said: Said) -> None:
    store_at(path, said).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    before = path.read_bytes()
    assert ExchangeStore.open(path, version="", profile="", complain=said.append) is None
    assert said == [f"The log is not kept: {path} was written by a newer uipath-tui"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be read as one" * 50, b"SQLite format 3\0" * 90]
)
def test_a_damaged_file_is_told(path: Path, said: Said, content: bytes) -> None:
    path.write_bytes(content)
    assert ExchangeStore.open(path, version="", profile="", complain=said.append) is None
    assert len(said) == 1
    assert "is damaged" in said[0]


def test_an_empty_file_is_no_log_to_read(path: Path) -> None:
    path.touch()
    with pytest.raises(WrongFileError):
        opened(path, writing=False)


def test_trouble_is_told_once_and_the_session_goes_on_in_memory(path: Path, said: Said) -> None:
    log = ExchangeLog(cached=1)
    store = store_at(path, said)
    log.attach(store)
    log.append(exchange(1))
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE messages")
    connection.close()
    for number in (2, 3):
        log.append(exchange(number))
    assert len(said) == 1
    assert said[0].startswith(f"The log is incomplete: {path} ")
    assert [log.exchange(number).gave_way for number in (1, 2, 3)] == [False, False, False]


FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_store import ExchangeLog, Said, exchange, os, store_at
said, log = Said(), ExchangeLog()
store = store_at(Path({path!r}), said)
log.attach(store)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
for number in range(1, 40):
    log.append(exchange(number, os.urandom(20_000)))
assert len(said) == 1, said
assert all(not found.gave_way for found in log)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
def test_a_full_disk_is_told_and_what_was_kept_can_be_read(path: Path) -> None:
    code = FULL.format(here=str(Path(__file__).parent), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    archive = Archive.open(path, writing=True)
    (session,) = archive.sessions()
    assert 1 <= session.calls < 39
    assert all(archive.exchange(session.id, entry.id) for entry in archive.entries(session.id))


def _sessions(path: Path, said: Said, ages: list[timedelta], size: int = 100) -> None:
    for age in ages:
        store = store_at(path, said)
        for number in range(1, 4):
            found = exchange(number, os.urandom(size), at=NOW - age)
            assert store.keep(found, Entry.of(found))
        store.close()


def test_old_sessions_go_and_what_may_run_stays(path: Path, said: Said) -> None:
    days = [timedelta(days=40), timedelta(days=3), timedelta(days=31), timedelta(minutes=5)]
    _sessions(path, said, days)
    archive = Archive.open(path, writing=True)
    assert archive.prune(NOW, days=30, megabytes=500) == 2
    assert [session.id for session in archive.sessions()] == [2, 4]
    assert archive.prune(NOW, days=30, megabytes=500) == 0
    assert len(archive.entries(2)) == 3
    assert archive.exchange(1, 1) is None


def test_the_oldest_go_until_the_rest_fits_and_the_file_shrinks(path: Path, said: Said) -> None:
    _sessions(path, said, [timedelta(days=day) for day in (4, 3, 2, 0)], size=600_000)
    archive = Archive.open(path, writing=True)
    assert archive.prune(NOW, days=30, megabytes=4) == 2
    assert [session.id for session in archive.sessions()] == [3, 4]
    archive.close()
    assert path.stat().st_size < 4_500_000


def test_one_session_is_removed_unless_it_may_still_run(path: Path, said: Said) -> None:
    for _ in range(2):
        store = store_at(path, said)
        store.keep(exchange(1, b"first of all"), Entry.of(exchange(1)))
        store.close()
    archive = Archive.open(path, writing=True)
    assert not archive.remove(1, NOW + timedelta(minutes=5))
    assert not archive.remove(7, NOW + timedelta(days=5))
    assert archive.remove(1, NOW + timedelta(days=1))
    assert [session.id for session in archive.sessions()] == [2]
    archive.close()


def test_a_file_of_an_earlier_version_is_read_all_the_same(path: Path, said: Said) -> None:
    store = store_at(path, said)
    store.keep(exchange(1), Entry.of(exchange(1)))
    store.close()
    connection = sqlite3.connect(path)
    for what in ("TRIGGER grams_INSERT", "TRIGGER grams_UPDATE", "TRIGGER grams_DELETE", "TABLE grams"):
        connection.execute(f"DROP {what}")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    archive = Archive.open(path)
    assert archive.exchange(1, 1) == exchange(1)
    archive.close()
