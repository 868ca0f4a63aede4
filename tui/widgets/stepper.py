"""The line on top of every step: which steps are done, which is current, which are to come."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

DONE = "✓"
BETWEEN = " › "


class Stepper(Widget):
    """Names of the steps, numbered; where the line is too short, only the current one keeps its name."""

    def __init__(self, steps: Sequence[str], current: int) -> None:
        super().__init__()
        self._steps = tuple(steps)
        self._current = current

    def render(self) -> Content:
        """Return the widest form that fits."""
        full = self._line(short=False)
        return full if full.cell_length <= self.size.width else self._line(short=True)

    def _line(self, *, short: bool) -> Content:
        parts: list[Content] = []
        for number, name in enumerate(self._steps, start=1):
            if number == self._current:
                parts.append(Content.styled(f"{number} {name}", "bold $primary"))
                continue
            mark = DONE if number < self._current else str(number)
            label = mark if short else f"{mark} {name}"
            parts.append(Content.styled(label, "$success" if number < self._current else "$text-muted"))
        return Content.styled(BETWEEN, "$text-muted").join(parts)
