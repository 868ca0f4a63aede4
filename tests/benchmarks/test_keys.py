"""From key to screen: the release filter over 10,000 releases and the job screen, against a bare input field."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]
if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)

from measuring_terminal import FLOOR, FLOOR_IS_UP, OURS, OURS_IS_UP, Program  # noqa: E402

GOAL = 1.5
WORDS = ("claim", "audit", "sales", "order", "north") * 3
ENTER, BACKSPACE, PAGE_DOWN = "\r", "\x7f", "\x1b[6~"


def typed(program: Program) -> list[float]:
    """Return the seconds of every letter of every word, each word taken back afterwards."""
    found: list[float] = []
    for word in WORDS:
        found += [program.answer_to(letter) for letter in word]
        program.press(BACKSPACE * len(word))
        program.settle()
    return found


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


def load_every_release(program: Program) -> None:
    """Page down until the list says it holds all 10,000."""
    for _ in range(60):
        start = len(program.output)
        program.press(PAGE_DOWN * 40)
        program.settle(0.3)
        if b"loaded" not in program.output[start:] and b"10,000 releases" in program.output[start:]:
            return
    program.drain(1)


def test_typing_in_the_filter_of_ten_thousand_releases(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with Program(FLOOR, home) as bare:
        bare.read_until(FLOOR_IS_UP)
        bare.drain(1)
        floor = typed(bare)
    with Program([*OURS, "demo", "many"], home) as mine:
        mine.read_until(OURS_IS_UP)
        mine.drain(1)
        mine.press(ENTER)
        mine.read_until("Which account")
        mine.drain(0.5)
        mine.press(ENTER)
        mine.read_until("10,000 releases")
        mine.drain(0.5)
        load_every_release(mine)
        ours = typed(mine)
    ratio = statistics.median(ours) / statistics.median(floor)
    for name, values in (("bare input", floor), ("filter of 10,000", ours)):
        print(
            f"\n{name}: p50 {statistics.median(values) * 1000:.1f} ms, p95 {percentile(values, 0.95) * 1000:.1f} ms",
            end="",
        )
    print(f"\nratio of the medians {ratio:.2f}")
    assert ratio <= GOAL
