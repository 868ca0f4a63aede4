"""StartJobs over real sockets: whatever the wire does, one POST at most, and only what is proven is said."""

import asyncio
import gzip
import json
import socket

import pytest

from tests.unit.api.raw_servers import (
    ACCESS,
    JOB,
    PATIENT,
    QUICK,
    STARTED,
    Request,
    Writer,
    always,
    answer,
    connected,
    serving,
)
from tui.api.limits import Limits
from tui.api.outcome import Accepted, NotSent, Rejected, Unknown
from tui.api.start import StartInfo
from tui.errors import Exit

INFO = StartInfo(release_key="be33946f-9337-5b59-849b-8822fd27e545")


async def drop(writer: Writer, _: Request) -> None:
    writer.transport.abort()


async def half_body(writer: Writer, _: Request) -> None:
    writer.write(answer(201, STARTED)[:-10])
    await writer.drain()
    writer.close()


async def never(writer: Writer, _: Request) -> None:
    await asyncio.sleep(30)


async def slow_header(writer: Writer, _: Request) -> None:
    writer.write(b"HTTP/1.1 201 Created\r\n")
    for number in range(1000):
        writer.write(f"X-{number}: a\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)


async def slow_body(writer: Writer, _: Request) -> None:
    writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
    for _number in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_informational(writer: Writer, _: Request) -> None:
    for _number in range(1000):
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless_headers(writer: Writer, _: Request) -> None:
    writer.write(b"HTTP/1.1 201 C\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 1_000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)


async def endless_body(writer: Writer, _: Request) -> None:
    writer.write(b"HTTP/1.1 201 C\r\nContent-Type: application/json\r\n\r\n")
    while True:
        writer.write(b" " * 1_000)
        await writer.drain()
        await asyncio.sleep(0)


BOMB = gzip.compress(b"0" * 20_000_000)
DOUBLE = gzip.compress(BOMB)
TWICE = b'{"value":[{"Id":1,"Id":2,"Key":"be33946f-9337-5b59-849b-8822fd27e545"}]}'

UNKNOWN = {
    "dropped after the request was read": drop,
    "half a body": half_body,
    "no answer at all": never,
    "slow header": slow_header,
    "slow body": slow_body,
    "endless 1xx": endless_informational,
    "endless headers": endless_headers,
    "endless body": endless_body,
    "NUL in a header": always(b"HTTP/1.1 201 C\r\nX-A: a\x00b\r\nContent-Length: 2\r\n\r\n{}", close=True),
    "length and chunks, cut": always(
        b'HTTP/1.1 201 C\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"value":\r\n', close=True
    ),
    "garbage": always(b"\x16\x03\x01\x02\x00garbage\r\n\r\n", close=True),
    "half a status line": always(b"HTTP/1.", close=True),
    "two lengths": always(b"HTTP/1.1 201 C\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello", close=True),
    "bad chunk": always(b"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", close=True),
    "HTTP/1.0 cut": always(b"HTTP/1.0 201 C\r\n\r\n" + json.dumps(STARTED).encode()[:-4], close=True),
    "101": always(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", close=True),
    "gzip bomb": always(answer(201, BOMB, extra="Content-Encoding: gzip\r\n")),
    "two encodings": always(answer(201, DOUBLE, extra="Content-Encoding: gzip, gzip\r\n")),
    "damaged gzip": always(answer(201, b"\x1f\x8b\x08nonsense", extra="Content-Encoding: gzip\r\n")),
    "cut gzip": always(
        answer(201, gzip.compress(json.dumps(STARTED).encode())[:-9], extra="Content-Encoding: gzip\r\n")
    ),
    "brotli": always(answer(201, b"xx", extra="Content-Encoding: br\r\n")),
    "too large": always(answer(201, b" " * 100_000)),
    **{f"status {code}": always(answer(code, {"message": "m"})) for code in (408, 425, 499, 500, 502, 503, 504, 599)},
    **{
        f"redirect {code}": always(answer(code, b"", extra="Location: https://elsewhere.example/\r\n"))
        for code in (301, 302, 303, 307, 308)
    },
    "status 202": always(answer(202, STARTED)),
    "status 204": always(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "no JSON": always(answer(201, b"created")),
    "HTML with 200": always(answer(200, b"<!doctype html><p>hi", "text/html")),
    "no value": always(answer(201, {"ok": True})),
    "no job": always(answer(201, {"value": []})),
    "no job with 200": always(answer(200, {"value": []})),
    "no key": always(answer(201, {"value": [{"Id": 5}]})),
    "no id": always(answer(201, {"value": [{"Key": JOB["Key"]}]})),
    "null": always(answer(201, b"null")),
    "list": always(answer(201, b"[]")),
    "names given twice": always(answer(201, TWICE)),
    "UTF-16": always(answer(201, json.dumps(STARTED).encode("utf-16"))),
    "deep nesting": always(answer(201, b'{"value":' + b"[" * 20_000)),
    "empty": always(answer(201, b"")),
}

HANGING = {"no answer at all", "slow header", "slow body", "endless 1xx"}


def limits_for(fault: str) -> Limits:
    return QUICK if fault in HANGING else PATIENT


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_anything_but_a_complete_answer_is_unknown_and_sent_once(fault: str) -> None:
    async with (
        serving(UNKNOWN[fault]) as server,
        connected(server.url, limits=limits_for(fault)) as (client, connection, clock),
    ):
        outcome = await asyncio.wait_for(client.start(INFO, None), 15)
        assert isinstance(outcome, Unknown), outcome
        assert outcome.failure.exit is Exit.OUTCOME_UNKNOWN
        assert outcome.failure.cause
        assert len(server.posts()) == 1
        assert len(connection.log) == 1
        assert clock.slept == []
        assert ACCESS not in repr(list(connection.log))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429])
async def test_a_refusal_is_rejected_with_the_servers_words(status: int) -> None:
    body = {"message": "No robot\u001b]0;x\u0007 here", "errorCode": 1671, "traceId": "00-ab-cd-00"}
    async with serving(always(answer(status, body, extra="Retry-After: 1\r\n"))) as server:
        async with connected(server.url) as (client, _, clock):
            outcome = await client.start(INFO, None)
        assert isinstance(outcome, Rejected)
        assert outcome.failure.status == status
        assert outcome.failure.title == f"Not started. The server said {status}"
        assert outcome.failure.server_message == "No robot␛]0;x␇ here"
        assert outcome.failure.error_code == 1671
        assert outcome.failure.trace_id == "00-ab-cd-00"
        assert len(server.requests) == 1
        assert clock.slept == []


@pytest.mark.parametrize("status", [200, 201])
async def test_a_complete_answer_is_accepted(status: int) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(STARTED).encode()
    async with serving(always(answer(status, body))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Accepted)
        assert [job.id for job in outcome.jobs] == [JOB["Id"]]
        assert server.posts()[0].body == INFO.body()


async def test_a_refused_connection_sent_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with connected(f"http://127.0.0.1:{port}") as (client, connection, _):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, NotSent)
        assert "refused" in outcome.failure.cause
        assert connection.log[0].error == "the connection was refused"
        assert connection.log[0].status is None


async def test_each_start_has_a_connection_of_its_own() -> None:
    async with serving(always(answer(201, STARTED))) as server, connected(server.url) as (client, _, _clock):
        for _ in range(3):
            await client.start(INFO, None)
        assert server.connections == 3


async def test_the_preview_is_what_is_sent() -> None:
    async with serving(always(answer(201, STARTED))) as server, connected(server.url) as (client, connection, _):
        preview = client.start_request(INFO, None)
        await client.start(INFO, None)
        sent = server.posts()[0]
        assert preview.method == sent.method
        assert preview.url == server.url + sent.path
        assert preview.body == sent.body
        shown = {name.lower(): value for name, value in preview.headers}
        assert sent.headers.pop("authorization") == f"Bearer {ACCESS}"
        assert shown.pop("authorization").startswith("Bearer …")
        assert shown == {**sent.headers}
        assert connection.log[0].request_headers == preview.headers


async def test_cancelled_while_waiting_is_recorded_and_passes() -> None:
    async with serving(never) as server, connected(server.url) as (client, connection, _):
        start = asyncio.ensure_future(client.start(INFO, None))
        while not server.requests:
            await asyncio.sleep(0.01)
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        assert connection.log[0].error == "cancelled"
