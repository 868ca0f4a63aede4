"""Type to filter, move, take: a field over a list. Filters in slices beside the keys, so typing never waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.text import counted
from tui.widgets.filter_field import FilterField
from tui.widgets.match import Query, folded, slices
from tui.widgets.rows import Rows, natural_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.clock import Clock

PAUSE = 0.06
"""Seconds of rest between two keys before the filter starts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to pick. ``key`` names it across updates; ``extra`` is searched as well but not shown."""

    key: str
    cells: tuple[str, ...]
    extra: str = ""


class Picker(Widget):
    """A filter field, a counter line and the list. Focus stays in the field while the arrows move the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="picker.up", tooltip="Move to the row above", show=False),
        Binding("down", "move(1)", "Down", id="picker.down", tooltip="Move to the row below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="picker.page_up", tooltip="Move a page up", show=False),
        Binding("escape", "clear", "Show all", id="picker.clear", tooltip="Empty the filter; Esc again goes back"),
        Binding("pagedown", "page(1)", "Page down", id="picker.page_down", tooltip="Move a page down", show=False),
    ]

    class Marked(Message):
        """Another entry is under the cursor; ``index`` counts in the entries given, ``None`` for none."""

        def __init__(self, index: int | None) -> None:
            super().__init__()
            self.index = index

    class Picked(Message):
        """An entry was taken."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class NothingFits(Message):
        """Enter was pressed while no entry fits ``text``."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Filtered(Message):
        """The filter is done: ``fitting`` of the entries fit ``text``."""

        def __init__(self, text: str, fitting: int) -> None:
            super().__init__()
            self.text = text
            self.fitting = fitting

    class EndReached(Message):
        """The end of the list is in view."""

    def __init__(self, clock: Clock, placeholder: str = "type to filter", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._placeholder = placeholder
        self._entries: Sequence[Entry] = ()
        self._texts: list[str] = []
        self._fitting: list[int] = []
        self._natural: list[int] = []
        self._pause: Timer | None = None
        self._typed_in = False
        self._done = ""
        """What the list was filtered for."""
        self._taking = False
        """Whether Enter was pressed before the list was filtered for what is typed."""

    def compose(self) -> ComposeResult:
        """Yield the field, the counter and the list."""
        yield FilterField(placeholder=self._placeholder, compact=True, id="picker-filter")
        yield Static(id="picker-count", markup=False)
        yield Rows(id="picker-rows")

    @property
    def text(self) -> str:
        """What is typed in the field."""
        return self.query_one("#picker-filter", Input).value.strip()

    @property
    def marked(self) -> int | None:
        """Index of the entry under the cursor."""
        cursor = self.query_one(Rows).cursor
        return self._fitting[cursor] if cursor < len(self._fitting) else None

    @property
    def fitting(self) -> int:
        """How many entries fit what is typed."""
        return len(self._fitting)

    def clear(self) -> None:
        """Empty the field."""
        self.query_one("#picker-filter", Input).value = ""

    def action_clear(self) -> None:
        """Empty the field; every entry is shown again."""
        self.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Esc empty a field in which something is typed, unless it stops what is being waited for."""
        if action != "clear":
            return super().check_action(action, parameters)
        return self.is_mounted and bool(self.text) and not self.screen.query("Waiting.-waiting")

    def count(self, text: Content | str, *, whole: bool = False) -> None:
        """Show ``text`` as the counter: in one line, or ``whole``, because it says what to do."""
        counter = self.query_one("#picker-count", Static)
        counter.set_class(whole, "-whole")
        counter.update(text, layout=whole)

    def count_fitting(self, noun: str, told: str = "") -> None:
        """Show how many of the entries fit what is typed; where none does, what to do now. ``told`` follows of all."""
        total, fitting = len(self._entries), len(self._fitting)
        if not self.text:
            self.count(counted(total, noun) + told)
        elif fitting:
            self.count(f"{fitting} of {total}")
        else:
            self.count(Content.assemble(f"none of {total} fits · ", (" Esc ", "bold reverse"), " shows all"))

    def set_entries(self, entries: Sequence[Entry], mark: str = "") -> None:
        """Show other entries; the cursor stays on its entry, or goes to the one whose key is ``mark``."""
        if entries == self._entries:
            return
        current = self.marked
        wanted = self._entries[current].key if current is not None else mark
        self._entries = entries
        self._texts = [folded(" ".join((*entry.cells, entry.extra))) for entry in entries]
        self._natural = natural_widths([entry.cells for entry in entries])
        if self.text:
            self._start(wanted)
        else:
            self._show("", list(range(len(entries))), wanted)

    def _start(self, wanted: str = "") -> None:
        self.run_worker(partial(self._filter, self.text, wanted), group="filter", exclusive=True)

    async def _filter(self, text: str, wanted: str) -> None:
        """Find what fits, giving way to keys between slices."""
        if not text:
            self._show(text, list(range(len(self._entries))), wanted)
            return
        found: list[tuple[int, int]] = []
        for part in slices(Query(text), self._texts):
            found += part
            await self._clock.sleep(0)
        found.sort()
        self._show(text, [index for _, index in found], wanted)

    def _show(self, text: str, fitting: list[int], wanted: str) -> None:
        self._done, self._fitting = text, fitting
        entries = self._entries
        cursor = next((row for row, index in enumerate(fitting) if entries[index].key == wanted), 0) if wanted else 0
        self.query_one(Rows).set_rows([entries[index].cells for index in fitting], cursor, natural=self._natural)
        self.post_message(self.Filtered(self.text, len(fitting)))
        self.post_message(self.Marked(self.marked))
        if self._taking and text == self.text:
            self._taking = False
            self._take()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if bool(message.value) != self._typed_in:  # else no key costs a look at every binding
            self._typed_in = bool(message.value)
            self.refresh_bindings()
        self._taking = False
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._start)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        """Take the marked entry; where what is typed is not filtered for yet, as soon as it is."""
        message.stop()
        if self.text == self._done:
            self._take()
        else:
            self._taking = True
            self._start()

    @on(Rows.Marked)
    def _row_marked(self, message: Rows.Marked) -> None:
        message.stop()
        if not isinstance(message, Rows.Chosen):
            self.post_message(self.Marked(self.marked))

    @on(Rows.Chosen)
    def _row_chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self._take()

    @on(Rows.EndReached)
    def _end(self, message: Rows.EndReached) -> None:
        message.stop()
        self.post_message(self.EndReached())

    def _take(self) -> None:
        index = self.marked
        if index is None:
            self.post_message(self.NothingFits(self.text))
        else:
            self.post_message(self.Picked(index))

    def action_move(self, by: int) -> None:
        """Move the list's cursor."""
        self.query_one(Rows).cursor += by

    def action_page(self, by: int) -> None:
        """Move the list's cursor by pages."""
        self.query_one(Rows).action_page(by)
