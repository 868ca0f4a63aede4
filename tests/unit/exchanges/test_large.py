"""Large bodies are compressed and read again beside the event loop, and are the same bytes as others."""

import asyncio
import sqlite3
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tui.clock import SystemClock
from tui.exchanges.kept import rows
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import LARGE, ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.exchanges.recorder import RecordingTransport
from tui.exchanges.redaction.needles import needle
from tui.exchanges.redaction.redact import Redactor

DATA = b'{"State": "Running"}' * (LARGE // 10)
Threads = list[threading.Thread]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / NAME
    file.touch(0o600)
    return file


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def log(path: Path, complaints: list[str]) -> ExchangeLog:
    """A log whose memory holds the newest exchange alone."""
    store = ExchangeStore.open(path, version="1", profile="", complain=complaints.append)
    assert store is not None
    log = ExchangeLog(cached=1)
    log.attach(store)
    return log


def exchange(number: int, data: bytes) -> Exchange:
    return Exchange(
        id=number,
        started_at=datetime(2026, 3, 4, tzinfo=UTC),
        purpose=Purpose.RELEASES,
        attempt=1,
        method="GET",
        url="https://x.example/odata/Releases",
        request_headers=(),
        request_body=Body(),
        status=200,
        response_body=Body(data, len(data), "application/json"),
    )


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\nConnection: close\r\n\r\n".encode() + DATA)
    await writer.drain()
    writer.close()


def noting(monkeypatch: pytest.MonkeyPatch, name: str) -> Threads:
    """Return a list that comes to hold the thread of each call of one of zlib's functions by the rows."""
    threads: Threads = []
    real: Callable[..., bytes] = getattr(zlib, name)

    def noted(*given: object) -> bytes:
        threads.append(threading.current_thread())
        return real(*given)

    monkeypatch.setattr(rows.zlib, name, noted)
    return threads


async def test_a_large_answer_is_compressed_once_and_not_by_the_loop(
    log: ExchangeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = noting(monkeypatch, "compress")
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    transport = RecordingTransport(httpx.AsyncHTTPTransport(), log=log, redactor=Redactor(), clock=SystemClock())
    async with server, httpx.AsyncClient(transport=transport) as client:
        await client.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a")
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    log.append(exchange(2, b"small"))
    assert log.exchange(1).response_body.data == DATA
    log.close()


async def test_a_large_exchange_is_read_again_beside_the_loop_and_a_small_one_at_once(
    log: ExchangeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = noting(monkeypatch, "decompress")
    given = [exchange(1, DATA), exchange(2, b"ab" * 10_000), exchange(3, b"")]
    for each in given:
        log.append(each)
    assert await log.opened(1) == given[0]
    assert [each is threading.main_thread() for each in threads] == [False]
    assert await log.opened(1) == given[0]
    assert len(threads) == 1, "memory has it now"
    assert await log.opened(2) == given[1]
    assert [each is threading.main_thread() for each in threads] == [False, True]
    log.close()


async def test_a_large_exchange_that_is_damaged_is_its_entry_alone(
    log: ExchangeLog, path: Path, complaints: list[str]
) -> None:
    log.append(exchange(1, DATA))
    log.append(exchange(2, b""))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE messages SET response_body = x'00' WHERE id = 1")
    other.close()
    found = await log.opened(1)
    assert found.gave_way
    assert found.id == 1
    assert len(complaints) == 1


async def test_a_secret_that_is_learned_while_a_large_exchange_is_read_is_not_in_it(
    log: ExchangeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "q7Zt-9f2LmX0-secret"
    log.append(exchange(1, DATA + secret.encode()))
    log.append(exchange(2, b""))
    real = zlib.decompress
    learned: list[bool] = []

    def learn(data: bytes) -> bytes:
        found = real(data)
        monkeypatch.undo()
        log.cover(needle(secret))
        assert log._covering is not None
        log._covering.finish()
        learned.append(True)
        return found

    monkeypatch.setattr(rows.zlib, "decompress", learn)
    assert secret.encode() not in (await log.opened(1)).response_body.data
    assert learned
    log.close()
