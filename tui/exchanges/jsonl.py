"""Exchanges as JSON Lines: one object a line, written as they happen, readable by their owner alone."""

import json
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict
from io import FileIO
from typing import Any, TextIO

from tui.errors import Exit, Failure, UsageError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange
from tui.exchanges.private_file import open_private, write_all


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


def write_jsonl(exchanges: Iterable[Exchange], file: TextIO) -> None:
    """Write the exchanges, one line each."""
    for exchange in exchanges:
        file.write(as_line(exchange))


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
                write_all(file, as_line(exchange).encode())
            except OSError as error:
                unsubscribe()
                complain(f"{path} is incomplete: {error.strerror}")

        unsubscribe = log.subscribe(write)
        try:
            yield
        finally:
            unsubscribe()


def _opened(path: str) -> FileIO:
    try:
        return open_private(path)
    except OSError as error:
        raise _refused(path, error.strerror or "unknown") from error


def _refused(path: str, why: str) -> UsageError:
    return UsageError(Failure("The log can't be written", f"{path}: {why}", "Name another file.", exit=Exit.USAGE))
