"""Exchanges as JSON Lines: one object a line, written as they happen, readable by their owner alone."""

import errno
import json
import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from io import FileIO
from typing import Any

from tui.errors import Exit, Failure, UsageError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange

OWNER_ONLY = 0o600


def as_data(exchange: Exchange) -> dict[str, Any]:
    """Return the exchange as plain data: bodies as text, times in ISO 8601 and seconds.

    Bytes that are not UTF-8 appear as backslash escapes.
    """
    return {
        "id": exchange.id,
        "started_at": exchange.started_at.isoformat(),
        "purpose": exchange.purpose.value,
        "attempt": exchange.attempt,
        "method": exchange.method,
        "url": exchange.url,
        "request_headers": [list(pair) for pair in exchange.request_headers],
        "request_body": _body(exchange.request_body),
        "status": exchange.status,
        "reason": exchange.reason,
        "http_version": exchange.http_version,
        "response_headers": [list(pair) for pair in exchange.response_headers],
        "response_body": _body(exchange.response_body),
        "timing": asdict(exchange.timing),
        "error": exchange.error,
    }


def _body(body: Body) -> dict[str, Any]:
    text = body.data.decode("utf-8", "backslashreplace")
    return {"text": text, "size": body.size, "content_type": body.content_type, "truncated": body.truncated}


def as_line(exchange: Exchange) -> str:
    """Return the exchange as one line of ASCII JSON, so no control character reaches whoever prints the file."""
    return json.dumps(as_data(exchange)) + "\n"


@contextmanager
def writing(path: str, log: ExchangeLog, complain: Callable[[str], None]) -> Generator[None]:
    """Write each exchange of ``log`` to the file while the block runs; nothing for an empty path.

    The file is replaced, belongs to its owner alone and is never reached through a link. Raises `UsageError` when it
    can't be opened; when it can't be written later, ``complain`` is told once and the job goes on without it.
    """
    if not path:
        yield
        return
    with _opened(path) as file:

        def write(exchange: Exchange) -> None:
            try:
                _write_all(file, as_line(exchange).encode())
            except OSError as error:
                unsubscribe()
                complain(f"{path} is incomplete: {error.strerror}")

        unsubscribe = log.subscribe(write)
        try:
            yield
        finally:
            unsubscribe()


def _write_all(file: FileIO, data: bytes) -> None:
    """Write all of ``data``: one ``write`` may take only a part of it and raise nothing. Raises `OSError`."""
    rest = memoryview(data)
    while rest:
        written = file.write(rest)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]


def _opened(path: str) -> FileIO:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        file = FileIO(os.open(path, flags, OWNER_ONLY), "w")
    except OSError as error:
        raise _refused(path, error.strerror or "unknown") from error
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        file.close()
        raise _refused(path, "not a plain file of its own")
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), OWNER_ONLY)
        file.truncate()
    except OSError as error:
        file.close()
        raise _refused(path, error.strerror or "unknown") from error
    return file


def _refused(path: str, why: str) -> UsageError:
    return UsageError(Failure("The log can't be written", f"{path}: {why}", "Name another file.", exit=Exit.USAGE))
