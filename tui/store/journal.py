"""The journal of starts: what was decided is durable before it is done; one start of a release is open at a time.

One SQLite file that every running program shares. Each method is one transaction that is on the disk when it returns.
Methods wait for the disk: call them in a thread. They raise `StoreError` when the journal can't be used.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

from tui.errors import Exit, Failure
from tui.intent import MOVES, ON_ITS_WAY, Intent, IntentState
from tui.store import files
from tui.store.errors import StoreError, file_trouble, shown
from tui.store.journal_owner import Owner
from tui.store.journal_rows import COLUMNS, IS_OPEN, OF_1, SCHEMA, TABLE, intent_of, values
from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

NAME: Final = "starts.sqlite3"
BUSY: Final = 10.0
"""Seconds to wait for another program's transaction."""
LONGEST: Final = timedelta(seconds=60)
"""How long a start may have been on its way when its program ended: the deadline of the call."""
KEPT: Final = timedelta(days=90)
"""How long a settled start is kept, on its server's clock; the older ones go when another one of its tenant is sent."""
MOST_KEPT: Final = 5_000
"""Settled starts behind so many newer ones go too. No open one ever goes, nor one that is still looked for."""
_ALL: Final = ", ".join(COLUMNS)
_UNUSABLE: Final = "The journal of starts can't be used"
_FULL: Final = 13
"""SQLite's primary result code for a full disk."""


class IntentOpenError(StoreError):
    """Another start of the same release is open; ``intent`` is that one."""

    def __init__(self, intent: Intent) -> None:
        cause = f"an earlier start of {clean(intent.release_name)} is not settled ({intent.state})"
        next_step = "Choose the release again: the program looks for its job first."
        if intent.busy:
            cause = f"another uipath-tui is starting {clean(intent.release_name)} right now"
            next_step = "Wait until its outcome is known."
        super().__init__(Failure("Not started: nothing was sent", cause, next_step, exit=Exit.REFUSED))
        self.intent = intent


class IntentMovedError(StoreError):
    """The intent is no longer in a state from which the wanted one follows."""

    def __init__(self, state: str) -> None:
        cause = f"another uipath-tui has settled this start meanwhile ({state})"
        super().__init__(Failure("Not started: nothing was sent", cause, "Try again.", exit=Exit.REFUSED))


