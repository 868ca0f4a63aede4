"""What the workflow asks the outside world to do. Each carries a ticket that its answer repeats.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Account, Folder, Job, ServiceInstance
    from tui.api.sign_in.token_set import Application
    from tui.api.start import StartInfo
    from tui.flow.ways import Target, Way
    from tui.intent import Intent
    from tui.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Base of all effects. ``doing`` says what is being waited for; ``cancellable`` whether it may be dropped.

    What is not ``awaited`` is done whatever becomes of the step that asked for it.
    """

    doing: ClassVar[str] = ""
    cancellable: ClassVar[bool] = True
    awaited: ClassVar[bool] = True
    ticket: int = 0


@dataclass(frozen=True, kw_only=True)
class SignIn(Effect):
    """Prove what was given by real calls.

    ``profile`` is the one that gives the defaults. ``as_profiled`` takes the service instance that it names without a
    list: the next call proves it.
    """

    doing = "Signing in"
    way: Way
    target: Target
    profile: Profile | None = None
    as_profiled: bool = False


@dataclass(frozen=True, kw_only=True)
class BeginBrowser(Effect):
    """Make the address of the sign-in page, listen for its end where that can be, and open a browser."""

    doing = "Preparing the sign-in page"
    application: Application
    target: Target
    profile: Profile | None = None


@dataclass(frozen=True, kw_only=True)
class AwaitRedirect(Effect):
    """Wait until the browser comes back to this computer, then sign in as `BeginBrowser` said."""

    doing = "Waiting for the browser"
    begun: BeginBrowser


@dataclass(frozen=True, kw_only=True)
class LookAround(Effect):
    """Read the profiles and ask the key store whether it can be used."""

    awaited = False


@dataclass(frozen=True, kw_only=True)
class SaveProfile(Effect):
    """Keep the profile; ``unfinished`` as a setup to resume, beside the proven one of that name."""

    cancellable = False
    awaited = False
    profile: Profile
    unfinished: bool = False


@dataclass(frozen=True, kw_only=True)
class FetchAccounts(Effect):
    """List what the sign-in may use, after it was opened by a profile without listing."""

    doing = "Asking for accounts"


@dataclass(frozen=True, kw_only=True)
class FetchInstances(Effect):
    """List the service instances of an account."""

    doing = "Asking for service instances"
    account: Account


@dataclass(frozen=True, kw_only=True)
class OpenInstance(Effect):
    """Prove account and instance by a real call, find the address form, list the folders."""

    doing = "Opening the service instance"
    account: Account
    instance: ServiceInstance


@dataclass(frozen=True, kw_only=True)
class FetchReleases(Effect):
    """List releases; ``search`` is matched by the server, ``skip`` continues a list."""

    doing = "Asking for releases"
    folder: Folder | None
    search: str = ""
    skip: int = 0


@dataclass(frozen=True, kw_only=True)
class FindRelease(Effect):
    """Find one release by its key."""

    doing = "Looking up the release key"
    key: str
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class PreviewStart(Effect):
    """Build the exact request that `StartJob` would send. Sends nothing."""

    doing = "Building the request"
    info: StartInfo
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class FetchRobots(Effect):
    """List the robots that the strategy Specific may name."""

    doing = "Asking for robots"
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class ReadFence(Effect):
    """Read the newest job id, so that a lost answer can be looked for behind it."""

    doing = "Checking that jobs can be read"
    info: StartInfo
    folder: Folder | None
    release_name: str = ""
    carrier: str = ""
    """The input argument that is to carry the mark of the start, ``""`` for none."""


@dataclass(frozen=True, kw_only=True)
class StartJob(Effect):
    """Write the start down, send it once, write down what came of it."""

    doing = "Starting the job"
    cancellable = False
    info: StartInfo
    folder: Folder | None
    intent: Intent


@dataclass(frozen=True, kw_only=True)
class CheckStart(Effect):
    """Look for the job of a start without an answer; ``denied`` are ids that the person says are not its."""

    doing = "Looking for the job"
    intent: Intent
    folder: Folder | None
    denied: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AdoptJobs(Effect):
    """Write down that the person knows these jobs as those of the start."""

    cancellable = False
    awaited = False
    intent: Intent
    ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CloseStart(Effect):
    """Let a new start of the release be made although the job of the old one may yet turn up."""

    doing = "Noting that you start again"
    cancellable = False
    intent: Intent
    seen: int = 0
    """The newest of the jobs that fitted and that the person passed over by starting again, 0 for none."""


@dataclass(frozen=True, kw_only=True)
class LookForLate(Effect):
    """Look once more for a start that was not found: its job may be delivered late, behind another one's."""

    awaited = False


@dataclass(frozen=True, kw_only=True)
class PollJobs(Effect):
    """Read the state of the jobs: of as many as one list takes, the first ones first, and of the one looked at."""

    doing = "Reading the state"
    ids: tuple[int, ...]
    folder: Folder | None
    looked_at: int = 0


@dataclass(frozen=True, kw_only=True)
class FetchJobs(Effect):
    """List the recent jobs of the folder; ``skip`` continues a list, ``quiet`` renews one that is shown."""

    doing = "Asking for jobs"
    folder: Folder | None
    search: str = ""
    shown: str = ""
    skip: int = 0
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class AttachJob(Effect):
    """Read one job, named by its id or its key, and the release it runs."""

    doing = "Reading the job"
    job_id: int = 0
    key: str = ""
    folder: Folder | None = None


@dataclass(frozen=True, kw_only=True)
class FetchPrevious(Effect):
    """Find the run of the same release before ``job``; ``release_key`` where it is known."""

    doing = "Looking for the run before"
    job: Job
    folder: Folder | None
    release_key: str = ""


@dataclass(frozen=True, kw_only=True)
class LookAtStarted(Effect):
    """Ask what has become of the jobs that were started from this computer and were not over when last seen."""

    awaited = False


@dataclass(frozen=True, kw_only=True)
class FetchRobotLogs(Effect):
    """Read what the robot logged since ``since`` (overlap is wanted: rows are told apart by value)."""

    doing = "Reading the robot logs"
    job_key: str
    folder: Folder | None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AskWhyPending(Effect):
    """Let the server say why a job still waits."""

    doing = "Asking why the job waits"
    job_id: int
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class StopJobs(Effect):
    """Ask the jobs to stop, or kill them."""

    doing = "Asking to stop"
    cancellable = False
    ids: tuple[int, ...]
    kill: bool
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class Wait(Effect):
    """Let time pass before the next poll."""

    doing = ""
    seconds: float
