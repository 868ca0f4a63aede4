"""The phases of the workflow. Each state is frozen and holds every answer given so far, so going back loses nothing.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.flow.outcome import is_final
from tui.flow.state import Answers, Identity, SigningIn, State
from tui.intent import IntentState

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Account, Folder, Job, Release, Robot, RobotLog, ServiceInstance, ValidationResult
    from tui.api.outcome import RequestPreview
    from tui.api.start import StartInfo
    from tui.errors import Failure
    from tui.flow.effects import BeginBrowser
    from tui.intent import Group, Intent

__all__ = [
    "Answers",
    "AwaitingBrowser",
    "ChoosingFolder",
    "ChoosingInstance",
    "ChoosingRelease",
    "ConfirmingStart",
    "Identity",
    "ListingJobs",
    "PreparingStart",
    "SigningIn",
    "StartUnresolved",
    "Starting",
    "State",
    "StateSeen",
    "WatchedJob",
    "Watching",
]

READS_AFTER_END: Final = 2
MISSES: Final = 3
PATIENT_CHECKS: Final = 9
"""Looks for a lost start until nobody waits for it to come by itself any more."""


@dataclass(frozen=True, kw_only=True)
class AwaitingBrowser(State):
    """Still step 1: the sign-in page is open at ``address``; its end is caught here or pasted (``caught``).

    ``spent`` once a code of this page was refused: it has no other.
    """

    step_back: SigningIn
    begun: BeginBrowser
    address: str
    redirect_uri: str
    opened: bool = False
    caught: bool = False
    spent: bool = False
    uncaught: Failure | None = None
    """Why its end can't be caught here."""


@dataclass(frozen=True, kw_only=True)
class ChoosingInstance(State):
    """Step 2. ``instances`` is ``None`` until an account is chosen; ``typed`` when the server lists nothing.

    ``partial`` when only what the profile names is here; ``interrupted`` is what goes on once it is open again.
    """

    step_back: SigningIn
    partial: bool = False
    interrupted: State | None = None
    accounts: tuple[Account, ...] = ()
    instances: tuple[ServiceInstance, ...] | None = None
    typed: bool = False
    typed_reason: str = ""
    parked: Watching | None = None


@dataclass(frozen=True, kw_only=True)
class ChoosingFolder(State):
    """Still step 2, where the server has folders. ``typed`` when it does not list them."""

    step_back: ChoosingInstance
    folders: tuple[Folder, ...] = ()
    typed: bool = False
    typed_reason: str = ""
    note: str = ""
    """Why the folder of last time was not taken."""
    parked: Watching | None = None


@dataclass(frozen=True, kw_only=True)
class ChoosingRelease(State):
    """Step 3. ``total`` counts all matches of ``search`` on the server, ``None`` when it does not say.

    ``parked`` is a watch left running in the same service instance.
    """

    step_back: ChoosingInstance | ChoosingFolder
    releases: tuple[Release, ...] = ()
    total: int | None = None
    search: str = ""
    parked: Watching | None = None


@dataclass(frozen=True, kw_only=True)
class PreparingStart(State):
    """Step 4. ``problems`` says what is wrong with inputs or options; ``preview`` is the exact request, once known."""

    step_back: ChoosingRelease
    problems: tuple[str, ...] = ()
    preview: RequestPreview | None = None
    robots: tuple[Robot, ...] | None = None
    """The robots that Specific may name, once asked for."""
    filled: str = ""
    """Where the inputs are from, when they are not what the release itself gives; ``refills`` changes each time the
    form has to show them anew."""
    refills: int = 0
    verdict: ValidationResult | None = None
    """What the server said of exactly this start, once it was asked to check it."""


@dataclass(frozen=True, kw_only=True)
class ConfirmingStart(State):
    """The question before the start. It is about one ``intent``, whatever is pressed how often."""

    step_back: PreparingStart
    info: StartInfo
    preview: RequestPreview
    intent: Intent
    asked_again: bool = False
    """Whether the person has said yes once and is asked once more, as a production profile wants."""


@dataclass(frozen=True, kw_only=True)
class Starting(State):
    """The start is on its way. Nothing but its answer leaves this state, so nothing can start it again."""

    step_back: PreparingStart
    info: StartInfo
    preview: RequestPreview
    intent: Intent


