"""Exchanges as JSON Lines: one object a line, written as they happen, readable by their owner alone."""

import json
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import FileIO
from threading import Lock
from typing import Any, TextIO, cast

from tui.errors import Exit, Failure, UsageError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange
from tui.exchanges.redaction.cover import covered, covered_text
from tui.exchanges.redaction.needles import Needle
from tui.exchanges.share.private_file import open_private, write_all


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

    The file is replaced, belongs to its owner alone and is never reached through a link; secrets that are learned late
    are taken out of it until the log is closed. Raises `UsageError` when it
    can't be opened; when it can't be written later, ``complain`` is told once and the job goes on without it.
    """
    if not path:
        yield
        return
    with _opened(path) as file:
        lines = _Lines(file)

        def write(exchange: Exchange) -> None:
            try:
                lines.write(as_line(exchange).encode())
            except OSError as error:
                unsubscribe()
                complain(f"{path} is incomplete: {error.strerror}")

        def cover(needles: Sequence[Needle]) -> int:
            try:
                return lines.cover(needles)
            except OSError as error:
                complain(f"A secret may stand in {path}: {error.strerror}")
                return 0

        unsubscribe, leave = log.subscribe(write), log.cover_also(cover)
        try:
            yield
        finally:
            unsubscribe()
            leave()
            lines.end()


class _Lines:
    """The lines written so far. From any thread."""

    def __init__(self, file: FileIO) -> None:
        self._file: FileIO | None = file
        self._lock = Lock()

    def write(self, line: bytes) -> None:
        with self._lock:
            if self._file is not None:
                write_all(self._file, line)

    def cover(self, needles: Sequence[Needle]) -> int:
        """Take secrets that were learned late out of the lines, and return the bytes looked at."""
        with self._lock:
            if self._file is None:
                return 0
            self._file.seek(0)
            lines = self._file.readall().splitlines(keepends=True)
            clean = [_covered_line(line, needles) for line in lines]
            if clean != lines:
                self._file.seek(0)
                write_all(self._file, b"".join(clean))
                self._file.truncate()
            return sum(map(len, lines))

    def end(self) -> None:
        """Write nothing more."""
        with self._lock:
            self._file = None


def _covered_line(line: bytes, needles: Sequence[Needle]) -> bytes:
    try:
        data = json.loads(line)
    except ValueError:  # the file has no room for the rest of it
        return covered(line, needles)
    clean = _covered_data(data, needles)
    return line if clean == data else (json.dumps(clean) + "\n").encode()


def _covered_data(data: Any, needles: Sequence[Needle]) -> Any:
    if isinstance(data, dict):
        return {name: _covered_data(each, needles) for name, each in cast("dict[str, Any]", data).items()}
    if isinstance(data, list):
        return [_covered_data(each, needles) for each in cast("list[Any]", data)]
    return covered_text(data, needles) if isinstance(data, str) else data


def _opened(path: str) -> FileIO:
    try:
        return open_private(path, reading=True)
    except OSError as error:
        raise _refused(path, error.strerror or "unknown") from error


def _refused(path: str, why: str) -> UsageError:
    return UsageError(Failure("The log can't be written", f"{path}: {why}", "Name another file.", exit=Exit.USAGE))
