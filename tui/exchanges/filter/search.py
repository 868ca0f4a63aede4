"""Looks for what fits a filter in the kept exchanges of a session, in a thread with a connection of its own."""

from __future__ import annotations

import sqlite3
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from tui.exchanges.kept.schema import WrongFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.exchanges.kept.archive import Archive


class Where(NamedTuple):
    """A session in a file of kept exchanges."""

    path: Path
    session: int


class Search(Thread):
    """Finds the ids that fit and gives them to ``told``, in this thread; ``None`` when the file could not be read.

    One that was called off tells nothing.
    """

    def __init__(self, where: Where, wanted: str, told: Callable[[frozenset[int] | None], None]) -> None:
        super().__init__(name="filter-log", daemon=True)
        self._where = where
        self._wanted = wanted
        self._told = told
        self._lock = Lock()
        self._archive: Archive | None = None
        self._over = False

    def call_off(self) -> None:
        """Stop looking, in the middle of a statement too. From any thread."""
        with self._lock:
            self._over = True
            if self._archive is not None:
                self._archive.interrupt()

    def run(self) -> None:
        """Look through the file."""
        try:
            found = self._found()
        except (sqlite3.Error, WrongFileError, OSError, ValueError):
            found = None
        if not self._over:
            self._told(found)

    def _found(self) -> frozenset[int]:
        from tui.exchanges.kept.archive import Archive

        archive = Archive.open(self._where.path)
        try:
            with self._lock:
                self._archive = archive
            found: set[int] = set()
            if not self._over:
                for entry in archive.find(self._where.session, self._wanted):
                    found.add(entry.id)
                    if self._over:
                        break
            return frozenset(found)
        finally:
            with self._lock:
                self._archive = None
            archive.close()
