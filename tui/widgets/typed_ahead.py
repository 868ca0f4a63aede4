"""Keys stay with the screen that was there when they were pressed: none answers a question that came up behind it.

A key travels from the focused widget up to the application, which looks up its binding only then. On a slow machine
another screen may have come in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from textual import events
from textual.app import App

if TYPE_CHECKING:
    from textual.screen import Screen


class KeysStayWithTheirScreen(App[None]):
    """An application that drops a key whose screen has lost the front by the time the key comes up to its bindings."""

    def __init__(self) -> None:
        super().__init__()
        self._handed: WeakKeyDictionary[events.Key, ref[Screen[Any]]] = WeakKeyDictionary()

    async def on_event(self, event: events.Event) -> None:
        """Remember which screen a pressed key is handed to."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            self._handed[event] = ref(self.screen)
        await super().on_event(event)

    async def _on_key(self, event: events.Key) -> None:
        """Hold back the toolkit's own handler, which would look the key up in the bindings of the screen in front."""
        screen = self._handed.get(event)
        if screen is not None and screen() is not self.screen:
            event.prevent_default()
