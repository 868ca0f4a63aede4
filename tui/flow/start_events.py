"""What happens around a start: the question, the one sending, and the search where its answer was lost.

Imports types only; `tui.flow.events` offers these too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.event import Answer, Event

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job, Robot
    from tui.api.outcome import RequestPreview
    from tui.api.start import StartInfo
    from tui.errors import Failure
    from tui.intent import Group, Intent


@dataclass(frozen=True, kw_only=True)
class StartConfirmed(Event):
    """The person confirmed the start; ``again`` when asked a second time, in production."""

    again: bool = False


@dataclass(frozen=True, kw_only=True)
class RobotsRequested(Event):
    """List the robots that a start may name."""


@dataclass(frozen=True, kw_only=True)
class CheckRequested(Event):
    """Look for the job of an unresolved start."""


@dataclass(frozen=True, kw_only=True)
class CandidateAdopted(Event):
    """The person says that this job is the one whose answer was lost."""

    job: Job


@dataclass(frozen=True, kw_only=True)
class CandidateDenied(Event):
    """The person says that this job, and those of the same call, are not of the start whose answer was lost."""

    job: Job


@dataclass(frozen=True, kw_only=True)
class StartAgainRequested(Event):
    """The person wants to start again although the job may yet turn up; ``name`` is the process's name, typed."""

    name: str


@dataclass(frozen=True, kw_only=True)
class RobotsLoaded(Answer):
    """The robots of the server, or of the folder."""

    robots: tuple[Robot, ...]


@dataclass(frozen=True, kw_only=True)
class FenceRead(Answer):
    """What is true before the start: ``intent`` is the decision that the question is about, ``info`` what it sends."""

    intent: Intent
    info: StartInfo
    preview: RequestPreview


@dataclass(frozen=True, kw_only=True)
class IntentFound(Answer):
    """An earlier start of the release is not settled: it comes before a new one."""

    intent: Intent


@dataclass(frozen=True, kw_only=True)
class JobsStarted(Answer):
    """The server answered with these jobs: the proof of the start."""

    jobs: tuple[Job, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StartRefused(Answer):
    """Nothing was started: the server said no, or nothing was sent."""

    failure: Failure


@dataclass(frozen=True, kw_only=True)
class StartLost(Answer):
    """The start was sent, and no complete answer came."""

    failure: Failure
    intent: Intent


@dataclass(frozen=True, kw_only=True)
class StartChecked(Answer):
    """What is known of a start now. ``jobs`` are proven to be its own; ``groups`` are newer jobs of the release.

    ``proof`` is in words what proves it where no mark does.
    """

    intent: Intent
    groups: tuple[Group, ...] = ()
    jobs: tuple[Job, ...] = ()
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class StartClosed(Answer):
    """The old start no longer stands in the way of a new one."""

    intent: Intent


@dataclass(frozen=True, kw_only=True)
class LateFound(Event):
    """These starts, not found before, did make their jobs; ``said`` tells it in words. Nothing where none did."""

    found: tuple[Intent, ...] = ()
    said: tuple[str, ...] = ()
