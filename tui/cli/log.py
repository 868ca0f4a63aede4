"""``uipath-tui log``: list, show, export and remove what was kept of sessions. Prints plain lines; sends nothing."""

from __future__ import annotations

import gc
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.clock import SystemClock
from tui.errors import Exit, Failure, UiPathTuiError, UsageError
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.schema import WrongFileError
from tui.exchanges.kept.store import why
from tui.exchanges.model import EXPLANATIONS
from tui.exchanges.share.export import ENDINGS, exists, export_to
from tui.exchanges.share.jsonl import as_line
from tui.runtime.keeping_log import log_file, prune
from tui.text import clean, clock_time, counted, day_and_time, duration, size

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Iterator

    from tui.exchanges.kept.archive import KeptSession
    from tui.exchanges.model import Body, Entry, Exchange, Headers
    from tui.settings import Settings

NOTHING = "No session has been kept yet."


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what ``arguments`` ask. Raises `UsageError` for a wrong filter or session, and when the log can't be read."""
    path = log_file()
    if not path.exists() or not path.stat().st_size:
        return _nothing(path, arguments)
    with _told(path):
        match arguments.action:
            case "open":
                return _open(path, arguments, settings)
            case "show":
                _show(path, arguments)
            case "export":
                _export(path, arguments)
            case "remove":
                _remove(path, arguments)
            case "prune":
                _prune(path, arguments, settings)
            case _:
                _list(path, arguments)
    return int(Exit.SUCCESSFUL)


def _nothing(path: Path, arguments: argparse.Namespace) -> int:
    """Say that nothing is kept; that is no success where something of it was asked for."""
    if arguments.action not in (None, "list", "prune"):
        failure = Failure(
            NOTHING.rstrip("."), f"there is no log in {path}", "Sessions that run from now on are.", exit=Exit.NOT_FOUND
        )
        raise UiPathTuiError(failure)
    print(f"{NOTHING} It would be in {clean(str(path))}.")
    return int(Exit.SUCCESSFUL)


@contextmanager
def _told(path: Path) -> Generator[None]:
    try:
        yield
    except (sqlite3.Error, WrongFileError, ValueError) as error:
        failure = Failure("The log can't be read", f"{path} {why(error)}", "Look at the file.", exit=Exit.USAGE)
        raise UsageError(failure) from error


@contextmanager
def _opened(path: Path) -> Generator[Archive]:
    archive = Archive.open(path)
    try:
        yield archive
    finally:
        archive.close()


def _list(path: Path, arguments: argparse.Namespace) -> None:
    terms, session = getattr(arguments, "filter", ()), getattr(arguments, "session", 0)
    as_json = getattr(arguments, "json", False)
    with _opened(path) as archive:
        if not terms and not session:
            _list_sessions(path, archive.sessions(), as_json=as_json)
            return
        found = 0
        for entry in archive.find(_session(archive, session).id, " ".join(terms)):
            found += 1
            print(_entry_json(entry) if as_json else _entry_line(entry))
        if not found and not as_json:
            print("No exchange fits.")


def _list_sessions(path: Path, sessions: tuple[KeptSession, ...], *, as_json: bool) -> None:
    for session in sessions:
        if as_json:
            print(json.dumps(asdict(session), default=str))
            continue
        lasted = duration((session.ended_at - session.started_at).total_seconds())
        failed = f", {session.failed:,} failed" if session.failed else ""
        parts = (
            session.profile,
            session.place,
            f"{counted(session.calls, 'call')}{failed}",
            size(session.size),
            lasted,
        )
        print(
            clean(f"{session.id:>5}  {day_and_time(session.started_at)}  {' · '.join(part for part in parts if part)}")
        )
    if not as_json:
        print(clean(f"Kept in {path}. `uipath-tui log list --session ID` lists the calls." if sessions else NOTHING))


def _session(archive: Archive, wanted: int) -> KeptSession:
    """Return the wanted session, or the last for 0."""
    sessions = archive.sessions()
    found = [session for session in sessions if session.id == wanted or not wanted]
    if not found:
        raise UiPathTuiError(
            Failure(
                f"No session {wanted or ''} is kept".replace("  ", " "),
                "it was removed, or never was",
                "`uipath-tui log list` lists those that are.",
                exit=Exit.NOT_FOUND,
            )
        )
    return found[-1]


def _entry_json(entry: Entry) -> str:
    return json.dumps({**asdict(entry), "started_at": entry.started_at.isoformat()})


def _entry_line(entry: Entry) -> str:
    status = str(entry.status) if entry.status is not None else "–"
    what = f"{entry.method} {entry.url}" + (f" ({entry.error})" if entry.error else "")
    sizes = f"{size(entry.response_size):>8} {duration(entry.total):>8}"
    return clean(f"{entry.id:>5}  {clock_time(entry.started_at)}  {status:>3} {sizes}  {what}")


