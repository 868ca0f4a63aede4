"""Whether the computer slept: its wall clock went on while its other clock stood still.

Where the other clock goes on too (Windows), connections grow old by it and need no such notice.
"""

from typing import Final

from tui.clock import Clock

ASLEEP: Final = 30.0
"""More seconds than this on one clock and not on the other are a sleep, or a clock put right."""


class Sleeps:
    """Compares the two clocks from one look to the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: float | None = None

    def noticed(self) -> bool:
        """Tell whether the computer slept since the last call; ``False`` at the first one."""
        before, self._ahead = self._ahead, self._clock.now().timestamp() - self._clock.monotonic()
        return before is not None and self._ahead - before > ASLEEP
