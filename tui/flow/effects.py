"""What the workflow asks the outside world to do. Each carries a ticket that its answer repeats.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Account, Folder, ServiceInstance
    from tui.api.start import StartInfo
    from tui.secret import Secret


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Base of all effects. ``doing`` says what is being waited for; ``cancellable`` whether it may be dropped."""

    doing: ClassVar[str] = ""
    cancellable: ClassVar[bool] = True
    ticket: int = 0


@dataclass(frozen=True, kw_only=True)
class SignIn(Effect):
    """Prove the pasted token by real calls. ``account`` and ``instance`` are used where nothing is listed."""

    doing = "Signing in"
    token: Secret
    deployment: str
    base_url: str = ""
    account: str = ""
    instance: str = ""


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
class ReadFence(Effect):
    """Read the newest job id, so that a lost answer can be looked for behind it."""

    doing = "Checking that jobs can be read"
    info: StartInfo
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class StartJob(Effect):
    """Send the start, once."""

    doing = "Starting the job"
    cancellable = False
    info: StartInfo
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class CheckStart(Effect):
    """Look for jobs of the release newer than the fence."""

    doing = "Looking for the job"
    release_name: str
    fence: int
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class PollJobs(Effect):
    """Read the state of the jobs."""

    doing = "Reading the state"
    ids: tuple[int, ...]
    folder: Folder | None


@dataclass(frozen=True, kw_only=True)
class FetchRobotLogs(Effect):
    """Read what the robot logged since ``since`` (overlap is wanted: rows are told apart by value)."""

    doing = "Reading the robot logs"
    job_key: str
    folder: Folder | None
    since: datetime | None = None


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
