"""The states of a job in order, with when each began and how long it held. Knows names and times only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.text import clock_time, duration
from tui.widgets.content import state_look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def timeline(stages: Sequence[tuple[str, datetime | None]]) -> Content:
    """Return one line a stage ``(state, began)``; the last one is still on, so it has no duration."""
    width = max((len(state) for state, _ in stages), default=0)
    lines: list[Content] = []
    for number, (state, began) in enumerate(stages):
        last = number == len(stages) - 1
        look = state_look(state)
        held = "" if last else _held(began, stages[number + 1][1])
        lines.append(
            Content.assemble(
                (f"{look.glyph} ", look.style),
                (state.ljust(width), "bold" if last else ""),
                (f"  {clock_time(began)}  {held}", "$text-muted"),
            )
        )
    return Content("\n").join(lines)


def _held(began: datetime | None, ended: datetime | None) -> str:
    if began is None or ended is None:
        return ""
    return f"for {duration((ended - began).total_seconds())}"
