"""Step 3: the release. Filters what is loaded, loads further pages by itself, lets the server search beyond."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.flow.events import (
    ReleaseChosen,
    ReleaseKeyEntered,
    SearchRequested,
    StartedLookRequested,
    WatchResumed,
)
from tui.flow.memory import recent_keys
from tui.flow.states import ChoosingRelease
from tui.screens.job.finish import finish_card
from tui.screens.job.jobs_started import parked_line, show_started
from tui.screens.list_step import ListStep, none_loaded
from tui.screens.release_detail import flags, release_detail
from tui.text import counted
from tui.widgets.picker import Entry, Picker
from tui.widgets.rows import cells, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.api.models import Release
    from tui.started_job import StartedJob

GUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?\Z")

SEARCH_SHOWN: Final = 16
"""Cells of what the server searched that are shown, so that what to do then has room."""


class ReleaseScreen(ListStep[ChoosingRelease]):
    """The list, and everything about the marked release beside it."""

    STEP = 3
    DETAIL = "#release-detail"
    HINT = "Type to filter · ↑ ↓ move · Enter takes the marked release"
    HELP = (
        "Choose the release (today: process) to start. Type letters of its name to filter what is loaded; further "
        "pages load by themselves at the end of the list. Where nothing fits, Enter lets the server search all.\n"
        "Releases started from here lately stand first. A release key (a GUID) can be pasted\n"
        "instead. The detail shows the release key that the tutorial asks for."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "search", "Search server", id="release.search", tooltip="Let the server search all releases"),
        Binding("f6", "resume", "To the job", id="release.resume", tooltip="Return to the job that was started"),
        Binding("f7", "jobs", "Jobs", id="release.jobs", tooltip="List the recent jobs, and watch one of them"),
        Binding("enter", "take", "Take it", id="release.take", tooltip="Go on with the marked release", show=False),
        Binding("ctrl+t", "toggle_detail", "Detail", id="release.detail", tooltip="Switch between list and detail"),
    ]

    def compose_step(self) -> ComposeResult:
        """Yield the list and the detail."""
        yield Picker(self.clock, "type to filter, or paste a release key")
        with VerticalScroll(id="release-detail"):
            yield Static(id="release-facts", markup=False)

    _shown: tuple[Release, ...] | None = None
    _recent: tuple[str, ...] = ()
    _ordered: tuple[Release, ...] = ()
    """The releases as they are listed: those started from here lately come first."""

    def show_step(self, state: ChoosingRelease) -> None:
        """Show new rows under the cursor's back; the mark stays on its release."""
        self._show_parked(state)
        self._show_started(state)
        self._show_late(state)
        self._show_finish(state)
        recent = recent_keys(state.answers)
        if self._shown is not state.releases or self._recent != recent:
            self._shown, self._recent = state.releases, recent
            self._ordered = recent_first(state.releases, recent)
            last = state.answers.profile.release_key if state.answers.profile else ""
            chosen = state.answers.release.key if state.answers.release else last
            self.query_one(Picker).set_entries(_entries(self._ordered, recent), chosen)
        self.count(self.query_one(Picker).fitting)
        self.detail()

    def _show_finish(self, state: ChoosingRelease) -> None:
        """Say once what was set up; the next step takes it away."""
        shown = self.query("#finish")
        if not state.answers.finished:
            shown.remove()
            return
        if shown and state.search:
            return
        card = shown.first(Static) if shown else Static(id="finish", markup=False)
        if not shown:
            self.mount(card, before="#step")
        card.update(finish_card(state.answers, state.total, len(state.releases)))

    def _show_late(self, state: ChoosingRelease) -> None:
        """Say what came of starts that an earlier session could not find."""
        lines = self.query("#late")
        if not state.answers.late:
            lines.remove()
        elif not lines:
            said = Content("\n").join(Content.styled(f"! {each}", "bold $warning") for each in state.answers.late)
            self.mount(Static(said, id="late", markup=False), before="#step")

    def _show_parked(self, state: ChoosingRelease) -> None:
        lines = self.query("#parked")
        if state.parked is None:
            lines.remove()
        else:
            line = lines.first(Static) if lines else Static(id="parked", markup=False)
            if not lines:
                self.mount(line, before="#step")
            line.update(parked_line(state.parked.current.job, self.size.width - 2))

    def fold(self) -> None:
        """Say what depends on the width in the words for which there is room now."""
        super().fold()
        self._show_parked(self.state)

    _looked_for: tuple[StartedJob, ...] = ()

    def _show_started(self, state: ChoosingRelease) -> None:
        """Say which jobs started from this computer go on; ask once how they are."""
        answers = state.answers
        if not answers.started_looked and answers.started != self._looked_for and not state.pending:
            self._looked_for = answers.started
            if any(not job.over for job in answers.started):
                self.happened(StartedLookRequested())
        watched = {each.job.id for each in state.parked.jobs} if state.parked is not None else set[int]()
        show_started(self, answers, watched)

    @property
    def has_more(self) -> bool:
        """Whether the server has rows that are not loaded."""
        return self.state.total is None or len(self.state.releases) < self.state.total

    def count(self, fitting: int) -> None:
        """Say how many there are, and how many of them fit what is typed."""
        state, picker = self.state, self.query_one(Picker)
        self.set_class(bool(picker.text), "-typed")
        loaded = len(state.releases)
        total = loaded if state.total is None else state.total
        if not loaded and not state.pending:
            picker.count(self._nothing(state), whole=True)
            return
        searched = f" · the server searched “{state.search}”" if state.search else ""
        more = f" · loaded {loaded:,}" if loaded < total else ""
        if not picker.text and state.search:
            found = f"{total:,} like “{cut(state.search, min(SEARCH_SHOWN, cells(state.search)))}” · "
            picker.count(Content.assemble(found, (" Ctrl+S ", "bold reverse"), f" lists all{more}"))
        elif not picker.text:
            picker.count(f"{counted(total, 'release')}{more}")
        elif fitting and loaded < total and picker.text != state.search:
            some = f"{fitting:,} of the {loaded:,} loaded · "
            picker.count(Content.assemble(some, (" Ctrl+S ", "bold reverse"), f" searches all {total:,}"))
        elif fitting or picker.text == state.search:
            picker.count(f"{fitting:,} of {total:,}{more}{searched}")
        else:
            picker.count(none_loaded(loaded, total))

    def _nothing(self, state: ChoosingRelease) -> str:
        if state.search:
            return f"The server knows no release like “{state.search}”. Clear the field and press Ctrl+S to list all."
        if state.failure is not None:
            return "No releases are shown, because the list could not be read."
        return "There is no release here. Publish a process, or press Esc and choose another folder or instance."

    @property
    def _marked(self) -> Release | None:
        index = self.query_one(Picker).marked
        releases = self._ordered
        return releases[index] if index is not None and index < len(releases) else None

    def detail(self) -> None:
        """Show what is known of the marked row."""
        release = self._marked
        content = Content("")
        if release is not None:
            content = release_detail(release, unresolved=release.key in self.state.answers.unresolved)
        self.query_one("#release-facts", Static).update(content)

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        self.happened(ReleaseChosen(release=self._ordered[message.index]))

    @on(Picker.NothingFits)
    def action_search(self) -> None:
        """Look for what is typed on the server: a key by its value, a name by the server's search."""
        text = self.query_one(Picker).text
        if GUID.match(text):
            self.query_one(Picker).clear()
            self.happened(ReleaseKeyEntered(key=text.strip("{}").lower()))
        elif text != self.state.search or self.state.failure is not None or not self.state.releases:
            self.happened(SearchRequested(text=text))

    def action_resume(self) -> None:
        """Return to the job left running."""
        self.happened(WatchResumed())

    def action_take(self) -> None:
        """Take the marked release while its detail is in front."""
        release = self._marked
        if release is not None:
            self.happened(ReleaseChosen(release=release))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back to a job only while there is one."""
        if action == "resume":
            return self._state is not None and self._state.parked is not None
        return super().check_action(action, parameters)


def recent_first(releases: tuple[Release, ...], recent: Sequence[str]) -> tuple[Release, ...]:
    """Return the releases, those with the keys ``recent`` in front, in that order."""
    if not recent:
        return releases
    place = {key: number for number, key in enumerate(recent)}
    first = sorted((each for each in releases if each.key in place), key=lambda each: place[each.key])
    return (*first, *(each for each in releases if each.key not in place))


def _entries(releases: Sequence[Release], recent: Sequence[str]) -> list[Entry]:
    lately = frozenset(recent)
    return [
        Entry(
            key=release.key,
            cells=(
                release.name,
                release.process_version,
                ", ".join(filter(None, ("recent" if release.key in lately else "", flags(release)))),
                release.environment_name or release.organization_unit_fully_qualified_name,
            ),
            extra=f"{release.process_key} {release.key} {release.description}",
        )
        for release in releases
    ]
