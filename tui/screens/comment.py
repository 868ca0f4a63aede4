"""A comment on one call of the log: one line that goes into the list, the kept log and what is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.overlay import Overlay
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

LONGEST: Final = 500
"""Characters of a comment."""


class CommentScreen(Overlay[str]):
    """Returns the comment, which may be empty; nothing when it was closed without an answer."""

    def __init__(self, number: int, comment: str) -> None:
        super().__init__()
        self._number = number
        self._comment = comment

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
        yield KeyLine(compact=True, show_command_palette=False)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
