"""Two programs at once, storms of keys and double clicks make one start: 15 pairs and 200 storms in a real terminal."""

import asyncio
import contextlib
import random
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a POSIX terminal", allow_module_level=True)

from tests.e2e.never_twice.front import Front, Start
from tests.e2e.terminal.terminal import Terminal, terminal, to_the_start_form
from tests.e2e.twin.running import INTAKE, Case, run, start_arguments, token
from tui.clock import SystemClock
from tui.errors import Exit
from tui.simulator.server import SimulatorServer

ROUNDS = 10
"""A start reads the newest jobs once; twelve such lists a minute go at once, later ones wait for their turn."""
HELD = 20.0
"""Seconds a start is held at most, should both programs have sent one."""
DOUBLE_CLICK = 0.6
"""Seconds within which two clicks may be one double click, and a little."""
STORM = ("\r", "\r\r\r", "\x1b[15~", "\r\x1b[15~\r", " \r")


def pair(home: Path, *, today: bool) -> tuple[int, list[int]]:
    """Start the same release from two programs of one person at once; return how many starts and both exit codes."""
    home.mkdir()
    return asyncio.run(both(home, today=today))


async def both(home: Path, *, today: bool) -> tuple[int, list[int]]:
    """Hold the answer to a start until one of the programs has ended: neither can come too late for the other."""
    ended = asyncio.Event()

    async def hold(front: Front, start: Start) -> None:
        answer = await front.execute(start)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), HELD)
        await start.finish(answer)

    case = Case(today=today, arguments=("--release", INTAKE, "--no-follow"))
    with SimulatorServer(("happy",)) as server:
        front = Front(server.port, SystemClock(), hold)
        await front.open()
        arguments = start_arguments(case, {**server.summary, "base_url": f"http://127.0.0.1:{front.port}"})
        given = token(server.summary, today=today)
        runs = [asyncio.create_task(asyncio.to_thread(run, arguments, home, stdin=given)) for _ in range(2)]
        await asyncio.wait(runs, return_when=asyncio.FIRST_COMPLETED)
        ended.set()
        done = await asyncio.gather(*runs)
        front.shut()
        for each in done:
            said = "Not started" in each.stderr or "Nothing was started" in each.stderr
            assert said is (each.returncode == Exit.REFUSED), each.stderr
        return server.world.started_count, sorted(each.returncode for each in done)


def check_pairs(folder: Path, number: int) -> None:
    for each in range(number):
        starts, codes = pair(folder / str(each), today=bool(each % 2))
        assert starts == 1, codes
        assert codes == [Exit.REFUSED, Exit.UNFINISHED]


def test_a_pair_of_programs_makes_one_start(tmp_path: Path) -> None:
    check_pairs(tmp_path, 1)


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_fifteen_pairs_of_programs_make_one_start_each(tmp_path: Path) -> None:
    check_pairs(tmp_path, 15)


def storms(home: Path, rounds: int, seed: int) -> None:
    """Confirm start after start with a storm of keys or with a double click; each makes one."""
    chance = random.Random(seed)
    with SimulatorServer(("pending",)) as server:
        place = ("--deployment", "cloud-2019", "--base-url", server.base_url)
        with terminal(*place, home=home, columns=110, rows=34) as shown:
            shown.wait("stays hidden")
            shown.press(f"\x1b[200~{server.summary['cloud_2019']['user_key']}\x1b[201~")
            shown.wait("A user key")
            shown.press("enter")
            to_the_start_form(shown)
            for number in range(1, rounds + 1):
                shown.press("f5")
                shown.wait("starts it, once")
                settle(shown)  # a key from before the question was seen whole is no answer
                if number % 2:
                    shown.press(*chance.choices(STORM, k=chance.randint(2, 12)))
                else:
                    settle(shown, DOUBLE_CLICK)  # nor is a click that may have been meant for the form
                    double_click(shown, "Start it")
                shown.wait("PENDING")
                settle(shown)
                assert server.world.started_count == number
                assert sum(request.path.endswith("StartJobs") for request in server.journal) == number
                back_to_the_form(shown)


def double_click(shown: Terminal, words: str) -> None:
    """Click twice, as fast as a mouse can, on the last place where these words stand."""
    shown.wait(words, 5)
    row, line = next((row, line) for row, line in reversed(list(enumerate(shown.screen.display))) if words in line)
    place = f"{line.index(words) + 2};{row + 1}"
    shown.press(f"\x1b[<0;{place}M\x1b[<0;{place}m" * 2)


def settle(shown: Terminal, seconds: float = 0.2) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        shown.read()


def back_to_the_form(shown: Terminal) -> None:
    """Leave whatever the last keys opened, go back to the releases, and take the same one again."""
    for _ in range(5):
        shown.press("escape")
        with contextlib.suppress(AssertionError):
            shown.wait("returns to it", 1.5)
            break
    shown.wait("returns to it")
    shown.press("enter")
    shown.wait(f"Start {INTAKE}")
    settle(shown)


def test_storms_of_keys_and_double_clicks_start_once_each(tmp_path: Path) -> None:
    storms(tmp_path, 4, seed=1)


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(20))
def test_many_storms_start_once_each(tmp_path: Path, seed: int) -> None:
    storms(tmp_path, ROUNDS, seed)
