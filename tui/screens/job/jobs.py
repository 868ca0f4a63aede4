"""The recent jobs of the folder: filter, let the server search, watch one. Those started here are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.api.models import Folder
from tui.flow.events import JobChosen, JobsRequested, PollRequested, SearchRequested
from tui.flow.job_list import UNFINISHED, Listed, rows
from tui.flow.outcome import meaning
from tui.flow.states import ListingJobs
from tui.screens.job.detail import job_facts
from tui.screens.list_step import ListStep, none_loaded
from tui.text import clock_time, counted, day_and_time
from tui.widgets.content import state_content, state_look
from tui.widgets.facts import Facts
from tui.widgets.picker import Entry, Picker
from tui.widgets.waiting import turn_words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer


SHOWN: Final = ("", UNFINISHED, "Faulted", "Successful", "Stopped")
"""What one key goes through."""
HERE: Final = "• "
NOT_HERE: Final = "  "
FACTS_ELSEWHERE: Final = "Its state is the one seen last. Enter reads it now."


class JobsScreen(ListStep[ListingJobs]):
    """The list, and what is known of the marked job beside it."""

    STEP = 5
    DETAIL = "#job-detail"
    HINT = "Type to filter · Enter watches the job · • started here"
    HELP = (
        "The jobs of the folder, newest first, whoever started them; “•” marks those started from this computer, "
        "also the unfinished ones in other folders. The list renews itself every 15 seconds.\n"
        "Type letters of a name, a state, a machine or a number to filter what is loaded. Ctrl+S lets the server "
        "search all jobs for a part of the release's name, a job's number or its key. Enter watches the marked "
        "job; Esc there returns here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f7", "shown", "Only…", id="jobs.shown", tooltip="All, unfinished, faulted, successful or stopped ones"
        ),
        Binding("ctrl+s", "search", "Search server", id="jobs.search", tooltip="Let the server search all jobs"),
        Binding("f5", "renew", "Renew", id="jobs.renew", tooltip="Read the list again now"),
        Binding("enter", "take", "Watch", id="jobs.take", tooltip="Watch the marked job", show=False),
        Binding("ctrl+t", "toggle_detail", "Detail", id="jobs.detail", tooltip="Switch between list and detail"),
    ]

    _rows: tuple[Listed, ...] = ()
    _marked_id = 0
    _ticker: Timer | None = None
    _told_turn = False

    def compose_step(self) -> ComposeResult:
        """Yield the list and the detail."""
        yield Picker(self.clock, "type to filter, or a job's number or key")
        with VerticalScroll(id="job-detail"):
            yield Static(id="job-detail-state", markup=False)
            yield Facts(id="job-detail-facts")

    def on_mount(self) -> None:
        """Tell every second how long a look waits for its turn."""
        self._ticker = self.set_interval(1.0, self._tick)

    def on_screen_suspend(self) -> None:
        """Rest while covered."""
        if self._ticker is not None:
            self._ticker.pause()

    def on_screen_resume(self) -> None:
        """Tick again."""
        if self._ticker is not None:
            self._ticker.resume()

    def _tick(self) -> None:
        if self._is_reading or self._told_turn:
            self._told_turn = self._is_reading and self.exchanges.turn() > 0
            self.count(self.query_one(Picker).fitting)

    @property
    def _is_reading(self) -> bool:
        return any(type(effect).__name__ == "FetchJobs" for effect in self.state.pending)

    def show_step(self, state: ListingJobs) -> None:
        """Show new rows under the cursor's back; the mark stays on its job."""
        found = rows(state)
        if found != self._rows:
            self._rows = found
            watched = state.parked.current.job.id if state.parked is not None else 0
            self.query_one(Picker).set_entries([_entry(row) for row in found], str(watched))
        self.count(self.query_one(Picker).fitting)
        self.detail()

    @property
    def has_more(self) -> bool:
        """Whether the server has rows that are not loaded."""
        return self.state.total is None or len(self.state.jobs) < self.state.total

    def count(self, fitting: int) -> None:
        """Say how many there are, and how many of them fit what is typed."""
        state, picker = self.state, self.query_one(Picker)
        loaded = len(self._rows)
        total = max(loaded, state.total or 0)
        kind = f"{state.shown} · " if state.shown else ""
        searched = f" · the server searched “{state.search}”" if state.search else ""
        read = f" · read at {clock_time(state.listed_at)}" if state.listed_at else ""
        turn = self.exchanges.turn() if self._is_reading else 0.0
        if turn > 0 and state.listed_at:
            read = f" · {turn_words(turn)}"
        if not loaded:
            picker.count(self._nothing(state), whole=True)
        elif not picker.text:
            more = f", {loaded:,} loaded" if loaded < total else ""
            picker.count(f"{kind}{counted(total, 'job')}{more}{searched}{read}")
        elif fitting or picker.text == state.search:
            picker.count(f"{kind}{fitting:,} of {total:,}{searched}{read}")
        else:
            picker.count(Content.assemble(kind, none_loaded(loaded, total)))

    def _nothing(self, state: ListingJobs) -> str:
        if state.failure is not None:
            return "No jobs are shown, because the list could not be read."
        if state.listed_at is None:
            return "Reading the list."
        if state.search:
            return f"The server knows no job like “{state.search}”. Clear the field and press Ctrl+S to list all."
        if state.shown:
            return f"No job here is {state.shown}. F7 shows others."
        return "No job has run here yet. Esc goes back."

    @property
    def _marked(self) -> Listed | None:
        index = self.query_one(Picker).marked
        return self._rows[index] if index is not None and index < len(self._rows) else None

    def detail(self) -> None:
        """Show what is known of the marked row."""
        row = self._marked
        headline, facts = Content(""), list[tuple[str, Content | str]]()
        if row is not None:
            headline = Content.assemble(state_content(row.state), "  ", (meaning(row.state), "$text-muted"))
            facts = job_facts(row.job) if row.job is not None else _remembered(row)
            if row.started is not None:
                facts.append(("Started here", day_and_time(row.started.started_at)))
        self.query_one("#job-detail-state", Static).update(headline)
        self.query_one(Facts).show(facts)

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        self._watch(self._rows[message.index])

    @on(Picker.NothingFits)
    def action_search(self) -> None:
        """Look for what is typed on the server."""
        text = self.query_one(Picker).text
        if text != self.state.search or self.state.failure is not None or not self.state.jobs:
            self.happened(SearchRequested(text=text.strip("{}")))

    def action_shown(self) -> None:
        """Show the next kind of jobs."""
        shown = self.state.shown
        place = SHOWN.index(shown) if shown in SHOWN else -1
        self.happened(JobsRequested(shown=SHOWN[(place + 1) % len(SHOWN)]))

    def action_renew(self) -> None:
        """Read the list now."""
        self.happened(PollRequested())

    def action_take(self) -> None:
        """Watch the marked job while its detail is in front."""
        row = self._marked
        if row is not None:
            self._watch(row)

    def _watch(self, row: Listed) -> None:
        folder: Folder | None = None
        if row.elsewhere and row.started is not None:
            job = row.started
            folder = Folder(id=job.folder_id, key=job.folder_key, fully_qualified_name=job.folder_path)
        self.happened(JobChosen(job_id=row.id, folder=folder))


def _remembered(row: Listed) -> list[tuple[str, Content | str]]:
    folder = row.started.folder_path if row.started is not None else ""
    return [
        ("Job", Content.assemble((str(row.id), "bold"), f"  {row.release_name}")),
        ("Key", row.key),
        ("Folder", folder),
        ("", FACTS_ELSEWHERE),
    ]


def _entry(row: Listed) -> Entry:
    """Return few and short columns: they fit in 60 cells; the rest is in the detail, and searched."""
    job, started = row.job, row.started
    place = f" in {started.folder_path}" if row.elsewhere and started is not None else ""
    told = (row.key, job.info, job.host_machine_name) if job is not None else (row.key,)
    return Entry(
        key=str(row.id),
        cells=(
            f"{HERE if started is not None else NOT_HERE}{row.id}",
            f"{state_look(row.state).glyph} {row.state or 'not seen yet'}",
            day_and_time(row.created),
            row.release_name + place,
        ),
        extra=" ".join((*told, "here" if started is not None else "")),
    )
