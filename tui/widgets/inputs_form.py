"""The inputs of a start: a typed form and a JSON editor over the same text, kept in step. Knows argument types only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui.api.arguments import INPUT_LIMIT, check_inputs, compact_inputs, inputs_length, read_inputs
from tui.text import clean
from tui.widgets.host import host
from tui.widgets.input_row import InputRow, MarkRow, indented

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.api.arguments import Argument, InputError

PAUSE = 0.2
"""Seconds of rest before an edit is told."""


class InputsForm(Widget):
    """One row for each argument, or the JSON text of all of them."""

    class Edited(Message):
        """The inputs changed. ``text`` is what `InputArguments` will carry, or what was typed while it is wrong."""

        def __init__(self, text: str, problems: tuple[str, ...]) -> None:
            super().__init__()
            self.text = text
            self.problems = problems

    def __init__(self, arguments: tuple[Argument, ...], text: str) -> None:
        super().__init__()
        self.arguments = arguments
        self._json = indented(text)
        self._told: tuple[str, tuple[str, ...]] = (text, ())
        self._strict = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Yield the rows and the editor; one of them is shown."""
        with VerticalScroll(id="input-rows", can_focus=False):
            if not self.arguments:
                yield Static("No arguments: nothing to fill in.", classes="muted", markup=False)
            for argument in self.arguments:
                yield MarkRow(argument) if argument.carries_mark else InputRow(argument)
        editor = TextArea(self._json, id="input-json", compact=True, tab_behavior="focus", show_line_numbers=False)
        editor.display = False
        yield editor
        yield Static(id="input-problem", markup=False)

    def on_mount(self) -> None:
        """Fill the rows, say at once what is missing, and wait in the first field."""
        self._fill_rows()
        self._tell()
        self.focus_first()

    @property
    def reading(self) -> tuple[str, tuple[str, ...]]:
        """The text that the inputs make and what is wrong with it, as last told."""
        return self._told

    @property
    def as_json(self) -> bool:
        """Whether the editor is shown."""
        return self.query_one(TextArea).display

    def argument_at(self, focused: Widget | None) -> Argument | None:
        """Return the argument in whose row the focus is."""
        return next((row.argument for row in self.query(InputRow) if focused in (row, *row.query(Input))), None)

    def focus_first(self) -> None:
        """Put the focus into the first field, if there is one."""
        rows = [row for row in self.query(InputRow) if not row.argument.carries_mark]
        if self.as_json:
            self.query_one(TextArea).focus()
        elif rows:
            rows[0].focus_field()

    def switch(self) -> None:
        """Go from the form to the editor, or back if the text is a JSON object."""
        self.flush()
        editor, rows = self.query_one(TextArea), self.query_one("#input-rows")
        if editor.display and not self._fill_rows():
            host(self).bell()
            return
        if not editor.display:
            editor.text = self._json or "{}"
        editor.display = not editor.display
        rows.display = not editor.display
        self.focus_first()

    def flush(self, *, strict: bool = False) -> tuple[str, ...]:
        """Tell an edit at once and return its problems; with ``strict`` name what is missing and go there."""
        self._strict = self._strict or strict
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        self._tell()
        problems = self._told[1]
        if strict and problems and not self.as_json:
            wrong = next((row for row in self.query(InputRow) if row.has_class("-wrong")), None)
            if wrong is not None:
                wrong.focus_field()
        return problems

    def _fill_rows(self) -> bool:
        try:
            values = read_inputs(self._json)
        except ValueError:
            return False
        for row in self.query(InputRow):
            row.fill(values)
        return True

    @on(InputRow.Edited)
    def _row_edited(self, message: InputRow.Edited) -> None:
        message.stop()
        try:
            values = read_inputs(self._json)
        except ValueError:
            values = {}
        message.row.put_into(values)
        self._json = indented(values)
        self._tell_soon()

    @on(Input.Submitted)
    def _to_the_next(self, message: Input.Submitted) -> None:
        """Go on to the field below; nothing is asked for or sent by Enter."""
        message.stop()
        rows = list(self.query(InputRow))
        here = next((place for place, row in enumerate(rows) if message.input in row.query(Input)), len(rows))
        for row in rows[here + 1 : here + 2]:
            row.focus_field()

    @on(TextArea.Changed)
    def _text_edited(self, message: TextArea.Changed) -> None:
        message.stop()
        if self.as_json:
            self._json = message.text_area.text
            self._tell_soon()

    def _tell_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._tell)

    def _tell(self) -> None:
        unreadable = [error for row in self.query(InputRow) if (error := row.error()) and not self.as_json]
        errors = unreadable or check_inputs(self._json, self.arguments)
        self._mark(errors)
        try:
            text = compact_inputs(self._json)
        except ValueError:
            text = self._json
        problems = tuple(f"{clean(error.name)} {error.message}".strip() for error in errors)
        if (text, problems) != self._told:
            self._told = (text, problems)
            self.post_message(self.Edited(text, problems))

    def _mark(self, errors: list[InputError]) -> None:
        """Show each error at its field; those of no field below."""
        by_name = {error.name: error.message for error in errors}
        for row in self.query(InputRow):
            message = by_name.pop(row.argument.name, "")
            row.show_error(message if self._strict or row.has_text else "")
        line = self.query_one("#input-problem", Static)
        rest = [f"{clean(name)} {message}".strip() for name, message in by_name.items()]
        if self.as_json:
            rest = [f"{clean(error.name)} {error.message}".strip() for error in errors]
        length = inputs_length(self._json)
        counter = f"{length:,} of {INPUT_LIMIT:,} characters" if length > INPUT_LIMIT // 2 else ""
        line.update("\n".join([*(f"✘ {text}" for text in rest), *([counter] if counter else [])]))
        line.set_class(bool(rest), "-wrong")
        line.display = bool(rest or counter)
