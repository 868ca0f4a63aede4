"""What the steps share in which one row of a long list is picked: further pages, the count, list or detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.content import Content

from tui.flow.events import JobsRequested, MoreRequested
from tui.flow.state import State
from tui.screens.step import StepScreen
from tui.widgets.picker import Picker

if TYPE_CHECKING:
    from tui.flow.effects import Effect

S = TypeVar("S", bound=State)


class ListStep(StepScreen[S]):
    """A picker with the detail of the marked row beside it. ``DETAIL`` is the detail's selector."""

    DETAIL: ClassVar[str] = ""
    AUTO_FOCUS = "Picker #picker-filter"

    def count(self, fitting: int) -> None:
        """Show how many rows there are, of which ``fitting`` fit what is typed; each list in its own words."""

    def detail(self) -> None:
        """Show what is known of the marked row; each list in its own way."""

    @property
    def has_more(self) -> bool:
        """Whether the server has rows that are not loaded."""
        return False

    def awaits(self, effect: Effect) -> bool:
        """Tell whether a person waits: not for the next page, nor for the list to be renewed."""
        return super().awaits(effect) and not (getattr(effect, "skip", 0) or getattr(effect, "quiet", False))

    def action_jobs(self) -> None:
        """List the recent jobs."""
        self.happened(JobsRequested())

    @on(Picker.Filtered)
    def _filtered(self, message: Picker.Filtered) -> None:
        self.count(message.fitting)

    @on(Picker.Marked)
    def _mark(self) -> None:
        self.detail()

    @on(Picker.EndReached)
    def _end(self) -> None:
        if not self.query_one(Picker).text and self.has_more:
            self.happened(MoreRequested())

    def action_toggle_detail(self) -> None:
        """Show the detail instead of the list, where there is no room for both."""
        self.toggle_class("-detail")
        shown = self.DETAIL if self.has_class("-detail") else "#picker-filter"
        self.query_one(shown).focus()


def none_loaded(loaded: int, total: int) -> Content:
    """Return that nothing loaded fits what is typed, and that Enter lets the server look."""
    which, does = (f"{total:,}", "lets the server search")
    if loaded < total:
        which, does = f"the {loaded:,} loaded", f"searches all {total:,}"
    return Content.assemble(f"none of {which} fits · ", (" Enter ", "bold reverse"), f" {does}")
