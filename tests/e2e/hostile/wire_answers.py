"""Forty ways to answer a call over the wire that no well-behaved server has. ``ELSEWHERE`` stands for another host."""

import asyncio
import gzip
import zlib
from collections.abc import Callable

from tests.unit.api.raw_servers import Request, Respond, Writer, always, answer

ELSEWHERE = "http://127.0.0.1:{port}"
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(b"0" * 300_000_000, compresslevel=9)
DOUBLE_BOMB = gzip.compress(BOMB)
PAUSE = 0.02


def dripping(first: bytes, more: bytes) -> Respond:
    """Answer for ever, a little at a time."""

    async def respond(writer: Writer, _: Request) -> None:
        writer.write(first)
        while True:
            writer.write(more)
            await writer.drain()
            await asyncio.sleep(PAUSE)

    return respond


def flooding(first: bytes, more: bytes) -> Respond:
    """Answer for ever, as fast as it is read."""

    async def respond(writer: Writer, _: Request) -> None:
        writer.write(first)
        while True:
            writer.write(more)
            await writer.drain()

    return respond


def closing(data: bytes) -> Respond:
    return always(data, close=True)


async def silent(_writer: Writer, _: Request) -> None:
    await asyncio.sleep(3600)


async def dropped(writer: Writer, _: Request) -> None:
    writer.close()


async def reset(writer: Writer, _: Request) -> None:
    writer.transport.abort()


def encoded(coding: str, data: bytes) -> Respond:
    return always(answer(200, data, extra=f"Content-Encoding: {coding}\r\n"))


def away(status: int, location: str = "") -> Respond:
    return always(answer(status, b"", extra=f"Location: {location or ELSEWHERE + '/odata/Jobs'}\r\n"))


FAULTS: dict[str, Respond] = {
    "nothing is said": silent,
    "closed at once": dropped,
    "reset at once": reset,
    "half a status line": closing(b"HTTP/1.1 2"),
    "half the headers": closing(JSON + b"Content-Le"),
    "status line without end": dripping(b"HTTP/1.1 ", b"2"),
    "header that drips": dripping(JSON + b"X-Slow: ", b"a"),
    "headers without end": flooding(JSON, b"X-More: " + b"a" * 1000 + b"\r\n"),
    "one header without end": flooding(JSON + b"X-One: ", b"a" * 10_000),
    "body that drips": dripping(JSON + b"Content-Length: 1000000\r\n\r\n", b" "),
    "body without end, read to the close": flooding(JSON + b"\r\n", b" " * 60_000),
    "chunks without end": flooding(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"ea60\r\n" + b" " * 60_000 + b"\r\n"),
    "chunks that drip": dripping(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "1xx without end": dripping(b"", b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"),
    "1xx flood": flooding(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 100),
    "101 to another protocol": closing(b"HTTP/1.1 101 Switch\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n\x00\x00"),
    "cut by length": closing(JSON + b'Content-Length: 1000\r\n\r\n{"value"'),
    "cut in a chunk": closing(JSON + b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"value"'),
    "cut before the last chunk": closing(JSON + b'Transfer-Encoding: chunked\r\n\r\n8\r\n{"value"\r\n'),
    "cut as HTTP/1.0": closing(b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"value": ['),
    "chunk size that is none": closing(JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
    "chunk size past counting": closing(JSON + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\nabc"),
    "two lengths": closing(JSON + b"Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}"),
    "length and chunks": closing(JSON + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n"),
    "length that is none": closing(JSON + b"Content-Length: -5\r\n\r\n{}"),
    "length of an exabyte": closing(JSON + b"Content-Length: 1152921504606846976\r\n\r\n{}"),
    "NUL in a header": closing(JSON + b"X-Nul: a\x00b\r\nContent-Length: 2\r\n\r\n{}"),
    "garbage": closing(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20),
    "another protocol": closing(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "status without sense": closing(b"HTTP/1.1 999999 \xff\xfe\r\n\r\n"),
    "gzip bomb": encoded("gzip", BOMB),
    "gzip bomb in gzip": encoded("gzip, gzip", DOUBLE_BOMB),
    "gzip bomb, said once": encoded("gzip", DOUBLE_BOMB),
    "damaged gzip": encoded("gzip", gzip.compress(b'{"value": []}')[:-9] + b"\xff" * 9),
    "deflate that is none": encoded("deflate", zlib.compress(b"{}")[2:5] + b"\xff\x00\xff"),
    "unknown coding": encoded("br, x-wish", b"\x0b\x02\x80{}\x03"),
    "redirect to another host": away(302),
    "redirect that keeps the body": away(307),
    "redirect for good, scheme and host changed": away(308, "//" + ELSEWHERE.removeprefix("http://") + "/oauth/token"),
    "a page of 300 MB": flooding(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300000000\r\n\r\n<html>", b"<p>" * 20_000
    ),
}


def towards(respond: Respond, port: int) -> Respond:
    """Return the fault with the other host's port in what it says."""

    async def answered(writer: Writer, request: Request) -> None:
        await respond(_Renamed(writer, port), request)  # pyright: ignore[reportArgumentType]

    return answered


class _Renamed:
    """A writer that puts the other host's port where it belongs."""

    def __init__(self, writer: Writer, port: int) -> None:
        self._writer = writer
        self._port = str(port).encode()
        self.drain: Callable[..., object] = writer.drain
        self.close = writer.close
        self.transport = writer.transport

    def write(self, data: bytes) -> None:
        self._writer.write(data.replace(b"{port}", self._port) if b"{port}" in data else data)
