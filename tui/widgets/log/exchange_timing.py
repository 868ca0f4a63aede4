"""Where the time of one exchange went: its phases as bars on one scale, with numbers."""

from typing import Any, ClassVar, Final

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.exchanges.model import Exchange
from tui.text import clean, clock_time, duration
from tui.widgets.body.exchange_head import offsets

_BLOCKS: Final = " ▏▎▍▌▋▊▉█"
_BAR_LIMIT: Final = 60
_PHASES: Final = ("connect", "TLS", "send", "wait", "receive")


def bar(begin: float, end: float, width: int) -> str:
    """Return a bar from ``begin`` to ``end`` (parts of 1) on ``width`` cells, at least one cell's eighth long."""
    first = min(int(begin * width), width - 1)
    eighths = max(1, round((end * width - first) * 8))
    eighths = min(eighths, (width - first) * 8)
    full, part = divmod(eighths, 8)
    drawn = " " * first + "█" * full + (_BLOCKS[part] if part else "")
    return drawn[:width].ljust(width)


class TimingView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The phases of an exchange; a phase that did not happen says so."""

    DEFAULT_CSS = """
    TimingView { height: 1fr; padding: 0 1; background: $surface; color: $text; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False, id="timing.up", tooltip="Scroll up"),
        Binding("down", "scroll_down", "Down", show=False, id="timing.down", tooltip="Scroll down"),
    ]
    shown = getters.query_one(Static)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._exchange: Exchange | None = None

    def compose(self) -> ComposeResult:
        """Lay out the one block of text."""
        yield Static()

    def on_resize(self) -> None:
        """Draw the bars at the new width."""
        self.show(self._exchange)

    def show(self, exchange: Exchange | None) -> None:
        """Show the timing of ``exchange``."""
        self._exchange = exchange
        if self.children:
            lines = [] if exchange is None else [*self._bars(exchange), Content(""), *self._facts(exchange)]
            self.shown.update(Content("\n").join(lines))

    def _bars(self, exchange: Exchange) -> list[Content]:
        timing = exchange.timing
        parts = [timing.connect, timing.tls, timing.send, timing.wait, timing.receive]
        spans = offsets(parts)
        whole = max(timing.total, spans[-1][1]) or 1.0
        width = max(8, min(_BAR_LIMIT, self.scrollable_content_region.width - 22))
        lines: list[Content] = []
        for name, part, (begin, end) in zip(_PHASES, parts, spans, strict=True):
            label = (f"{name:<9}", "$foreground-muted")
            if part is None:
                lines.append(Content.assemble(label, ("–".rjust(10), "$foreground-muted")))
            else:
                drawn = bar(begin / whole, end / whole, width)
                style = "$primary" if name == "wait" else "$foreground-muted"
                lines.append(Content.assemble(label, f"{duration(part):>10}  ", (drawn, style)))
        lines.append(
            Content.assemble((f"{'total':<9}", "$foreground-muted"), (f"{duration(timing.total):>10}", "bold"))
        )
        return lines

    def _facts(self, exchange: Exchange) -> list[Content]:
        facts = [
            ("started", clock_time(exchange.started_at)),
            ("number", f"{exchange.id}"),
            ("try", f"{exchange.attempt}"),
            ("purpose", clean(exchange.purpose)),
        ]
        if exchange.timing.connect is None and exchange.status is not None:
            facts.append(("network", "on a connection kept open from an earlier call"))
        return [Content.assemble((f"{name:<9}", "$foreground-muted"), value) for name, value in facts]
