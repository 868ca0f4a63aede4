"""The file of kept exchanges: its tables, its version, how it is opened and brought up to date. SQLite, WAL.

What a list needs stands in a table of its own without headers and bodies, so that reading it touches nothing else.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "log.sqlite3"
BUSY: Final = 2.0
"""Seconds to wait for another program's transaction."""

_FIRST: Final = (
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL, version TEXT NOT NULL, place TEXT NOT NULL,
        profile TEXT NOT NULL)""",
    """CREATE TABLE exchanges (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions, number INTEGER NOT NULL,
        started_at TEXT NOT NULL, purpose TEXT NOT NULL, attempt INTEGER NOT NULL, method TEXT NOT NULL,
        url TEXT NOT NULL, status INTEGER, error TEXT NOT NULL, request_size INTEGER NOT NULL,
        response_size INTEGER NOT NULL, total REAL NOT NULL, job TEXT NOT NULL, UNIQUE (session, number))""",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY, reason TEXT NOT NULL, http_version TEXT NOT NULL, phases TEXT NOT NULL,
        request_headers TEXT NOT NULL, request_type TEXT NOT NULL, request_cut INTEGER NOT NULL,
        request_packed INTEGER NOT NULL, request_body BLOB NOT NULL, response_headers TEXT NOT NULL,
        response_type TEXT NOT NULL, response_cut INTEGER NOT NULL, response_packed INTEGER NOT NULL,
        response_body BLOB NOT NULL)""",
    """CREATE TABLE marks (
        session INTEGER NOT NULL, number INTEGER NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (session, number))
        WITHOUT ROWID""",
)
SHARED: Final = 7
"""Two to the power of this many rows of messages share their bits in ``grams``."""

_GRAMS: Final = (
    "CREATE TABLE grams (block INTEGER PRIMARY KEY, bits BLOB NOT NULL)",
    *(
        f"CREATE TRIGGER grams_{event} AFTER {event} ON messages "  # noqa: S608 - names are ours
        f"BEGIN DELETE FROM grams WHERE block = {row}.id >> {SHARED}; END"
        for event, row in (("INSERT", "new"), ("UPDATE", "old"), ("DELETE", "old"))
    ),
)
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_FIRST, _GRAMS)
"""What brings a file from each version to the next; a new file begins at version 0."""
SCHEMA: Final = len(MIGRATIONS)


class WrongFileError(Exception):
    """The file can't be used as it is; the text completes a sentence that begins with its path."""


class OldFileError(WrongFileError):
    """The file is of an earlier version; opened for writing it is brought up to date."""


def opened(path: Path, *, writing: bool = True) -> sqlite3.Connection:
    """Return a connection to the existing file at ``path``; for ``writing`` it is brought up to date first.

    Usable from any one thread at a time. Raises `sqlite3.Error`, or `WrongFileError` for a version it does not know.
    """
    if writing:
        connection = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
    else:
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, timeout=BUSY, isolation_level=None, check_same_thread=False, uri=True)
    try:
        _prepare(connection, writing=writing)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, *, writing: bool) -> None:
    connection.text_factory = _text
    version = _version(connection)
    if version > SCHEMA:
        raise WrongFileError("was written by a newer uipath-tui")
    if not writing:
        if version < SCHEMA:
            raise (OldFileError if version else WrongFileError)("holds no log of this version yet")
        return
    if version == 0:
        # Given back to the disk when sessions are removed; can only be chosen before the first table.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise WrongFileError("lies where it can't be shared safely")
    connection.execute("PRAGMA synchronous = NORMAL")
    # What is rewritten or removed is overwritten in the file too, not only left free.
    connection.execute("PRAGMA secure_delete = ON")
    if version < SCHEMA:
        _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the file up to date in one transaction, unless another program was faster."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[_version(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _text(data: bytes) -> str:
    """Return a text of the file; bytes of a damaged one that are no text don't keep the rest from being read."""
    return data.decode("utf-8", "replace")
