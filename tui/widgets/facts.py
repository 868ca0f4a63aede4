"""Labelled facts, one a line, labels aligned; long values go on under their first line. Empty facts are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = Content | str
NARROW = 24
"""Cells below which a value is not wrapped beside its label."""


def facts(rows: Iterable[tuple[str, Value]], width: int = 0, *, label_style: str = "$text-muted") -> Content:
    """Return the facts as lines of ``width`` cells; 0 leaves the wrapping to the widget that shows them."""
    kept = [(label, value) for label, value in rows if (value.plain if isinstance(value, Content) else value)]
    margin = max((len(label) for label, _ in kept), default=0) + 2
    lines: list[Content] = []
    for label, value in kept:
        content = value if isinstance(value, Content) else Content(value)
        wraps = width - margin >= NARROW
        parts = content.wrap(width - margin) if wraps else content.split("\n", allow_blank=True)
        for number, line in enumerate(parts):
            lines.append(Content.assemble(((label if number == 0 else "").ljust(margin), label_style), line))
    return Content("\n").join(lines)


class Facts(Widget):
    """Facts that wrap to the widget's width."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id, classes=classes)
        self._facts: list[tuple[str, Value]] = []

    def show(self, rows: Iterable[tuple[str, Value]]) -> None:
        """Show ``rows``; nothing is drawn when they are the same as before."""
        found = list(rows)
        if found != self._facts:
            self._facts = found
            self.refresh(layout=True)

    def render(self) -> Content:
        """Return the facts for the present width."""
        return facts(self._facts, self.content_size.width)

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        """Return the number of wrapped lines."""
        del container, viewport
        return facts(self._facts, width).plain.count("\n") + 1 if self._facts else 0
