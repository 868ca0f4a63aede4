"""Several jobs as rows: number, state, machine, times; the state in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.content import state_look
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

STATE_COLUMN = 1


class JobRows(Rows):
    """Rows whose second cell is a state with its glyph."""

    def cell_style(self, row: Sequence[str], column: int, style: Style, *, marked: bool) -> Style:
        """Return the state's colour for the state's cell."""
        if column != STATE_COLUMN:
            return super().cell_style(row, column, style, marked=marked)
        name = self._component(row[column][2:])
        return style + self.get_component_rich_style(name, partial=True)

    COMPONENT_CLASSES = {f"job-rows--{kind}" for kind in ("good", "bad", "wait", "run")}  # noqa: RUF012

    def _component(self, state: str) -> str:
        kinds = {"✓": "good", "✘": "bad", "▸": "run"}
        return f"job-rows--{kinds.get(state_look(state).glyph, 'wait')}"
