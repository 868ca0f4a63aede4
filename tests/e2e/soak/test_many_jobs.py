"""500 jobs under watch: by turns, in ten requests a minute, by addresses that old servers take, until all are over."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from tests.e2e.soak.long_watch import SteppingClock, Watch, opened, start
from tests.e2e.soak.test_soak import lists_in_the_busiest_minute
from tui.api.odata import ADDRESS_LIMIT
from tui.flow import states as st
from tui.flow import watching

JOBS = 500
_ONE = re.compile(r"Id eq (\d+)|/Jobs\((\d+)\) ")
_RUN = re.compile(r"Id ge (\d+) and Id le (\d+)")
_IN = re.compile(r"Id in \(([\d,]+)\)")


def asked_for(line: bytes) -> set[int]:
    """Return the ids that a request names."""
    text = unquote(line.decode())
    ids = {int(each) for found in _IN.findall(text) for each in found.split(",")}
    ids |= {int(each or other) for each, other in _ONE.findall(text)}
    return ids.union(*(range(int(first), int(last) + 1) for first, last in _RUN.findall(text)))


@pytest.mark.parametrize("today", [False, True], ids=["2019", "today"])
async def test_five_hundred_jobs_are_read_by_turns_to_their_end(today: bool) -> None:
    clock = SteppingClock()
    async with opened(clock, today=today, scenario="many") as (runtime, front, origin):
        front.server.world.speed = 0.1
        started = await start(runtime, origin, 1 if not today else JOBS)
        assert len(started.jobs) == JOBS
        front.seen.clear()
        state, effects = watching.begin(origin, 10_000, started.jobs, clock.now())
        assert isinstance(state, st.Watching)
        state = replace(state, selected=JOBS - 1)
        marked = state.current.job.id
        watch = Watch(state, effects, runtime, front, clock)
        read = {job.id: clock.seconds for job in started.jobs}
        seen = 0
        while not all(watched.over for watched in watch.state.jobs):
            unfinished = {watched.job.id for watched in watch.state.jobs if not watched.over}
            await watch.go_on(1)
            looks = [(at, line) for at, line in front.seen[seen:] if line.startswith(b"GET") and b"/odata/Jobs" in line]
            seen = len(front.seen)
            assert sum(marked in asked_for(line) for _, line in looks) == (marked in unfinished), "once in every look"
            for at, line in looks:
                assert len(front.url) + len(line.split(b" ")[1]) <= ADDRESS_LIMIT
                asked = asked_for(line)
                assert asked <= unfinished, "what is over is not read again"
                for each in asked:
                    assert at - read[each] <= 31, "no job is out of sight for longer"
                    read[each] = at
            assert watch.polls < 100
        assert {watched.job.state for watched in watch.state.jobs} == {"Successful"}
        assert lists_in_the_busiest_minute(watch) <= 10
        print(f"{watch.polls} looks in {clock.seconds:.0f} s")
