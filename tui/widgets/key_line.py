"""The line of keys at the foot of a screen: whole keys only, and the way to help and out always in sight.

One widget draws them all: a widget for each key costs more than the rest of a screen when its keys change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.host import host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.binding import ActiveBinding
    from textual.events import Leave, MouseDown, MouseMove
    from textual.screen import Screen

ALWAYS: Final = ("help", "quit")
"""The actions whose keys stay at the right end, however many others there are."""
KEPT: Final = ("close",)
"""The actions whose keys are never left out, wherever they stand: the way out of what lies over a step."""
PALETTE: Final = "command_palette"
ROOM_FOR_PALETTE: Final = 100
"""Cells from which on the palette has room too; Help names its key everywhere."""
ETC: Final = "…"


class Key(NamedTuple):
    """A key as it is shown, and what a click on it presses."""

    key: str
    display: str
    description: str
    action: str
    enabled: bool
    tooltip: str

    @property
    def width(self) -> int:
        """The cells of the key, a space, and what it does."""
        return cell_len(f"{self.display} {self.description}")


class Placed(NamedTuple):
    """A key and where it begins; `ETC` is none."""

    at: int
    key: Key | None

    @property
    def end(self) -> int:
        """The cell behind it."""
        return self.at + (self.key.width if self.key is not None else len(ETC))


class KeyLine(Widget, can_focus=False):
    """Leaves out the keys for which there is no room, and says so; Help lists them all. A click presses a key."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--off", "key-line--hover"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; color: $footer-description-foreground; background: $footer-background;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-line--off { text-style: dim; }
        & > .key-line--hover { background: $block-hover-background; }
    }
    """

    def __init__(self, *, palette: bool = True) -> None:
        super().__init__()
        self._palette = palette
        self._keys: tuple[Key, ...] = ()
        self._hovered: Placed | None = None

    def on_mount(self) -> None:
        """Follow what the keys of the screen do."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)  # pyright: ignore[reportUnknownMemberType]

    def _changed(self, screen: Screen[object]) -> None:
        if not (host(self).app_focus and self.is_attached and screen is self.screen):
            return
        keys = tuple(self._shown(screen.active_bindings))
        if keys != self._keys:
            self._keys, self._hovered = keys, None
            self.refresh()

    def _shown(self, active: Mapping[str, ActiveBinding]) -> Iterable[Key]:
        """Yield the first key of each action, those of every step behind the others."""
        first: dict[str, ActiveBinding] = {}
        for each in active.values():
            if each.binding.show:
                first.setdefault(each.binding.action, each)
        app = host(self)
        if self._palette and app.COMMAND_PALETTE_BINDING in active:
            first.setdefault(PALETTE, active[app.COMMAND_PALETTE_BINDING])
        for _, binding, enabled, tooltip in sorted(first.values(), key=lambda each: _rank(each.binding.action)):
            display = app.get_key_display(binding)
            yield Key(binding.key, display, binding.description, binding.action, enabled, tooltip)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Where each key that has room stands now."""
        return tuple(arranged(self._keys, self.size.width))

    def render_line(self, y: int) -> Strip:
        """Draw the keys."""
        del y
        plain = self.rich_style
        segments: list[Segment] = []
        at = 0
        for each in self.placed:
            segments.append(Segment(" " * (each.at - at), plain))
            segments.extend(self._segments(each, plain))
            at = each.end
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def _segments(self, placed: Placed, plain: Style) -> list[Segment]:
        key = placed.key
        if key is None:
            return [Segment(ETC, plain)]
        over = self.get_component_rich_style("key-line--key", partial=True)
        styles = [plain + over, plain]
        if not key.enabled:
            styles = [style + self.get_component_rich_style("key-line--off", partial=True) for style in styles]
        if placed == self._hovered:
            mark = Style(bgcolor=self.get_component_rich_style("key-line--hover").bgcolor)
            styles = [style + mark for style in styles]
        return [Segment(key.display, styles[0]), Segment(f" {key.description}", styles[1])]

    def _at(self, x: int) -> Placed | None:
        return next((each for each in self.placed if each.key is not None and each.at <= x < each.end), None)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Press the key that was clicked on."""
        placed = self._at(event.x)
        if placed is None or placed.key is None:
            return
        if placed.key.enabled:
            host(self).simulate_key(placed.key.key)
        else:
            host(self).bell()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Mark the key under the pointer and tell more of it."""
        self._hover(self._at(event.x))

    def on_leave(self, event: Leave) -> None:
        """Mark none."""
        del event
        self._hover(None)

    def _hover(self, placed: Placed | None) -> None:
        if placed != self._hovered:
            self._hovered = placed
            self.tooltip = placed.key.tooltip or None if placed is not None and placed.key is not None else None
            self.refresh()


def arranged(keys: Sequence[Key], width: int) -> list[Placed]:
    """Return where which keys stand in ``width`` cells: those of every step at the right, the others as they fit."""
    always = [key for key in keys if _rank(key.action) and (key.action.rpartition(".")[2] != PALETTE or _wide(width))]
    left = [key for key in keys if not _rank(key.action)]
    palette_gap = int(bool(always) and always[-1].action.endswith(PALETTE))
    begin = width - sum(key.width + 1 for key in always) - palette_gap
    room = begin - 1
    all_fit = sum(key.width + 1 for key in left) <= room
    used = sum(key.width + 1 for key in left if key.action in KEPT)
    placed: list[Placed] = []
    at = 0
    for key in left:
        kept = key.action in KEPT
        used += 0 if kept else key.width + 1
        if all_fit or kept or used <= room - len(ETC):
            placed.append(Placed(at, key))
            at += key.width + 1
    if not all_fit:
        placed.append(Placed(at, None))
    at = max(begin + 1, at)
    for key in always:
        placed.append(Placed(at, key))
        at += key.width + 1
    return placed


def _wide(width: int) -> bool:
    return width >= ROOM_FOR_PALETTE


def _rank(action: str) -> int:
    """Return the place of an action among those of every step, 0 for one of the step's own."""
    name = action.rpartition(".")[2]
    return (*ALWAYS, PALETTE).index(name) + 1 if name in (*ALWAYS, PALETTE) else 0
