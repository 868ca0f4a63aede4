"""The question before a start is made again although the job of the old one may yet turn up. Wants the name typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui import doubt
from tui.screens.overlay import Overlay
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult


class StartAgainScreen(Overlay[str]):
    """Answers with the name as it was typed, once it is the right one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "No", id="again.no", tooltip="Keep looking for the job of the first start"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._wanted = name

    def compose(self) -> ComposeResult:
        """Yield the risk, and the field for the name."""
        with Vertical(classes="box") as box:
            box.border_title = "Start again?"
            yield Static(f"{doubt.LATE} If it does come, the process runs twice.", markup=False)
            yield Static(
                Content.assemble("Type the name of the process to go on: ", (self._wanted, "bold")),
                markup=False,
                classes="apart",
            )
            yield Input(compact=True, id="again-name")
            yield Static("Enter goes back to the form; nothing is sent yet. Esc keeps looking.", classes="apart muted")
        yield KeyLine(palette=False)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        if message.value.strip() == self._wanted.strip():
            self.dismiss(message.value)
        else:
            host(self).bell()
