"""What has happened: what the person did, and what the outside world answered. Imports types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.event import Answer as Answer
from tui.flow.event import BrowserRequested as BrowserRequested
from tui.flow.event import Event as Event
from tui.flow.event import ProfileChosen as ProfileChosen
from tui.flow.event import Retried as Retried
from tui.flow.event import SignInAgainRequested as SignInAgainRequested
from tui.flow.event import SignInKept as SignInKept
from tui.flow.event import SignInSubmitted as SignInSubmitted
from tui.flow.event import WentBack as WentBack
from tui.flow.form_events import CarrierChosen as CarrierChosen
from tui.flow.form_events import DefaultsTaken as DefaultsTaken
from tui.flow.form_events import DryRunRequested as DryRunRequested
from tui.flow.form_events import LastTaken as LastTaken
from tui.flow.form_events import PresetDeleted as PresetDeleted
from tui.flow.form_events import PresetSaved as PresetSaved
from tui.flow.form_events import PresetTaken as PresetTaken
from tui.flow.form_events import StartRemembered as StartRemembered
from tui.flow.form_events import StartValidated as StartValidated
from tui.flow.jobs_events import CompareRequested as CompareRequested
from tui.flow.jobs_events import JobAttached as JobAttached
from tui.flow.jobs_events import JobChosen as JobChosen
from tui.flow.jobs_events import JobsListed as JobsListed
from tui.flow.jobs_events import JobsRequested as JobsRequested
from tui.flow.jobs_events import PreviousFound as PreviousFound
from tui.flow.jobs_events import StartedChanged as StartedChanged
from tui.flow.jobs_events import StartedLookRequested as StartedLookRequested
from tui.flow.sign_in_events import AccountsListed as AccountsListed
from tui.flow.sign_in_events import BrowserBegun as BrowserBegun
from tui.flow.sign_in_events import HereChanged as HereChanged
from tui.flow.sign_in_events import RedirectGiven as RedirectGiven
from tui.flow.sign_in_events import SignedIn as SignedIn
from tui.flow.start_events import CandidateAdopted as CandidateAdopted
from tui.flow.start_events import CandidateDenied as CandidateDenied
from tui.flow.start_events import CheckRequested as CheckRequested
from tui.flow.start_events import FenceRead as FenceRead
from tui.flow.start_events import IntentFound as IntentFound
from tui.flow.start_events import JobsStarted as JobsStarted
from tui.flow.start_events import LateFound as LateFound
from tui.flow.start_events import RobotsLoaded as RobotsLoaded
from tui.flow.start_events import RobotsRequested as RobotsRequested
from tui.flow.start_events import StartAgainRequested as StartAgainRequested
from tui.flow.start_events import StartChecked as StartChecked
from tui.flow.start_events import StartClosed as StartClosed
from tui.flow.start_events import StartConfirmed as StartConfirmed
from tui.flow.start_events import StartLost as StartLost
from tui.flow.start_events import StartRefused as StartRefused
from tui.flow.start_options import PLAIN, StartOptions

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Account, Folder, Job, Release, RobotLog, ServiceInstance, ValidationResult
    from tui.api.outcome import RequestPreview
    from tui.errors import Failure
    from tui.intent import Intent
    from tui.remembered import Memory


@dataclass(frozen=True, kw_only=True)
class AccountChosen(Event):
    """An account was picked."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class InstanceChosen(Event):
    """A service instance was picked."""

    instance: ServiceInstance


@dataclass(frozen=True, kw_only=True)
class InstanceTyped(Event):
    """Account and instance were typed, because the server lists none."""

    account: Account
    instance: ServiceInstance


@dataclass(frozen=True, kw_only=True)
class FolderChosen(Event):
    """A folder was picked, or typed where the server lists none."""

    folder: Folder


@dataclass(frozen=True, kw_only=True)
class SearchRequested(Event):
    """Let the server search."""

    text: str


@dataclass(frozen=True, kw_only=True)
class MoreRequested(Event):
    """Load the next page of releases."""


@dataclass(frozen=True, kw_only=True)
class ReleaseKeyEntered(Event):
    """A release key was pasted."""

    key: str


@dataclass(frozen=True, kw_only=True)
class ReleaseChosen(Event):
    """A release was picked."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class InputsEdited(Event):
    """The start form changed. ``inputs`` is JSON text, ``problems`` what was found wrong with them."""

    inputs: str
    problems: tuple[str, ...] = ()
    options: StartOptions = PLAIN


@dataclass(frozen=True, kw_only=True)
class StartRequested(Event):
    """The start button: leads to the question, never to a start."""


@dataclass(frozen=True, kw_only=True)
class JobSelected(Event):
    """Another job of several was selected."""

    index: int


@dataclass(frozen=True, kw_only=True)
class StopRequested(Event):
    """Stop (or kill) the selected job, or all with ``every``; already confirmed."""

    kill: bool
    every: bool = False


@dataclass(frozen=True, kw_only=True)
class PollRequested(Event):
    """Check now; ``at`` is when it was asked for."""

    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PauseToggled(Event):
    """Stop or resume checking; ``at`` is when it was asked for."""

    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RunAgainRequested(Event):
    """Back to the start form with the same release and inputs."""


@dataclass(frozen=True, kw_only=True)
class WatchResumed(Event):
    """Return from the releases to the job left running."""


@dataclass(frozen=True, kw_only=True)
class CallFailed(Answer):
    """The call brought no usable answer, ``at`` then. ``retry_after`` is the pause in seconds that was asked for."""

    failure: Failure
    at: datetime
    retry_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class InstancesLoaded(Answer):
    """The service instances of the chosen account; none, and ``reason``, when they have to be typed."""

    instances: tuple[ServiceInstance, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class InstanceOpened(Answer):
    """The instance answers at ``base``. ``folders`` is ``None`` where the server has none."""

    base: str
    version: str
    modern: bool
    folders: tuple[Folder, ...] | None = None
    folders_refused: str = ""
    memory: Memory = ()
    carriers: tuple[tuple[str, str], ...] = ()
    """Release (key or name) → the input argument that carries the mark of its starts, as the settings say."""
    intents: tuple[Intent, ...] = ()
    """Starts of this tenant that are not settled, from this session or an earlier one."""
    late: tuple[str, ...] = ()
    """What came of starts that had not been found, and what could not be read, in words."""


@dataclass(frozen=True, kw_only=True)
class ReleasesLoaded(Answer):
    """One page of releases."""

    releases: tuple[Release, ...]
    total: int | None
    search: str = ""
    skip: int = 0


@dataclass(frozen=True, kw_only=True)
class ReleaseFound(Answer):
    """The release with the pasted key."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class StartPreviewed(Answer):
    """The exact request."""

    preview: RequestPreview


@dataclass(frozen=True, kw_only=True)
class JobsPolled(Answer):
    """The jobs as they are now. ``ids`` are those asked for, when that were not all."""

    jobs: tuple[Job, ...]
    at: datetime
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RobotLogsLoaded(Answer):
    """Robot logs of one job, any order, overlapping what is known."""

    job_key: str
    logs: tuple[RobotLog, ...]


@dataclass(frozen=True, kw_only=True)
class PendingExplained(Answer):
    """Why the job waits, as the server sees it at ``at``; ``None`` where it can't say."""

    result: ValidationResult | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StopAccepted(Answer):
    """The server took the request to stop."""

    kill: bool


@dataclass(frozen=True, kw_only=True)
class WaitEnded(Answer):
    """The time before the next poll is over; the computer was asleep for ``slept`` seconds of it."""

    slept: float = 0.0
