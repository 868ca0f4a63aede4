"""A failure shown in place: what happened, why, what to do now, and the server's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tui.errors import Failure


INDENT: Final = " " * 8
"""What stands before a line that goes on with the one above."""


def failure_content(failure: Failure, way_on: str = "", width: int = 0) -> Content:
    """Return ``failure`` as lines; ``way_on`` is the key that helps and what it does, such as ``F2 tries again``.

    The key is never parted from its words: where ``width`` would, they have a line of their own.
    """
    lines = [
        Content.assemble(("✗ ", "bold $error"), (failure.title, "bold $error")),
        Content.assemble(("  why   ", "$text-muted"), failure.cause),
        Content.assemble(("  now   ", "$text-muted"), failure.next_step),
    ]
    if way_on:
        key, _, does = way_on.partition(" ")
        helps = Content.assemble((f" {key} ", "bold reverse"), f" {does}")
        together = Content.assemble(lines[-1], "  ", helps)
        if not width or together.wrap(width)[-1].plain.endswith(helps.plain.lstrip()):
            lines[-1] = together
        else:
            lines.append(Content.assemble(INDENT, helps))
    details = [
        f"HTTP {failure.status}" if failure.status else "",
        f"“{failure.server_message}”" if failure.server_message else "",
        f"errorCode {failure.error_code}" if failure.error_code not in (None, "") else "",
        f"traceId {failure.trace_id}" if failure.trace_id else "",
    ]
    said = "  ".join(detail for detail in details if detail)
    if said:
        lines.append(Content.assemble(("  said  ", "$text-muted"), (said, "$text-muted")))
    return Content("\n").join(lines)


class FailureNotice(Static):
    """Hidden until there is a failure to show."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False

    _failure: Failure | None = None
    _way_on = ""

    def show_failure(self, failure: Failure | None, way_on: str = "") -> None:
        """Show ``failure``, or nothing."""
        self.display = failure is not None
        self._failure, self._way_on = failure, way_on
        self._tell()

    def on_resize(self) -> None:
        """Fold anew."""
        self._tell()

    def _tell(self) -> None:
        if self._failure is not None:
            content = failure_content(self._failure, self._way_on, self.content_size.width)
            if content != self.content:
                self.update(content)
