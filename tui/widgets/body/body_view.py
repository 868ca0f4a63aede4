"""One message of an exchange as rows: first line, headers, body; pretty or raw. Large bodies are read in a thread."""

import textwrap
from collections.abc import Callable
from typing import Any, ClassVar, Final

from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.exchanges.model import Body
from tui.widgets.body.body_finding import Found
from tui.widgets.body.body_folding import BodyFolding
from tui.widgets.body.body_search import Places
from tui.widgets.body.body_turns import giving_way
from tui.widgets.body.exchange_head import Row, fold
from tui.widgets.body.exchange_text import BodyRows, FormRows, TextRows
from tui.widgets.body.json_folds import Folding, container_at
from tui.widgets.body.json_view import JsonRows

Head = Callable[[int, bool], list[Row]]
"""Makes the rows above the body from a width and whether they should be pretty."""

_BLANK: Final = 1024
"""Bytes of space that JSON without a type may begin with."""
FIRST_ROWS: Final = 500
"""Rows found before anything is drawn; the rest of a large body follows from a thread."""
FIRST_BYTES: Final = 128 * 1024
"""Bytes looked at before anything is drawn, however long the lines are."""

SLICE_ROWS: Final = 500
"""Rows that the thread finds or looks through at a time."""
TOLD_ROWS: Final = 20_000
"""Rows after which the thread tells how far it is."""

_PARTS: Final = ("text", "key", "string", "number", "constant", "punctuation", "note", "error", "title")


def rows_of(body: Body, width: int, *, pretty: bool) -> BodyRows:
    """Return the rows of ``body``: JSON, form or text by its type, by its first byte where the type says nothing."""
    kind = body.content_type.lower()
    if pretty and ("json" in kind or (not kind and body.data[:_BLANK].lstrip()[:1] in (b"{", b"["))):
        return JsonRows(body.data, width, truncated=body.truncated)
    if pretty and "x-www-form-urlencoded" in kind:
        return FormRows(body.data, width)
    return TextRows(body.data, width)


