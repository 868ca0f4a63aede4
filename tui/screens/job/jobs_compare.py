"""Over the job: its inputs and outputs beside those of the run before, what differs marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.compare import Comparison, Difference, compared
from tui.screens.overlay import Overlay
from tui.text import day_and_time
from tui.widgets.content import state_content
from tui.widgets.key_line import KeyLine
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Job
    from tui.flow.states import PreviousRun

CHANGED = "≠"
SAME = "="
NOTHING = "Neither run has inputs or outputs."


class ComparedRows(Rows):
    """One argument a row: mark, kind, name, value before, value now. The mark and the kind are never cut."""

    RIGID = 2

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no opening: the marked argument is shown in full already."""
        return False if action == "open" else super().check_action(action, parameters)


class CompareScreen(Overlay[None]):
    """Two runs side by side; the marked argument in full below."""

    AUTO_FOCUS = "ComparedRows"

    def __init__(self, previous: PreviousRun, now: Job) -> None:
        super().__init__()
        before = previous.job
        self._now = now
        self._failure = previous.failure
        self._found = compared(before, now) if before is not None else None
        self._all: tuple[tuple[str, Difference], ...] = ()
        if self._found is not None:
            inputs = [("in", each) for each in self._found.inputs]
            outputs = [("out", each) for each in self._found.outputs]
            self._all = (*inputs, *outputs)

    def compose(self) -> ComposeResult:
        """Yield which runs, the arguments, and the marked one."""
        with Vertical(classes="box full") as box:
            box.border_title = "Compared with the run before"
            yield Static(self._headline(), id="compare-head", markup=False)
            yield ComparedRows(id="compare-rows")
            yield Static(id="compare-detail", classes="apart", markup=False)
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Show the arguments, the first that differs marked."""
        lines = self.query_one(ComparedRows)
        rows = [(CHANGED if each.changed else SAME, kind, each.name, each.before, each.now) for kind, each in self._all]
        first = next((place for place, (_, each) in enumerate(self._all) if each.changed), 0)
        lines.display = bool(rows)
        if rows:
            lines.set_rows(rows, first)
        self._detail(first)

    def _headline(self) -> Content:
        if self._failure is not None:
            return Content.assemble(("✘ ", "bold $error"), str(self._failure))
        if self._found is None:
            return Content(f"There is no run of {self._now.release_name} before job {self._now.id}.")
        return _headline(self._found)

    def _detail(self, index: int) -> None:
        if not self._all:
            self.query_one("#compare-detail", Static).update(NOTHING if self._found is not None else "")
            return
        _, each = self._all[index]
        text = Content.assemble((each.name, "bold"), "\nbefore  ", each.before, "\nnow     ", each.now)
        self.query_one("#compare-detail", Static).update(text)

    @on(Rows.Marked)
    def _marked(self, message: Rows.Marked) -> None:
        self._detail(message.index)


def _headline(found: Comparison) -> Content:
    before, now = found.before, found.now
    return Content.assemble(
        "before  ", (str(before.id), "bold"), "  ", state_content(before.state),
        f"  {day_and_time(before.creation_time)}\nnow     ", (str(now.id), "bold"), "  ", state_content(now.state),
        f"  {day_and_time(now.creation_time)}\n", (found.summary, "bold"),
    )  # fmt: skip
