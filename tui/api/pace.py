"""How often lists of jobs are asked for: a tenant's limit of 100 a minute is everybody's, so our share of it is small.

Sleeps by the injected clock only.
"""

from collections import deque
from typing import Final

from tui.clock import Clock

MOST: Final = 12
"""Requests for lists of jobs in any minute, tries after faults included (UiPath's rate-limit page: 100 a tenant)."""
MINUTE: Final = 60.0
_ROUNDED: Final = 1e-6


class Pace:
    """Gives turns; who comes too early waits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: deque[float] = deque()

    async def turn(self) -> None:
        """Return when another request may leave."""
        while True:
            now = self._clock.monotonic()
            while self._turns and self._turns[0] <= now - MINUTE + _ROUNDED:
                self._turns.popleft()
            if len(self._turns) < MOST:
                self._turns.append(now)
                return
            await self._clock.sleep(self._turns[0] + MINUTE - now)
