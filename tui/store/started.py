"""The jobs that were started from this computer: one private file, bounded, newest last. Holds no inputs.

Nothing depends on it: what can't be read or written is told, and left as it is. Methods wait for the disk: call them in
a thread.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from tui.started_job import StartedJob
from tui.store import files, locks
from tui.store.errors import StoreError, file_trouble
from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

NAME: Final = "started-jobs.json"
VERSION: Final = 1
MOST: Final = 300
"""Jobs that are remembered at most; those that are over go first, then the oldest."""
KEPT: Final = timedelta(days=30)
"""How long a job is remembered, counted from the newest start."""
PATIENCE: Final = 5.0
_WHAT: Final = "list of started jobs"
_UNREADABLE: Final = "The list of started jobs can't be used"
_NUMBERS: Final = frozenset({"id", "folder_id"})


class StartedJobs:
    """The list in ``folder``; without one it ends with this object. Methods raise `StoreError`."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / NAME if folder is not None else None
        self._held: tuple[StartedJob, ...] = ()

    def add(self, jobs: Iterable[StartedJob]) -> None:
        """Remember jobs; one that is known is renewed."""
        fresh = {(job.place, job.id): job for job in jobs}
        self._change(lambda known: (*(job for job in known if (job.place, job.id) not in fresh), *fresh.values()))

    def saw(self, place: str, states: Mapping[int, str]) -> bool:
        """Take in the states of jobs of a place; those never started here are ignored. Tell whether that is news."""

        def later(job: StartedJob) -> StartedJob:
            state = states.get(job.id, "") if job.place == place else ""
            return replace(job, state=state) if state and not job.over else job

        known = self.all()
        if tuple(map(later, known)) == known:
            return False
        self._change(lambda jobs: tuple(map(later, jobs)))
        return True

    def in_place(self, place: str) -> tuple[StartedJob, ...]:
        """Return the jobs of one server and tenant, newest first."""
        return tuple(job for job in reversed(self.all()) if job.place == place)

    def all(self) -> tuple[StartedJob, ...]:
        """Return every job, oldest first."""
        if self.path is None:
            return self._held
        data = files.read_private(self.path)
        return () if data is None else _decoded(self.path, data)

    def _change(self, change: Callable[[tuple[StartedJob, ...]], tuple[StartedJob, ...]]) -> None:
        if self.path is None:
            self._held = _pruned(change(self._held))
            return
        files.make_folder(self.path.parent)
        with locks.held(self.path.with_suffix(".lock"), _WHAT, patience=PATIENCE):
            known = self.all()
            jobs = _pruned(change(known))
            if jobs != known:
                files.write_private(self.path, _encoded(jobs))


def _pruned(jobs: tuple[StartedJob, ...]) -> tuple[StartedJob, ...]:
    """Return the jobs worth remembering, oldest first."""
    if not jobs:
        return jobs
    newest = max(job.started_at for job in jobs)
    recent = sorted((job for job in jobs if newest - job.started_at <= KEPT), key=lambda job: (job.started_at, job.id))
    surplus = len(recent) - MOST
    if surplus > 0:
        dispensable = sorted(recent, key=lambda job: (not job.over, job.started_at))[:surplus]
        gone = {(job.place, job.id) for job in dispensable}
        recent = [job for job in recent if (job.place, job.id) not in gone]
    return tuple(recent)


def _encoded(jobs: tuple[StartedJob, ...]) -> bytes:
    rows = [{**asdict(job), "started_at": job.started_at.isoformat()} for job in jobs]
    return json.dumps({"version": VERSION, "jobs": rows}, indent=1).encode()


def _decoded(path: Path, data: bytes) -> tuple[StartedJob, ...]:
    next_step = "Move it away; a new one is begun with the next start."
    try:
        found: Any = json.loads(data)
        version = found["version"]
        if isinstance(version, int) and version > VERSION:
            raise file_trouble(path, "was written by a newer uipath-tui", "Update this one.", title=_UNREADABLE)
        return tuple(_job(row) for row in found["jobs"])
    except StoreError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError):
        raise file_trouble(path, "is damaged", next_step, title=_UNREADABLE) from None


def _job(row: object) -> StartedJob:
    if not isinstance(row, dict):
        raise TypeError
    given = cast("dict[str, Any]", row)
    values: dict[str, Any] = {}
    for each in fields(StartedJob):
        value = given[each.name] if each.name in ("place", "id", "started_at") else given.get(each.name)
        wanted = int if each.name in _NUMBERS else str
        if value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise TypeError
        if value is not None:
            values[each.name] = clean(value) if isinstance(value, str) else value
    moment = datetime.fromisoformat(values["started_at"])
    if moment.tzinfo is None:
        raise ValueError
    values["started_at"] = moment
    return StartedJob(**values)
