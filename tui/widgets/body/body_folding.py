"""Objects and lists of a JSON body, folded and unfolded at their lines; a thread works out what many of them show."""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.body.body_finding import BodyFinding
from tui.widgets.body.body_turns import giving_way
from tui.widgets.body.exchange_text import BodyRows
from tui.widgets.body.json_folds import Folding, container_at
from tui.widgets.body.json_view import JsonRows

FOLDS_AT_ONCE: Final = 2_000
"""Folded objects and arrays whose rows are worked out at once; with more of them a thread does it."""


class BodyFolding(BodyFinding):
    """The cursor row folds what opens in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space", "open", "Fold", id="body.fold", tooltip="Fold or unfold the object or list of this line"
        ),
        Binding(
            "minus", "fold_all(True)", "Fold all", show=False, id="body.fold_all", tooltip="Fold all but the first"
        ),
        Binding("plus", "fold_all(False)", "Unfold all", show=False, id="body.unfold_all", tooltip="Unfold everything"),
    ]

    class _Folded(Message):
        """The thread has worked out what is shown of these rows."""

        def __init__(self, rows: BodyRows, folding: Folding, row: int, asked: int) -> None:
            super().__init__()
            self.rows, self.folding, self.row, self.asked = rows, folding, row, asked

    _asked = 0
    """Counts what was to be worked out: only the last of it is of use."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer folds where the body is JSON, and the next place where something is looked for."""
        if action in ("open", "fold_all"):
            return isinstance(self._rows, JsonRows)
        return super().check_action(action, parameters)

    def row_opened(self, index: int) -> None:
        """Fold or unfold what opens in this line."""
        rows, row = self._rows, self._row_at(index)
        if not isinstance(rows, JsonRows) or row < 0 or (number := container_at(rows, row)) < 0:
            return
        if not rows.closes[number]:
            self.notify("The end of this part is still being read. Try again in a moment.", title="Not yet")
            return
        self._flags.extend(bytes(max(0, len(rows.opens) - len(self._flags))))
        self._flags[number] ^= 1
        self._refold(row)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row and fold or unfold it, unless text was selected."""
        offset = event.get_content_offset(self)
        index = None if offset is None else self.row_at(offset.y)
        if index is not None:
            self.cursor = index
            if self.text_selection is None:
                self.row_opened(index)

    def action_fold_all(self, fold: bool) -> None:
        """Fold every object and list but the outermost, or unfold all."""
        rows = self._rows
        if not isinstance(rows, JsonRows):
            return
        if fold and not rows.done:
            self.notify("This body is still being read. Try again in a moment.", title="Not yet")
            return
        self._flags = bytearray(bytes([fold]) * len(rows.opens))
        if self._flags:
            self._flags[0] = 0
        self._refold(self._row_at(self.cursor))

    def _refold(self, row: int) -> None:
        """Show what is folded by now and put the cursor on ``row``, or on what stands for it."""
        rows = self._rows
        if not isinstance(rows, JsonRows):
            return
        self._asked += 1
        if self._flags.count(1) <= FOLDS_AT_ONCE:
            self._take_folding(Folding(rows, self._flags), row)
            return
        asked, flags, give_way = self._asked, bytes(self._flags), giving_way()

        def work() -> None:
            self.post_message(self._Folded(rows, Folding(rows, flags, give_way), row, asked))

        self.run_worker(work, thread=True, exclusive=True, group="body-folds")

    def on_body_folding__folded(self, message: _Folded) -> None:
        """Take in what a thread worked out, unless something else is shown or was folded since."""
        message.stop()
        if message.rows is self._rows and message.asked == self._asked:
            self._take_folding(message.folding, message.row)

    def _take_folding(self, folding: Folding, row: int) -> None:
        self._folding = folding
        self.rows_changed(0)
        if row >= 0:
            self._come_to(len(self._head) + folding.place_of(row))
        self.refresh()
