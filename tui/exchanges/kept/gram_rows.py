"""Keeps the bits of `tui.exchanges.kept.grams` for paths and bodies of kept rows, lot by lot, behind those who write.

Rows without bits are searched whole: the newest, those of an older file, those that were changed just now. Triggers of
the file drop the bits of what changes, so that nothing of what was covered or removed stays in them.
"""

from __future__ import annotations

import os
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from tui.exchanges.filter.terms import path_of
from tui.exchanges.kept.grams import bits_of
from tui.exchanges.kept.rows import unpacked
from tui.exchanges.kept.schema import SHARED, opened

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WITHOUT: Final = f"""
    SELECT DISTINCT id >> {SHARED} FROM messages
    WHERE id >> {SHARED} < (SELECT max(id) >> {SHARED} FROM messages)
    EXCEPT SELECT block FROM grams WHERE length(bits) > 8
"""  # noqa: S608 - names are ours
_TEXTS: Final = """
    SELECT request_packed, request_body, response_packed, response_body, url FROM messages JOIN exchanges USING (id)
    WHERE messages.id BETWEEN ? AND ?
"""
_PAUSE: Final = 0.5
"""Seconds until what is written now, often many together, is looked at."""
_REST: Final = 0.02
"""Seconds between two lots: others come first."""


def index_rows(path: Path, stopped: Callable[[], bool], rest: Callable[[float], object]) -> int:
    """Give every full lot of rows that has none its bits; return how many. Raises `sqlite3.Error`, `WrongFileError`."""
    connection = opened(path)
    try:
        blocks = [block for (block,) in connection.execute(_WITHOUT)]
        done = 0
        for block in reversed(blocks):
            if stopped():
                break
            done += _index(connection, block, stopped)
            rest(_REST)
        return done
    finally:
        connection.close()


def _index(connection: sqlite3.Connection, block: int, stopped: Callable[[], bool]) -> bool:
    """Give one lot its bits, unless one of its rows was changed while it was read."""
    claim = os.urandom(8)
    connection.execute("INSERT OR REPLACE INTO grams VALUES (?, ?)", (block, claim))
    try:
        bits = bits_of(_texts(connection, block, stopped))
    except (ValueError, TypeError, InterruptedError):
        return False  # a damaged one: who reads it tells
    change = connection.execute("UPDATE grams SET bits = ? WHERE block = ? AND bits = ?", (bits, block, claim))
    return change.rowcount == 1


def _texts(connection: sqlite3.Connection, block: int, stopped: Callable[[], bool]) -> Iterator[bytes]:
    first = block << SHARED
    for row in connection.execute(_TEXTS, (first, first + (1 << SHARED) - 1)):
        if stopped():
            raise InterruptedError
        yield unpacked(row[1], packed=row[0])
        yield unpacked(row[3], packed=row[2])
        if not isinstance(row[4], str):
            raise TypeError("an address that is no text")
        yield path_of(row[4]).encode("utf-8", "backslashreplace")


class Indexing:
    """Indexes what a session writes, in a thread, a lot at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._asked = False
        self._thread: Thread | None = None
        self._ends = Event()

    def begin(self) -> None:
        """Index what has no bits yet, behind whoever calls this."""
        with self._lock:
            self._asked = True
            if self._thread is None and not self._ends.is_set():
                self._thread = Thread(target=self._run, name="index-log", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Stop at the next lot, and return when that is done."""
        self._ends.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        import sqlite3

        from tui.exchanges.kept.schema import WrongFileError

        while True:
            self._ends.wait(_PAUSE)
            with self._lock:
                if not self._asked or self._ends.is_set():
                    self._thread = None
                    return
                self._asked = False
            try:
                index_rows(self._path, self._ends.is_set, self._ends.wait)
            except (sqlite3.Error, WrongFileError, OSError):
                continue  # the next lot tries again; until then rows are searched whole
