"""Rows of a body with what is looked for in them: the next place, the place before, how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui.widgets.body import body_search
from tui.widgets.body.body_search import Places, spans, turn_of
from tui.widgets.body.exchange_text import BodyRows, TextRows
from tui.widgets.body.json_folds import Folding, unfold_around
from tui.widgets.body.json_view import JsonRows
from tui.widgets.lines import VirtualLines

if TYPE_CHECKING:
    from tui.widgets.body.exchange_head import Row


class Found(Message):
    """A thread has looked through more rows."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.places = places


class BodyFinding(VirtualLines):
    """A head and the rows of a body that are not folded away, with a cursor row that goes to what is looked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="body.search", tooltip="Find text in this body"),
        Binding("n", "found(1)", "Next", id="body.next", tooltip="Go to the next place found"),
        Binding("N", "found(-1)", "Previous", id="body.previous", tooltip="Go to the place found before"),
    ]

    class SearchRequested(Message):
        """The person wants to type what to find."""

    class Told(Message):
        """What there is to say about the search has changed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._head: list[Row] = []
        self._rows: BodyRows = TextRows(b"", 80)
        self._folding = Folding()
        self._flags = bytearray()
        """By the number of an object or list: 1 where it is folded."""
        self._places: Places | None = None
        self._here = -1
        """The index of the place where the person is, -1 for none yet."""
        self._from = 0
        """The row from which on the first place is wanted."""
        self._passed = ""
        self._working = False

    @property
    def row_count(self) -> int:
        """Rows of head and body found so far, but those folded away."""
        return len(self._head) + len(self._rows) - self._folding.hidden

    @property
    def following(self) -> bool:
        """A body is read from its beginning: new rows never take the cursor with them."""
        return False

    def _row_at(self, index: int) -> int:
        """Return the row of the body that is drawn as ``index``, -1 for one of the head."""
        at = index - len(self._head)
        return self._folding.row_at(at) if at >= 0 else -1

    @property
    def finding(self) -> str:
        """What there is to say about the search: ``3 of 17``; nothing where nothing is looked for."""
        places = self._places
        if places is None:
            return ""
        count = f"{len(places.found):,}{'+' if places.full else '' if places.done else '…'}"
        if not places.found:
            return "not found" if places.done else "looking…"
        return f"{self._here + 1 or '–':,} of {count}{self._passed}" if self._here >= 0 else f"– of {count}"

    def search(self, text: str) -> None:
        """Look for ``text`` in the body from the row that is read on; nothing ends the search."""
        if self._places is None:
            self._from = self._row_read()
        self._look(text)

    def _row_read(self) -> int:
        return max(0, self._row_at(min(self.cursor, max(0, self.row_count - 1))))

    def _look(self, text: str) -> None:
        self._here, self._passed = -1, ""
        places = Places(self._rows, text) if text else None
        if places is not None:
            places.advance(2 * body_search.STRETCH)  # before a thread can know of it
        self._places = places
        self._go_to_first()
        self._work()
        self.refresh()
        self.refresh_bindings()
        self.post_message(self.Told())

    def _work(self) -> None:
        """Look further beside the keys."""

    def on_found(self, message: Found) -> None:
        """Take in what a thread found, unless something else is looked for by now."""
        message.stop()
        if message.places is self._places:
            self._go_to_first()
            self.post_message(self.Told())

    def _go_to_first(self) -> None:
        """Go to the first place from where the search began, or around the end to the very first."""
        places = self._places
        if self._here >= 0 or places is None or not places.found:
            return
        at = body_search.first_from(places.found, self._from)
        if at < len(places.found):
            self._go(at)
        elif places.done:
            self._go(0, passed=" · from the top again")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the next place only where something is looked for."""
        return self._places is not None if action == "found" else super().check_action(action, parameters)

    def action_search(self) -> None:
        """Ask for the text to find, from here on."""
        self._from = self._row_read()
        self.post_message(self.SearchRequested())

    def action_found(self, step: int) -> None:
        """Go to the next place, or to the one before, around the ends once all is looked through."""
        places = self._places
        if places is None or not places.found:
            return
        found, row = places.found, self._row_at(self.cursor)
        on_it = self._here >= 0 and self._folding.place_of(found[self._here]) == self._folding.place_of(max(0, row))
        if on_it:
            at = self._here + step
        else:
            at = body_search.first_after(found, row) if step > 0 else body_search.last_before(found, max(0, row))
        if 0 <= at < len(found):
            self._go(at)
        elif places.done:
            self._go(at % len(found), passed=" · from the top again" if step > 0 else " · from the end again")
        else:
            self._passed = " · still looking"
        self.post_message(self.Told())

    def _go(self, at: int, passed: str = "") -> None:
        places, rows = self._places, self._rows
        if places is None:
            return
        self._here, self._passed = at, passed
        row = places.found[at]
        if isinstance(rows, JsonRows) and unfold_around(rows, self._flags, row):
            self._refold(row)
        else:
            self._come_to(len(self._head) + self._folding.place_of(row))
        self.refresh()

    def _come_to(self, index: int) -> None:
        """Put the cursor on a row; where that is not in view, with some rows above it and more below."""
        top, height = self.scroll_offset.y, self.page_height
        if not top <= index < top + height - (index + 1 < self.row_count):
            self.scroll_to(y=index - height // 3, animate=False, force=True)
        self.cursor = index
        self.show_row(index)

    def _refold(self, row: int) -> None:
        """Show what is folded by now and put the cursor on ``row``."""
        del row

    def _with_places(self, strip: Strip, row: int) -> Strip:
        """Mark what is found in ``row``; the place where the person is looks different."""
        places = self._places
        if places is None or row >= len(self._rows):
            return strip
        here = (places.found[self._here], turn_of(places.found, self._here)) if self._here >= 0 else (-1, -1)
        text, indent = self._rows.text(row), self._rows.indent(row)
        for span in spans(self._rows, row, places.text):
            name = "here" if (span.row, span.turn) == here else "found"
            start = indent + cell_len(text[: span.start])
            end = start + cell_len(text[span.start : span.end])
            style = self.get_component_rich_style(f"body-view--{name}", partial=True)
            before, after = strip.crop(0, start), strip.crop(end)
            strip = Strip.join([before, strip.crop(start, end).apply_style(style), after])
        return strip