@dataclass(frozen=True, kw_only=True)
class StartUnresolved(State):
    """The start was sent and no complete answer came. The job may exist; ``groups`` are newer jobs of the release.

    ``resumed`` tells that the start was made earlier, and that another one was about to be made.
    """

    step_back: PreparingStart
    intent: Intent
    groups: tuple[Group, ...] = ()
    resumed: bool = False
    checks: int = 0
    looked: int = 0
    """Checks that the server answered; nothing is known of the job's absence while this is 0."""

    @property
    def candidates(self) -> tuple[Job, ...]:
        """The newer jobs against which nothing speaks."""
        return tuple(job for group in self.groups if group.fits for job in group.jobs)

    @property
    def may_start_again(self) -> bool:
        """Whether the person may start again at their own risk: enough time has passed, or nobody can look."""
        blind = not self.looked and self.checks >= PATIENT_CHECKS
        return self.intent.state in (IntentState.NOT_FOUND, IntentState.ASK_USER) or blind


@dataclass(frozen=True, slots=True)
class StateSeen:
    """A state of a job and when this program first saw it."""

    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PendingReasons:
    """Why a job waits, as the server saw it ``at`` that time; not ``told`` where it can't say."""

    at: datetime
    told: bool = True
    errors: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchedJob:
    """One job under watch with its states in order and its robot logs in time order."""

    job: Job
    seen: tuple[StateSeen, ...] = ()
    logs: tuple[RobotLog, ...] = ()
    logs_refused: str = ""
    reads_after_end: int = 0
    misses: int = 0
    """Looks in a row in which the server did not list this job any more."""
    looked: int = 0
    """Which look at the jobs (`Watching.polls`) read this one last."""
    reasons: PendingReasons | None = None

    @property
    def over(self) -> bool:
        """Whether looking again brings nothing: the state is final, or the server no longer knows the job."""
        return is_final(self.job.state) or self.misses >= MISSES

    @property
    def logs_complete(self) -> bool:
        """Whether the logs were read often enough after the end: robots deliver the last lines late."""
        return bool(self.logs_refused) or self.reads_after_end >= READS_AFTER_END


@dataclass(frozen=True, kw_only=True)
class Watching(State):
    """Step 5. Times are the wall clock's.

    ``unchanged`` counts polls without news, ``failures`` polls in a row without an answer (then what is shown is
    stale), ``delay`` the seconds until the next poll, counted from ``checked_at`` or ``tried_at``.
    """

    step_back: PreparingStart
    jobs: tuple[WatchedJob, ...] = ()
    selected: int = 0
    started_at: datetime | None = None
    checked_at: datetime | None = None
    tried_at: datetime | None = None
    delay: float = 0.0
    late_looked_at: datetime | None = None
    """When starts without an answer, which may be delivered late, were looked for beside these jobs."""
    polls: int = 0
    read: int = 0
    """How many jobs the last look read; 0 before the first one."""
    unchanged: int = 0
    failures: int = 0
    paused: bool = False
    asked_to_wait: float = 0.0
    """The pause in seconds that the server asked for by its last refusal."""
    hint: str = ""
    """Why a wish was not followed at once; until the next look."""
    halted: bool = False
    """The sign-in was refused: nothing is asked again before the person asks for it."""
    notice: str = ""
    listing: ListingJobs | None = None
    """The list from which the job was chosen: one step back leads there."""
    previous: PreviousRun | None = None
    """The run before the job that was asked about, for comparing."""

    @property
    def current(self) -> WatchedJob:
        """The selected job."""
        return self.jobs[self.selected]

    @property
    def unfinished(self) -> int:
        """How many jobs are not over."""
        return sum(not watched.over for watched in self.jobs)

    @property
    def turns(self) -> int:
        """The looks that it takes to read every unfinished job: one request reads so many and no more."""
        return max(1, -(-self.unfinished // self.read)) if self.read else 1


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """The run of the same release before job ``of``; ``None`` where there is none, or ``failure`` says why not."""

    of: int
    job: Job | None = None
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class ListingJobs(State):
    """The recent jobs of the folder, newest first. ``total`` counts all that fit ``search`` and ``shown``.

    ``shown`` is ``""`` for all, a state, or `tui.flow.job_list.UNFINISHED`. ``parked`` is a watch left running;
    ``from_job`` tells that it is what the list was opened from, so that one step back leads there.
    """

    step_back: ChoosingRelease
    jobs: tuple[Job, ...] = ()
    total: int | None = None
    search: str = ""
    shown: str = ""
    listed_at: datetime | None = None
    parked: Watching | None = None
    from_job: bool = False
