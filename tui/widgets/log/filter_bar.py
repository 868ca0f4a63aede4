"""The filter of the log: a field, and below it what could be typed next or what is wrong and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from rich.highlighter import Highlighter
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.text import clean
from tui.widgets.filter_field import FilterField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.text import Text
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.exchanges.filter.complete import Candidate
    from tui.exchanges.filter.error import FilterError
    from tui.exchanges.filter.language import Filter
    from tui.widgets.lines import VirtualLines

_SOON: Final = 0.05
"""Seconds without a key after which a filter of entries is applied."""
_LATER: Final = 0.3
"""The same for a filter that reads bodies: half a word finds much, and nobody wants it."""
_GAP: Final = 3


class Fault(Highlighter):
    """Underlines the term at fault."""

    def __init__(self) -> None:
        self.span: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        """Underline it."""
        if self.span is not None:
            text.stylize("underline bold", *self.span)


class LogFilterField(FilterField):
    """The field. Tab takes what is offered; the rows above and below stay a key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "Complete", id="filter.take", tooltip="Take the first word offered"),
        Binding("enter", "leave", "To the list", id="filter.enter", tooltip="Go to the calls that fit"),
        Binding("escape", "leave(True)", "Leave", id="filter.leave", tooltip="Leave the field; the filter stays"),
        Binding("up", "row('up')", show=False, id="filter.up", tooltip="One row up"),
        Binding("down", "row('down')", show=False, id="filter.down", tooltip="One row down"),
        Binding("pageup", "row('pageup')", show=False, id="filter.page_up", tooltip="One page up"),
        Binding("pagedown", "row('pagedown')", show=False, id="filter.page_down", tooltip="One page down"),
    ]

    class Left(Message):
        """The person goes on in the list; ``anyway`` whatever is in the field."""

        def __init__(self, *, anyway: bool) -> None:
            super().__init__()
            self.anyway = anyway

    class Taken(Message):
        """The person wants the first candidate."""

    def __init__(self, entries: VirtualLines) -> None:
        self.fault = Fault()
        super().__init__(
            placeholder='status:>=400  path:Jobs  body:"text"  slow:>1s  !poll', compact=True, highlighter=self.fault
        )
        self.can_focus = False  # while it is hidden
        self.offers = False
        """Whether Tab would take something."""
        self._entries = entries

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Tab alone where nothing is offered."""
        return self.offers if action == "take" else super().check_action(action, parameters)

    def action_take(self) -> None:
        """Take the first candidate."""
        self.post_message(self.Taken())

    def action_leave(self, anyway: bool = False) -> None:
        """Go on in the list."""
        self.post_message(self.Left(anyway=anyway))

    def action_row(self, key: str) -> None:
        """Move the cursor of the list."""
        moves = {"up": self._entries.action_up, "down": self._entries.action_down}
        move = moves.get(key)
        if move is not None:
            move()
        else:
            self._entries.action_page(1 if key == "pagedown" else -1)


class FilterBar(Widget):
    """Reads what is typed. A text that can't be read changes nothing but what is said about it."""

    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        layout: vertical;
        background: $panel;
        & > LogFilterField { height: 1; border: none; padding: 0 1; background: $panel; }
        & > LogFilterField:focus { background: $primary 18%; }
        & > #filter-hint { display: none; height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
        &.-typing > #filter-hint, & > #filter-hint.-wrong { display: block; }
    }
    """

    class Applied(Message):
        """The rows should fit ``wanted`` from now on; ``None`` for all."""

        def __init__(self, wanted: Filter | None) -> None:
            super().__init__()
            self.wanted = wanted

    class Edited(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The person goes on in the list."""

    def __init__(self, entries: VirtualLines) -> None:
        super().__init__()
        self.field = LogFilterField(entries)
        self.known: Mapping[str, Sequence[str]] = {}
        """Values that stand in the log, by the name of their term."""
        self._applied = ""
        self._wanted: Filter | None = None
        self._error: FilterError | None = None
        self._candidates: list[Candidate] = []
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        """Yield the field above its hint."""
        yield self.field
        yield Static(id="filter-hint", markup=False)

    def on_mount(self) -> None:
        """Follow the cursor of the field: what is offered depends on it."""
        self.watch(self.field, "selection", self._say, init=False)

    @property
    def text(self) -> str:
        """What is in the field."""
        return self.field.value

    def clear(self) -> None:
        """Empty the field; every call is shown again."""
        self.field.value = ""
        self._read()
        self._apply()

    def begin(self, text: str) -> None:
        """Take up a filter that was typed before, on another screen."""
        self.field.value = text
        self._read()
        self._apply()

    @on(LogFilterField.Changed)
    def _changed(self, event: LogFilterField.Changed) -> None:
        event.stop()
        self._read()
        self.post_message(self.Edited(self.text))
        if self._due is not None:
            self._due.stop()
            self._due = None
        if not self._half_a_name:
            self._due = self.set_timer(_LATER if self._wanted is not None and self._wanted.deep else _SOON, self._apply)

    @property
    def _half_a_name(self) -> bool:
        """Whether the word at the cursor may become a term: as a text it is looked for only when the field is left."""
        return self.field.offers and self.text[self._candidates[0].start : self.field.cursor_position].isalpha()

    def _read(self) -> None:
        from tui.exchanges.filter.error import FilterError
        from tui.exchanges.filter.language import parse

        try:
            wanted = parse(self.text)
        except FilterError as error:
            self._error = error
            self.field.fault.span = (error.start, error.end)
        else:
            self._error = None
            self.field.fault.span = None
            self._wanted = None if wanted.empty else wanted
        self._say()

    def _apply(self) -> None:
        text = self.text
        if self._error is None and text != self._applied:
            self._applied = text
            self.post_message(self.Applied(self._wanted))

    def _say(self) -> None:
        """Say what could come next, or what is wrong."""
        from tui.exchanges.filter.complete import complete

        text, cursor, error = self.text, self.field.cursor_position, self._error
        found = complete(text, cursor, self.known)
        begun = bool(found) and (found[0].start < cursor or found[0].end > cursor)
        wrong = error is not None and not (begun and self.field.has_focus and error.end >= found[0].start)
        self._candidates = found
        offers = begun and not wrong
        if offers != self.field.offers:
            self.field.offers = offers
            self.refresh_bindings()
        self.field.refresh()
        hint = self.query_one("#filter-hint", Static)
        hint.set_class(wrong, "-wrong")
        hint.update(self._fault(error) if error is not None and wrong else self._offer(offers))

    def _offer(self, takes: bool) -> Content:
        """Return the candidates that have room, the first with its meaning."""
        room = self.size.width - 3
        parts: list[Content | str | tuple[str, str]] = []
        if takes:
            first = self._candidates[0]
            parts = [(" Tab ", "bold reverse"), f" {clean(first.text)}", (f" {first.summary}", "$foreground-muted")]
        elif self._candidates:
            parts = [("Terms:", "$foreground-muted")]
        taken = Content.assemble(*parts).cell_length
        for candidate in self._candidates[1 if takes else 0 :]:
            word = clean(candidate.text)
            taken += _GAP + cell_len(word)
            if taken > room:
                break
            parts.append(f"{' ' * _GAP}{word}")
        typed = self.text[self._candidates[0].start : self.field.cursor_position] if self._half_a_name else ""
        enter = f"{' ' * _GAP}Enter finds “{typed}”" if typed else ""
        if enter and taken + cell_len(enter) <= room:
            parts.append((enter, "$foreground-muted"))
        return Content.assemble(*parts) if parts else Content(" ")

    def _fault(self, error: FilterError) -> Content:
        """Return what is wrong, below its term where there is room."""
        said = Content.assemble(
            ("✘ ", "$text-error"), (clean(error.wrong), "$text-error"), (f". {clean(error.possible)}", "$foreground")
        )
        under = cell_len(self.text[: error.start]) - self.field.scroll_offset.x
        indent = max(0, min(under, self.size.width - 2 - said.cell_length))
        return Content.assemble(" " * indent, said)

    @on(LogFilterField.Taken)
    def _take(self, event: LogFilterField.Taken) -> None:
        event.stop()
        if self._candidates:
            first = self._candidates[0]
            whole = "" if first.text.endswith(":") or self.text[first.end :].strip() else " "
            self.field.value = f"{self.text[: first.start]}{first.text}{whole}{self.text[first.end :]}"
            self.field.cursor_position = first.start + len(first.text) + len(whole)

    @on(LogFilterField.Left)
    def _leave(self, event: LogFilterField.Left) -> None:
        event.stop()
        if self._error is None:
            self._apply()
        elif not event.anyway:
            hint = self.query_one("#filter-hint", Static)
            hint.set_class(True, "-wrong")
            hint.update(self._fault(self._error))
            return
        self.post_message(self.Left())

    def on_resize(self) -> None:
        """Offer as much as there is room for."""
        self._say()

    def on_descendant_focus(self) -> None:
        """Offer what fits the place."""
        self.add_class("-typing")
        self._say()

    def on_descendant_blur(self) -> None:
        """Keep saying what is wrong, if anything is; else what is typed counts, whatever took the keys away."""
        self.remove_class("-typing")
        self._say()
        self._apply()
