"""Keeps the exchanges of the running session in a file: each in a commit of its own, before it is shown.

What was answered survives a crash of the program and ``kill -9``. When the file can't be written, the session goes on
in memory and ``trouble`` says why. The file must exist and belong to its owner alone: whoever opens it sees to that.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from tui.exchanges.filter.search import Where
from tui.exchanges.kept.gram_rows import Indexing
from tui.exchanges.kept.rows import (
    ENTRY_COLUMNS,
    MESSAGE_COLUMNS,
    entry_of,
    entry_row,
    exchange_of,
    message_row,
    packed,
)
from tui.exchanges.kept.schema import SHARED, WrongFileError, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tui.exchanges.kept.rows import Ahead
    from tui.exchanges.marks import Marks
    from tui.exchanges.model import Entry, Exchange
    from tui.exchanges.redaction.needles import Needle

_INSERT_ENTRY: Final = f"INSERT INTO exchanges (session, {ENTRY_COLUMNS}) VALUES ({', '.join('?' * 13)})"  # noqa: S608 - names are ours
_INSERT_MESSAGE: Final = f"INSERT INTO messages (id, {MESSAGE_COLUMNS}) VALUES ({', '.join('?' * 14)})"  # noqa: S608 - names are ours
_ONE: Final = (
    f"SELECT {ENTRY_COLUMNS}, {MESSAGE_COLUMNS} FROM exchanges JOIN messages USING (id) "  # noqa: S608 - names are ours
    "WHERE session = ? AND number = ?"
)
_ENTRY_WIDTH: Final = len(ENTRY_COLUMNS.split(", "))
_FULL: Final = sqlite3.SQLITE_FULL
_PASSING: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class ExchangeStore:
    """One session in the file at ``path``. Its row is written with the first exchange.

    ``complain`` is told once, in a sentence, when exchanges can't be kept. Bound to one thread at a time.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, version: str, profile: str, complain: Callable[[str], None]
    ) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._path = path
        self._version = version
        self._profile = profile
        self._complain = complain
        self._left = False
        self._block = 0
        self._ahead: Ahead | None = None
        self._indexing = Indexing(path)
        self.session: int | None = None
        """The session's number in the file, once it has one."""
        self.trouble = ""
        """Why exchanges are not, or not all, kept; empty while they are."""
        self.exposed = ""
        """Why a secret that was learned late may stand in the file; empty while none can."""

    @classmethod
    def open(cls, path: Path, *, version: str, profile: str, complain: Callable[[str], None]) -> Self | None:
        """Return the store over an existing file; ``None``, and ``complain`` is told, when it can't be used."""
        try:
            connection = opened(path)
        except (sqlite3.Error, WrongFileError, OSError) as error:
            complain(f"The log is not kept: {path} {why(error)}")
            return None
        return cls(connection, path, version=version, profile=profile, complain=complain)

    def prepare(self, data: bytes) -> None:
        """Compress a body ahead, in whatever thread: the exchange that comes with it is kept the sooner."""
        self._ahead = data, packed(data)

    def keep(self, exchange: Exchange, entry: Entry) -> bool:
        """Commit one exchange; ``False`` when that was not possible. Raises nothing."""
        if self._connection is None:
            return False
        try:
            self._insert(self._connection, exchange, entry)
        except (sqlite3.Error, OSError, ValueError) as error:
            self._failed(error)
            return False
        return True

    def exchange(self, number: int) -> Exchange | None:
        """Return an exchange of this session, ``None`` where it is not kept."""
        if self._connection is None or self.session is None:
            return None
        try:
            return fetched(self._connection, self.session, number)
        except (sqlite3.Error, ValueError) as error:
            self._failed(error)
            return None

    @property
    def where(self) -> Where | None:
        """Where this session can be read by another connection; ``None`` while nothing of it is kept."""
        return None if self._connection is None or self.session is None else Where(self._path, self.session)

    def cover(self, needles: Sequence[Needle], *, last: bool) -> int | None:
        """Take secrets out of the rows of this session, by a connection of its own; return the bytes looked at.

        ``None`` while another program is in the way, to be asked again; the ``last`` time that is told. Raises nothing.
        """
        if self.session is None:
            return 0
        from tui.exchanges.redaction.cover_rows import cover_rows

        try:
            done = cover_rows(self._path, self.session, needles, empties=self._left)
        except (sqlite3.Error, WrongFileError, OSError, ValueError) as error:
            self._left = True  # it may have come so far
            if _code(error) in _PASSING and not last:
                return None
            self._exposed(why(error))
            return 0
        self._left = not done.emptied
        if done.damaged:
            self._exposed("is damaged")
        elif not done.emptied and last:
            self._exposed("is held by another program")
        return done.looked if done.emptied or last else None

    def _exposed(self, cause: str) -> None:
        """Tell once that something learned late could not be taken out."""
        if not self.exposed:
            self.exposed = f"A secret may stand in the log of this session: {self._path} {cause}"
            self._complain(self.exposed)

    def follow(self, marks: Marks) -> None:
        """Keep what the person marks, and their comments, from now on."""
        marks.subscribe(self._marked)

    def close(self) -> None:
        """Close the file. Nothing is kept afterwards."""
        self._indexing.finish()
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _insert(self, connection: sqlite3.Connection, exchange: Exchange, entry: Entry) -> None:
        ahead, self._ahead = self._ahead, None
        values = message_row(exchange, ahead)  # before the transaction: compressing takes its time
        connection.execute("BEGIN IMMEDIATE")
        try:
            session = self.session or self._begun(connection, entry)
            added = connection.execute(_INSERT_ENTRY, (session, *entry_row(entry)))
            place = added.lastrowid or 0
            connection.execute(_INSERT_MESSAGE, (place, *values))
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self.session = session
        if place >> SHARED != self._block:
            self._block = place >> SHARED
            self._indexing.begin()

    def _begun(self, connection: sqlite3.Connection, entry: Entry) -> int:
        place = urlsplit(entry.url).netloc
        added = connection.execute(
            "INSERT INTO sessions (started_at, version, place, profile) VALUES (?, ?, ?, ?)",
            (entry.started_at.isoformat(), self._version, place, self._profile),
        )
        assert added.lastrowid is not None  # noqa: S101 - one row was inserted
        return added.lastrowid

    def _marked(self, number: int, comment: str | None) -> None:
        if self._connection is None or self.session is None:
            return
        statement, values = "DELETE FROM marks WHERE session = ? AND number = ?", (self.session, number)
        if comment is not None:
            statement, values = "INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (self.session, number, comment)
        try:
            self._connection.execute(statement, values)
        except (sqlite3.Error, ValueError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        """Tell once; a file that only another program holds is tried again with the next exchange."""
        if not self.trouble:
            self.trouble = f"The log is incomplete: {self._path} {why(error)}"
            self._complain(self.trouble)
        if isinstance(error, sqlite3.Error) and _code(error) not in _PASSING:
            self.close()


def fetched(connection: sqlite3.Connection, session: int, number: int) -> Exchange | None:
    """Return one exchange of a session. Raises `sqlite3.Error`, and `ValueError` for damaged rows."""
    row = connection.execute(_ONE, (session, number)).fetchone()
    return None if row is None else exchange_of(entry_of(row[:_ENTRY_WIDTH]), row[_ENTRY_WIDTH:])


def why(error: Exception) -> str:
    """Return what is wrong with the file; completes a sentence that begins with its path."""
    if isinstance(error, WrongFileError):
        return str(error)
    code = _code(error)
    if code == _FULL:
        return "does not fit: the disk is full"
    if code in _PASSING:
        return "is held by another program"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return "is damaged; move it away to begin a new one"
    return f"can't be used ({error})"


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