class BodyView(BodyFolding):
    """Shows a `Body` under a head. Nothing of it is ever cut off at the right: rows wrap at the width."""

    DEFAULT_CSS = """
    BodyView {
        height: 1fr;
        padding: 0 1;
        background: $surface;
        & > .body-view--key { color: $text-primary; }
        & > .body-view--text, & > .body-view--string { color: $text; }
        & > .body-view--number { color: $text-accent; }
        & > .body-view--constant { color: $text-secondary; text-style: italic; }
        & > .body-view--punctuation { color: $text-muted; }
        & > .body-view--note { color: $text-warning; }
        & > .body-view--error { color: $text-error; }
        & > .body-view--title { color: $text; text-style: bold; }
        & > .body-view--found { text-style: underline; background: $warning-muted; }
        & > .body-view--here { text-style: bold reverse; }
        & > .body-view--cursor { background: $block-cursor-blurred-background; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"body-view--{part}" for part in _PARTS),
        *("body-view--found", "body-view--here", "body-view--cursor"),
    }
    ALLOW_SELECT = True

    pretty: reactive[bool] = reactive(True, init=False)
    """Indented and decoded, or exactly as received."""

    class _RowsFound(Message):
        """The thread has found more rows."""

        def __init__(self, rows: BodyRows) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._body = Body()
        self._note = ""
        self._make_head: Head = lambda _width, _pretty: []
        self._made_for = 0

    def show(self, body: Body, *, head: Head | None = None, note: str = "") -> None:
        """Show ``body`` from its beginning, under the rows of ``head`` and the sentence ``note``."""
        self._body, self._note = body, note
        self._make_head = head or (lambda _width, _pretty: [])
        self._made_for = 0
        self._flags = bytearray()
        self._begin_again()

    @property
    def complete(self) -> bool:
        """Whether every row of the body has been found."""
        return self._rows.done

    def resized(self) -> None:
        """Wrap anew at a new width."""
        if self.row_width != self._made_for:
            self._make_rows(self._row_at(self.cursor))
        super().resized()

    def on_unmount(self) -> None:
        """End the thread."""
        self._rows = TextRows(b"", 80)
        self._places = None

    def watch_pretty(self) -> None:
        """Show the other form from its beginning."""
        self._begin_again()

    def _begin_again(self) -> None:
        self._make_rows()
        self.cursor = 0
        self.scroll_to(y=0, animate=False, force=True)
        if self._places is not None:
            self._from = 0
            self._look(self._places.text)

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self.refresh_lines(self.cursor)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh_lines(self.cursor)

    def _make_rows(self, row: int = 0) -> None:
        """Make the rows for the width of now; with folds in them the cursor is on ``row`` then."""
        width = self.row_width
        if width <= 0:
            return
        self._made_for = width
        rows = rows_of(self._body, width, pretty=self.pretty)
        rows.feed(FIRST_ROWS, FIRST_BYTES)
        self._use(rows, row)

    def _use(self, rows: BodyRows, row: int = 0) -> None:
        """Draw ``rows``, or the raw text with the reason when they turned out not to fit the body."""
        fault, width = rows.fault, self._made_for
        if fault:
            rows = TextRows(self._body.data, width)
            rows.feed(FIRST_ROWS, FIRST_BYTES)
        self._rows, self._folding = rows, Folding()
        self._head = self._make_head(width, self.pretty)
        if self._head:
            self._head.append([])
        for sentence in (self._note, f"{fault} Shown raw." if fault else ""):
            for line in textwrap.wrap(sentence, width):
                self._head += fold("", line, "note", width)
        self.rows_changed(0)
        self.refresh()
        if rows.done and 1 in self._flags:
            self._refold(row)
        self._places = Places(rows, self._places.text) if self._places else None
        self._work()
        self.refresh_bindings()

    def _work(self) -> None:
        """Find rows and places in a thread, while there are any to find."""
        if not self._working and not (self._rows.done and (self._places is None or self._places.done)):
            self._working = True
            self.run_worker(self._worker(), thread=True, group="body-rows")

    def _worker(self) -> Callable[[], None]:
        give_way = giving_way()

        def work() -> None:
            told = 0
            while True:
                rows, places = self._rows, self._places
                if places is not None and places.rows is rows and places.advance(SLICE_ROWS):
                    if places.done or places.looked // TOLD_ROWS != told:
                        told = places.looked // TOLD_ROWS
                        self.post_message(Found(places))
                elif not rows.done:
                    before = len(rows)
                    rows.feed(SLICE_ROWS)
                    if rows.done or before <= FIRST_ROWS or len(rows) // TOLD_ROWS != before // TOLD_ROWS:
                        self.post_message(self._RowsFound(rows))
                else:
                    break
                give_way()
            self.post_message(self._Ended())

        return work

    class _Ended(Message):
        """The thread has nothing left to do."""

    def on_body_view__ended(self, message: _Ended) -> None:
        """Start again where something came up while the thread ended."""
        message.stop()
        self._working = False
        self._work()

    def on_body_view__rows_found(self, message: _RowsFound) -> None:
        """Take in the rows a thread found, unless something else is shown by now."""
        message.stop()
        if message.rows is not self._rows:
            return
        if message.rows.fault:
            self._use(message.rows)
        else:
            self.rows_changed(max(0, self.virtual_size.height - 1))
            if message.rows.done and 1 in self._flags:
                self._refold(self._row_at(self.cursor))

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw a row of the head or of the body."""
        row, rows = self._row_at(index), self._rows
        if row < 0:
            parts = self._head[index]
        elif isinstance(rows, JsonRows) and self._folding.folds(row):
            parts = rows.folded_parts(container_at(rows, row))
        else:
            parts = rows.parts(row)
        style = self.get_component_rich_style
        strip = Strip([Segment(text, style(f"body-view--{kind}")) for text, kind in parts])
        if row >= 0:
            strip = self._with_places(strip, row)
        if index == self.cursor and self.has_focus:
            cursor = style("body-view--cursor")
            strip = strip.extend_cell_length(width, cursor).apply_style(cursor)
        return strip

    def row_text(self, index: int) -> str:
        """Return the text of row ``index`` for a mouse selection."""
        row = self._row_at(index)
        if row < 0 or self._folding.folds(row):
            return super().row_text(index)
        return " " * self._rows.indent(row) + self._rows.text(row)

    def row_joiner(self, index: int) -> str:
        """Return nothing between rows of one wrapped line."""
        following = self._row_at(index) + 1
        return "" if 0 < following < len(self._rows) and self._rows.continues(following) else "\n"
