"""The kept sessions: listed, read again, and removed by age and size. Never changes what an exchange holds."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Self

from tui.exchanges.filter.language import parse
from tui.exchanges.filter.rows import condition
from tui.exchanges.kept.grams import lacks
from tui.exchanges.kept.rows import ENTRY_COLUMNS, EPOCH, damaged_entry, entry_of, moment
from tui.exchanges.kept.schema import OldFileError, WrongFileError, opened
from tui.exchanges.kept.store import fetched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui.exchanges.model import Entry, Exchange

AWAKE: Final = timedelta(hours=1)
"""A session with an exchange as young as this may still run: it is never removed."""
BATCH: Final = 200
"""Exchanges removed in one transaction: a running session waits for no longer one."""
MEGABYTE: Final = 1_000_000
_KEPT: Final = """
    SELECT sessions.id, sessions.started_at, version, place, profile, count(exchanges.id),
        max(CASE WHEN exchanges.started_at GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T*'
            THEN exchanges.started_at END),
        coalesce(sum(status IS NULL OR status >= 400), 0), total(request_size + response_size)
    FROM sessions LEFT JOIN exchanges ON session = sessions.id GROUP BY sessions.id ORDER BY sessions.id
"""
_ENTRIES: Final = f"SELECT {ENTRY_COLUMNS} FROM exchanges WHERE session = ? AND typeof(number) = 'integer'"  # noqa: S608 - names are ours


@dataclass(frozen=True, slots=True)
class KeptSession:
    """One session of the kept log. ``size`` is the bytes of its bodies on the wire."""

    id: int
    started_at: datetime
    ended_at: datetime
    version: str
    place: str
    profile: str
    calls: int
    failed: int
    size: int


class Archive:
    """The file of kept sessions at ``path``. Bound to one thread at a time; methods raise `sqlite3.Error`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.create_function("lacks", -1, lacks, deterministic=True)

    @classmethod
    def open(cls, path: Path, *, writing: bool = False) -> Self:
        """Open the existing file, brought up to date. Raises `sqlite3.Error` or `WrongFileError`."""
        try:
            return cls(opened(path, writing=writing))
        except OldFileError:
            opened(path).close()
            return cls(opened(path, writing=writing))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def interrupt(self) -> None:
        """Have what is being read raise `sqlite3.OperationalError`. From any thread."""
        self._connection.interrupt()

    def sessions(self) -> tuple[KeptSession, ...]:
        """Return every session, oldest first."""
        return tuple(_kept(row) for row in self._connection.execute(_KEPT))

    def entries(self, session: int) -> tuple[Entry, ...]:
        """Return the entries of a session, oldest first; damaged ones as far as they can be read."""
        rows = self._connection.execute(f"{_ENTRIES} ORDER BY number", (session,))
        found: list[Entry] = []
        for row in rows:
            found.append(_entry(row, found[-1].started_at if found else EPOCH))
        return tuple(found)

    def find(self, session: int, text: str) -> Iterator[Entry]:
        """Give the entries of a session that fit a filter, oldest first, as they are found. Raises `FilterError`."""
        wanted, marks = parse(text), self.marks(session)
        where = condition(wanted.root)
        rows = self._connection.execute(f"{_ENTRIES} AND ({where.sql}) ORDER BY number", (session, *where.values))
        for row in rows:
            entry = _entry(row, EPOCH)
            if wanted.matches(entry, lambda _, entry=entry: self.known(session, entry), marks):
                yield entry

    def known(self, session: int, entry: Entry) -> Exchange:
        """Return the exchange of an entry; no more than the entry (``gave_way``) where that is all that can be read."""
        try:
            return self.exchange(session, entry.id) or entry.bare()
        except ValueError:
            return entry.bare()

    def exchange(self, session: int, number: int) -> Exchange | None:
        """Return one exchange, ``None`` where there is none. Raises `ValueError` for a damaged one."""
        return fetched(self._connection, session, number)

    def marks(self, session: int) -> dict[int, str]:
        """Return what the person marked in a session: number → comment."""
        statement = "SELECT number, comment FROM marks WHERE session = ? AND typeof(number) = 'integer'"
        return {
            number: comment if isinstance(comment, str) else ""
            for number, comment in self._connection.execute(statement, (session,))
        }

    def prune(self, now: datetime, *, days: int, megabytes: int) -> int:
        """Remove sessions that ended more than ``days`` ago, then the oldest until the rest fits; return how many.

        One that may still run stays. Needs an archive that was opened for writing.
        """
        gone = 0
        for session in sorted(self.sessions(), key=lambda each: each.ended_at):
            age = now - session.ended_at
            if age < AWAKE:
                break
            if age > timedelta(days=days) or self._used() > megabytes * MEGABYTE:
                self._remove(session.id)
                gone += 1
        return gone

    def remove(self, session: int, now: datetime) -> bool:
        """Remove one session and return whether that was possible: one that may still run stays.

        Needs an archive that was opened for writing.
        """
        found = [each for each in self.sessions() if each.id == session and now - each.ended_at >= AWAKE]
        for each in found:
            self._remove(each.id)
        return bool(found)

    def _used(self) -> int:
        """Return the bytes in use. Removed rows give their pages back at once."""
        ((pages,), (free,), (size,)) = (
            self._connection.execute(f"PRAGMA {name}").fetchone()
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _remove(self, session: int) -> None:
        """Remove a session, a few exchanges a transaction; its row goes last, so that what interrupts loses nothing."""
        execute = self._connection.execute
        batch = "SELECT id FROM exchanges WHERE session = ? LIMIT ?"
        while execute("SELECT 1 FROM exchanges WHERE session = ? LIMIT 1", (session,)).fetchone():
            execute("BEGIN IMMEDIATE")
            try:
                execute(f"DELETE FROM messages WHERE id IN ({batch})", (session, BATCH))  # noqa: S608 - our own text
                execute(f"DELETE FROM exchanges WHERE id IN ({batch})", (session, BATCH))  # noqa: S608 - our own text
                execute("COMMIT")
            except BaseException:
                execute("ROLLBACK")
                raise
        execute("DELETE FROM marks WHERE session = ?", (session,))
        execute("DELETE FROM sessions WHERE id = ?", (session,))
        # A script goes on until the end; as a statement it would give one page back.
        self._connection.executescript("PRAGMA incremental_vacuum")


def read_apart(path: Path, session: int, number: int) -> Exchange | None:
    """Return one exchange by a connection of its own, in whatever thread; ``None`` where it can't be read."""
    try:
        archive = Archive.open(path)
        try:
            return archive.exchange(session, number)
        finally:
            archive.close()
    except (sqlite3.Error, WrongFileError, OSError, ValueError):
        return None


def _kept(row: Sequence[Any]) -> KeptSession:
    """Return the session of a row; a time that can't be read is the other one, or long ago."""
    number, began, version, place, profile, calls, last, failed, size = row
    started_at, ended_at = _moment(began), _moment(last)
    return KeptSession(
        id=number,
        started_at=started_at or ended_at or EPOCH,
        ended_at=ended_at or started_at or EPOCH,
        version=version if isinstance(version, str) else "",
        place=place if isinstance(place, str) else "",
        profile=profile if isinstance(profile, str) else "",
        calls=calls,
        failed=failed,
        size=int(size) if isfinite(size) else 0,
    )


def _moment(kept: object) -> datetime | None:
    try:
        return moment(kept)
    except ValueError:
        return None


def _entry(row: Sequence[Any], at: datetime) -> Entry:
    try:
        return entry_of(row)
    except ValueError:
        return damaged_entry(row, at)
