"""What happens around the list of jobs: asking for it, choosing one, comparing, and news of what was started here.

Imports types only; `tui.flow.events` offers these too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.event import Answer, Event

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Folder, Job, Release
    from tui.started_job import StartedJob


@dataclass(frozen=True, kw_only=True)
class JobsRequested(Event):
    """Show the recent jobs; ``shown`` is as in `tui.flow.states.ListingJobs`."""

    shown: str = ""


@dataclass(frozen=True, kw_only=True)
class JobChosen(Event):
    """Watch this job, named by its id or its key; ``folder`` where it is in another one."""

    job_id: int = 0
    key: str = ""
    folder: Folder | None = None


@dataclass(frozen=True, kw_only=True)
class CompareRequested(Event):
    """Find the run before the selected job."""


@dataclass(frozen=True, kw_only=True)
class StartedLookRequested(Event):
    """Ask what has become of the jobs started from this computer."""


@dataclass(frozen=True, kw_only=True)
class StartedChanged(Event):
    """The jobs started from this computer in this tenant are these now.

    ``looked`` when the server was asked, ``opened`` when the tenant was opened just now.
    """

    started: tuple[StartedJob, ...]
    looked: bool = False
    opened: bool = False
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class JobsListed(Answer):
    """One page of jobs, newest first."""

    jobs: tuple[Job, ...]
    total: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JobAttached(Answer):
    """The job, and the release it runs, where the server tells it."""

    job: Job
    at: datetime
    release: Release | None = None
    folder: Folder | None = None


@dataclass(frozen=True, kw_only=True)
class PreviousFound(Answer):
    """The run before; ``None`` where there is none."""

    previous: Job | None
