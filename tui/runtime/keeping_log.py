"""Keeps the log of a session on this computer: opens its file, owner-only, and removes old sessions behind it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tui import paths
from tui.errors import UiPathTuiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.clock import Clock
    from tui.exchanges.kept.store import ExchangeStore
    from tui.exchanges.log import ExchangeLog
    from tui.settings import Settings


def log_file() -> Path:
    """Return the file of the kept log, which may not exist."""
    from tui.exchanges.kept.schema import NAME

    return paths.state_folder() / NAME


def keep_log(
    log: ExchangeLog, settings: Settings, clock: Clock, *, profile: str, complain: Callable[[str], None]
) -> ExchangeStore | None:
    """Keep every exchange of ``log`` from now on, unless the settings say otherwise.

    ``complain``, and who shows the log, is told in a sentence, once, when that can't be done; then the session goes
    on in memory.
    """

    def tell(sentence: str) -> None:
        log.trouble(sentence)
        complain(sentence)

    if settings.log != "on":
        return None
    from importlib.metadata import PackageNotFoundError, version

    from tui.exchanges.kept.store import ExchangeStore
    from tui.store import files

    path = log_file()
    try:
        files.make_folder(path.parent)
        files.touch_private(path)
    except UiPathTuiError as error:
        tell(f"The log is not kept: {error.failure.cause}")
        return None
    try:
        known = version(paths.APP)
    except PackageNotFoundError:
        known = "unknown"
    store = ExchangeStore.open(path, version=known, profile=profile, complain=tell)
    if store is not None:
        log.attach(store)
        store.follow(log.marks)
        _prune_behind(path, settings, clock)
    return store


def prune(path: Path, settings: Settings, clock: Clock) -> int:
    """Remove old sessions as the settings say and return how many. Raises `sqlite3.Error` or `WrongFileError`."""
    from tui.exchanges.kept.archive import Archive

    archive = Archive.open(path, writing=True)
    try:
        return archive.prune(clock.now(), days=settings.log_days, megabytes=settings.log_megabytes)
    finally:
        archive.close()


class KeptLog(NamedTuple):
    """How much is kept: ``sessions`` of those asked for, and the bytes of all on the disk."""

    path: Path
    sessions: int
    size: int


def kept_log(profile: str | None = None) -> KeptLog:
    """Say what is kept, of ``profile`` or of all, and change nothing. Raises `sqlite3.Error` for a damaged file."""
    path = log_file()
    size = sum(each.stat().st_size for each in (path, path.with_name(f"{path.name}-wal")) if each.exists())
    if not size:
        return KeptLog(path, 0, 0)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        count = "SELECT count(*) FROM sessions WHERE profile = coalesce(?, profile)"
        (sessions,) = connection.execute(count, (profile,)).fetchone()
    finally:
        connection.close()
    return KeptLog(path, int(sessions), size)


def _prune_behind(path: Path, settings: Settings, clock: Clock) -> None:
    from threading import Thread

    from tui.exchanges.kept.schema import WrongFileError

    def run() -> None:
        with suppress(sqlite3.Error, WrongFileError, OSError):  # the next session tries again
            prune(path, settings, clock)

    Thread(target=run, name="prune-log", daemon=True).start()
