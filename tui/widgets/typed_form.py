"""A few fields to type what a server does not list, with the reason why it has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class TypedForm(Widget):
    """Fields ``(name, title, placeholder)``, all of them needed; Enter goes on to the next, or hands all over."""

    class Given(Message):
        """Every field is filled."""

        def __init__(self, values: dict[str, str]) -> None:
            super().__init__()
            self.values = values

    def __init__(self, fields: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._fields = tuple(fields)

    def compose(self) -> ComposeResult:
        """Yield the reason, then the fields."""
        yield Static(id="typed-reason", classes="muted", markup=False)
        for name, title, placeholder in self._fields:
            with Horizontal(classes="field"):
                yield Label(title, markup=False)
                yield Input(placeholder=placeholder, compact=True, id=f"typed-{name}")

    def explain(self, reason: str) -> None:
        """Show why typing is needed."""
        self.query_one("#typed-reason", Static).update(reason)

    def prefill(self, **values: str) -> None:
        """Fill fields that are still empty."""
        for name, value in values.items():
            field = self.query_one(f"#typed-{name}", Input)
            if value and not field.value:
                field.value = value

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        fields = list(self.query(Input))
        empty = next((field for field in fields if not field.value.strip()), None)
        if empty is not None:
            empty.focus()
            return
        names = [name for name, _, _ in self._fields]
        self.post_message(self.Given({name: self.query_one(f"#typed-{name}", Input).value.strip() for name in names}))
