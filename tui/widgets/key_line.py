"""The line of keys at the foot of a screen: whole keys only, and the way to help and out always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Footer
from textual.widgets._footer import FooterKey, FooterLabel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.events import Resize

ALWAYS: Final = ("help", "quit")
"""The actions whose keys stay at the right end, however many others there are."""
KEPT: Final = ("close",)
"""The actions whose keys are never left out, wherever they stand: the way out of what lies over a step."""
PALETTE: Final = "command_palette"
ROOM_FOR_PALETTE: Final = 100
"""Cells from which on the palette has room too; Help names its key everywhere."""
ETC: Final = "…"


class KeyLine(Footer):
    """A footer that leaves out the keys for which there is no room, and says so; Help lists them all."""

    DEFAULT_CSS = """
    KeyLine #keys-always { dock: right; width: auto; height: 1; background: $footer-background; }
    KeyLine #keys-always FooterKey { margin: 0 0 0 1; }
    KeyLine #keys-always FooterKey.-command-palette { dock: none; padding: 0 1 0 0; border-left: none; }
    """

    def compose(self) -> ComposeResult:
        """Yield the step's keys from the left, and those of every step at the right."""
        keys = [child for child in super().compose() if isinstance(child, FooterKey)]
        self._left = [key for key in keys if not _stays(key)]
        self._always = [key for key in keys if _stays(key)]
        self._etc = FooterLabel(ETC)
        self._arrange(self.size.width or self.screen.size.width)
        yield from self._left
        yield self._etc
        with HorizontalGroup(id="keys-always"):
            yield from self._always

    _left: list[FooterKey] = []  # noqa: RUF012 - replaced as a whole
    _always: list[FooterKey] = []  # noqa: RUF012 - replaced as a whole
    _etc: FooterLabel | None = None

    def on_resize(self, event: Resize) -> None:
        """Show as many keys as fit now."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        for key in self._always:
            key.display = not key.action.endswith(PALETTE) or width >= ROOM_FOR_PALETTE
        room = width - sum(_widths(key for key in self._always if key.display)) - 1
        widths = list(_widths(self._left))
        all_fit = sum(widths) <= room
        used = sum(_widths(key for key in self._left if key.action in KEPT))
        for key, needed in zip(self._left, widths, strict=True):
            used += 0 if key.action in KEPT else needed
            key.display = all_fit or key.action in KEPT or used <= room - len(ETC)
        if self._etc is not None:
            self._etc.display = not all_fit


def _stays(key: FooterKey) -> bool:
    return key.action.rpartition(".")[2] in (*ALWAYS, PALETTE)


def _widths(keys: Iterable[FooterKey]) -> Iterable[int]:
    """Return the cells of each key: key, space, what it does, and the gap behind."""
    for key in keys:
        yield Content(f"{key.key_display} {key.description} ").cell_length
