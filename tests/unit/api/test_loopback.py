"""The listener for the browser's return, over real sockets: only the right answer ends it, nothing stops it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from tests.unit.api.raw_servers import ManualClock
from tui.api.sign_in.loopback import LoopbackListener
from tui.api.sign_in.pkce import new_state
from tui.errors import SignInError, UsageError
from tui.secret import Secret

STATE = new_state()
CODE = "Invented-code-of-a-browser"


class PatientClock(ManualClock):
    """Sleeps until told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.over = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.over.wait()


@contextlib.asynccontextmanager
async def listening(
    patience: float = 5.0,
) -> AsyncIterator[tuple[LoopbackListener, asyncio.Task[Secret], PatientClock]]:
    clock = PatientClock()
    async with LoopbackListener(0, "/back", STATE, clock, patience=patience) as listener:
        waiting = asyncio.ensure_future(listener.answer())
        yield listener, waiting, clock
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def talk(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    with contextlib.suppress(ConnectionError):
        writer.write(data)
        await writer.drain()
        received = await reader.read()
    writer.close()
    return received


def get(target: str, host: str = "127.0.0.1", method: str = "GET", extra: str = "") -> bytes:
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{extra}\r\n".encode("latin-1")


def back(**fields: str) -> str:
    return f"/back?{urlencode(fields)}"


RIGHT = back(code=CODE, state=STATE.reveal())
UNMOVED = [
    (get("/favicon.ico"), 404),
    (get("/"), 404),
    (get(back(code=CODE, state="another")), 400),
    (get(back(code=CODE)), 400),
    (get(back(error="access_denied")), 400),
    (get(back(error="access_denied", state="another")), 400),
    (get(back(state=STATE.reveal())), 400),
    (get(f"{RIGHT}&state=another"), 400),
    (get(f"{RIGHT}&code=another"), 400),
    (get(RIGHT, host="evil.example:80"), 400),
    (get(RIGHT, host="127.0.0.1.evil.example"), 400),
    (get(RIGHT, method="POST", extra="Content-Length: 0\r\n"), 400),
    (get(RIGHT, method="HEAD"), 400),
    (get(RIGHT, extra="Content-Length: 3\r\n") + b"abc", 400),
    (get(RIGHT, extra="Transfer-Encoding: chunked\r\n"), 400),
    (b"nonsense\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (get(RIGHT, extra=f"Cookie: {'x' * 17_000}\r\n"), 431),
    (get("/back?" + "a=1&" * 60), 400),
    (b"", 0),
]


@pytest.mark.parametrize(("data", "status"), UNMOVED, ids=range(len(UNMOVED)))
async def test_nothing_else_ends_the_wait(data: bytes, status: int) -> None:
    async with listening(patience=0.5) as (listener, waiting, _clock):
        received = await talk(listener.port, data)
        assert received.startswith(f"HTTP/1.1 {status} ".encode()) if status else received == b""
        assert CODE.encode() not in received
        assert STATE.reveal().encode() not in received
        assert not waiting.done()
        await talk(listener.port, get(RIGHT))
        assert (await waiting).reveal() == CODE


async def test_the_right_answer_ends_it() -> None:
    async with listening() as (listener, waiting, clock):
        assert listener.redirect_uri == f"http://127.0.0.1:{listener.port}/back"
        received = (await talk(listener.port, get(RIGHT, host=f"localhost:{listener.port}"))).decode()
        assert (await waiting).reveal() == CODE
        head, _, page = received.partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 200 ")
        for header in ("Cache-Control: no-store", "Referrer-Policy: no-referrer", "Connection: close"):
            assert header in head
        assert "in your terminal" in page
        assert CODE not in received
        assert STATE.reveal() not in received
        assert clock.slept == [300.0]
        with pytest.raises(OSError, match=r".*"):
            await talk(listener.port, get(RIGHT))


async def test_a_refusal_on_the_page_is_told() -> None:
    async with listening() as (listener, waiting, _clock):
        received = await talk(listener.port, get(back(error="access_denied", state=STATE.reveal())))
        assert b"The sign-in failed" in received
        with pytest.raises(SignInError, match="refused on the page"):
            await waiting


async def test_a_huge_request_is_refused() -> None:
    async with listening() as (listener, waiting, _clock):
        body = b"x" * 10_000_000
        await talk(listener.port, get(RIGHT, method="POST", extra=f"Content-Length: {len(body)}\r\n") + body)
        await talk(listener.port, b"GET /" + body)
        assert not waiting.done()
        await talk(listener.port, get(RIGHT))
        assert (await waiting).reveal() == CODE


async def test_slow_clients_block_nobody() -> None:
    async with listening() as (listener, waiting, _clock):
        slow = [await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(100)]
        for _, writer in slow:
            writer.write(b"GET /ba")
        async with asyncio.timeout(2):
            await talk(listener.port, get(RIGHT))
            assert (await waiting).reveal() == CODE
        for _, writer in slow:
            writer.close()


async def test_a_slow_connection_is_closed() -> None:
    async with listening(patience=0.1) as (listener, waiting, _clock):
        async with asyncio.timeout(3):
            assert await talk(listener.port, b"GET /back?code=") == b""
        assert not waiting.done()


async def test_it_closes_after_five_minutes() -> None:
    async with listening() as (listener, waiting, clock):
        await asyncio.sleep(0)
        clock.over.set()
        with pytest.raises(SignInError, match="took too long"):
            await waiting
        with pytest.raises(OSError, match=r".*"):
            await talk(listener.port, get(RIGHT))


async def test_a_port_in_use_is_named() -> None:
    async with listening() as (listener, _waiting, _clock):
        with pytest.raises(UsageError, match=f"port {listener.port} .*redirect_uri"):
            async with LoopbackListener(listener.port, "/back", STATE, ManualClock()):
                pass


async def test_the_host_of_the_redirect_address_is_as_registered() -> None:
    async with LoopbackListener(0, "oidc", STATE, ManualClock(), host="localhost") as listener:
        assert listener.redirect_uri == f"http://localhost:{listener.port}/oidc"
