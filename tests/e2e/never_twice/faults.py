"""The 37 ways in which the wire treats a start: what is answered, and whether the start was carried out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.never_twice.front import Front, Respond, Start

HTML = b"<!doctype html><title>Gateway</title><p>Sorry"


@dataclass(frozen=True)
class Fault:
    """``tries`` is how often the start may arrive, ``sent`` whether it can; ``refused`` may end in a plain no;
    ``answered`` in a whole answer.
    """

    respond: Respond
    tries: int = 1
    sent: bool = True
    refused: bool = False
    answered: bool = False


def raw(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def spoiled(spoil: Callable[[bytes], bytes]) -> Respond:
    """Return what carries the start out, and closes the connection after what ``spoil`` leaves of the answer."""

    async def respond(front: Front, start: Start) -> None:
        await start.finish(spoil(await front.execute(start)))

    return respond


def dripping(first: bytes, more: bytes) -> Respond:
    """Return what carries the start out and then answers for ever."""

    async def respond(front: Front, start: Start) -> None:
        await front.execute(start)
        await drip(start, first, more)

    return respond


async def aborted(front: Front, start: Start) -> None:
    """Carry the start out and drop the connection."""
    await front.execute(start)
    await start.cut()


async def unanswered(front: Front, start: Start) -> None:
    """Carry the start out and say nothing."""
    await front.execute(start)
    await asyncio.sleep(5)


async def drip(start: Start, first: bytes, more: bytes) -> None:
    start.write(first)
    for _ in range(100):
        start.write(more)
        await start.writer.drain()
        await asyncio.sleep(0.05)


def instead(status: str, body: bytes = b"{}", *headers: str, executes: bool = True) -> Respond:
    """Return what answers something else, whether or not the start was carried out."""

    async def respond(front: Front, start: Start) -> None:
        if executes:
            await front.execute(start)
        await start.finish(raw(status, body, *headers))

    return respond


async def dropped(_front: Front, start: Start) -> None:
    """Read the start and forget it."""
    await start.cut()


async def swallowed(_front: Front, _start: Start) -> None:
    """Read the start, never carry it out, never answer."""
    await asyncio.sleep(5)


async def late(front: Front, start: Start) -> None:
    """Drop the connection, and carry the start out half a minute later."""

    async def deliver() -> None:
        await front.clock.sleep(30)
        await front.execute(start)

    front.later.append(asyncio.create_task(deliver()))
    await start.cut()


def at_second(status: str, *headers: str) -> Respond:
    """Return what refuses the first try in a way that asks for another one."""

    async def respond(front: Front, start: Start) -> None:
        if front.posts == 1:
            await start.finish(raw(status, b'{"message":"again"}', *headers))
        else:
            await start.finish(await front.execute(start))

    return respond


async def refused_connection(front: Front, start: Start) -> None:
    """Carry it out, should it ever arrive."""
    await start.finish(await front.execute(start))


BROKEN = {
    "close": b"",
    "garbage": b"\x16\x03\x01\x02\x00 no HTTP\r\n\r\n",
    "bad length": b"HTTP/1.1 201 C\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello",
    "bad chunk": b"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "half the JSON": raw("201 Created", b'{"value":[{"Id":'),
}
UNKNOWN_STATUSES = ("408 T", "425 E", "499 C", "500 E", "502 B", "503 S", "504 T")
FAULTS: dict[str, Fault] = {
    "abort": Fault(aborted),
    "never": Fault(unanswered),
    "half a status line": Fault(spoiled(lambda answer: answer[:7])),
    "headers alone": Fault(spoiled(lambda answer: answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")),
    "half a body": Fault(spoiled(lambda answer: answer[:-10])),
    **{kind: Fault(spoiled(lambda _, data=data: data)) for kind, data in BROKEN.items()},
    "slow headers": Fault(dripping(b"HTTP/1.1 201 Created\r\n", b"X-A: b\r\n")),
    "slow body": Fault(dripping(b"HTTP/1.1 201 Created\r\nContent-Length: 90000\r\n\r\n", b" ")),
    "endless 1xx": Fault(dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")),
    **{f"done, {status[:3]}": Fault(instead(status)) for status in UNKNOWN_STATUSES},
    **{
        f"done, {code}": Fault(instead(f"{code} R", b"", "Location: https://elsewhere.example/"))
        for code in (301, 302, 307)
    },
    "done, 202": Fault(instead("202 Accepted")),
    "done, a page": Fault(instead("200 OK", HTML)),
    "done, no key": Fault(instead("201 Created", b'{"value":[{"Id":5}]}')),
    "done, named twice": Fault(instead("201 Created", b'{"value":[{"Id":1,"Id":2,"Key":"a"}]}')),
    "done, an error": Fault(instead("200 OK", b'{"error":{"code":"x"},"value":[]}')),
    "dropped": Fault(dropped),
    "swallowed": Fault(swallowed),
    "not done, 502": Fault(instead("502 B", HTML, executes=False)),
    "not done, 504": Fault(instead("504 T", HTML, executes=False)),
    "late": Fault(late),
    "connection refused": Fault(refused_connection, sent=False),
    "409": Fault(instead("409 C", b'{"message":"no robot"}', executes=False), refused=True),
    # A personal access token can't be renewed: then the refusal stands.
    "401 first": Fault(at_second("401 U"), tries=2, answered=True, refused=True),
    "429 first": Fault(at_second("429 T", "Retry-After: 2"), tries=2, answered=True),
}
