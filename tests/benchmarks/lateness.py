"""How late the event loop is while something computes beside it, and how late it is anyway on this machine."""

import asyncio
import time


class Lateness:
    """How late the loop was each time, in milliseconds: by the clock, and how long this process computed meanwhile.

    Other programs make a loop late by the clock. What a key waits for by our doing is what this process computed.
    """

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.computed: list[float] = []

    async def wait(self) -> None:
        begin, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(0.002)
        self.waited.append((time.perf_counter() - begin) * 1000 - 2)
        self.computed.append((time.process_time() - used) * 1000)

    @property
    def most(self) -> float:
        """The most that this process computed while the loop waited."""
        return max(self.computed, default=0.0)

    def __str__(self) -> str:
        told = [
            f"p95 {percentile(each):.1f} ms, most {max(each):.1f} ms" for each in (self.computed, self.waited) if each
        ]
        return f"late {told[0]} (by the clock {told[1]})" if told else "never late"


def percentile(values: list[float], part: float = 0.95) -> float:
    return sorted(values)[int(len(values) * part)]


async def idle(seconds: float = 1.0) -> Lateness:
    """Return how late a loop with nothing to do is: what the machine itself takes."""
    late, end = Lateness(), time.perf_counter() + seconds
    while time.perf_counter() < end:
        await late.wait()
    return late
