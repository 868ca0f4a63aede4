"""Exchanges as files that other people and programs read: which formats there are, and writing one safely."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from tui.errors import Exit, Failure, UsageError
from tui.exchanges.model import Exchange
from tui.exchanges.share.har import write_har
from tui.exchanges.share.jsonl import write_jsonl
from tui.exchanges.share.markdown import write_markdown
from tui.exchanges.share.private_file import open_private

if TYPE_CHECKING:
    from io import FileIO

Writer = Callable[[Iterable[Exchange], TextIO], None]

FORMATS: Final[dict[str, Writer]] = {"har": write_har, "jsonl": write_jsonl, "markdown": write_markdown}
"""Format name → what writes it, an exchange at a time."""

ENDINGS: Final[dict[str, str]] = {"har": ".har", "jsonl": ".jsonl", "markdown": ".md"}
"""Format name → how its files end."""


def export_to(path: str, exchanges: Iterable[Exchange], form: str, *, replace: bool = False) -> int:
    """Write the exchanges to the file in one of `FORMATS` and return its size in bytes.

    The file belongs to its owner alone and is never reached through a link; without ``replace`` an existing one is
    left alone. Raises `UsageError`; a file begun and not finished is removed.
    """
    try:
        file = open_private(path, replace=replace)
    except FileExistsError as error:
        raise _refused(path, "there is a file of that name already", "Name another file, or replace it") from error
    except OSError as error:
        raise _refused(path, error.strerror or "unknown") from error
    try:
        with _as_text(file) as text:
            FORMATS[form](exchanges, text)
            text.flush()
            return file.tell()
    except BaseException as error:
        Path(path).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _refused(path, error.strerror or "unknown") from error
        raise


def _as_text(file: FileIO) -> TextIOWrapper:
    """Return the file for text; lone surrogates, which servers can send, are written as escapes."""
    import io

    return TextIOWrapper(io.BufferedWriter(file), encoding="utf-8", errors="backslashreplace", newline="\n")


def exists(path: str) -> bool:
    """Tell whether anything has that name, a dangling link included."""
    return os.path.lexists(path)


def _refused(path: str, why: str, next_step: str = "Name another file.") -> UsageError:
    return UsageError(Failure("The export can't be written", f"{path}: {why}", next_step, exit=Exit.USAGE))
