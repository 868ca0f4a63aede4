"""A list of which several entries can be marked; the mark is a character, not only a colour."""

from __future__ import annotations

from typing import TypeVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import SelectionList
from textual.widgets.option_list import OptionDoesNotExist

Value = TypeVar("Value")
MARKED = "[x]"
UNMARKED = "[ ]"


class MarkedList(SelectionList[Value]):
    """`SelectionList` whose entries begin with ``[x]`` or ``[ ]``."""

    def render_line(self, y: int) -> Strip:
        """Return the line with the mark of its entry."""
        strip = super().render_line(y)
        try:
            entry = self.get_option_at_index(self.scroll_offset.y + y)
        except OptionDoesNotExist:
            return strip
        mark = MARKED if entry.value in self.selected else UNMARKED
        button, *rest = [*strip][1:]  # of three segments of one character each the middle one has the style
        return Strip([Segment(mark, button.style), *rest[1:]])
