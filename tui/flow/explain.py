"""Why a job is where it is and what can be done about it. Data, and the functions that choose from it. Pure.

Sources: UiPath's user guide ("Job states", "Start jobs errors") and the error codes seen in UiPath's own skills and
clients. What matches nothing is not guessed at: the server's own words are shown beside this in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.flow.outcome import MEANINGS

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job
    from tui.flow.states import WatchedJob

LONG: Final = 30.0
"""Seconds in Pending after which a person is told what to look at."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause in a sentence, and what to do now, the likeliest first."""

    cause: str
    next_steps: tuple[str, ...] = ()
    at: datetime | None = field(default=None, compare=False)
    """When the server was asked for it, where it was."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fault that is recognised by its code or by a phrase of the server (compared in lower case)."""

    codes: frozenset[str]
    phrases: tuple[str, ...]
    explanation: Explanation


FAULTS: Final = (
    Known(
        frozenset({"1671", "InvalidStartJobRobotIds"}),
        ("unattended robot permissions",),
        Explanation(
            "no user of this folder may run jobs with an unattended robot",
            ("Assign a user with an unattended robot to the folder, then run it again.",),
        ),
    ),
    Known(
        frozenset({"2818"}),
        (),
        Explanation(
            "no machine of this folder has an Unattended or NonProduction runtime",
            ("Give a machine of the folder such a runtime, or choose another runtime type.",),
        ),
    ),
    Known(
        frozenset({"1230"}),
        (),
        Explanation(
            "a process with a user interface needs an unattended robot",
            ("Give the user of the folder an unattended robot, or publish it as a background process.",),
        ),
    ),
    Known(
        frozenset({"1100", "InvalidOrganizationUnit"}),
        ("folder does not exist or the user does not have access",),
        Explanation(
            "the folder does not exist, or this sign-in may not use it",
            ("Choose the folder again, or ask for access to it.",),
        ),
    ),
    Known(
        frozenset({"1002", "ItemNotFound"}),
        (),
        Explanation(
            "something that the job needs is not in this folder",
            ("Check that the release is still there, and that the folder is the right one.",),
        ),
    ),
)

CHECKLIST: Final = (
    "Is a robot or machine of this folder connected?",
    "Is each of them busy with another job?",
    "Does a machine of this folder have a free runtime of the type that the job wants?",
    "Does the user of the robot belong to this folder?",
)
REASONS: Final = {
    "TemplateNoHostsAvailable": "Connect a machine of this folder, or look why its robot service does not answer.",
    "TemplateNoRuntime": "Give a machine of this folder a runtime of the type that the job wants.",
    "TemplateNoLicense": "Free a runtime licence, or assign one to a machine of this folder.",
    "RobotNotAssignedToFolder": "Assign the robot's user to this folder.",
    "RobotNoCredentials": "Give the robot's user credentials, so that it can log on to a machine.",
    "RobotBusy": "Wait until the robot has ended what it is at, or let another one do it.",
}
"""What to do about a reason of ValidateExistingJob, by its code (names: Orchestrator definition 20.0)."""
SUSPENDED: Final = Explanation(
    "the process waits for something outside, and holds no robot meanwhile; this is no failure",
    ("It goes on by itself when that has come. Look for an open task or queue item that it waits for.",),
)
TERMINATING: Final = Explanation(
    "it is being killed; Orchestrator clears up every 3 h and turns what has been so for a day into Faulted"
)
STOP_HONOURED: Final = Explanation(
    "the process was asked to stop and ended itself properly: Orchestrator calls that Successful"
)
_EXCEPTION: Final = re.compile(r"\b[A-Za-z_][\w.]*Exception\b")


def explain(watched: WatchedJob, now: datetime | None) -> Explanation | None:
    """Return what there is to say about the job's state at ``now``, ``None`` when the state says it all."""
    job = watched.job
    match job.state:
        case "Faulted":
            return fault(job)
        case "Pending":
            return _pending(watched, now)
        case "Suspended":
            return SUSPENDED
        case "Terminating":
            return TERMINATING
        case "Successful" if any(stage.state == "Stopping" for stage in watched.seen):
            return STOP_HONOURED
        case state if state not in MEANINGS:
            cause = f"this program does not know the state “{state}”, so it does not take it for the end"
            return Explanation(cause, ("Look at the job in Orchestrator.",))
        case _:
            return None


def fault(job: Job) -> Explanation:
    """Return why the job failed as far as its code, its words or the exception in them tell."""
    words = job.info.casefold()
    for known in FAULTS:
        if job.error_code in known.codes or any(phrase in words for phrase in known.phrases):
            return known.explanation
    raised = _EXCEPTION.findall(job.info)
    if raised:
        return Explanation(
            f"the process ended by an error that it did not handle: {raised[-1]}",
            ("Read the last lines of the robot log, then correct the input or the process.",),
        )
    if job.start_time is None:
        return Explanation(
            "it failed before a robot began to work on it", ("Read Info; then check robot, machine and package.",)
        )
    return Explanation(
        "the process or its robot failed while it was running", ("Read Info and the last lines of the robot log.",)
    )


def pending_long(watched: WatchedJob, now: datetime | None) -> bool:
    """Tell whether the job has been waiting for a robot for long at ``now``."""
    # Our own clock on both ends where there is one: the server's may differ from it.
    since = watched.seen[-1].at if watched.seen else watched.job.creation_time
    if watched.job.state != "Pending" or now is None or since is None:
        return False
    return (now - since).total_seconds() > LONG


def _pending(watched: WatchedJob, now: datetime | None) -> Explanation | None:
    if not pending_long(watched, now):
        return None
    reasons = watched.reasons
    if reasons is None or not reasons.told:
        return Explanation("no robot has taken the job for a while", CHECKLIST)
    if not reasons.errors and not reasons.codes:
        cause = "no robot has taken the job for a while, although the server sees nothing in its way"
        return Explanation(cause, CHECKLIST, reasons.at)
    said = " · ".join(reasons.errors) or ", ".join(reasons.codes)
    steps = tuple(dict.fromkeys(REASONS[code] for code in reasons.codes if code in REASONS))
    return Explanation(f"the server says: {said.rstrip('.')}", steps or CHECKLIST, reasons.at)
