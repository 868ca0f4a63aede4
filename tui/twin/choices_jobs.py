"""What `uipath-tui jobs` answers the workflow: list, watch one job, or compare it with the run before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.effects import FetchPrevious
from tui.flow.events import CompareRequested, Event, JobChosen, JobsRequested
from tui.flow.states import ChoosingRelease, ListingJobs, State, Watching
from tui.flow.table import awaiting

if TYPE_CHECKING:
    from tui.api.models import Folder


@dataclass(frozen=True, slots=True)
class JobsWish:
    """What is wanted of the jobs: a list of at most ``limit`` in state ``shown``, or one job by its id or key."""

    shown: str = ""
    limit: int = 20
    job_id: int = 0
    key: str = ""
    compare: bool = False

    @property
    def one(self) -> bool:
        """Whether one job is named."""
        return bool(self.job_id or self.key)


def answer(state: State, wish: JobsWish) -> Event | None:
    """Return the event that leads on to what is wanted; ``None`` while an answer is awaited."""
    match state:
        case ChoosingRelease() if not state.pending:
            return _chosen(state, wish) if wish.one else JobsRequested(shown=wish.shown)
        case Watching() if wish.compare and state.previous is None and not awaiting(state, FetchPrevious):
            return CompareRequested()
        case _:
            return None


def _chosen(state: ChoosingRelease, wish: JobsWish) -> JobChosen:
    """Name the job; one that was started here is looked for in the folder it was started in."""
    from tui.api.models import Folder

    folder: Folder | None = None
    for job in state.answers.started:
        if (job.id == wish.job_id or (wish.key and job.key.casefold() == wish.key)) and state.answers.folder:
            folder = Folder(id=job.folder_id, key=job.folder_key, fully_qualified_name=job.folder_path)
    return JobChosen(job_id=wish.job_id, key=wish.key, folder=folder)


def is_listed(state: State) -> bool:
    """Tell whether the list that was asked for is there."""
    return isinstance(state, ListingJobs) and state.listed_at is not None
