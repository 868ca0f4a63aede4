"""Step 4: the inputs, the options, and the exact request beside them. Asks before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from tui.flow.events import (
    CarrierChosen,
    DefaultsTaken,
    DryRunRequested,
    InputsEdited,
    RobotsRequested,
    StartRequested,
)
from tui.flow.marking import declared, remembered
from tui.flow.states import ConfirmingStart, PreparingStart, Starting
from tui.screens.start.note import start_title
from tui.screens.start.options import OptionsForm
from tui.screens.start.preview import preview_content
from tui.screens.step import StepScreen
from tui.widgets.host import host
from tui.widgets.inputs_form import InputsForm

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Release
    from tui.flow.effects import Effect
    from tui.flow.event import Event

OF_THE_FORM: Final = frozenset(
    {"start", "switch", "more", "back", "retry", "presets", "defaults", "check", "carry_mark"}
)


class StartScreen(StepScreen[PreparingStart | ConfirmingStart | Starting]):
    """The form on the left, the request on the right (below where it is narrow)."""

    STEP = 4
    AUTO_FOCUS = ""
    HINT = "Tab moves · F5 asks before anything is sent"
    HELP = (
        "Fill in the inputs (* marks required ones; an empty field sends nothing, so the release's default holds).\n"
        "The request that will be sent stands beside the form, its token as a fingerprint; without room there, F7 "
        "shows it.\n"
        "F6 opens what else a start can say: the strategy on the 2019 platform (All makes one job on each robot of "
        "the environment); number of jobs, priority and runtime type on servers of today.\n"
        "The form begins with the inputs of the last start from here, secrets left out; Ctrl+B takes the release's "
        "own values. F10 fills in or keeps presets (inputs and options under a name); F12 lets a server of today "
        "check the start without making it.\n"
        "Where a server keeps no reference with a job (2019), a lost answer is proven by a mark in a text argument: "
        "F11 (or Ctrl+P) lets the argument with the cursor carry it, new at each start; there again, no longer.\n"
        "F5 asks first: nothing starts before you confirm. A start is sent once; again by itself only where the server "
        "has refused it for the moment (401 or 429)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "start", "Start…", id="start.start", tooltip="Ask, then start the job"),
        Binding("f4,ctrl+t", "switch", "Form/JSON", id="start.json", tooltip="Edit the inputs as a form or as JSON"),
        Binding(
            "f6,ctrl+o", "more", "More", id="start.more", tooltip="Show or hide strategy, number of jobs, priority"
        ),
        Binding(
            "f7,ctrl+y", "copy", "Copy as…", id="start.copy", tooltip="Copy the request in a form instead of sending it"
        ),
        Binding(
            "f10,ctrl+n", "presets", "Presets", id="start.presets", tooltip="Fill in what is kept, or keep what is here"
        ),
        Binding(
            "f12,ctrl+g", "check", "Check", id="start.check", tooltip="Let the server check it; nothing is started"
        ),
        Binding(
            "ctrl+b", "defaults", "Own values", id="start.own", tooltip="Take the release's own values", show=False
        ),
        Binding(
            "f11",
            "carry_mark",
            "Mark in this argument",
            id="start.mark",
            tooltip="Let the argument with the cursor carry the mark of each start, or no longer",
            show=False,
        ),
    ]

    def compose_step(self) -> ComposeResult:
        """Yield form and preview."""
        yield Static(id="start-title", markup=False)
        with Horizontal(id="start-columns"):
            with Vertical(id="start-left"):
                yield Vertical(id="inputs-slot")
                yield OptionsForm(id="more")
            with VerticalScroll(id="preview-box", can_focus=True) as box:
                box.border_title = "The request"
                yield Static(id="preview", markup=False)

    _formed_for: tuple[str, str, bool, int] | None = None
    _copying = False

    @property
    def _preparing(self) -> PreparingStart:
        state = self.state
        return state if isinstance(state, PreparingStart) else state.step_back

    def show_step(self, state: PreparingStart | ConfirmingStart | Starting) -> None:
        """Show title and preview; the form only when it is about another release."""
        release = state.answers.release
        if release is None:
            return
        starting = isinstance(state, Starting)
        self.query_one("#start-title", Static).update(start_title(release, self._preparing, starting=starting))
        self.query_one("#start-columns").disabled = starting
        self._form_for(release, state.answers.inputs)
        self.query_one(OptionsForm).show_robots(self._preparing.robots)
        wrong = bool(self._preparing.problems)
        self.query_one("#preview-box").border_title = "The last request without errors" if wrong else "The request"
        self._show_preview()
        self._copy_when_told()

    def _show_preview(self) -> None:
        preview = self._preparing.preview if self._composed else None
        if preview is not None:
            shown = self.query_one("#preview", Static)
            shown.update(preview_content(preview, shown.content_size.width))

    def fold(self) -> None:
        """Fold the address of the request as well."""
        super().fold()
        self._show_preview()

    def _form_for(self, release: Release, inputs: str) -> None:
        answers = self.state.answers
        wanted = (release.key, release.arguments.input, answers.modern, self._preparing.refills)
        if wanted == self._formed_for:
            return
        self._formed_for = wanted
        slot = self.query_one("#inputs-slot")
        slot.remove_children()
        form = InputsForm(declared(answers), inputs)
        slot.mount(form)
        with self.prevent(OptionsForm.Edited):
            self.query_one(OptionsForm).fill(answers.options, modern=answers.modern)

    def awaits(self, effect: Effect) -> bool:
        """Tell whether a person waits: not for the preview."""
        return super().awaits(effect) and not _is_preview(effect)

    def way_out(self, effect: Effect | None) -> str:
        """Say that a start can't be recalled."""
        if effect is not None and not effect.cancellable:
            return "sent; it can't be recalled"
        return super().way_out(effect)

    @on(InputsForm.Edited)
    @on(OptionsForm.Edited)
    def _tell(self) -> None:
        """Hand over what the form says now, if it says anything new."""
        forms = self.query(InputsForm)
        if not forms or not isinstance(self.state, PreparingStart):
            return
        answers = self.state.answers
        text, problems = forms.first().reading
        options = self.query_one(OptionsForm).options
        every = (*problems, *options.problems(modern=answers.modern))
        if (text, options, every) != (answers.inputs, answers.options, self.state.problems):
            self.happened(InputsEdited(inputs=text, problems=problems, options=options))

    @on(OptionsForm.RobotsWanted)
    def _list_robots(self) -> None:
        if isinstance(self.state, PreparingStart):
            self.happened(RobotsRequested())

    def action_back(self) -> None:
        """Go back with what was typed a moment ago."""
        if isinstance(self.state, PreparingStart):
            self.query_one(InputsForm).flush()
            self._tell()
        super().action_back()

    def action_start(self) -> None:
        """Ask for the start; what is wrong with the inputs is shown first."""
        if not isinstance(self.state, PreparingStart):
            return
        problems = self.query_one(InputsForm).flush(strict=True)
        self._tell()
        wrong = self.query_one(OptionsForm).options.problems(modern=self.state.answers.modern)
        if wrong and not self.has_class("-more"):
            self.action_more()
        if problems or wrong:
            host(self).bell()
        else:
            self.happened(StartRequested())

    def action_switch(self) -> None:
        """Switch between form and JSON."""
        self.query_one(InputsForm).switch()

    def action_more(self) -> None:
        """Show or hide the options."""
        self.toggle_class("-more")
        if self.has_class("-more"):
            self.query_one(OptionsForm).focus_first()

    def action_copy(self) -> None:
        """Offer the forms in which the request of now can be copied; not while something is wrong with it."""
        if not isinstance(self.state, PreparingStart):
            return
        problems = self._problems(strict=True)
        self._copying = not problems
        if problems:
            host(self).bell()
            self.notify(f"Nothing was copied: {'; '.join(problems)}", severity="warning", markup=False)
        self._copy_when_told()

    def _problems(self, *, strict: bool = False) -> tuple[str, ...]:
        """Hand over what the form says now and return what is wrong with it."""
        problems = self.query_one(InputsForm).flush(strict=strict)
        self._tell()
        return (*problems, *self.query_one(OptionsForm).options.problems(modern=self.state.answers.modern))

    def _copy_when_told(self) -> None:
        """Copy once the preview is that of what the form says."""
        state = self.state
        forms = self.query(InputsForm)
        if not self._copying or not isinstance(state, PreparingStart) or not forms or state.preview is None:
            return
        said = (forms.first().reading[0], self.query_one(OptionsForm).options)
        if said != (state.answers.inputs, state.answers.options) or any(map(_is_preview, state.pending)):
            return
        self._copying = False
        from tui.screens.log.copy_as import CopyAsScreen

        host(self).push_screen(CopyAsScreen.of_preview(state.preview))

    def action_presets(self) -> None:
        """Offer what the form can be filled with, and keep what is in it."""
        state = self.state
        if not isinstance(state, PreparingStart) or state.answers.release is None:
            return
        from tui.screens.start.presets import PresetsScreen

        known, own = remembered(state.answers), state.answers.release.input_arguments.strip()
        host(self).push_screen(PresetsScreen(known, own, "; ".join(self._problems())), self._chosen)

    def _chosen(self, event: Event | None) -> None:
        if event is not None and isinstance(self.state, PreparingStart):
            self.happened(event)

    def action_defaults(self) -> None:
        """Take the release's own values back."""
        if isinstance(self.state, PreparingStart):
            self.happened(DefaultsTaken())

    def action_carry_mark(self) -> None:
        """Let the argument that has the focus carry the mark of each start; where it does, let none."""
        if not isinstance(self.state, PreparingStart):
            return
        argument = self.query_one(InputsForm).argument_at(self.focused)
        if argument is None or not argument.is_text:
            self.notify("Put the cursor into a text argument (String) first: it will carry the mark.", markup=False)
            return
        self.query_one(InputsForm).flush()
        self._tell()
        self.happened(CarrierChosen(argument="" if argument.carries_mark else argument.name))

    def action_check(self) -> None:
        """Let the server check the start without making it."""
        if isinstance(self.state, PreparingStart):
            if self._problems(strict=True):
                host(self).bell()
            else:
                self.happened(DryRunRequested())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing that changes the start while it is on its way."""
        if isinstance(self._state, Starting) and action in OF_THE_FORM:
            return False
        if action == "check":
            return self._state is not None and self._state.answers.modern
        return super().check_action(action, parameters)


def _is_preview(effect: Effect) -> bool:
    return type(effect).__name__ == "PreviewStart"
