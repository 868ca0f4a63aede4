"""Private files: readable by their owner alone, replaced in one step, never reached through a link.

What only POSIX has (owners, modes, ``O_NOFOLLOW``, folders that can be synchronised) is asked for and left out where it
is missing: on Windows a file inherits the protection of the person's own folder.
"""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from errno import EINVAL, ELOOP, ENOSPC, ENOTSUP, ENXIO, EOPNOTSUPP
from pathlib import Path
from typing import Final

from tui.store.errors import StoreError, file_trouble

OWNER_ONLY: Final = 0o600
FOLDER_OWNER_ONLY: Final = 0o700
MOST: Final = 4_000_000
"""Bytes of one file that are read at most."""

STALE: Final = 3_600
"""Seconds after which a temporary file was left behind by a process that no longer lives."""

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
# A pipe would wait for its other end, a terminal would become ours, and Windows would translate line ends.
_PLAIN: Final = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
_OWNERS: Final = hasattr(os, "geteuid")


def make_folder(path: Path) -> None:
    """Create the folder and those above it, for its owner alone whatever the umask. Raises `StoreError`.

    An existing folder must be the person's own and no link, and is closed to others.
    """
    with _explained(path, "folder"):
        for folder in reversed((path, *path.parents)):
            with suppress(FileExistsError):
                if not folder.exists():
                    folder.mkdir(FOLDER_OWNER_ONLY)
                    folder.chmod(FOLDER_OWNER_ONLY)
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise file_trouble(path, _kind(status.st_mode), "Move it away: a folder belongs there.")
        _check_owner(path, status)
        if _OWNERS and stat.S_IMODE(status.st_mode) & 0o077:
            path.chmod(FOLDER_OWNER_ONLY)


def read_private(path: Path) -> bytes | None:
    """Return the content of a file that holds a secret, ``None`` when there is no such file. Raises `StoreError`.

    It must be a plain file of one name that belongs to the person. One that others could write is refused, one that
    they could only read is closed to them.
    """
    with _explained(path):
        try:
            descriptor = _opened(path, os.O_RDONLY | _NO_FOLLOW)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            mode = check_file(path, descriptor)
            if mode & 0o022 and _OWNERS:
                raise file_trouble(
                    path, "could be written by others", "Remove it if you don't trust it, or close it: chmod 600."
                )
            close_to_others(descriptor, mode)
            return _limited(path, file.read(MOST + 1))


def read_open(path: Path) -> bytes | None:
    """Return the content of a file without secrets, ``None`` when there is no such file. Raises `StoreError`.

    A link to a plain file is followed. The file must belong to the person, and not everyone may write it: it decides
    where a sign-in is sent.
    """
    with _explained(path):
        try:
            descriptor = _opened(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            if check_file(path, descriptor) & 0o002 and _OWNERS:
                raise file_trouble(path, "could be written by anyone", "Check its content, then close it: chmod 600.")
            return _limited(path, file.read(MOST + 1))


def write_private(path: Path, data: bytes) -> None:
    """Replace the content of ``path`` in one step and durably, for its owner alone. Raises `StoreError`.

    Either the old content or the whole new one is there, whatever happens. The folder must exist; anything at ``path``
    that is not a plain file of the person's own is refused and left alone.
    """
    with _explained(path, writing=True):
        check_place(path)
        temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
        descriptor = _opened(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW)
        try:
            with os.fdopen(descriptor, "wb") as file:
                if hasattr(os, "fchmod"):
                    os.fchmod(descriptor, OWNER_ONLY)
                file.write(data)
                file.flush()
                os.fsync(descriptor)
                written_at = os.fstat(descriptor).st_mtime
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _synchronise(path.parent)
        _sweep(path, older_than=written_at - STALE)


def remove_private(path: Path) -> None:
    """Remove the file and what interrupted writes of it left; none is no error. Raises `StoreError`.

    A link is removed itself, never what it points to.
    """
    with _explained(path, writing=True):
        with suppress(FileNotFoundError):
            path.unlink()
        _sweep(path, older_than=float("inf"))
        with suppress(FileNotFoundError):
            _synchronise(path.parent)


def check_place(path: Path) -> None:
    """Raise `StoreError` when something other than a plain file of the person's own is at ``path``."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    _check_plain(path, status)


def check_file(path: Path, descriptor: int) -> int:
    """Return the permission bits of the open file. Raises `StoreError` when it is not plain or not the person's."""
    status = os.fstat(descriptor)
    _check_plain(path, status)
    return stat.S_IMODE(status.st_mode)


def close_to_others(descriptor: int, mode: int) -> None:
    """Take what others may do from an open file with permission bits ``mode``."""
    if mode & 0o077 and hasattr(os, "fchmod"):
        os.fchmod(descriptor, OWNER_ONLY)


def touch_private(path: Path) -> None:
    """Create an empty file for its owner alone, or check that the one there is such a file. Raises `StoreError`."""
    with _explained(path, writing=True):
        descriptor = _opened(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW)
        try:
            mode = check_file(path, descriptor)
            if mode != OWNER_ONLY and hasattr(os, "fchmod"):
                os.fchmod(descriptor, OWNER_ONLY)
        finally:
            os.close(descriptor)


def _opened(path: Path, flags: int) -> int:
    if not _NO_FOLLOW and flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR) and path.is_symlink():
        raise OSError(ELOOP, os.strerror(ELOOP))
    return os.open(path, flags | _PLAIN, OWNER_ONLY)


