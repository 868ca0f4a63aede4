"""A kept session opened again: its exchanges as a log, read from the file when they are wanted, and its marks.

There is no client here, so nothing can be sent. Only what the person marks is written.
"""

from __future__ import annotations

import gc
import sqlite3
from bisect import bisect_right
from contextlib import closing
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Final

from tui.errors import Exit, Failure, UiPathTuiError
from tui.exchanges.filter.search import Where
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.schema import WrongFileError, opened
from tui.exchanges.kept.store import why
from tui.exchanges.log import ExchangeLog
from tui.replay.answers import relevant
from tui.replay.folding import Replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tui.exchanges.kept.archive import KeptSession
    from tui.exchanges.model import Entry, Exchange
    from tui.exchanges.redaction.needles import Needle

BATCHES: Final = (100, 1_000)
"""Exchanges that are read first, and then at a time."""
FEW: Final = 4
"""Exchanges that are folded before others have their turn."""
GLANCE: Final = 40
"""Answers that are read to tell a state before all of them are."""
FARTHEST: Final = 2_000
"""Calls among which they are looked for."""
UNREADABLE = (sqlite3.Error, WrongFileError, OSError, ValueError)
"""What reading the file may raise."""


def archive_at(path: Path) -> Archive:
    """Return the archive at ``path``, brought up to date if an older program wrote it. Raises one of `UNREADABLE`."""
    try:
        return Archive.open(path)
    except WrongFileError:
        opened(path).close()
        return Archive.open(path)


class KeptCalls:
    """Gives the exchanges of one kept session to an `ExchangeLog`. Bound to one thread at a time."""

    def __init__(self, path: Path, session: int) -> None:
        self._where = Where(path, session)
        self._archive: Archive | None = archive_at(path)
        self.trouble = ""
        """Why the last exchange that could not be read could not be read."""

    def prepare(self, data: bytes) -> None:
        """Nothing is kept."""

    def keep(self, exchange: Exchange, entry: Entry) -> bool:
        """Keep nothing: the session is over."""
        del exchange, entry
        return False

    def exchange(self, number: int) -> Exchange | None:
        """Return the exchange, ``None`` where it is not kept or its row is damaged."""
        if self._archive is None:
            return None
        try:
            return self._archive.exchange(self._where.session, number)
        except UNREADABLE as error:
            self.trouble = f"Exchange {number} can't be read: {self._where.path} {why(error)}"
            return None

    def cover(self, needles: Sequence[Needle], *, last: bool) -> int | None:
        """Take nothing out: no secret is learned while an old session is read."""
        del needles, last
        return 0

    @property
    def where(self) -> Where | None:
        """Where another thread can read the session."""
        return self._where

    def close(self) -> None:
        """Close the file."""
        if self._archive is not None:
            self._archive.close()
            self._archive = None


class KeptLog(ExchangeLog):
    """The log of what ``calls`` hold. Nothing is to be appended to it."""

    def __init__(self, entries: Sequence[Entry], calls: KeptCalls) -> None:
        super().__init__()
        self._entries = list(entries)
        self._keeper = calls


