"""What differs between two calls, over the step: the same call before and now, or two that are marked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.exchanges.diff.apart import Comparing, StoppedError
from tui.exchanges.diff.exchanges import Diff, compared, pair_of
from tui.screens.overlay import Overlay
from tui.text import clean, clock_time, counted
from tui.widgets.body.body_diff import DiffLines
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.log.exchange_row import keep_end, target

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
    """Compares in a thread, and large bodies apart: neither keys nor closing wait for it."""

    HELP = (
        "What is different between two calls, place by place: ~ what changed, + what came, - what went. Items of lists "
        "are matched by their id or key. A poll that only asks from a later time counts as expected. To "
        "compare any two calls, mark both (m) in the log."
    )

    class Compared(Message):
        """The comparison is there."""

        def __init__(self, diff: Diff) -> None:
            super().__init__()
            self.diff = diff

    def __init__(self, exchanges: ExchangeLog, before: int, now: int) -> None:
        super().__init__()
        self._exchanges = exchanges
        pair = exchanges.exchange(before), exchanges.exchange(now)
        self._lent = exchanges.lend(*pair)
        self._before, self._now = (self._lent.get(each.id) or each for each in pair)
        self._end_renewals: Callable[[], None] | None = None
        self._comparing = Comparing()

    def compose(self) -> ComposeResult:
        """Yield which calls, how much differs, and what."""
        with Vertical(classes="box full", id="diff") as box:
            box.border_title = f"Call {self._before.id} and call {self._now.id}"
            yield Static(self._which(), id="diff-calls")
            yield Static("Comparing…", id="diff-count", classes="muted")
            yield DiffLines()
        yield KeyLine()

    def on_mount(self) -> None:
        """Compare beside the keys, and again when a secret is taken out of one of the calls."""
        self._end_renewals = self._exchanges.on_renewed(self._renewed)
        self._compare()

    def on_unmount(self) -> None:
        """Stop listening and comparing."""
        self._comparing.stop()
        if self._end_renewals is not None:
            self._end_renewals()

    def _renewed(self) -> None:
        before, now = (self._lent.get(each.id) or each for each in (self._before, self._now))
        if (before, now) != (self._before, self._now):
            self._before, self._now = before, now
            self.query_one("#diff-calls", Static).update(self._which())
            self._compare()

    def _compare(self) -> None:
        self._comparing.stop()
        before, now, comparing = self._before, self._now, Comparing()
        self._comparing = comparing

        def work() -> None:
            with suppress(StoppedError):
                self.post_message(self.Compared(compared(before, now, comparing)))

        self.run_worker(work, thread=True, exclusive=True, group="diff")

    def on_diff_screen_compared(self, message: Compared) -> None:
        """Show what differs."""
        message.stop()
        if message.diff.before is not self._before or message.diff.now is not self._now:
            return  # of calls as they were before
        count, expected = message.diff.changes, message.diff.expected
        besides = f" besides {expected} expected" if expected else ""
        told = f"{counted(count, 'difference')}{besides}:  ~ changed  + came  - went"
        if not count:
            told = "Nothing differs but the time that was asked for." if expected else "Nothing differs."
        self.query_one("#diff-count", Static).update(Content(told))
        self.query_one(DiffLines).show(message.diff.parts)

    def _which(self) -> Content:
        now = self._now
        times = f"  {clock_time(self._before.started_at)} → {clock_time(now.started_at)}"
        return Content(f"{clean(now.method, limit=10)} {keep_end(target(now.url)[0], _PATH)}{times}")
