"""Several jobs as rows: number, state, machine, times; the state in its colour."""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, ClassVar, Final

from tui.widgets.content import state_look
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

STATE_COLUMN = 1
LEAST = 20
"""Cells of the last column below which it tells nothing."""
KINDS: Final = ("good", "bad", "wait", "run")
"""What the colours of a state tell."""


def kind_of(state: str) -> str:
    """Return which of `KINDS` a state is; an unknown one waits."""
    return {"✓": "good", "✘": "bad", "▸": "run"}.get(state_look(state).glyph, "wait")


class JobRows(Rows):
    """Rows whose second cell is a state with its glyph. Numbers, states and times are never cut before the rest."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"job-rows--{kind}" for kind in KINDS}
    RIGID = 3

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no opening: an Enter too many must not choose a job."""
        return False if action == "open" else super().check_action(action, parameters)

    def fit(self, natural: Sequence[int], room: int) -> list[int]:
        """Return the widths of the columns; the last ones are left out rather than cut to a few letters."""
        shown = list(natural)
        while len(shown) > self.RIGID:
            widths = super().fit(shown, room)
            if widths[-1] >= min(shown[-1], LEAST) and all(map(eq, widths[:-1], shown)):
                return widths
            shown.pop()
        return shown

    def cell_style(self, row: Sequence[str], column: int, style: Style, *, marked: bool) -> Style:
        """Return the state's colour for the state's cell."""
        if column != STATE_COLUMN:
            return super().cell_style(row, column, style, marked=marked)
        return style + self.get_component_rich_style(f"job-rows--{kind_of(row[column][2:])}", partial=True)
