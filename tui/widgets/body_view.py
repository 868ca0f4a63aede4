"""One message of an exchange as rows: first line, headers, body; pretty or raw. Large bodies are read in a thread."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.exchanges.model import Body
from tui.widgets.exchange_head import Row, fold
from tui.widgets.exchange_text import BodyRows, FormRows, TextRows
from tui.widgets.json_view import JsonRows
from tui.widgets.lines import LineView

Head = Callable[[int, bool], list[Row]]
"""Makes the rows above the body from a width and whether they should be pretty."""

FIRST_ROWS: Final = 500
"""Rows found before anything is drawn; the rest of a large body follows from a thread."""

SLICE_ROWS: Final = 20_000
_PARTS: Final = ("text", "key", "string", "number", "constant", "punctuation", "note", "error", "title")


def rows_of(body: Body, width: int, *, pretty: bool) -> BodyRows:
    """Return the rows of ``body``: JSON, form or text by its type, by its first byte where the type says nothing."""
    kind = body.content_type.lower()
    if pretty and ("json" in kind or (not kind and body.data.lstrip()[:1] in (b"{", b"["))):
        return JsonRows(body.data, width, truncated=body.truncated)
    if pretty and "x-www-form-urlencoded" in kind:
        return FormRows(body.data, width)
    return TextRows(body.data, width)


class BodyView(LineView):
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
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"body-view--{part}" for part in _PARTS}
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
        self._head: list[Row] = []
        self._rows: BodyRows = TextRows(b"", 80)
        self._made_for = 0

    def show(self, body: Body, *, head: Head | None = None, note: str = "") -> None:
        """Show ``body`` from its beginning, under the rows of ``head`` and the sentence ``note``."""
        self._body, self._note = body, note
        self._make_head = head or (lambda _width, _pretty: [])
        self._made_for = 0
        self._make_rows()
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def row_count(self) -> int:
        """Rows of head and body found so far."""
        return len(self._head) + len(self._rows)

    @property
    def complete(self) -> bool:
        """Whether every row of the body has been found."""
        return self._rows.done

    def resized(self) -> None:
        """Wrap anew at a new width."""
        if self.row_width != self._made_for:
            self._make_rows()
        super().resized()

    def on_unmount(self) -> None:
        """End the thread."""
        self._rows = TextRows(b"", 80)

    def watch_pretty(self) -> None:
        """Show the other form from its beginning."""
        self._make_rows()
        self.scroll_to(y=0, animate=False, force=True)

    def _make_rows(self) -> None:
        width = self.row_width
        if width <= 0:
            return
        self._made_for = width
        rows = rows_of(self._body, width, pretty=self.pretty)
        rows.feed(FIRST_ROWS)
        self._use(rows)
        if not self._rows.done:
            self.run_worker(self._finder(self._rows), thread=True, exclusive=True, group="body-rows")

    def _use(self, rows: BodyRows) -> None:
        """Draw ``rows``, or the raw text with the reason when they turned out not to fit the body."""
        fault, width = rows.fault, self._made_for
        if fault:
            rows = TextRows(self._body.data, width)
            rows.feed(FIRST_ROWS)
        self._rows = rows
        self._head = self._make_head(width, self.pretty)
        if self._head:
            self._head.append([])
        for sentence in (self._note, f"{fault} Shown raw." if fault else ""):
            if sentence:
                self._head += fold("", sentence, "note", width)
        self.rows_changed(0)
        self.refresh()

    def _finder(self, rows: BodyRows) -> Callable[[], None]:
        def find() -> None:
            while not rows.done and self._rows is rows:
                rows.feed(SLICE_ROWS)
                self.post_message(self._RowsFound(rows))

        return find

    def on_body_view__rows_found(self, message: _RowsFound) -> None:
        """Take in the rows a thread found, unless something else is shown by now."""
        message.stop()
        if message.rows is not self._rows:
            return
        if message.rows.fault:
            self._use(message.rows)
            if not self._rows.done:
                self.run_worker(self._finder(self._rows), thread=True, exclusive=True, group="body-rows")
        else:
            self.rows_changed(max(0, self.virtual_size.height - 1))

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw a row of the head or of the body."""
        del width
        at = index - len(self._head)
        parts = self._head[index] if at < 0 else self._rows.parts(at)
        style = self.get_component_rich_style
        return Strip([Segment(text, style(f"body-view--{kind}")) for text, kind in parts])

    def row_joiner(self, index: int) -> str:
        """Return nothing between rows of one wrapped line."""
        following = index + 1 - len(self._head)
        return "" if 0 < following < len(self._rows) and self._rows.continues(following) else "\n"
