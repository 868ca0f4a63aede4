"""Rewrites what is kept of a session, its comments too, where a secret stands that was learned late.

On a connection of its own. Of what is replaced nothing stays behind in the file or in its write-ahead log.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui.exchanges.kept.rows import MESSAGE_COLUMNS, message_row, unpacked
from tui.exchanges.kept.schema import opened
from tui.exchanges.kept.store import fetched
from tui.exchanges.model import Body, Entry
from tui.exchanges.redaction.cover import any_holds, covered_exchange, covered_text, may_be_clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.exchanges.redaction.needles import Needle

WINDOW: Final = 50
"""Exchanges read in one statement: none keeps the write-ahead log from being emptied for long."""
_LOOK: Final = """
    SELECT id, number, url, error, job, reason, request_headers, response_headers,
        request_type, request_cut, request_packed, request_body,
        response_type, response_cut, response_packed, response_body
    FROM exchanges JOIN messages USING (id) WHERE session = ? AND number > ? ORDER BY number LIMIT ?
"""
_CHANGE_MESSAGE: Final = f"UPDATE messages SET {MESSAGE_COLUMNS.replace(',', ' = ?,')} = ? WHERE id = ?"  # noqa: S608 - names are ours
_CHANGE_ENTRY: Final = "UPDATE exchanges SET url = ?, error = ?, job = ? WHERE id = ?"
_PATIENCE: Final = 20
"""Milliseconds to wait for readers: who writes waits as long."""


class CoveredRows(NamedTuple):
    """What a look through the rows of a session came to.

    ``damaged``: exchanges that can't be read. ``emptied``: nothing of what was replaced is left in the write-ahead log.
    """

    looked: int
    rewritten: int
    damaged: int
    emptied: bool


def cover_rows(path: Path, session: int, needles: Sequence[Needle], *, empties: bool = False) -> CoveredRows:
    """Take the secrets out of every exchange of the session. Raises `sqlite3.Error` or `WrongFileError`.

    ``empties`` the write-ahead log even where this finds nothing, as after one that was not ``emptied``.
    """
    connection = opened(path)
    try:
        looked = rewritten = damaged = last = 0  # the numbers of a session begin at 1
        while True:
            window, found = 0, list[tuple[int, int]]()
            for row in connection.execute(_LOOK, (session, last, WINDOW)):
                each = _looked_at(row, needles)
                window, last, looked = window + 1, each.number, looked + each.size
                damaged += not each.is_whole
                if each.holds:
                    found.append((each.id, each.number))
            rewritten += sum(_rewrite(connection, session, *each, needles) for each in found)
            if window < WINDOW:
                break
        rewritten += _cover_place(connection, session, needles) + _cover_marks(connection, session, needles)
        return CoveredRows(looked, rewritten, damaged, not (rewritten or empties) or _emptied(connection))
    finally:
        connection.close()


class _Looked(NamedTuple):
    id: int
    number: int
    size: int
    is_whole: bool
    holds: bool


def _looked_at(row: Sequence[Any], needles: Sequence[Needle]) -> _Looked:
    place, number, *texts = row[:8]
    halves = row[8:12], row[12:16]
    try:
        bodies = tuple(Body(unpacked(data, packed=packed), 0, kind, bool(cut)) for kind, cut, packed, data in halves)
    except (ValueError, TypeError):
        return _Looked(place, number, 0, is_whole=False, holds=False)
    every = (*texts, *(body.content_type for body in bodies))
    if not all(isinstance(text, str) for text in every):
        return _Looked(place, number, 0, is_whole=False, holds=False)
    holds = not all(map(may_be_clean, bodies)) or any_holds(needles, every, (body.data for body in bodies))
    size = sum(map(len, every)) + sum(len(body.data) for body in bodies)
    return _Looked(place, number, size, is_whole=True, holds=holds)


def _rewrite(connection: sqlite3.Connection, session: int, place: int, number: int, needles: Sequence[Needle]) -> bool:
    """Rewrite one exchange, if it does hold a secret, in a transaction that only writes."""
    try:
        found = fetched(connection, session, number)
    except (ValueError, TypeError):
        found = None
    if found is None or (changed := covered_exchange(found, needles)) is found:
        return False
    values, entry = message_row(changed), Entry.of(changed)
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_CHANGE_MESSAGE, (*values, place))
        connection.execute(_CHANGE_ENTRY, (entry.url, entry.error, covered_text(entry.job, needles), place))
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return True


def _cover_place(connection: sqlite3.Connection, session: int, needles: Sequence[Needle]) -> bool:
    (place,) = connection.execute("SELECT place FROM sessions WHERE id = ?", (session,)).fetchone() or ("",)
    if not isinstance(place, str) or (clean := covered_text(place, needles)) == place:
        return False
    connection.execute("UPDATE sessions SET place = ? WHERE id = ?", (clean, session))
    return True


def _cover_marks(connection: sqlite3.Connection, session: int, needles: Sequence[Needle]) -> int:
    """Rewrite the comments that hold a secret, unless the person writes another one meanwhile; return how many."""
    change = "UPDATE marks SET comment = ? WHERE session = ? AND number = ? AND comment = ?"
    every = connection.execute("SELECT number, comment FROM marks WHERE session = ?", (session,)).fetchall()
    changed = 0
    for number, comment in every:
        if isinstance(comment, str) and (clean := covered_text(comment, needles)) != comment:
            changed += connection.execute(change, (clean, session, number, comment)).rowcount
    return changed


def _emptied(connection: sqlite3.Connection) -> bool:
    """Write everything into the file and cut the write-ahead log to nothing, unless somebody reads in it."""
    # Most of it beside those who write; only the rest makes them wait.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
