"""How often lists of jobs are asked for: a tenant's limit of 100 a minute is everybody's, so our share of it is small.

Sleeps by the injected clock only.
"""

from collections import deque
from typing import Final

from tui.clock import Clock

MOST: Final = 12
"""Requests for lists of jobs in any minute, tries after faults included (UiPath's rate-limit page: 100 a tenant)."""
LEFT: Final = 2
"""Of these, what the program repeats by itself leaves so many to what a person asks for."""
MINUTE: Final = 60.0
_ROUNDED: Final = 1e-6


class Pace:
    """Gives turns; who comes too early waits. Everybody who reads lists of jobs of a tenant shares one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: deque[float] = deque()
        self._repeated: deque[float] = deque()
        self._awaited: list[float] = []

    async def turn(self, *, repeated: bool = False) -> None:
        """Return when another request may leave; ``repeated`` is one that the program sends again and again."""
        while (seconds := self._wait(repeated=repeated)) > 0:
            until = self._clock.monotonic() + seconds
            self._awaited.append(until)
            try:
                await self._clock.sleep(seconds)
            finally:
                self._awaited.remove(until)
        now = self._clock.monotonic()
        self._turns.append(now)
        if repeated:
            self._repeated.append(now)

    def left(self) -> float:
        """Return the seconds until the first of those who wait gets its turn, 0 when nobody waits."""
        return max(min(self._awaited, default=0.0) - self._clock.monotonic(), 0.0)

    def _wait(self, *, repeated: bool) -> float:
        """Return the seconds until a turn is free."""
        now = self._clock.monotonic()
        for turns in (self._turns, self._repeated):
            while turns and turns[0] <= now - MINUTE + _ROUNDED:
                turns.popleft()
        until = self._turns[0] + MINUTE - now if len(self._turns) >= MOST else 0.0
        if repeated and len(self._repeated) >= MOST - LEFT:
            until = max(until, self._repeated[0] + MINUTE - now)
        return until
