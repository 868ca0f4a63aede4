"""A short list of which exactly one entry holds: moving the mark is choosing."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

PART = " · "


class Choice(Widget, can_focus=True):
    """Entries ``(key, title, description)``, one a line. Up and down choose at once; Enter says it is settled.

    A description of several parts (``a · b``) shows as many of them as have room.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Previous", id="choice.up", tooltip="Choose the entry above", show=False),
        Binding("down", "move(1)", "Next", id="choice.down", tooltip="Choose the entry below", show=False),
        Binding("enter", "settle", "Take it", id="choice.settle", tooltip="Go on to the next field", show=False),
    ]
    index: reactive[int] = reactive(0)

    class Changed(Message):
        """Another entry holds."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Settled(Message):
        """Enter was pressed."""

    def __init__(self, entries: Sequence[tuple[str, str, str]], question: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._question = question
        self._entries = tuple(entries)
        self._title_width = max((Content(title).cell_length for _, title, _ in self._entries), default=0)

    @property
    def key(self) -> str:
        """The key of the entry that holds."""
        return self._entries[self.index][0]

    def choose(self, key: str) -> None:
        """Let the entry ``key`` hold without a message; an unknown key changes nothing."""
        for index, entry in enumerate(self._entries):
            if entry[0] == key:
                self.index = index

    def render(self) -> Content:
        """Return the question, then one line an entry."""
        lines = [Content.styled(self._question, "bold")]
        room = self.content_size.width - self._title_width - 4
        for index, (_, title, description) in enumerate(self._entries):
            holds = index == self.index
            lines.append(
                Content.assemble(
                    ("● " if holds else "○ ", "$primary" if holds else "$text-muted"),
                    (title.ljust(self._title_width), "bold" if holds else ""),
                    ("  " + _fitting(description, room), "$text-muted"),
                )
            )
        return Content("\n").join(lines)

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        """Return a line for the question and for each entry, whatever the width."""
        del container, viewport, width
        return len(self._entries) + 1

    def _take(self, index: int) -> None:
        if 0 <= index < len(self._entries) and index != self.index:
            self.index = index
            self.post_message(self.Changed(self.key))

    def action_move(self, by: int) -> None:
        """Choose the neighbour."""
        self._take(self.index + by)

    def action_settle(self) -> None:
        """Say that the choice is made."""
        self.post_message(self.Settled())

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the mouse."""
        self._take(event.y - 1)


def _fitting(description: str, room: int) -> str:
    """Return the parts of ``description`` that fit into ``room``, the first one always."""
    first, *others = description.split(PART)
    for part in others:
        longer = f"{first}{PART}{part}"
        if Content(longer).cell_length > room:
            break
        first = longer
    return first