def _open(path: Path, arguments: argparse.Namespace, settings: Settings) -> int:
    """Show a session on the screen until it is closed."""
    gc.disable()  # nothing that is loaded here becomes garbage worth a search
    from tui.replay.source import open_session

    past = open_session(path, arguments.session)
    from tui.replay.app import show

    gc.freeze()  # a session of 100,000 calls is never walked through for garbage
    gc.enable()
    return show(past, settings.theme)


def _show(path: Path, arguments: argparse.Namespace) -> None:
    with _opened(path) as archive:
        session = _session(archive, arguments.session)
        try:
            found = archive.exchange(session.id, arguments.number)
        except ValueError as error:
            raise UiPathTuiError(
                Failure(
                    f"Exchange {arguments.number} of session {session.id} can't be read",
                    f"what {path} holds of it is damaged",
                    f"`uipath-tui log list --session {session.id}` says what is known of it.",
                    exit=Exit.USAGE,
                )
            ) from error
    if found is None:
        raise UiPathTuiError(
            Failure(
                f"Session {session.id} has no exchange {arguments.number}",
                f"it has {counted(session.calls, 'call')}",
                f"`uipath-tui log list --session {session.id}` lists them.",
                exit=Exit.NOT_FOUND,
            )
        )
    if arguments.json:
        print(as_line(found), end="")
        return
    for line in _lines(found):
        print(clean(line, multiline=True, limit=max(1, 2 * len(line))))


def _lines(exchange: Exchange) -> Iterator[str]:
    yield f"# {exchange.id}, {day_and_time(exchange.started_at)}: {EXPLANATIONS[exchange.purpose]}"
    yield f"{exchange.method} {exchange.url}"
    yield from _half(exchange.request_headers, exchange.request_body)
    yield ""
    answered = f"{exchange.http_version} {exchange.status} {exchange.reason}".strip()
    yield answered if exchange.status is not None else "No answer"
    yield from _half(exchange.response_headers, exchange.response_body)
    if exchange.error:
        yield f"# {exchange.error}"
    phases = {name: value for name, value in asdict(exchange.timing).items() if value is not None}
    yield "# " + ", ".join(f"{name} {duration(value)}" for name, value in phases.items())


def _half(headers: Headers, body: Body) -> Iterator[str]:
    for name, value in headers:
        yield f"{name}: {value}"
    if body.data:
        yield ""
        yield body.data.decode("utf-8", "backslashreplace")
    if body.truncated:
        yield f"# cut after {size(len(body.data))}"


def _export(path: Path, arguments: argparse.Namespace) -> None:
    ending = Path(arguments.file).suffix.lower()
    form = arguments.format or next((name for name, known in ENDINGS.items() if known == ending), "")
    if not form:
        cause = f"“{ending}” is none of {', '.join(ENDINGS.values())}" if ending else "the file's name has no ending"
        raise UsageError(
            Failure("The format is not clear", cause, "Say --format har, jsonl or markdown.", exit=Exit.USAGE)
        )
    with _opened(path) as archive:
        session = _session(archive, arguments.session)
        entries = list(archive.find(session.id, " ".join(arguments.filter)))
        partly = 0

        def every() -> Iterator[Exchange]:
            nonlocal partly
            for entry in entries:
                found = archive.known(session.id, entry)
                partly += found.gave_way
                yield found

        if not arguments.replace and exists(arguments.file):
            cause = f"{arguments.file} is there already"
            raise UsageError(
                Failure("The export can't be written", cause, "Name another file, or say --replace.", exit=Exit.USAGE)
            )
        written = export_to(arguments.file, every(), form, replace=arguments.replace)
    print(
        clean(f"{counted(len(entries), 'exchange')} in {arguments.file} ({size(written)}); secrets are fingerprints.")
    )
    if partly:
        print(f"Of {counted(partly, 'exchange')} only the line of the list is there: what was kept of them is damaged.")


def _remove(path: Path, arguments: argparse.Namespace) -> None:
    archive, now = Archive.open(path, writing=True), SystemClock().now()
    try:
        wanted = [_session(archive, number) for number in arguments.sessions]
        stayed = [session.id for session in wanted if not archive.remove(session.id, now)]
    finally:
        archive.close()
    print(f"Removed {counted(len(wanted) - len(stayed), 'session')}.")
    if stayed:
        print(f"{', '.join(map(str, stayed))} may still run: those of the last hour always stay.")


def _prune(path: Path, arguments: argparse.Namespace, settings: Settings) -> None:
    days = arguments.days or settings.log_days
    if days < 0:
        raise UsageError(
            Failure("--days can't be used", f"{days} is below 0", "Give a number from 1.", exit=Exit.USAGE)
        )
    gone = prune(path, replace(settings, log_days=days), SystemClock())
    print(f"Removed {counted(gone, 'session')}; those of the last hour always stay.")
