"""How long the first paint takes and how much memory it holds, against a bare Textual program in the same run."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]
if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)

from measuring_terminal import FLOOR, FLOOR_IS_UP, OURS, OURS_IS_UP, Program  # noqa: E402

PAIRS = 15
GOAL = 1.35
MEMORY_GOAL = 1.5


def first_paint(command: list[str], words: str, environment: dict[str, str]) -> float:
    with Program(command, environment) as program:
        return program.read_until(words) - program.started


def test_first_paint_and_memory(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    for command, words in ((FLOOR, FLOOR_IS_UP), (OURS, OURS_IS_UP)):
        first_paint(command, words, home)
    pairs = [(first_paint(OURS, OURS_IS_UP, home), first_paint(FLOOR, FLOOR_IS_UP, home)) for _ in range(PAIRS)]
    ratio = statistics.median(ours / floor for ours, floor in pairs)
    ours, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"\nfirst paint {ours * 1000:.0f} ms, floor {floor * 1000:.0f} ms, ratio pair by pair {ratio:.2f}")

    with Program(OURS, home) as mine, Program(FLOOR, home) as bare:
        mine.read_until(OURS_IS_UP)
        bare.read_until(FLOOR_IS_UP)
        painted = mine.memory / bare.memory
        mine.drain(3)
        settled = mine.memory / bare.memory
        floor = bare.memory / 2**20
        print(f"memory at first paint {painted:.2f}×, with everything loaded {settled:.2f}× of {floor:.0f} MiB")
    assert ratio <= GOAL
    assert painted <= MEMORY_GOAL
