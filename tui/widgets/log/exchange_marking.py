"""Marks and comments on the rows of the log. Mixed into the list; the marks themselves live with the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.text import clean
from tui.widgets.log.exchange_rows import ExchangeRows

if TYPE_CHECKING:
    from collections.abc import Callable


class ExchangeMarking(ExchangeRows):
    """Rows that can be marked. A fold is marked where one of its exchanges is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "toggle_mark", "Mark", id="exchanges.mark", tooltip="Mark this call, or take its mark away"),
        Binding("M", "comment", "Comment", id="exchanges.comment", tooltip="Mark this call and say why", show=False),
    ]

    class CommentRequested(Message):
        """The person wants to comment on the exchange with this id; ``comment`` is what it has now."""

        def __init__(self, number: int, comment: str) -> None:
            super().__init__()
            self.number = number
            self.comment = comment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._marked: dict[int, tuple[int, ...]] = {}
        """The marked exchanges of each row that has some, by their ids."""
        self._end_marks: Callable[[], None] | None = None

    def follow_marks(self) -> None:
        """Hear of every mark from now on."""
        self._end_marks = self.exchanges.marks.subscribe(self._marks_changed)

    def leave_marks(self) -> None:
        """Hear of no mark any more."""
        if self._end_marks is not None:
            self._end_marks()
            self._end_marks = None

    def rows_renewed(self) -> None:
        """Find which rows hold marked exchanges."""
        found: dict[int, list[int]] = {}
        for number in sorted(self.exchanges.marks):
            row = self.row_of(number)
            if row is not None:
                found.setdefault(row, []).append(number)
        self._marked = {row: tuple(numbers) for row, numbers in found.items()}

    def mark_of_row(self, row: int) -> str | None:
        """Return the newest comment on a marked row, ``None`` where nothing is marked."""
        numbers = self._marked.get(row) if self._marked else None
        if numbers is None:
            return None
        marks = self.exchanges.marks
        return next((marks[number] for number in reversed(numbers) if marks.get(number)), "")

    def _marks_changed(self, number: int, comment: str | None) -> None:
        """Draw the mark; where the filter asks for marks, filter again."""
        del number, comment
        wanted = self.wanted_filter
        if wanted is not None and any(term.name == "mark" for term in wanted.terms):
            self.sift(wanted)
        self.rows_renewed()
        self.refresh()

    def action_toggle_mark(self) -> None:
        """Mark the exchange under the cursor, with the comment it had, or take the marks of its row away."""
        entry = self.highlighted_entry
        if entry is None:
            return
        marks = self.exchanges.marks
        numbers = self._marked.get(self.cursor, ())
        if not numbers:
            marks.restore(entry.id)
            return
        lost = next((marks[number] for number in reversed(numbers) if marks.get(number)), "")
        for number in numbers:
            marks.drop(number)
        if lost:
            self.notify(f"Its comment went with the mark: “{clean(lost, limit=60)}”", markup=False, timeout=3)

    def action_comment(self) -> None:
        """Ask for a comment on the exchange under the cursor, or on the marked one of its row."""
        entry = self.highlighted_entry
        if entry is not None:
            number = self._marked.get(self.cursor, (entry.id,))[-1]
            self.post_message(self.CommentRequested(number, self.exchanges.marks.get(number, "")))
