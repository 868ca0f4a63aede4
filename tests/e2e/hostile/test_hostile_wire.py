"""Forty hostile answers to five calls: each ends in time as one of our errors, small, and nobody else hears of it."""

import asyncio
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import psutil
import pytest

from tests.e2e.hostile.wire_answers import FAULTS, towards
from tests.unit.api.raw_servers import (
    JOB,
    JOB_ID,
    QUICK,
    REFRESH,
    RawServer,
    Request,
    Writer,
    connected,
    serving,
)
from tui.api.client import OrchestratorClient
from tui.api.sign_in.grants import refresh_grant
from tui.api.sign_in.token_set import Application
from tui.errors import UiPathTuiError
from tui.secret import Secret

MEBIBYTE = 1024 * 1024
ALLOWED_GROWTH = 64 * MEBIBYTE
GRACE = 1.0
Ask = Callable[[OrchestratorClient], Awaitable[object]]


async def token(client: OrchestratorClient) -> object:
    return await refresh_grant(client._connection, Secret(REFRESH), Application("an-application"))


CALLS: dict[str, Ask] = {
    "token": token,
    "folders": lambda client: client.folders(),
    "releases": lambda client: client.releases(None),
    "job": lambda client: client.job(JOB_ID, None),
    "robot log": lambda client: client.robot_logs(JOB["Key"], None),
}
MOST_TRIES = {"token": 1, "folders": 2 * QUICK.tries}
"""How often a call may reach the server; folders are asked for in two ways."""
SAMPLE = ("headers without end", "1xx without end", "gzip bomb in gzip", "redirect that keeps the body", "garbage")


class Memory:
    """Watches the resident memory of this process from a thread: a bomb is over before the loop turns again."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._ended = threading.Event()
        self.before = self.most = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(0.005):
            self.most = max(self.most, self._process.memory_info().rss)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        return self.most - self.before


async def unheard(writer: Writer, _: Request) -> None:
    writer.close()


async def check(fault: str, call: str, other: RawServer) -> None:
    async with (
        serving(towards(FAULTS[fault], other.port)) as server,
        connected(server.url, limits=QUICK) as (client, connection, _),
    ):
        began = time.monotonic()
        with Memory() as memory, pytest.raises(UiPathTuiError) as error:
            await asyncio.wait_for(CALLS[call](client), 60)
        took = time.monotonic() - began
        tries = len(connection.log)
        assert 1 <= tries <= MOST_TRIES.get(call, QUICK.tries), f"{fault}, {call}: {tries} tries"
        assert took <= tries * QUICK.get + GRACE, f"{fault}, {call}: {took:.1f} s for {tries} tries"
        assert memory.growth <= ALLOWED_GROWTH, f"{fault}, {call}: {memory.growth / MEBIBYTE:.0f} MiB more"
        failure = error.value.failure
        assert failure.title
        assert failure.cause
        assert failure.next_step
        assert str(failure).replace("\n", "").isprintable()
    assert other.connections == 0, f"{fault}, {call}: another host was called"


def test_there_are_200_cases() -> None:
    assert len(FAULTS) * len(CALLS) == 200
    assert set(SAMPLE) <= set(FAULTS)


@pytest.mark.parametrize("fault", SAMPLE)
async def test_a_hostile_answer_ends_in_time_and_stays_small(fault: str) -> None:
    async with serving(unheard) as other:
        for call in ("token", "releases"):
            await check(fault, call, other)


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_hostile_answer_to_every_call(fault: str) -> None:
    async with serving(unheard) as other:
        for call in CALLS:
            await check(fault, call, other)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="resident memory is counted in another way")
def test_the_watch_sees_a_bomb() -> None:
    with Memory() as memory:
        bomb = bytearray(100 * MEBIBYTE)
        time.sleep(0.05)
        del bomb
    assert memory.growth > ALLOWED_GROWTH