class PastSession:
    """One kept session: ``kept`` says which, ``log`` holds its exchanges, ``replay`` what became of its jobs."""

    def __init__(self, path: Path, kept: KeptSession, entries: Sequence[Entry], marks: dict[int, str]) -> None:
        self._path = path
        self.kept = kept
        self.log = KeptLog(entries, KeptCalls(path, kept.id))
        for number, comment in marks.items():
            self.log.marks.set(number, comment)
        self.replay = Replay()
        self._folding: KeptCalls | None = None
        self._lock = Lock()
        self._over = False

    @property
    def telling(self) -> list[Entry]:
        """The entries of the exchanges that may say something of a job, in order."""
        return [entry for entry in self.log.entries if relevant(entry)]

    def batches(self) -> Iterator[list[Entry]]:
        """Yield what is to be folded, in pieces: a short one first, so that something is there soon."""
        telling = iter(self.telling)
        size = BATCHES[0]
        while batch := list(islice(telling, size)):
            yield batch
            size = BATCHES[1]

    def fold(self, entries: Sequence[Entry], between: Callable[[], None] = lambda: None) -> None:
        """Fold the next exchanges into the replay; on a connection of its own, so that a thread may do it.

        ``between`` is called after every few of them.
        """
        with self._lock:
            if self._folding is None and not self._over:
                self._folding = KeptCalls(self._path, self.kept.id)
            for at, entry in enumerate(entries):
                if self._over or self._folding is None:
                    return
                self.replay.take(self._folding.exchange(entry.id) or entry.bare())
                if at % FEW == 0:
                    between()

    def glance(self, call: int) -> Replay:
        """Return what the last `GLANCE` answers up to ``call`` told: the states of then, not the way there.

        On a connection of its own, so that a thread may do it while another folds.
        """
        entries = self.log.entries
        last = bisect_right(entries, call, key=lambda entry: entry.id)
        found: list[Entry] = []
        for at in range(last - 1, max(-1, last - 1 - FARTHEST), -1):
            if relevant(entries[at]):
                found.append(entries[at])
                if len(found) == GLANCE:
                    break
        replay = Replay()
        with closing(KeptCalls(self._path, self.kept.id)) as calls:
            for entry in reversed(found):
                if self._over:
                    break
                replay.take(calls.exchange(entry.id) or entry.bare())
        return replay

    def keep_marks(self, complain: Callable[[str], None]) -> None:
        """Keep what the person marks from now on; ``complain`` is told in a sentence where that is not possible."""
        from tui.exchanges.redaction.redact import Redactor

        def marked(number: int, comment: str | None) -> None:
            try:
                _write_mark(self._path, self.kept.id, number, comment)
            except UNREADABLE as error:
                complain(f"The mark is not kept: {self._path} {why(error)}")

        self.log.marks.conceal = Redactor().text
        self.log.marks.subscribe(marked)

    def close(self) -> None:
        """Close the file; what is being folded ends with the exchange that is being read."""
        self._over = True
        self.log.close()
        with self._lock:
            if self._folding is not None:
                self._folding.close()


def kept_sessions(path: Path) -> tuple[KeptSession, ...]:
    """Return the sessions that are kept at ``path``, newest first, none where nothing is. Raises `UiPathTuiError`."""
    if not path.exists() or not path.stat().st_size:
        return ()
    try:
        with closing(archive_at(path)) as archive:
            return archive.sessions()[::-1]
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def open_session(path: Path, wanted: int = 0) -> PastSession:
    """Open a session of the file at ``path``, the newest for 0. Slow for a long one. Raises `UiPathTuiError`."""
    sessions = [each for each in kept_sessions(path) if each.id == wanted or not wanted]
    if not sessions:
        failure = Failure(
            f"No session {wanted or ''} is kept".replace("  ", " "),
            "it was removed, or never was" if wanted else f"there is none in {path}",
            "`uipath-tui log list` lists those that are.",
            exit=Exit.NOT_FOUND,
        )
        raise UiPathTuiError(failure)
    kept = sessions[0]
    try:
        with closing(archive_at(path)) as archive:
            return PastSession(path, kept, _entries(archive, kept.id), archive.marks(kept.id))
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def _entries(archive: Archive, session: int) -> tuple[Entry, ...]:
    """Return the entries. All of them stay, so a search for garbage among them would only take its time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return archive.entries(session)
    finally:
        if collects:
            gc.enable()


def _write_mark(path: Path, session: int, number: int, comment: str | None) -> None:
    if not path.exists():  # opening it would make it anew
        raise WrongFileError("is gone")
    with closing(opened(path)) as connection:
        if comment is None:
            connection.execute("DELETE FROM marks WHERE session = ? AND number = ?", (session, number))
        else:
            connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (session, number, comment))


def _unreadable(path: Path, error: Exception) -> UiPathTuiError:
    return UiPathTuiError(
        Failure(
            "The kept log can't be read", f"{path} {why(error)}", "Look at the file, or move it away.", exit=Exit.USAGE
        )
    )
