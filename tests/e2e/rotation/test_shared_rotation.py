"""One sign-in in several processes against single-use refresh tokens: one renewal an expiry, and none is ever reused.

Processes, files, locks and HTTP are real. A sample runs always, every case with ``-m full``.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.rotation.rotation_worker import POINTS
from tests.e2e.rotation.shared_sign_in import Hours, base_of, call_once, connecting, keeper_of, kept_in, signed_in
from tui.api.sign_in.auth import Credentials
from tui.errors import SignInError
from tui.simulator.server import SimulatorServer

ROOT = Path(__file__).parents[3]
CALLS = 12
LOST = ("rotated", "writing")
"""Points at which only the killed process ever had the new refresh token: nothing can bring it back."""

Worker = asyncio.subprocess.Process


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(speed=50) as running:
        yield running


def cases(sample: int, full: int) -> list[Any]:
    return [sample, pytest.param(full, marks=[pytest.mark.full, pytest.mark.timeout(900)])]


@asynccontextmanager
async def worker(server: SimulatorServer, folder: Path, point: str = "none") -> AsyncIterator[Worker]:
    command = ("-m", "tests.e2e.rotation.rotation_worker", server.base_url, base_of(server), str(folder), point)
    pipe = subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready", await errors_of(process)
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.communicate()


async def errors_of(process: Worker) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode()


async def told(process: Worker, calls: int) -> dict[str, Any]:
    """Have ``process`` make ``calls`` calls at once and return what it says; nothing when it was killed meanwhile."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{calls}\n".encode())
    await process.stdin.drain()
    line = await process.stdout.readline()
    return json.loads(line) if line else {}


def renewals(server: SimulatorServer) -> int:
    return server.world.tokens.counts.calls["refresh_token"]


def reused(server: SimulatorServer) -> int:
    return server.world.tokens.counts.reuse_detections


@contextmanager
def watching(server: SimulatorServer, *, most_reused: int = 0) -> Iterator[None]:
    before = reused(server)
    yield
    assert reused(server) - before <= most_reused


@pytest.mark.parametrize("rounds", cases(2, 20))
async def test_processes_that_share_a_sign_in_renew_it_once(
    server: SimulatorServer, tmp_path: Path, rounds: int
) -> None:
    living = 6 if rounds == 20 else 3
    await signed_in(server, tmp_path)
    hours = Hours(server)
    async with AsyncExitStack() as stack:
        starting = (stack.enter_async_context(worker(server, tmp_path)) for _ in range(living))
        workers = await asyncio.gather(*starting)
        for number in range(1, rounds + 1):
            hours.pass_one()
            said = await asyncio.gather(*(told(each, CALLS) for each in workers))
            kept = await kept_in(tmp_path)
            assert kept is not None
            assert [each["statuses"] for each in said] == [[200] * CALLS] * living, said
            assert {each["access"] for each in said} == {kept.tokens.access.fingerprint}
            assert not any(each["unsaved"] or each["errors"] for each in said)
            assert (renewals(server), reused(server)) == (number, 0)


@pytest.mark.parametrize("rounds", cases(2, 20))
async def test_fifty_refusals_at_once_make_one_renewal(server: SimulatorServer, tmp_path: Path, rounds: int) -> None:
    record = await signed_in(server, tmp_path)
    hours = Hours(server)
    async with connecting(server.base_url) as connection:
        credentials = Credentials(connection, record, keeper=keeper_of(tmp_path))
        for number in range(1, rounds + 1):
            hours.pass_one()
            calls = (call_once(connection, credentials, base_of(server)) for _ in range(50))
            assert [answer.status for answer in await asyncio.gather(*calls)] == [200] * 50
            assert (renewals(server), reused(server)) == (number, 0)
            assert await kept_in(tmp_path) == credentials.record


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", cases(1, 10))
async def test_a_kill_loses_nothing_that_was_kept(
    server: SimulatorServer, tmp_path: Path, point: str, times: int
) -> None:
    hours = Hours(server)
    for time in range(times):
        folder = tmp_path / str(time)
        record = await signed_in(server, folder)
        hours.pass_one()
        before = renewals(server)
        async with worker(server, folder, point) as killed:
            assert await told(killed, CALLS) == {}
        assert killed.returncode not in (0, None)
        assert renewals(server) == before + 1
        kept = await kept_in(folder)
        assert kept is not None
        assert (kept == record) == (point in LOST)
        # A session that was open all along goes on, or is told once and plainly; the lock is free again.
        async with connecting(server.base_url) as connection:
            credentials = Credentials(connection, record, keeper=keeper_of(folder))
            if point in LOST:
                await _ends_plainly(server, connection, credentials)
                assert await kept_in(folder) == kept
            else:
                with watching(server):
                    assert (await call_once(connection, credentials, base_of(server))).status == 200
                assert credentials.record == kept
                assert renewals(server) == before + 1


async def _ends_plainly(server: SimulatorServer, connection: Any, credentials: Credentials) -> None:
    before = renewals(server)
    with watching(server, most_reused=1):
        for _ in range(3):
            with pytest.raises(SignInError, match=r"Access has ended.*Sign in again"):
                await call_once(connection, credentials, base_of(server))
    assert renewals(server) == before + 1