def _check_plain(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise file_trouble(path, _kind(status.st_mode), "Move it away: a plain file belongs there.")
    if status.st_nlink > 1:
        raise file_trouble(path, "has a second name (a hard link)", "Remove the other name, or move this one away.")
    _check_owner(path, status)


def _check_owner(path: Path, status: os.stat_result) -> None:
    if _OWNERS and status.st_uid != os.geteuid():
        raise file_trouble(path, "belongs to another user", "Move it away, or start as the user it belongs to.")


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link"
    if stat.S_ISDIR(mode):
        return "is a folder"
    return "is a plain file" if stat.S_ISREG(mode) else "is neither file nor folder"


def _limited(path: Path, data: bytes) -> bytes:
    if len(data) > MOST:
        raise file_trouble(path, f"is larger than {MOST // 1_000_000} MB", "Move it away.")
    return data


def _sweep(path: Path, *, older_than: float) -> None:
    """Remove the temporary files of ``path`` that were last written before ``older_than``, the file system's clock."""
    with suppress(OSError):
        for left in path.parent.glob(f".{path.name}.*.tmp"):
            if left.lstat().st_mtime < older_than:
                left.unlink()


def _synchronise(folder: Path) -> None:
    """Make the names in a folder durable; nothing where folders can't be synchronised."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (EINVAL, ENOTSUP, EOPNOTSUPP):
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path, what: str = "file", *, writing: bool = False) -> Generator[None]:
    """Turn what the operating system refuses into a `StoreError` about ``path``."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        verb = "written" if writing else "used" if what == "folder" else "read"
        raise file_trouble(path, *_reason(error), title=f"A {what} can't be {verb}") from error


def _reason(error: OSError) -> tuple[str, str]:
    if error.errno == ELOOP:
        return "is a link", "Move it away: a plain file belongs there."
    if error.errno == ENXIO:
        return "is neither file nor folder", "Move it away: a plain file belongs there."
    if error.errno == ENOSPC:
        return "does not fit: the disk is full", "Make room, then try again."
    if isinstance(error, IsADirectoryError):
        return "is a folder", "Move it away: a plain file belongs there."
    if isinstance(error, NotADirectoryError):
        return "lies below something that is not a folder", "Move that away."
    if isinstance(error, PermissionError):
        return "is closed to you", "Check the permissions of the file and of its folder."
    return f"failed ({error.strerror or type(error).__name__})", "Check the disk and the path."
