"""Whatever a column of the kept log holds, reading raises nothing: what is sound is read, the rest is told."""

import argparse
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.exchanges.test_store import NOW, exchange
from tui.cli import log as log_command
from tui.errors import UiPathTuiError
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.gram_rows import index_rows
from tui.exchanges.kept.rows import DAMAGED
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.redaction.cover_rows import cover_rows
from tui.exchanges.redaction.needles import needle
from tui.replay.source import kept_sessions, open_session
from tui.settings import Settings

COLUMNS = {
    "sessions": ("started_at", "version", "place", "profile"),
    "exchanges": (
        *("session", "number", "started_at", "purpose", "attempt", "method", "url", "status", "error"),
        *("request_size", "response_size", "total", "job"),
    ),
    "messages": (
        *("reason", "http_version", "phases", "request_headers", "request_type", "request_cut", "request_packed"),
        *("request_body", "response_headers", "response_type", "response_cut", "response_packed", "response_body"),
    ),
    "marks": ("session", "number", "comment"),
    "grams": ("bits",),
}
DAMAGES = {
    "NULL": "NULL",
    "a blob": "x'00ff80'",
    "a text": "'zzz ☃'",
    "bytes that are no text": "CAST(x'ff41' AS TEXT)",
    "a huge number": "4611686018427387904",
    "no number": "9e999",
    "a negative number": "-7",
    "a time without a zone": "'2019-06-12T09:28:12'",
    "the first year": "'0001-01-01T00:00:00+14:00'",
    "a nest": "'" + "[" * 5_000 + "'",
}
CASES = [(table, column) for table, columns in COLUMNS.items() for column in columns]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of two sessions with marks and bits; its tables take anything."""
    path = tmp_path / NAME
    path.touch(0o600)
    for _ in range(2):
        store = ExchangeStore.open(path, version="1", profile="p", complain=pytest.fail)
        assert store is not None
        log = ExchangeLog()
        log.attach(store)
        store.follow(log.marks)
        for number in range(1, 6):
            log.append(replace(exchange(number), started_at=NOW + timedelta(seconds=number)))
        log.marks.set(2, "look")
        log.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO grams VALUES (0, zeroblob(8192))")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name != 'marks'")
    return path


def damage(path: Path, table: str, column: str, value: str) -> None:
    first = {"sessions": "id = 2", "exchanges": "id = 8", "messages": "id = 8", "grams": "1", "marks": "session = 2"}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS grams_UPDATE")
        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = {value} WHERE {first[table]}")  # noqa: S608 - our own text


def read_all(path: Path) -> None:
    """Read all of it as a session, a list and an export do."""
    with closing(Archive.open(path, writing=True)) as archive:
        for session in archive.sessions():
            entries = archive.entries(session.id)
            assert {entry.id for entry in entries} >= {1, 2, 4, 5} or session.id == 2
            for entry in entries:
                found = archive.known(session.id, entry)
                assert found.id == entry.id
                assert entry.started_at.astimezone().isoformat()
            for text in (
                "",
                "Running",
                "run",
                "zz",
                "mark:look",
                "status:200",
                "slow:>1s",
                "path:jobs",
                "step:5",
                "try:2",
            ):
                assert {entry.id for entry in archive.find(session.id, text)} <= {entry.id for entry in entries}
        for row in archive.sessions():
            assert row.started_at.astimezone().isoformat()
    for kept in kept_sessions(path):
        past = open_session(path, kept.id)
        for entry in past.log.entries:
            past.log.exchange(entry.id)
        past.fold(past.telling)
        past.close()
    index_rows(path, lambda: False, lambda _: None)
    cover_rows(path, 2, [needle("a-secret-of-nobody")])


def command(path: Path, action: str, **more: object) -> str:
    """Run ``uipath-tui log`` and return what it says of what is wrong, if anything."""
    given = argparse.Namespace(action=action, filter=(), session=0, json=False, **more)
    try:
        log_command.run(given, Settings())
    except UiPathTuiError as error:
        return str(error.failure)
    return ""


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        pytest.param(*case, value, marks=() if (n + m) % 4 == 0 else pytest.mark.full, id=f"{'.'.join(case)} {value}")
        for n, case in enumerate(CASES)
        for m, value in enumerate(DAMAGES)
    ],
)
def test_a_damaged_column_keeps_nobody_from_reading_the_rest(
    table: str,
    column: str,
    value: str,
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    damage(path, table, column, DAMAGES[value])
    read_all(path)
    monkeypatch.setattr(log_command, "log_file", lambda: path)
    assert command(path, "list") == ""
    for session in (1, 2):
        given = argparse.Namespace(action="list", filter=(), session=session, json=True)
        log_command.run(given, Settings())
    said = [command(path, "show", number=number) for number in (1, 3)]
    assert all("can't be read" in each or "has no exchange" in each or not each for each in said)
    for form in ("har", "jsonl", "markdown"):
        assert command(path, "export", format=form, file=str(tmp_path / f"x.{form}"), replace=True) == ""
    assert command(path, "remove", sessions=[2]) == ""
    assert command(path, "prune", days=1) == ""
    assert "Removed" in capsys.readouterr().out


def test_a_damaged_call_is_listed_as_one(path: Path) -> None:
    damage(path, "exchanges", "status", "'zzz'")
    with closing(Archive.open(path)) as archive:
        entries = archive.entries(2)
        assert [entry.id for entry in entries] == [1, 2, 3, 4, 5]
        assert [entry.error for entry in entries] == ["", "", DAMAGED, "", ""]
        assert entries[2].url == entries[3].url.replace("(4)", "(3)")
        assert archive.known(2, entries[2]).gave_way


def test_a_session_with_no_readable_time_is_as_old_as_its_last_call(path: Path) -> None:
    damage(path, "sessions", "started_at", "x'00'")
    with closing(Archive.open(path, writing=True)) as archive:
        last = archive.sessions()[1]
        assert last.started_at == last.ended_at == NOW + timedelta(seconds=5)
        assert not archive.remove(2, NOW + timedelta(minutes=5))
        assert archive.remove(2, NOW + timedelta(days=5))
    assert datetime.now(UTC) > NOW
