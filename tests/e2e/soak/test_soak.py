"""A watch of 10,000 polls with 1 % faults leaves nothing behind and never asks for lists too often."""

import asyncio
import gc
import sys
from bisect import bisect_left

import psutil
import pytest

from tests.e2e.soak.long_watch import Watch, long_watch

MEGABYTE = 2**20
GROWTH = 20 * MEGABYTE
LISTS_A_MINUTE = 12


def lists_in_the_busiest_minute(watch: Watch) -> int:
    """Return the most requests for lists of jobs in any 60 seconds, tries after faults among them."""
    at = [moment for moment, line in watch.front.seen if b"/odata/Jobs?" in line]
    return max((number + 1 - bisect_left(at, moment - 59.999) for number, moment in enumerate(at)), default=0)


def descriptors() -> int:
    process = psutil.Process()
    return process.num_handles() if sys.platform == "win32" else process.num_fds()


async def soak(polls: int, share: float, *, jobs: int) -> None:
    async with long_watch(share=share, jobs=jobs) as watch:
        await watch.go_on(polls // 10)
        gc.collect()
        memory, files, tasks = psutil.Process().memory_info().rss, descriptors(), len(asyncio.all_tasks())
        await watch.go_on(polls - polls // 10)
        gc.collect()
        growth = psutil.Process().memory_info().rss - memory
        busiest = lists_in_the_busiest_minute(watch)
        print(
            f"{watch.polls} polls of {jobs} jobs in {watch.clock.seconds / 3600:.1f} h, {watch.front.spoiled} spoiled, "
            f"{watch.polls - watch.answered} failed; +{growth / MEGABYTE:.1f} MB, files {files}→{descriptors()}, "
            f"tasks {tasks}→{len(asyncio.all_tasks())}, {busiest} lists in the busiest minute, "
            f"{watch.front.count(b'/oauth/token')} token calls"
        )
        assert watch.front.spoiled > 0
        assert watch.state.polls == watch.answered
        assert growth < GROWTH
        # One connection may be open or not at the moment of counting, at each of its four ends.
        assert descriptors() <= files + 4
        assert len(asyncio.all_tasks()) <= tasks + 1
        assert busiest <= LISTS_A_MINUTE


async def test_a_sample_of_a_long_watch() -> None:
    await soak(150, 0.1, jobs=3)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("jobs", [1, 3])
async def test_ten_thousand_polls(jobs: int) -> None:
    await soak(10_000, 0.01, jobs=jobs)
