"""A field for a secret: hidden, can't be copied or cut, and says that it changed without saying to what."""

from typing import Final

from textual import events
from textual.message import Message
from textual.widgets import Input

LIMIT: Final = 100_000
"""Characters taken from one paste; no token is near it."""


class SecretInput(Input):
    """A password field whose messages carry no value; ask `value` where it is needed, then `clear`."""

    gives_way = False
    """Whether what is in the field is of no use, so that the next paste takes its place, unseen as both are."""

    class Edited(Message):
        """The secret changed."""

    class Given(Message):
        """Enter was pressed."""

    def __init__(self, placeholder: str = "", *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(placeholder=placeholder, password=True, compact=True, id=id, select_on_focus=False)

    def post_message(self, message: Message) -> bool:
        """Replace the messages that carry the value by ones that do not."""
        if isinstance(message, Input.Changed):
            message = self.Edited()
        elif isinstance(message, Input.Submitted):
            message = self.Given()
        return super().post_message(message)

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste whole: tokens wrapped over lines come in several."""
        event.stop()
        event.prevent_default()
        start, end = sorted((self.selection.start, self.selection.end))
        if self.gives_way:
            start, end = 0, len(self.value)
        self.replace(event.text[:LIMIT].strip(), start, end)

    def action_copy(self) -> None:
        """Copy nothing."""
        self._refuse("copied")

    def action_cut(self) -> None:
        """Cut nothing."""
        self._refuse("cut")

    def _refuse(self, what: str) -> None:
        self.notify(f"This field is secret: nothing was {what}.", markup=False, timeout=3)