class Journal:
    """The journal in ``folder``, which is made when the first start is written down."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._owner = Owner(folder)
        self._examined = False
        self._active: set[str] = set()
        """The starts that this program is at right now."""
        self._held: TemporaryDirectory[str] | None = None

    @classmethod
    def temporary(cls) -> Self:
        """Return a journal that ends with this object."""
        held = TemporaryDirectory(prefix="uipath-tui-", ignore_cleanup_errors=True)
        journal = cls(Path(held.name))
        journal._held = held
        return journal

    def close(self) -> None:
        """Let other programs know that this one is at nothing any more."""
        self._owner.release()
        if self._held is not None:
            self._held.cleanup()

    def prepare(self, intent: Intent) -> None:
        """Write down a new start as PREPARED. Raises `IntentOpenError` while another of its release is open."""
        with self._transaction() as connection:
            self._owner.claim()
            found = self._unsettled(connection, "tenant = ? AND release_key = ?", intent.tenant, intent.release_key)
            if found:
                raise IntentOpenError(found[0])
            row = values({each.name: getattr(intent, each.name) for each in fields(intent)})
            row |= {"state": IntentState.PREPARED, "owner": self._owner.id}
            marks = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO intents ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - names are ours
        self._active.add(intent.id)

    def done(self, intent_id: str) -> None:
        """Forget that this program is at a start; what is not settled by then is looked for."""
        self._active.discard(intent_id)

    def move(self, intent_id: str, state: IntentState, **changes: Any) -> Intent:
        """Bring an intent to ``state`` with other ``changes`` and return it. Raises `IntentMovedError`."""
        with self._transaction() as connection:
            intent = self._one(connection, intent_id)[1]
            if state not in MOVES[intent.state] and state is not intent.state:
                raise IntentMovedError(intent.state)
            if state is IntentState.SENDING and intent.state not in ON_ITS_WAY:
                raise IntentMovedError(intent.state)
            intent = replace(intent, state=state, **changes)
            row = values({"state": state, **changes})
            assigned = ", ".join(f"{name} = :{name}" for name in row)
            connection.execute(f"UPDATE intents SET {assigned} WHERE id = :id", {**row, "id": intent_id})  # noqa: S608 - names are ours
            if state is IntentState.SENDING and intent.sent_at is not None:
                _prune(connection, intent.tenant, intent.sent_at - KEPT)
            return intent

    def find(self, intent_id: str) -> Intent:
        """Return an intent as it is now."""
        with self._transaction() as connection:
            return self._current(connection, *self._one(connection, intent_id))

    def open_for(self, tenant: str, release_key: str) -> Intent | None:
        """Return the open start of a release, ``None`` when a new one may be sent."""
        with self._transaction() as connection:
            where = "tenant = ? AND release_key = ?"
            return next(iter(self._unsettled(connection, where, tenant, release_key)), None)

    def open_in(self, tenant: str) -> tuple[Intent, ...]:
        """Return every open start of a tenant. Nothing is created where nothing was ever started."""
        if not self.path.exists():
            return ()
        with self._transaction() as connection:
            return self._unsettled(connection, "tenant = ?", tenant)

    def late(self, tenant: str, since: datetime) -> tuple[Intent, ...]:
        """Return the starts whose job was not found, not even by the person, and that failed after ``since``."""
        if not self.path.exists():
            return ()
        with self._transaction() as connection:
            wanted = (IntentState.NOT_FOUND, IntentState.CLOSED)
            found = self._select(connection, "tenant = ? AND state IN (?, ?)", tenant, *wanted)
            return tuple(each for _, each in found if each.failed_at is not None and each.failed_at >= since)

    def claimed(self, tenant: str, but: str) -> frozenset[int]:
        """Return the jobs that belong to other starts of the tenant than ``but``."""
        with self._transaction() as connection:
            rows = self._select(connection, "tenant = ? AND id <> ? AND jobs <> '[]'", tenant, but)
            return frozenset(job for _, intent in rows for job in intent.jobs)

    def _one(self, connection: sqlite3.Connection, intent_id: str) -> tuple[str, Intent]:
        found = self._select(connection, "id = ?", intent_id)
        if not found:
            raise file_trouble(self.path, "no longer knows this start", "Look for the job in Orchestrator.")
        return found[0]

    def _select(self, connection: sqlite3.Connection, where: str, *given: Any) -> tuple[tuple[str, Intent], ...]:
        """Return owners and intents, oldest first."""
        rows = connection.execute(f"SELECT owner, {_ALL} FROM intents WHERE {where} ORDER BY rowid", given)  # noqa: S608 - conditions are ours
        return tuple((owner, intent_of(tuple(row))) for owner, *row in rows)

    def _unsettled(self, connection: sqlite3.Connection, where: str, *given: Any) -> tuple[Intent, ...]:
        rows = self._select(connection, f"{where} AND {IS_OPEN}", *given)
        current = (self._current(connection, owner, intent) for owner, intent in rows)
        return tuple(intent for intent in current if intent.open)

    def _current(self, connection: sqlite3.Connection, owner: str, intent: Intent) -> Intent:
        """Return the intent, settled if the program that was at it has ended: what was only prepared was never sent."""
        if intent.state not in ON_ITS_WAY or intent.id in self._active:
            return intent
        if owner != self._owner.id and self._owner.lives(owner):
            return replace(intent, busy=True)
        changes: dict[str, Any] = {"state": IntentState.NOT_SENT}
        if intent.state is IntentState.SENDING:
            failed_at = intent.sent_at + LONGEST if intent.sent_at is not None else None
            cause = "the program ended before the answer came"
            changes = {"state": IntentState.UNKNOWN, "failed_at": failed_at, "cause": cause}
        assigned = ", ".join(f"{name} = :{name}" for name in changes)
        connection.execute(f"UPDATE intents SET {assigned} WHERE id = :id", {**values(changes), "id": intent.id})  # noqa: S608 - names are ours
        return replace(intent, **changes)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        """Run the block in one transaction, which is on the disk afterwards; or undo it."""
        files.make_folder(self.path.parent)
        files.touch_private(self.path)
        with self._explained():
            connection = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None)
            try:
                self._prepare(connection)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            finally:
                connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise file_trouble(self.path, "lies where it can't be shared safely", "Keep it on a disk of this machine.")
        connection.execute("PRAGMA synchronous = FULL")
        if self._examined:
            return
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            raise file_trouble(self.path, "was written by a newer uipath-tui", "Update this one.", title=_UNUSABLE)
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise self._damaged()
        if version < SCHEMA:
            self._make_table(connection)
        self._examined = True

    def _make_table(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < SCHEMA:  # unless another program was faster
            for statement in OF_1 if version else TABLE:
                connection.execute(statement)
        connection.execute("COMMIT")

    def _damaged(self) -> StoreError:
        next_step = "Look in Orchestrator for jobs of the last start, then move the file away."
        return file_trouble(self.path, "is damaged", next_step, title=_UNUSABLE)

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            why = "does not fit: the disk is full" if code == _FULL else f"can't be written ({error})"
            next_step = "Make room, then try again." if code == _FULL else "Check the disk and the permissions."
            raise file_trouble(self.path, why, next_step, title=_UNUSABLE) from error
        except sqlite3.IntegrityError as error:
            cause = f"{shown(self.path)} holds this start already"
            raise StoreError(
                Failure("Not started: nothing was sent", cause, "Try again.", exit=Exit.REFUSED)
            ) from error
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise self._damaged() from error


def _prune(connection: sqlite3.Connection, tenant: str, before: datetime) -> None:
    """Remove settled starts that are too old or too many. Times of one server are comparable as they are written."""
    old = "tenant = :tenant AND sent_at <> '' AND sent_at < :before"
    surplus = "state <> :closed AND rowid <= (SELECT max(rowid) FROM intents) - :most"
    given = {"tenant": tenant, "before": before.isoformat(), "closed": IntentState.CLOSED, "most": MOST_KEPT}
    connection.execute(f"DELETE FROM intents WHERE NOT ({IS_OPEN}) AND (({old}) OR ({surplus}))", given)  # noqa: S608 - conditions are ours
