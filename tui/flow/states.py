"""The phases of the workflow. Each state is frozen and holds every answer given so far, so going back loses nothing.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.flow.outcome import is_final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tui.api.models import Account, Folder, Job, Release, RobotLog, ServiceInstance
    from tui.api.outcome import RequestPreview
    from tui.api.start import StartInfo
    from tui.errors import Failure
    from tui.flow.effects import Effect
    from tui.secret import Secret


READS_AFTER_END: Final = 2
MISSES: Final = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in. ``expires_at`` is when access ends, ``kept`` where the secret lives, in words."""

    who: str
    kind: str
    fingerprint: str
    expires_at: datetime | None = None
    renewable: bool = False
    kept: str = "kept for this session only"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has answered so far. ``modern`` tells whether the server starts jobs by folder (today)."""

    deployment: str = "automation-cloud"
    base_url: str = ""
    identity: Identity | None = None
    account: Account | None = None
    instance: ServiceInstance | None = None
    modern: bool = False
    base: str = ""
    server_version: str = ""
    folder: Folder | None = None
    release: Release | None = None
    inputs: str = ""
    jobs_count: int = 1
    runtime_type: str = ""
    unresolved: tuple[str, ...] = ()
    """Keys of releases whose last start got no complete answer: a new start is warned about."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Base of all phases.

    ``ticket`` is the last number given to a call; ``pending`` the effects whose answers are awaited; ``failed`` the
    effect behind ``failure``, repeated by `Retried`.
    """

    answers: Answers = field(default_factory=Answers)
    ticket: int = 0
    pending: tuple[Effect, ...] = ()
    failure: Failure | None = None
    failed: Effect | None = None


@dataclass(frozen=True, kw_only=True)
class SigningIn(State):
    """Step 1. ``prefilled`` offers a token per deployment (the demo's invented ones)."""

    prefilled: Mapping[str, Secret] = field(default_factory=dict[str, "Secret"])


@dataclass(frozen=True, kw_only=True)
class ChoosingInstance(State):
    """Step 2. ``instances`` is ``None`` until an account is chosen; ``typed`` when the server lists nothing."""

    step_back: SigningIn
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
    """Step 4. ``problems`` says what is wrong with the inputs; ``preview`` is the exact request, once known."""

    step_back: ChoosingRelease
    problems: tuple[str, ...] = ()
    preview: RequestPreview | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmingStart(State):
    """The question before the start. ``fence`` is the newest job id before it, read from the server."""

    step_back: PreparingStart
    info: StartInfo
    preview: RequestPreview
    fence: int


@dataclass(frozen=True, kw_only=True)
class Starting(State):
    """The start is on its way. Nothing but its answer leaves this state, so nothing can start it again."""

    step_back: PreparingStart
    info: StartInfo
    preview: RequestPreview
    fence: int


@dataclass(frozen=True, kw_only=True)
class StartUnresolved(State):
    """The start was sent and no complete answer came. The job may exist; ``candidates`` are newer jobs that fit."""

    step_back: PreparingStart
    info: StartInfo
    preview: RequestPreview
    fence: int
    lost: Failure
    candidates: tuple[Job, ...] = ()
    checks: int = 0
    looked: int = 0
    """Checks that the server answered; nothing is known of the job's absence while this is 0."""


@dataclass(frozen=True, slots=True)
class StateSeen:
    """A state of a job and when this program first saw it."""

    state: str
    at: datetime


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
    polls: int = 0
    unchanged: int = 0
    failures: int = 0
    paused: bool = False
    halted: bool = False
    """The sign-in was refused: nothing is asked again before the person asks for it."""
    notice: str = ""

    @property
    def current(self) -> WatchedJob:
        """The selected job."""
        return self.jobs[self.selected]
