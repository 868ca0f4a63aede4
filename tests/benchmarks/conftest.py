"""Measures of processor time that benchmarks share. Figures are printed; assertions compare within one run."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from textual.pilot import Pilot
from textual.scroll_view import ScrollView


class Stopwatch:
    """Processor seconds of a block."""

    seconds = 0.0


@contextmanager
def processor_time() -> Iterator[Stopwatch]:
    watch = Stopwatch()
    begin = time.process_time()
    yield watch
    watch.seconds = time.process_time() - begin


async def page_cost(pilot: Pilot[None], widget: ScrollView, pages: int = 60) -> float:
    """Processor milliseconds of a frame in which every row of ``widget`` is another one."""
    end = int(widget.max_scroll_y)
    step = max(1, end // (pages + 1))
    costs: list[float] = []
    for page in range(pages):
        with processor_time() as watch:
            widget.scroll_to(y=(page * step) % max(1, end), animate=False, force=True)
            await pilot.pause()
        costs.append(watch.seconds * 1000)
    return sorted(costs)[len(costs) // 2]


@pytest.fixture
def stopwatch() -> Callable[[], object]:
    return processor_time


@pytest.fixture
def page_milliseconds() -> Callable[..., Awaitable[float]]:
    return page_cost


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print past pytest's capture, so that figures show without ``-s``."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n    {line}", end="")

    return say
