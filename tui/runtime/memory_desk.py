"""Performs what remembers starts: reads and changes the file of inputs. A failure is told, never raised."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.errors import UiPathTuiError
from tui.flow.events import StartRemembered

if TYPE_CHECKING:
    from tui.errors import Failure
    from tui.flow.form_effects import RememberStart
    from tui.remembered import Memory
    from tui.store.inputs import InputStore


class MemoryDesk:
    """Remembers starts in ``store``; without one the workflow remembers them for this session alone."""

    def __init__(self, store: InputStore | None) -> None:
        self._store = store

    async def recall(self, base: str) -> tuple[Memory, Failure | None]:
        """Return what is remembered in the service instance at ``base``, or why it can't be read."""
        if self._store is None:
            return (), None
        try:
            return await asyncio.to_thread(self._store.recall, base), None
        except UiPathTuiError as error:
            return (), error.failure

    async def remember(self, effect: RememberStart) -> StartRemembered:
        """Write the change down with what other windows kept meanwhile."""
        if self._store is None:
            return StartRemembered(base=effect.base)
        try:
            memory = await asyncio.to_thread(self._store.update, effect.base, effect.change.applied)
        except UiPathTuiError as error:
            return StartRemembered(base=effect.base, failure=error.failure)
        return StartRemembered(base=effect.base, memory=memory)
