"""“Export…”: which calls of the log, in which format, to which file. An existing file is replaced only after a yes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from tui.exchanges.share.export import ENDINGS, exists
from tui.screens.overlay import Overlay
from tui.text import clean
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.log.exporting import export_out
from tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from tui.errors import Failure
    from tui.exchanges.log import ExchangeLog

TITLES: Final = {"har": "HAR 1.2", "jsonl": "JSON Lines", "markdown": "Markdown for a ticket"}
_WORTH: Final = {
    "har": "Opens in browsers' tools and in proxies.",
    "jsonl": "One call a line, everything in it, for programs.",
    "markdown": "A table and each call in full, bodies cut at 20,000 characters, for people.",
}


class ExportScreen(Overlay[None]):
    """``choices`` are the ids of exchanges to choose from, by a word: all, filtered, marked."""

    AUTO_FOCUS = "#export-path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "export", "Export", id="export.export", tooltip="Write the file"),
        Binding("y", "replace", "Replace it", id="export.replace", tooltip="Replace the file that is there"),
    ]

    def __init__(self, log: ExchangeLog, choices: Mapping[str, Sequence[int]], now: datetime) -> None:
        super().__init__()
        self._log = log
        self._choices = {word: list(numbers) for word, numbers in choices.items() if numbers}
        self._name = f"uipath-log-{now.astimezone():%Y%m%d-%H%M%S}"
        self._suggested = ""
        self._asking = ""
        self._writing = False

    def compose(self) -> ComposeResult:
        """Yield what, format and file."""
        what = [(word, f"{word} ({len(numbers):,})") for word, numbers in self._choices.items()]
        with Vertical(classes="box", id="export") as box:
            box.border_title = "Export…"
            with Horizontal(classes="field"):
                yield Label("Calls")
                yield OneOf(what, id="export-what")
            with Horizontal(classes="field"):
                yield Label("Format")
                yield OneOf(list(TITLES.items()), id="export-format")
            with Horizontal(classes="field"):
                yield Label("File")
                yield Input(compact=True, id="export-path")
            yield Static(id="export-note", markup=False, classes="apart")
            yield Static(id="export-failure", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Suggest a file, and the narrowest choice of calls."""
        self.query_one("#export-what", OneOf).index = len(self._choices) - 1
        self._suggest()

    @on(OneOf.Changed, "#export-format")
    def _suggest(self) -> None:
        """Give the suggested file the ending of the format; a typed name stays."""
        field, form = self.query_one("#export-path", Input), self.query_one("#export-format", OneOf).key
        if field.value == self._suggested:
            self._suggested = field.value = str(Path.cwd() / f"{self._name}{ENDINGS[form]}")
            field.cursor_position = len(field.value)
        note = f"{_WORTH[form]} Secrets are fingerprints in every format; arguments and outputs stay as they are."
        self.query_one("#export-note", Static).update(note)

    @on(Input.Changed, "#export-path")
    def _renamed(self) -> None:
        self._ask("")
        self._say(None)

    @on(OneOf.Settled)
    def _next(self) -> None:
        self.focus_next()

    @on(Input.Submitted, "#export-path")
    def action_export(self) -> None:
        """Write the file; ask first where there is one."""
        path = self._path
        if self._writing or not self._choices:
            host(self).bell()
        elif path and exists(path):
            self._ask(path)
        else:
            self._write(replace=False)

    def action_replace(self) -> None:
        """Write the file in the place of the one that is there."""
        if self._asking and self._asking == self._path and not self._writing:
            self._write(replace=True)

    @property
    def _path(self) -> str:
        typed = self.query_one("#export-path", Input).value.strip()
        try:
            return str(Path(typed).expanduser()) if typed else ""
        except RuntimeError:  # no such home
            return typed

    def _write(self, *, replace: bool) -> None:
        self._writing = True
        numbers = self._choices[self.query_one("#export-what", OneOf).key]
        form = self.query_one("#export-format", OneOf).key
        export_out(self, self._log, numbers, form, self._path, replace=replace, ended=self._ended)

    def _ended(self, failure: Failure | None) -> None:
        self._writing = False
        if not self.is_current:  # closed meanwhile, or covered: the notice says it
            return
        if failure is None:
            self.dismiss(None)
        else:
            self._ask("")
            self._say(failure)
            self.query_one("#export-path").focus()

    def _ask(self, path: str) -> None:
        """Ask whether to replace ``path``; the question holds the keys, so that ``y`` is no letter of a name."""
        if path == self._asking:
            return
        self._asking = path
        if path:
            question = Content.assemble(
                (clean(path), "bold"),
                " is there already.   ",
                (" y ", "bold reverse"),
                " replaces it   or change the name",
            )
            self.query_one("#export-failure", Static).update(question)
            self.query_one("#export-format").focus()
        else:
            self.query_one("#export-failure", Static).update("")
        self.refresh_bindings()

    def _say(self, failure: Failure | None) -> None:
        text = "" if failure is None else f"{failure.title}: {failure.cause}. {failure.next_step}"
        self.query_one("#export-failure", Static).update(Content.styled(clean(text), "$error"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the replacement only where it is asked for."""
        if action == "replace":
            return bool(self._asking)
        return super().check_action(action, parameters)
