"""A comment on one call of the log: one line that goes into the list, the kept log and what is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.overlay import Overlay
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tui.exchanges.log import ExchangeLog

LONGEST: Final = 500
"""Characters of a comment."""


class CommentScreen(Overlay[str]):
    """Returns the comment, which may be empty; nothing when it was closed without an answer."""

    def __init__(self, number: int, comment: str, log: ExchangeLog) -> None:
        super().__init__()
        self._number = number
        self._comment = comment
        self._log = log
        self._end_renewals: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Yield the field."""
        with Vertical(classes="box", id="comment") as box:
            box.border_title = f"Comment on call {self._number}"
            yield Input(self._comment, max_length=LONGEST, compact=True, select_on_focus=False, id="comment-text")
            yield Static(
                "Enter marks the call with it; Esc leaves everything as it is. `mark:word` in the filter finds it.",
                markup=False,
                classes="muted apart",
            )
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Hear when a secret is taken out of what the log holds."""
        self._end_renewals = self._log.on_renewed(self._renewed)
        self._renewed()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._end_renewals is not None:
            self._end_renewals()

    def _renewed(self) -> None:
        """Leave no secret in the field; what else was typed stays."""
        from tui.exchanges.redaction.cover import covered_text

        field = self.query_one(Input)
        clean = covered_text(field.value, self._log.late)
        if clean != field.value:
            field.value = clean

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
