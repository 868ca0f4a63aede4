"""Rows by the hundred thousand: widgets that draw only the rows in view.

`LineView` scrolls rows of text that can be selected with the mouse. `VirtualLines` adds a cursor row and following the
end. Both know a row only by its index; a subclass says how many there are and draws one.
"""

from typing import Any, ClassVar, Final, cast

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

_VIRTUAL_SIZE: Final = cast("Reactive[Size]", Widget.virtual_size)


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """A scrolling view of rows. Subclasses give `row_count`, `draw_row` and, for selection, `row_text`.

    Only the keys below are bound: left and right stay free for what is around it.
    """

    DEFAULT_CSS = """
    LineView { overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "up", "Up", show=False, id="lines.up", tooltip="One row up"),
        Binding("down", "down", "Down", show=False, id="lines.down", tooltip="One row down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="lines.page_up", tooltip="One page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="lines.page_down", tooltip="One page down"),
        Binding("home", "first", "First", show=False, id="lines.first", tooltip="Go to the first row"),
        Binding("end", "last", "Last", show=False, id="lines.last", tooltip="Go to the last row and follow new ones"),
    ]

    @property
    def row_count(self) -> int:
        """How many rows there are; none unless a subclass says so."""
        return 0

    def draw_row(self, index: int, width: int) -> Strip:
        """Return row ``index`` as a strip; it is cropped or padded to ``width`` cells."""
        del index
        return Strip.blank(width, self.rich_style)

    def row_text(self, index: int) -> str:
        """Return the text of row ``index`` for a mouse selection."""
        return self.draw_row(index, self.row_width).text.rstrip()

    def row_joiner(self, index: int) -> str:
        """Return what separates row ``index`` from the next in selected text."""
        del index
        return "\n"

    @property
    def row_width(self) -> int:
        """Cells a row may use."""
        return self.scrollable_content_region.width

    @property
    def page_height(self) -> int:
        """Rows in view."""
        return max(1, self.scrollable_content_region.height)

    @property
    def at_end(self) -> bool:
        """Whether the last row, as far as it is known to the scroll bar, is in view."""
        return self.scroll_offset.y >= self.virtual_size.height - self.page_height

    def render_line(self, y: int) -> Strip:
        """Draw one row of the window."""
        index = self.scroll_offset.y + y
        width = self.row_width
        if not 0 <= index < self.row_count:
            return self.draw_blank(y, width)
        strip = self.draw_row(index, width)
        strip = self._selected(strip, index).crop_extend(0, width, strip_style(strip, self.rich_style))
        return strip.apply_offsets(0, index) if self.allow_select else strip

    def draw_blank(self, y: int, width: int) -> Strip:
        """Draw line ``y`` of the window where no row is."""
        del y
        return Strip.blank(width, self.rich_style)

    def rows_changed(self, first: int) -> None:
        """Take notice that rows from ``first`` on are new or look different; nothing else is drawn again."""
        old, new = self.virtual_size.height, self.row_count
        if new != old:
            self._resize_rows(new)
        top = self.scroll_offset.y
        begin, end = max(first, top), min(max(old, new), top + self.page_height)
        if begin < end:
            self.refresh_lines(begin, end - begin)  # each line of what is asked for costs, in view or not

    def _resize_rows(self, count: int) -> None:
        size = Size(self.row_width, count)
        height = self.scrollable_content_region.height
        if self.show_vertical_scrollbar and count > height > 0:
            # A layout of the screen for each new row costs more than drawing it; only the scroll bar has to know.
            self.set_reactive(_VIRTUAL_SIZE, size)
            self.vertical_scrollbar.window_virtual_size = count
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        else:
            self.virtual_size = size

    def on_resize(self) -> None:
        """Fit the rows to the new size."""
        self.resized()

    def resized(self) -> None:
        """Fit the virtual width, so that no horizontal scroll bar is ever wanted."""
        self.virtual_size = Size(self.row_width, self.row_count)

    def notify_style_update(self) -> None:
        """Draw again when the theme or the focus changed."""
        super().notify_style_update()
        self.refresh()

    def _selected(self, strip: Strip, index: int) -> Strip:
        if not self.allow_select or (selection := self.text_selection) is None:
            return strip
        if (span := selection.get_span(index)) is None:
            return strip
        start, end = span
        length = strip.cell_length
        end = length if end == -1 else min(end, length)
        if start >= end:
            return strip
        style = self.screen.get_component_rich_style("screen--selection")
        before, middle, after = strip.crop(0, start), strip.crop(start, end), strip.crop(end, length)
        return Strip.join([before, middle.apply_style(Style(bgcolor=style.bgcolor)), after])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text under a mouse selection."""
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self.row_count - 1
        parts: list[str] = []
        for index in range(max(0, first), min(last, self.row_count - 1) + 1):
            if (span := selection.get_span(index)) is not None:
                start, end = span
                text = self.row_text(index)
                parts.append(text[start : None if end == -1 else end])
                parts.append(self.row_joiner(index))
        return "".join(parts[:-1]), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        del selection
        self.refresh()

    def action_up(self) -> None:
        """Scroll one row up."""
        self.scroll_to(y=self.scroll_offset.y - 1, animate=False, force=True)

    def action_down(self) -> None:
        """Scroll one row down."""
        self.scroll_to(y=self.scroll_offset.y + 1, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Scroll by pages, keeping one row of the old page in view."""
        self.scroll_to(y=self.scroll_offset.y + pages * max(1, self.page_height - 1), animate=False, force=True)

    def action_first(self) -> None:
        """Scroll to the first row."""
        self.scroll_to(y=0, animate=False, force=True)

    def action_last(self) -> None:
        """Scroll to the last row."""
        self.scroll_to(y=self.row_count, animate=False, force=True)


def strip_style(strip: Strip, default: Style) -> Style:
    """Return the background that ends ``strip``, to extend it with."""
    last = next(reversed(strip), None)
    return default if last is None or last.style is None else last.style


class VirtualLines(LineView):
    """A `LineView` with a cursor row that follows the end while it stands there.

    New rows never move what is being read: the view moves only when the cursor is on the last row *and* that row is in
    view. Subclasses are told through `row_highlighted` and `row_opened`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="lines.open", tooltip="Open the row under the cursor"),
    ]
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """Index of the cursor row; 0 when there are no rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._following_now = False
        self._height = 0

    def row_highlighted(self, index: int, *, followed: bool) -> None:
        """Hear that the cursor came to a row; ``followed`` when new rows took it there, not the person."""

    def row_opened(self, index: int) -> None:
        """Hear that the person opened a row with Enter or a double click."""

    @property
    def following(self) -> bool:
        """Whether new rows will move the cursor and the view with them."""
        return self.cursor >= self.virtual_size.height - 1 and self.at_end

    def rows_changed(self, first: int) -> None:
        """Take notice of new or changed rows and follow the end if the cursor stands there."""
        followed = self.following
        super().rows_changed(first)
        last = max(0, self.row_count - 1)
        if not followed:
            self.cursor = min(self.cursor, last)
        elif self.cursor != last:
            self._following_now = True
            try:
                self.cursor = last
            finally:
                self._following_now = False
        elif self.row_count and first <= last:
            self.row_highlighted(last, followed=True)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Show the cursor row and tell the subclass."""
        self.refresh_lines(old)
        self.refresh_lines(new)
        self.show_row(new)
        if self.row_count:
            self.row_highlighted(new, followed=self._following_now)

    def show_row(self, index: int) -> None:
        """Scroll as little as possible to have row ``index`` in view."""
        top, height = self.scroll_offset.y, self.page_height
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False, force=True)

    def resized(self) -> None:
        """Keep the cursor row in view when the widget changes its height, if it was in view."""
        top = self.scroll_offset.y
        in_view = self._height == 0 or top <= self.cursor < top + self._height
        self._height = self.page_height
        super().resized()
        if in_view:
            self.show_row(self.cursor)

    def row_at(self, y: int) -> int | None:
        """Return the index of the row drawn at line ``y`` of the widget's content, or ``None``."""
        index = self.scroll_offset.y + y
        return index if 0 <= index < self.row_count else None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a double click opens it."""
        offset = event.get_content_offset(self)
        index = None if offset is None else self.row_at(offset.y)
        if index is not None:
            self.cursor = index
            if event.chain == 2:
                self.row_opened(index)

    def action_up(self) -> None:
        """Move the cursor one row up."""
        self.cursor -= 1

    def action_down(self) -> None:
        """Move the cursor one row down."""
        self.cursor += 1

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages, keeping one row of the old page in view."""
        self.cursor += pages * max(1, self.page_height - 1)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Move the cursor to the last row, to follow the end from there."""
        self.cursor = max(0, self.row_count - 1)
        self.show_row(self.cursor)

    def action_open(self) -> None:
        """Open the cursor row."""
        if self.row_count:
            self.row_opened(self.cursor)
