"""The help of a step: what it asks for, and every key that works on it, from the keys' own declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.screens.overlay import Overlay
from tui.widgets.facts import facts
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

    from tui.screens.step import StepScreen


def keys_of(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """Return the keys that work on ``screen`` now: keys, name, and what they do."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.tooltip and active.enabled and not binding.system:
            keys, _, _ = found.setdefault(binding.action, ([], binding.description, binding.tooltip))
            keys.append(host(screen).get_key_display(binding))
    return [(" ".join(keys), description, tooltip) for keys, description, tooltip in found.values()]


class Keys(Widget):
    """A key a line: what it is called and does goes on under its first word."""

    DEFAULT_CSS = "Keys { width: 1fr; height: auto; }"

    def __init__(self, keys: list[tuple[str, str, str]]) -> None:
        super().__init__(classes="apart")
        width = max((len(each) for each, _, _ in keys), default=0)
        self._rows = [
            (each.rjust(width), Content.assemble((name, "bold"), ("  " + tooltip, "$text-muted")))
            for each, name, tooltip in keys
        ]

    def render(self) -> Content:
        """Return the lines for the present width."""
        return facts(self._rows, self.content_size.width, label_style="bold $primary")

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        """Return how many lines there are in ``width``."""
        del container, viewport
        return facts(self._rows, width).plain.count("\n") + 1


class HelpScreen(Overlay[None]):
    """Text and keys, scrollable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "close", "Close", id="help.close", tooltip="Close the help", show=False),
    ]

    def __init__(self, title: str, text: str, keys: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._keys = keys

    @classmethod
    def of(cls, step: StepScreen[Any]) -> Self:
        """Return the help of ``step`` as it is now."""
        return cls(f"Step {step.STEP}", step.help_text, keys_of(step))

    def compose(self) -> ComposeResult:
        """Yield the text, then the keys."""
        with VerticalScroll(classes="box") as box:
            box.border_title = "Help"
            yield Static(Content.styled(self._title, "bold $primary"), markup=False)
            yield Static(self._text, markup=False)
            yield Keys(self._keys)
        yield KeyLine()
