"""What differs between two calls, over the step: the same call before and now, or two that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.exchanges.diff import Diff, compared, pair_of
from tui.screens.overlay import Overlay
from tui.text import clean, clock_time, counted
from tui.widgets.body_diff import DiffLines
from tui.widgets.exchange_row import keep_end, target
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tui.exchanges.log import ExchangeLog

_PATH = 60


def show_differences(widget: Widget, exchanges: ExchangeLog, number: int) -> None:
    """Open the comparison at exchange ``number``, or say that there is nothing to compare it with."""
    pair = pair_of(exchanges, number)
    if pair is None:
        widget.notify(
            "This is the first call of its kind. Mark two calls (m) to compare them.", title="Nothing to compare"
        )
        return
    before, now = pair
    host(widget).push_screen(DiffScreen(exchanges, before, now))


class DiffScreen(Overlay[None]):
    """Compares in a thread: bodies can be large."""

    HELP = (
        "What is different between two calls, place by place: ~ what changed, + what came, - what went. Items of lists "
        "are matched by their id or key. To compare any two calls, mark both (m) in the log."
    )

    class Compared(Message):
        """The comparison is there."""

        def __init__(self, diff: Diff) -> None:
            super().__init__()
            self.diff = diff

    def __init__(self, exchanges: ExchangeLog, before: int, now: int) -> None:
        super().__init__()
        self._exchanges = exchanges
        self._before = exchanges.exchange(before)
        self._now = exchanges.exchange(now)
        self._end_renewals: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Yield which calls, how much differs, and what."""
        with Vertical(classes="box full", id="diff") as box:
            box.border_title = f"Call {self._before.id} and call {self._now.id}"
            yield Static(self._which(), id="diff-calls")
            yield Static("Comparing…", id="diff-count", classes="muted")
            yield DiffLines()
        yield KeyLine(compact=True)

    def on_mount(self) -> None:
        """Compare beside the keys, and again when a secret is taken out of one of the calls."""
        self._end_renewals = self._exchanges.on_renewed(self._renewed)
        self._compare()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._end_renewals is not None:
            self._end_renewals()

    def _renewed(self) -> None:
        before, now = (self._exchanges.exchange(each.id) for each in (self._before, self._now))
        if (before, now) != (self._before, self._now) and not (before.gave_way or now.gave_way):
            self._before, self._now = before, now
            self.query_one("#diff-calls", Static).update(self._which())
            self._compare()

    def _compare(self) -> None:
        before, now = self._before, self._now

        def work() -> None:
            self.post_message(self.Compared(compared(before, now)))

        self.run_worker(work, thread=True, exclusive=True, group="diff")

    def on_diff_screen_compared(self, message: Compared) -> None:
        """Show what differs."""
        message.stop()
        if message.diff.before is not self._before or message.diff.now is not self._now:
            return  # of calls as they were before
        count = message.diff.changes
        told = f"{counted(count, 'difference')}:  ~ changed  + came  - went" if count else "Nothing differs."
        self.query_one("#diff-count", Static).update(Content(told))
        self.query_one(DiffLines).show(message.diff.parts)

    def _which(self) -> Content:
        now = self._now
        times = f"  {clock_time(self._before.started_at)} → {clock_time(now.started_at)}"
        return Content(f"{clean(now.method, limit=10)} {keep_end(target(now.url)[0], _PATH)}{times}")
