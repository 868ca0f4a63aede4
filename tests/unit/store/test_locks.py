"""Locks between processes and between tasks: one at a time, never waited for without end, always given back."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tui.clock import SystemClock
from tui.store import locks
from tui.store.errors import StoreError

HOLDER = """
import sys, time
from pathlib import Path
from tui.store.locks import held
with held(Path(sys.argv[1]), "lock"):
    print("held", flush=True)
    sys.stdin.readline()
"""
COUNTER = """
import asyncio, sys
from pathlib import Path
from tui.store.locks import held_async

async def main():
    path = Path(sys.argv[1])
    for _ in range(15):
        async with held_async(path.with_suffix(".lock"), "counter"):
            number = int(path.read_text())
            await asyncio.sleep(0.001)
            path.write_text(str(number + 1))

asyncio.run(main())
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


async def test_another_process_is_waited_for_without_blocking(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    with holder(path) as process:
        ticking = asyncio.ensure_future(tick())
        with pytest.raises(StoreError, match=r"The kept sign-in is in use: .*has held .*one\.lock for 0\.3 s"):
            async with locks.held_async(path, "kept sign-in", patience=0.3):
                pytest.fail("two held it")
        ticking.cancel()
        assert ticks >= 10
        with pytest.raises(StoreError, match="in use"), locks.held(path, "lock", patience=0.1):
            pytest.fail("two held it")
        process.communicate("go\n")
    async with locks.held_async(path, "kept sign-in", patience=5):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with holder(path) as process:
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    with locks.held(path, "lock", patience=2):
        pass
    assert path.exists()


async def test_processes_count_without_losing_one(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("0")
    counters = [subprocess.Popen([sys.executable, "-c", COUNTER, str(path)]) for _ in range(4)]
    assert [counter.wait(60) for counter in counters] == [0, 0, 0, 0]
    assert path.read_text() == "60"


async def test_tasks_of_one_process_take_turns(tmp_path: Path) -> None:
    inside = 0
    most = 0

    async def turn() -> None:
        nonlocal inside, most
        async with locks.held_async(tmp_path / "one.lock", "lock"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(turn() for _ in range(5)))
    assert most == 1


async def test_cancelling_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    entered = asyncio.Event()

    async def hold() -> None:
        async with locks.held_async(path, "lock"):
            entered.set()
            await asyncio.sleep(60)

    holding = asyncio.ensure_future(hold())
    await entered.wait()
    waiting = asyncio.ensure_future(hold())
    await asyncio.sleep(0.12)
    for task in (waiting, holding):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with locks.held_async(path, "lock", patience=0.5):
        pass


@pytest.mark.parametrize("steps", range(1, 12))
async def test_cancelling_at_any_point_gives_it_back(tmp_path: Path, steps: int) -> None:
    path = tmp_path / "one.lock"

    async def hold() -> None:
        async with locks.held_async(path, "lock"):
            pass

    holding = asyncio.ensure_future(hold())
    for _ in range(steps):
        await asyncio.sleep(0.0002 * steps)
    holding.cancel()
    await asyncio.wait([holding])
    async with locks.held_async(path, "lock", patience=1):
        pass


async def test_waiting_uses_the_clock_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"

    class Hurried(SystemClock):
        passed = 0.0

        def monotonic(self) -> float:
            return Hurried.passed

        async def sleep(self, seconds: float) -> None:
            Hurried.passed += 200 * seconds

    with holder(path) as process:
        with pytest.raises(StoreError, match="for 30 s"):
            async with locks.held_async(path, "lock", clock=Hurried()):
                pytest.fail("two held it")
        process.communicate("go\n")


def test_an_error_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with pytest.raises(ValueError, match="inside") as caught, locks.held(path, "lock"):
        raise ValueError("inside")
    with locks.held(path, "lock", patience=0.2):
        assert caught.value


def test_it_is_taken_in_one_thread_and_given_back_in_another(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    taken = locks.held(path, "lock")
    thread = threading.Thread(target=taken.__enter__)
    thread.start()
    thread.join()
    taken.__exit__(None, None, None)
    with locks.held(path, "lock", patience=0.2):
        pass
