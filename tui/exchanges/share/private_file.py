"""Opens the files that people share from: owner's eyes only, plain files, never through a link. Reads nothing."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from typing import Final

OWNER_ONLY: Final = 0o600
NOT_PLAIN: Final = "not a plain file of its own"


def open_private(path: str, *, replace: bool = True, reading: bool = False) -> FileIO:
    """Open the file for writing from its beginning; only its owner may read it, ``reading`` through this file too.

    Without ``replace`` an existing file is left alone. Raises `OSError` whose ``strerror`` is a reason in words: a
    link, a folder, a device, a file with a second name, no room, no permission.
    """
    flags = (
        (os.O_RDWR if reading else os.O_WRONLY)
        | os.O_CREAT
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
    )
    flags |= 0 if replace else os.O_EXCL
    file = FileIO(os.open(path, flags | getattr(os, "O_BINARY", 0), OWNER_ONLY), "r+" if reading else "w")
    try:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise OSError(errno.EPERM, NOT_PLAIN)
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), OWNER_ONLY)
        file.truncate()
    except OSError:
        file.close()
        raise
    return file


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of ``data``: one ``write`` may take only a part of it and raise nothing. Raises `OSError`."""
    rest = memoryview(data)
    while rest:
        written = file.write(rest)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]
