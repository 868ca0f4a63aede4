"""One typed field of the inputs form: label, field, type, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from tui.api import exact_json
from tui.api.arguments import InputError, Kind, read_inputs
from tui.text import clean

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.arguments import Argument

_HINTS = {
    Kind.TEXT: "text",
    Kind.BOOLEAN: "true or false",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.JSON: "JSON",
}
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def indented(value: str | dict[str, Any]) -> str:
    """Return the object, or the JSON text of one, in indented form; text that can't be read stays as it is."""
    if isinstance(value, str):
        try:
            values = read_inputs(value)
        except ValueError:
            return value
    else:
        values = value
    return exact_json.dumps(values, indent=2) if values else ""


class InputRow(Widget):
    """A field for one argument. An empty field gives no value, so the release's own default holds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Previous", show=False, id="input.up", tooltip="Go to the field above"),
        Binding("down", "app.focus_next", "Next", show=False, id="input.down", tooltip="Go to the field below"),
    ]

    class Edited(Message):
        """The person changed the field of ``row``."""

        def __init__(self, row: InputRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, argument: Argument) -> None:
        super().__init__()
        self.argument = argument
        self._filled = ""

    def compose(self) -> ComposeResult:
        """Yield label, field and type in one line, the error below."""
        argument = self.argument
        mark = "*" if argument.must_be_given else " "
        with Horizontal(classes="field"):
            yield Label(Content.assemble(argument.shown_name, (mark, "bold $warning")), markup=False)
            yield Input(placeholder=self._placeholder(), compact=True)
        yield Static(classes="error", markup=False)

    def _placeholder(self) -> str:
        argument = self.argument
        kind = _HINTS[argument.kind]
        if argument.kind is Kind.JSON:
            kind = f"{argument.short_type} as JSON" if argument.short_type else "JSON"
        elif argument.kind is Kind.TEXT and argument.type_name not in ("System.String", "System.Char"):
            kind = argument.short_type
        if argument.has_default:
            return f"{kind}; empty: the default"
        return f"{kind}, required" if argument.required else kind

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    @property
    def has_text(self) -> bool:
        """Whether anything is typed."""
        return bool(self._field.value)

    def focus_field(self) -> None:
        """Put the focus here."""
        self._field.focus()

    def fill(self, values: dict[str, Any]) -> None:
        """Show the argument's value out of ``values``."""
        value = values.get(self.argument.name)
        text = "" if value is None else value if isinstance(value, str) else exact_json.dumps(value)
        if isinstance(value, str) and self._value(text) != value:
            text = exact_json.dumps(value)  # a text that would be read as something else
        self._filled = self._field.value = text

    def error(self) -> InputError | None:
        """Return what is wrong with the typed text itself."""
        text = self._field.value.strip()
        if self.argument.kind is Kind.JSON and text[:1] in ("{", "["):
            try:
                exact_json.loads(text)
            except (ValueError, RecursionError):
                return InputError(self.argument.name, "is no complete JSON")
        return None

    def put_into(self, values: dict[str, Any]) -> None:
        """Write the value into ``values``, or take it out when the field is empty."""
        text = self._field.value
        if text:
            values[self.argument.name] = self._value(text)
        else:
            values.pop(self.argument.name, None)

    def _value(self, text: str) -> object:
        """Return the typed value; a text that does not fit the type stays text, for the check to name it."""
        kind = self.argument.kind
        if kind is Kind.TEXT:
            return text
        if kind is Kind.BOOLEAN:
            return _WORDS.get(text.strip().lower(), text)
        try:
            value: object = exact_json.loads(text)
        except (ValueError, RecursionError):
            return text
        return value

    def show_error(self, message: str) -> None:
        """Show ``message`` below the field, or nothing."""
        self.set_class(bool(message), "-wrong")
        self.query_one(".error", Static).update(f"✘ {clean(message)}" if message else "")

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.value != self._filled:
            self._filled = message.value
            self.post_message(self.Edited(self))


class MarkRow(InputRow, can_focus=True):
    """The row of the argument that this program fills in by itself: nothing can be typed here."""

    def compose(self) -> ComposeResult:
        """Yield label and words in one line, the error below."""
        with Horizontal(classes="field"):
            yield Label(Content.assemble(self.argument.shown_name, " "), markup=False)
            yield Static("filled in by uipath-tui", classes="filled-in", markup=False)
        yield Static(classes="error", markup=False)

    @property
    def has_text(self) -> bool:
        """Nothing is ever typed here."""
        return False

    def focus_field(self) -> None:
        """Put the focus here."""
        self.focus()

    def fill(self, values: dict[str, Any]) -> None:
        """Show nothing of ``values``."""

    def error(self) -> InputError | None:
        """Find nothing wrong."""
        return None

    def put_into(self, values: dict[str, Any]) -> None:
        """Leave ``values`` as they are."""
