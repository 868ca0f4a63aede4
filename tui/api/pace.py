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

    async def turn(self, *, repeated: bool = False) -> None:
        """Return when another request may leave; ``repeated`` is one that the program sends again and again."""
        most = MOST - LEFT if repeated else MOST
        while True:
            now = self._clock.monotonic()
            while self._turns and self._turns[0] <= now - MINUTE + _ROUNDED:
                self._turns.popleft()
            if len(self._turns) < most:
                self._turns.append(now)
                return
            await self._clock.sleep(self._turns[len(self._turns) - most] + MINUTE - now)
