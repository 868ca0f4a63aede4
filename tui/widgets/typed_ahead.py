"""Keys stay with the screen that was there when they were pressed: none answers a question that came up behind it.

A key travels from the focused widget up to the application, which looks up its binding only then. On a slow machine
another screen may have come in between, or the same one may have changed: a screen that has to know is told when it
was painted, and asks when the key was pressed. Both are times of the toolkit's own messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from textual import events
from textual.app import App
from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen


class Painted:
    """What a screen is that has to know since when something can be seen on it."""

    def painted(self, at: float) -> None:
        """Take notice that a picture of the screen, as it is laid out now, was begun ``at`` that time."""


class KeysStayWithTheirScreen(App[None]):
    """An application that drops a key whose screen has lost the front by the time the key comes up to its bindings.

    ``pressed_at`` is when the key was pressed whose binding runs right now, ``None`` while none does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._handed: WeakKeyDictionary[events.Key, ref[Screen[Any]]] = WeakKeyDictionary()
        self.pressed_at: float | None = None

    async def on_event(self, event: events.Event) -> None:
        """Remember which screen a pressed key is handed to."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            self._handed[event] = ref(self.screen)
        await super().on_event(event)

    async def _on_key(self, event: events.Key) -> None:
        """Stand in for the toolkit's own handler, which looks the key up in the bindings of the screen in front."""
        event.prevent_default()
        screen = self._handed.get(event)
        if screen is not None and screen() is not self.screen:
            return
        self.pressed_at = event.time
        try:
            await super()._on_key(event)
        finally:
            self.pressed_at = None

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Tell a screen that it is painted, by the time before: who sees the picture presses keys after it."""
        begun = Message().time
        super()._display(screen, renderable)  # pyright: ignore[reportUnknownMemberType] - so in the toolkit
        if renderable is not None and not self._batch_count and isinstance(screen, Painted):
            screen.painted(begun)
