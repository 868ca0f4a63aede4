"""A failure shown in place: what happened, why, what to do now, and the server's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tui.errors import Failure


def failure_content(failure: Failure, way_on: str = "") -> Content:
    """Return ``failure`` as lines; ``way_on`` is the key that helps and what it does, such as ``F2 tries again``."""
    lines = [
        Content.assemble(("✗ ", "bold $error"), (failure.title, "bold $error")),
        Content.assemble(("  why   ", "$text-muted"), failure.cause),
        Content.assemble(("  now   ", "$text-muted"), failure.next_step),
    ]
    if way_on:
        key, _, does = way_on.partition(" ")
        lines[-1] = Content.assemble(lines[-1], "  ", (f" {key} ", "bold reverse"), f" {does}")
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

    def show_failure(self, failure: Failure | None, way_on: str = "") -> None:
        """Show ``failure``, or nothing."""
        self.display = failure is not None
        if failure is not None:
            self.update(failure_content(failure, way_on))
