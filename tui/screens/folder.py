"""Still step 2: the folder, by its full path; typed where the server lists none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Static

from tui.flow.events import FolderChosen
from tui.flow.states import ChoosingFolder
from tui.screens.step import StepScreen
from tui.widgets.host import host
from tui.widgets.picker import Entry, Picker
from tui.widgets.typed_form import TypedForm
from tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FolderScreen(StepScreen[ChoosingFolder]):
    """Folders by full path."""

    STEP = 2
    AUTO_FOCUS = "#picker-filter, #typed-path"
    HINT = "Type to filter · ↑ ↓ move · Enter takes the marked folder"
    HELP = (
        "Choose the folder that holds the release. Jobs run in a folder, and what you may do depends on it.\n"
        "Type a part of the path to filter, move with the arrows, take with Enter. Esc empties the filter, and goes "
        "back when it is empty."
    )
    TYPED_HELP = (
        "The server does not list the folders; the reason stands above the field. Type the folder's whole path, as "
        "Orchestrator shows it, or its number or key; Enter checks it by listing the releases in it.\n"
        "Jobs run in a folder, and what you may do depends on it."
    )

    def compose_step(self) -> ComposeResult:
        """Yield list and form; one of them is shown."""
        yield Static("Which folder?", id="question", classes="question", markup=False)
        yield Picker(self.clock, "type a part of the path")
        yield TypedForm([("path", "Folder", "path (Finance/Invoices), number or key")])

    @property
    def help_text(self) -> str:
        """What Help says: of the list, or of the field where there is none."""
        return self.TYPED_HELP if self.state.typed else super().help_text

    def show_step(self, state: ChoosingFolder) -> None:
        """Show the list, or the form with the reason for it."""
        picker, form = self.query_one(Picker), self.query_one(TypedForm)
        picker.display, form.display = not state.typed, state.typed
        picker.disabled = state.typed
        self.query_one(Waiting).hint("Enter checks it with a call" if state.typed else self.HINT)
        if state.typed:
            self.query_one("#question", Static).update("Type the folder")
            form.explain(state.typed_reason)
            form.prefill(path=state.answers.folder.path if state.answers.folder else "")
            return
        self.query_one("#question", Static).update(f"{state.note}Which folder?")
        chosen = state.answers.folder.key if state.answers.folder else ""
        picker.set_entries(
            [Entry(row.key or str(row.id), (row.path, row.folder_type, row.description)) for row in state.folders],
            chosen,
        )

    @on(Picker.Filtered)
    def _count(self) -> None:
        self.query_one(Picker).count_fitting("folder")

    @on(Picker.NothingFits)
    def _nothing_fits(self) -> None:
        host(self).bell()

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        self.happened(FolderChosen(folder=self.state.folders[message.index]))

    @on(TypedForm.Given)
    def _typed(self, message: TypedForm.Given) -> None:
        from tui.api.models import Folder

        text = message.values["path"]
        if text.isascii() and text.isdigit():
            folder = Folder(id=int(text), display_name=text)
        else:
            folder = Folder(fully_qualified_name=text)
        self.happened(FolderChosen(folder=folder))
