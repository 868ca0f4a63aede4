"""What the start form can be filled with: the release's own values, those of the last start, presets. Keeps presets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.flow.events import DefaultsTaken, LastTaken, PresetDeleted, PresetSaved, PresetTaken
from tui.remembered import LONGEST_NAME, Preset
from tui.screens.overlay import Overlay
from tui.text import clean, counted, day_and_time
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.flow.event import Event
    from tui.flow.start_options import StartOptions
    from tui.remembered import Remembered

SHOWN: Final = 200
MANNERS: Final = (
    "Enter fills in what is marked. Presets stay on this computer (in the demo for the session), without secrets."
)


@dataclass(frozen=True, slots=True)
class _Choice:
    title: str
    about: str
    event: Event
    deletes: Event | None = None


class PresetsScreen(Overlay["Event"]):
    """Answers with the event that the choice is; ``problem`` says why what is typed can't be saved."""

    AUTO_FOCUS = "#presets"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete,ctrl+x", "delete", "Delete", id="presets.delete", tooltip="Forget the marked preset"),
        Binding("enter", "take", "Fill in", id="presets.take", tooltip="Fill the form with the marked values"),
        Binding("up", "to_list", "List", id="presets.list", tooltip="Go from the name back to the list", show=False),
    ]

    def __init__(self, known: Remembered, own: str, problem: str) -> None:
        super().__init__()
        self._known = known
        self._problem = problem
        self._choices = _choices(known, own)
        self._sure = ""

    def compose(self) -> ComposeResult:
        """Yield what can be filled in, and the field for the name of what is in the form."""
        with Vertical(classes="box") as box:
            box.border_title = "Fill in, or keep"
            yield OptionList(*(Option(_row(choice)) for choice in self._choices), id="presets", compact=True)
            yield Static(id="presets-note", markup=False)
            yield Input(
                compact=True,
                id="preset-name",
                max_length=LONGEST_NAME,
                placeholder="Tab here and type a name to keep what is in the form",
            )
            yield Static(MANNERS, markup=False, classes="muted")
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Mark the first entry."""
        self.query_one(OptionList).highlighted = 0
        self.query_one("#presets-note", Static).display = False

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[message.option_index].event)

    @on(Input.Submitted)
    def _save(self, message: Input.Submitted) -> None:
        name = message.value.strip()
        if not name:
            host(self).bell()
        elif self._problem:
            self._say(f"It can't be kept like this: {self._problem}")
        elif self._known.preset(name) is not None and self._sure != name:
            self._sure = name
            self._say(f"“{name}” is there: Enter once more writes over it.")
        else:
            self.dismiss(PresetSaved(name=name))

    def _say(self, text: str) -> None:
        host(self).bell()
        note = self.query_one("#presets-note", Static)
        note.update(Content.styled(clean(text, limit=SHOWN), "$warning"))
        note.display = True

    def action_take(self) -> None:
        """Take the marked entry."""
        self.query_one(OptionList).action_select()

    def action_to_list(self) -> None:
        """Go back to the list."""
        self.query_one(OptionList).focus()

    def action_delete(self) -> None:
        """Forget the marked preset; asked for twice."""
        index = self.query_one(OptionList).highlighted
        choice = self._choices[index] if index is not None else None
        if choice is None or choice.deletes is None:
            self._say("Only presets can be deleted.")
        elif self._sure != f"delete {choice.title}":
            self._sure = f"delete {choice.title}"
            self._say(f"Press Delete once more to forget “{choice.title}”.")
        else:
            self.dismiss(choice.deletes)


def _choices(known: Remembered, own: str) -> tuple[_Choice, ...]:
    found = [_Choice("The release's own values", own or "nothing filled in", DefaultsTaken())]
    if known.at is not None:
        about = f"{day_and_time(known.at)}  {known.inputs or 'without inputs'}"
        found.append(_Choice("The last start", about, LastTaken()))
    for preset in known.presets:
        name = preset.name
        found.append(_Choice(name, _about(preset), PresetTaken(name=name), PresetDeleted(name=name)))
    return tuple(found)


def _about(preset: Preset) -> str:
    return "  ".join(part for part in (_said(preset.options), preset.inputs or "without inputs") if part)


def _said(options: StartOptions) -> str:
    """Return what the options say beyond the plain start."""
    parts = [
        options.strategy,
        counted(options.jobs_count, "job") if options.jobs_count != 1 else "",
        counted(len(options.robot_ids), "robot") if options.robot_ids else "",
        f"priority {options.priority}" if options.priority else "",
        options.runtime_type,
    ]
    return ", ".join(part for part in parts if part)


def _row(choice: _Choice) -> Content:
    return Content.assemble(
        (clean(choice.title, limit=LONGEST_NAME), "bold"), "  ", (clean(choice.about, limit=SHOWN), "$text-muted")
    )
