"""The checks of this computer: files, key store, environment, proxy, certificates. Changes nothing and calls nobody."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths
from tui.api.proxies import proxies_for
from tui.doctor.finding import SET_UP, Finding, Status, failed, ok, skipped, warned
from tui.errors import Exit, Failure, UiPathTuiError
from tui.keeping import Keeping
from tui.runtime.keeping_log import kept_log as log_kept
from tui.runtime.keeping_log import log_file
from tui.settings import NAMES, PREFIX
from tui.store.errors import KeyStoreError, shown
from tui.system import hardening
from tui.text import clean, counted, size

if TYPE_CHECKING:
    from tui.doctor.subject import Subject
    from tui.store.keystore import KeyStore

CERTIFICATES: Final = "SSL_CERT_FILE"
_OWNERS: Final = hasattr(os, "geteuid")
_QUESTION: Final = "doctor"
"""The name of a value that is never kept: asking for it proves that the key store answers."""


def folders(subject: Subject) -> tuple[Finding, ...]:
    """Look at the settings and their folder, and at what is kept between sessions: kept sign-ins have one inside."""
    name, inside = "state folder", paths.credentials_folder()
    state = _folder(name, paths.state_folder(), closed=True)
    if state.status is Status.OK and os.path.lexists(inside):
        within = _folder(name, inside, closed=True)
        state = state if within.status is Status.OK else within
    settings = "settings folder"
    if subject.unusable is not None:
        return (failed(settings, subject.unusable), state)
    return (_folder(settings, paths.settings_file().parent), state)


def profiles(subject: Subject) -> Finding:
    """Say which profiles there are, and which one is examined."""
    name, book = "profiles", subject.book
    if subject.unread is not None:
        return failed(name, subject.unread)
    count = len(book.profiles)
    details = {"count": count, "examined": subject.profile.name if subject.profile is not None else None}
    kept = counted(count, "profile") if count else "no profile yet"
    if subject.profile is not None:
        title = subject.place.title if subject.place is not None else subject.profile.deployment
        place = f"{title}{', production' if subject.profile.production else ''}"
        unfinished = subject.profile.name not in {profile.name for profile in book.profiles}
        half = ", a setup left half-way" if unfinished else ""
        return ok(name, f"{kept}; examining “{subject.profile.name}” ({place}){half}", **details)
    if subject.way is not None:
        given = "the environment" if subject.from_environment else "standard input"
        return ok(name, f"{kept}; examining the sign-in from {given} instead", **details)
    why = f"{kept} for this server" if count else kept
    return skipped(name, why, f"{SET_UP} as a profile", **details)


def kept_log() -> Finding:
    """Say what is kept of earlier sessions, where, and how it is removed."""
    name, path = "kept log", log_file()
    try:
        kept = log_kept()
    except (sqlite3.Error, OSError) as error:
        step = "Move the file away: the next session begins a new one"
        return warned(name, f"{shown(path)} can't be read ({clean(str(error))})", step, path=str(path))
    details = {"path": str(path), "sessions": kept.sessions, "size": kept.size}
    if not kept.size:
        return ok(name, f"nothing is kept yet; it would be in {shown(path)}", **details)
    words = f"{counted(kept.sessions, 'session')}, {size(kept.size)} in {shown(path)}"
    return ok(name, f"{words}; `uipath-tui log prune` or `log remove ID` makes it smaller", **details)


async def key_store(store: KeyStore, subject: Subject) -> Finding:
    """Ask the key store for something that it does not hold."""
    name = "key store"
    try:
        await store.get(_QUESTION)
    except KeyStoreError as error:
        failure = error.failure
        details = {"store": store.name, "problem": error.problem.name.lower(), "usable": False}
        if subject.keeping is Keeping.KEY_STORE:
            return failed(name, failure, **details)
        cause = failure.cause[:1].upper() + failure.cause[1:]
        words = f"{cause}, so sign-ins are kept in a file, or for one session only"
        return warned(name, words, failure.next_step, **details)
    return ok(name, f"{store.name} answers", store=store.name, usable=True)


def environment(subject: Subject) -> Finding:
    """Say which variables have a say here, and which were ignored."""
    name, found = "environment", subject.environment
    names = found.names if found is not None else ()
    settings = tuple(f"{PREFIX}{each.upper()}" for each in NAMES if os.environ.get(f"{PREFIX}{each.upper()}"))
    ignored = tuple(hardening.TAKEN_AWAY)
    details = {"sign_in": list(names), "settings": list(settings), "ignored": list(ignored)}
    used = f"{'signs in by' if subject.from_environment else 'not used to sign in:'} {_listed(names)}" if names else ""
    parts = [used, f"settings from {_listed(settings)}" if settings else ""]
    parts += [f"ignored: {_listed(ignored)}" if ignored else "", *(found.notes if found is not None else ())]
    words = "; ".join(part.rstrip(".") for part in parts if part) or "nothing set that matters here"
    if found is not None and found.notes:
        return warned(name, words, "Correct the variable or remove it", **details)
    if hardening.KEY_LOG in ignored:
        return warned(
            name, words, f"Remove {hardening.KEY_LOG}: other programs would write their keys there", **details
        )
    return ok(name, words, **details)


def proxy(subject: Subject) -> Finding:
    """Say through which proxy the calls go, without its credentials."""
    name = "proxy"
    if subject.place is None:
        return skipped(name, "the server is not known")
    try:
        found = proxies_for(subject.place.origins)
    except UiPathTuiError as error:
        return failed(name, error.failure)
    words = f"calls go through {_listed(found)}" if found else "none; calls go straight to the server"
    return ok(name, words, proxies=list(found))


def certificates() -> Finding:
    """Say which certificates are trusted."""
    from tui.api.tls import tls_context

    name, named = "certificates", os.environ.get(CERTIFICATES, "")
    try:
        tls_context(needed=True)
    except UiPathTuiError as error:
        return failed(name, error.failure)
    if not named:
        return ok(name, "those that this computer trusts", file=None)
    path = shown(Path(named))
    return ok(name, f"those that this computer trusts, and {path} ({CERTIFICATES})", file=path)


def _folder(name: str, path: Path, *, closed: bool = False) -> Finding:
    """Look at one folder; a ``closed`` one is for the person's own eyes."""
    where = shown(path)
    try:
        status = path.lstat()
        linked = stat.S_ISLNK(status.st_mode)
        if linked and not closed:
            status = path.stat()
    except FileNotFoundError:
        return _missing(name, path)
    except OSError as error:
        return failed(name, _trouble(path, f"can't be looked at ({error.strerror})", "Check the permissions above it"))
    if not stat.S_ISDIR(status.st_mode):
        what = "is a link" if linked else "is not a folder"
        return failed(name, _trouble(path, what, "Move it away: a folder belongs there"))
    if _OWNERS and status.st_uid != os.geteuid():
        return failed(name, _trouble(path, "belongs to another user", "Move it away, or start as that user"))
    why = _unwritable(path)
    if why:
        return failed(name, _trouble(path, f"can't be written ({why})", "Check its permissions, and room on the disk"))
    mode = stat.S_IMODE(status.st_mode)
    details = {"path": where, "mode": f"{mode:04o}" if _OWNERS else None}
    if _OWNERS and mode & (0o077 if closed else 0o022):
        who = "read" if closed and not mode & 0o022 else "changed"
        step = f"Close it: chmod {'700' if closed else 'go-w'} {where}"
        return warned(name, f"{where} could be {who} by other users", step, **details)
    return ok(name, f"{where}, {'yours alone' if closed else 'yours'}, writable", **details)


def _missing(name: str, path: Path) -> Finding:
    above = next((folder for folder in path.parents if folder.exists()), path.parent)
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        why = f"does not exist, and can't be made in {shown(above)}"
        return failed(name, _trouble(path, why, "Check the permissions of that folder"))
    return ok(name, f"{shown(path)} is made when something is kept", path=shown(path), mode=None)


def _unwritable(path: Path) -> str:
    """Return why nothing can be written in the folder, ``""`` when it can. What is written is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"\0")
            file.flush()
    except OSError as error:
        return clean(error.strerror or type(error).__name__)
    return ""


def _trouble(path: Path, why: str, next_step: str) -> Failure:
    return Failure("A folder can't be used", f"{shown(path)} {why}", next_step, exit=Exit.USAGE)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(clean(name, limit=200) for name in names)
