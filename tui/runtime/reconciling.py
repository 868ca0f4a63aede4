"""Judges from the server's rows what a start without an answer has become. Pure: rows and times in, a verdict out.

With a reference of its own a start is proven by it. Without one a job can only be likely: somebody else may have
started the same process in the same minute. Absence is never proof, only time makes it credible.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from tui.api.names import raw_of
from tui.intent import Group, Intent, IntentState
from tui.marks import mark_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tui.api.audit import Starters
    from tui.api.models import Candidate

PATIENCE: Final = timedelta(seconds=299)
"""After this long without a sign of it a start is called not found: 300 s, less the second that ``Date`` rounds off."""
WINDOW: Final = timedelta(seconds=120)
"""How long after its failure a start may still have been carried out, where nothing marks its jobs."""
RECHECKED: Final = timedelta(hours=24)
"""How long a start that was not found is looked for again: so late may it be delivered."""
ROUNDED: Final = timedelta(seconds=2)
"""How far ``Date``, which has whole seconds, and the times in rows may be apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known now. ``jobs`` are those of the start, proven; ``groups`` what the person may look at."""

    state: IntentState
    jobs: tuple[Candidate, ...] = ()
    groups: tuple[Group, ...] = ()


def hashed(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def inputs_hash(inputs: str) -> str:
    """Return the hash of what the inputs say, however they are spelled; no inputs and ``{}`` are the same."""
    try:
        said = json.dumps(json.loads(inputs or "{}"), sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        said = inputs
    return hashed(said.encode("utf-8", "replace"))


def judged(
    intent: Intent, jobs: Sequence[Candidate], claimed: Iterable[int], now: datetime, starters: Starters | None = None
) -> Verdict:
    """Return what ``jobs``, the newer ones of the release, say about ``intent`` at ``now`` on the server's clock.

    ``claimed`` are the ids of jobs that belong to other starts; ``starters`` is what the audit log says. It proves a
    start without a mark once the whole window has passed: one group that fits is by this user, others by other users.
    One that was given up stays so until a job fits, which may be as late as `RECHECKED`: then only the person can tell.
    """
    since = now - intent.failed_at if intent.failed_at is not None else timedelta(0)
    if intent.exact:
        own = tuple(job for job in jobs if _carries(job, intent))
        if own and (len(own) >= intent.count or since >= PATIENCE):
            return Verdict(IntentState.ACCEPTED, own)
        if own:
            return Verdict(IntentState.UNKNOWN, groups=(Group(own, ("not all of them yet",)),))
        # A server may keep a job's inputs to itself, and the mark with them: such a job is there to be looked at.
        silent = [job for job in jobs if intent.carrier and not mark_in(job.input_arguments, intent.carrier)]
        groups = _groups(intent, silent, frozenset(claimed))
        return Verdict(IntentState.NOT_FOUND if since >= PATIENCE else IntentState.UNKNOWN, groups=groups)
    groups = _groups(intent, jobs, frozenset(claimed))
    fitting = [group for group in groups if group.fits]
    if since <= WINDOW + ROUNDED or (not fitting and since < PATIENCE):
        return Verdict(IntentState.UNKNOWN, groups=groups)
    if not fitting:
        return Verdict(IntentState.CLOSED if intent.again else IntentState.NOT_FOUND, groups=groups)
    if starters is not None and (own := _own(fitting, starters)):
        return Verdict(IntentState.ACCEPTED, own, groups)
    return Verdict(IntentState.LIKELY if len(fitting) == 1 else IntentState.ASK_USER, groups=groups)


def _carries(job: Candidate, intent: Intent) -> bool:
    """Tell whether the job has the mark of ``intent``, where the server keeps it."""
    if intent.carrier:
        return mark_in(job.input_arguments, intent.carrier) == intent.reference
    return raw_of(job.reference) == intent.reference


def _own(fitting: Sequence[Group], starters: Starters) -> tuple[Candidate, ...]:
    """Return the one group that this user started; none while it is not known of every other who did."""
    mine = [group for group in fitting if all(job.id in starters.ours for job in group.jobs)]
    rest = [job.id for group in fitting if group not in mine for job in group.jobs]
    if len(mine) != 1 or not all(job_id in starters.others for job_id in rest):
        return ()
    return cast("tuple[Candidate, ...]", mine[0].jobs)


def _groups(intent: Intent, jobs: Sequence[Candidate], claimed: frozenset[int]) -> tuple[Group, ...]:
    """Return the jobs by the call that made them, those that fit first."""
    batches: dict[str, list[Candidate]] = {}
    for job in jobs:
        if job.id > intent.fence and raw_of(job.release_name) == intent.release_name:
            batches.setdefault(job.batch_execution_key or f"job {job.id}", []).append(job)
    groups = [Group(tuple(batch), tuple(_misfits(intent, batch, claimed))) for batch in batches.values()]
    return tuple(sorted(groups, key=lambda group: not group.fits))


def _misfits(intent: Intent, batch: Sequence[Candidate], claimed: frozenset[int]) -> Iterable[str]:
    if any(job.id in claimed for job in batch):
        yield "of another start"
    if any(job.id in intent.denied for job in batch):
        yield "not yours"
    if any((job.source_type or job.source or "Manual").casefold() != "manual" for job in batch):
        yield "not started by hand"
    if intent.count and len(batch) != intent.count:
        yield f"{len(batch)} jobs, not {intent.count}"
    if any(inputs_hash(job.input_arguments) != intent.inputs_hash for job in batch):
        yield "other inputs"
    if intent.robot_ids and any(job.robot.id not in (0, *intent.robot_ids) for job in batch):
        yield "another robot"
    if not all(_in_window(intent, job.creation_time) for job in batch):
        yield "another time"


def _in_window(intent: Intent, created: datetime | None) -> bool:
    if created is None or intent.sent_at is None or intent.failed_at is None:
        return False
    return intent.sent_at - ROUNDED <= created <= intent.failed_at + (RECHECKED if intent.again else WINDOW)
