"""A few short alternatives on one line, of which exactly one holds: moving the mark is choosing."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

BETWEEN = "   "
MORE = "‹ "
"""Before the first entry shown when there are others to its left."""
MARK = 2
"""Columns of the mark before a title."""


class OneOf(Widget, can_focus=True):
    """Entries ``(key, title)`` side by side. Left and right choose at once; Enter says it is settled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Previous", id="one_of.left", tooltip="Choose the one before", show=False),
        Binding("right,space", "move(1)", "Next", id="one_of.right", tooltip="Choose the next one", show=False),
        Binding("enter", "settle", "Take it", id="one_of.settle", tooltip="Go on to the next field", show=False),
    ]
    index: reactive[int] = reactive(0)
    entries: reactive[tuple[tuple[str, str], ...]] = reactive(())

    class Changed(Message):
        """Another entry of ``one_of`` holds."""

        def __init__(self, one_of: "OneOf") -> None:
            super().__init__()
            self.one_of = one_of

        @property
        def control(self) -> "OneOf":
            """The widget, for selecting handlers by its id."""
            return self.one_of

    class Settled(Message):
        """Enter was pressed in ``one_of``."""

        def __init__(self, one_of: "OneOf") -> None:
            super().__init__()
            self.one_of = one_of

        @property
        def control(self) -> "OneOf":
            """The widget, for selecting handlers by its id."""
            return self.one_of

    def __init__(self, entries: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(OneOf.entries, tuple(entries))

    @property
    def key(self) -> str:
        """The key of the entry that holds, ``""`` when there is none."""
        return self.entries[self.index][0] if self.index < len(self.entries) else ""

    def offer(self, entries: Sequence[tuple[str, str]]) -> None:
        """Offer other entries; the one that holds stays, if it is among them, else the first one holds."""
        if tuple(entries) == self.entries:
            return
        held = self.key
        self.entries = tuple(entries)
        self.index = next((place for place, (key, _) in enumerate(self.entries) if key == held), 0)

    def choose(self, key: str) -> None:
        """Let the entry ``key`` hold without a message; an unknown key changes nothing."""
        self.index = next((place for place, (known, _) in enumerate(self.entries) if known == key), self.index)

    def render(self) -> Content:
        """Return the entries, the one that holds marked by more than its colour and never cut off on the right."""
        parts: list[Content] = []
        first = self._first
        for place, (_, title) in enumerate(self.entries[first:], first):
            holds = place == self.index
            mark = ("● ", "$primary") if holds else ("○ ", "$text-muted")
            parts.append(Content.assemble(mark, (title, "bold" if holds else "")))
        shown = Content(BETWEEN).join(parts)
        return Content.assemble((MORE, "$text-muted"), shown) if first else shown

    @property
    def _first(self) -> int:
        """The first entry shown: where not all have room, those before the one that holds give way."""
        first, room = 0, self.size.width - len(MORE)
        while first < self.index and self._right_edge(first) > room:
            first += 1
        return first

    def _right_edge(self, first: int) -> int:
        shown = self.entries[first : self.index + 1]
        return sum(Content(title).cell_length + MARK for _, title in shown) + len(BETWEEN) * (len(shown) - 1)

    def _take(self, index: int) -> None:
        if 0 <= index < len(self.entries) and index != self.index:
            self.index = index
            self.post_message(self.Changed(self))

    def action_move(self, by: int) -> None:
        """Choose the neighbour; behind the last comes the first."""
        if self.entries:
            self._take((self.index + by) % len(self.entries))

    def action_settle(self) -> None:
        """Say that the choice is made."""
        self.post_message(self.Settled(self))

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the mouse."""
        first = self._first
        column = len(MORE) if first else 0
        for place, (_, title) in enumerate(self.entries[first:], first):
            width = Content(title).cell_length + MARK
            if column <= event.x < column + width:
                self._take(place)
                return
            column += width + len(BETWEEN)
