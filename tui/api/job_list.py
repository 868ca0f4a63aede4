"""The recent jobs of a folder, one of them with its release, and the run before it. Owns these three questions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from tui.api.guids import is_guid
from tui.api.models import Job, Page, Release
from tui.api.odata import address, literal
from tui.api.problems import Kind, ProblemError
from tui.errors import Exit, Failure, UiPathTuiError
from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from tui.api.caller import Caller
    from tui.api.models import Folder

UNFINISHED: Final = "unfinished"
"""In the place of a state: every job that is not over, also in a state that only newer servers know."""
PAGE: Final = 100
_FINAL: Final = ("Successful", "Faulted", "Stopped")
_LISTING: Final = "list the jobs"
_READING: Final = "read the job"
_BEFORE: Final = "look for the run before"
_LOOKED_BACK: Final = 10
"""Rows read to find the run before: releases of one name may be several."""


class RunJob(Job):
    """A job with the release it runs, where that was asked for (SimpleReleaseDto in every definition)."""

    release: Release = Release()


@dataclass(frozen=True, slots=True)
class Attached:
    """A job and its release, ``None`` where the server does not tell it."""

    job: Job
    release: Release | None


_JOBS: Final = TypeAdapter(Page[Job])
_RUNS: Final = TypeAdapter(Page[RunJob])
_RUN: Final = TypeAdapter(RunJob)


def wanted(search: str, shown: str) -> str:
    """Return the filter of a list: ``search`` is a part of the release's name, a job's id or its key."""
    terms: list[str] = []
    if shown == UNFINISHED:
        terms += [f"State ne '{state}'" for state in _FINAL]
    elif shown:
        terms.append(f"State eq {literal(shown)}")
    if is_guid(search):
        terms.append(f"Key eq {search.lower()}")
    elif search.isascii() and search.isdecimal():
        terms.append(f"(Id eq {int(search)} or contains(ReleaseName,{literal(search)}))")
    elif search:
        terms.append(f"contains(ReleaseName,{literal(search)})")
    return " and ".join(terms)


async def jobs(caller: Caller, folder: Folder | None, *, search: str = "", shown: str = "", skip: int = 0) -> Page[Job]:
    """Return one page of jobs, newest first; ``count`` is of all that fit."""
    url = address(
        caller.base,
        "/odata/Jobs",
        filter=wanted(search, shown),
        orderby="Id desc",
        top=PAGE,
        skip=skip or None,
        count="true",
    )
    return await caller.get(url, _JOBS, Purpose.WATCH, _LISTING, folder)


async def attach(caller: Caller, folder: Folder | None, *, job_id: int = 0, key: str = "") -> Attached:
    """Return the job with this id or key, and its release as the list of releases has it.

    Raises `UiPathTuiError` where the folder has no such job.
    """
    run = await (_by_key(caller, folder, key) if key else _by_id(caller, folder, job_id))
    told = run.release if run.release.key else None
    if told is None:
        return Attached(run, None)
    url = address(caller.base, "/odata/Releases", filter=f"Key eq {literal(told.key)}", top=1)
    with suppress(UiPathTuiError):
        page = await caller.get(url, _RELEASES, Purpose.RELEASES, "find the release", folder)
        told = next((each for each in page.value if each.key.casefold() == told.key.casefold()), told)
    return Attached(run, told)


_RELEASES: Final = TypeAdapter(Page[Release])


async def _by_id(caller: Caller, folder: Folder | None, job_id: int) -> RunJob:
    url = address(caller.base, f"/odata/Jobs({job_id})", expand="Release")
    try:
        run = await caller.get(url, _RUN, Purpose.WATCH, _READING, folder)
    except ProblemError as error:
        if error.kind is not Kind.NOT_FOUND:
            raise
        raise _unknown(str(job_id), folder) from error
    if run.id != job_id:
        raise _unknown(str(job_id), folder)
    return run


async def _by_key(caller: Caller, folder: Folder | None, key: str) -> RunJob:
    """Find by key: the property is a GUID, so it stands without quotes; some servers are known to want them."""
    if not is_guid(key):
        raise _unknown(key, folder)
    try:
        found = await _filtered(caller, folder, f"Key eq {key.lower()}")
    except ProblemError as error:
        if error.kind is not Kind.BAD_REQUEST:
            raise
        found = await _filtered(caller, folder, f"Key eq '{key.lower()}'")
    run = next((each for each in found if each.key.casefold() == key.casefold()), None)
    if run is None:
        raise _unknown(key, folder)
    return run


async def _filtered(caller: Caller, folder: Folder | None, condition: str) -> tuple[RunJob, ...]:
    url = address(caller.base, "/odata/Jobs", filter=condition, top=1, expand="Release")
    return (await caller.get(url, _RUNS, Purpose.WATCH, _READING, folder)).value


async def previous(caller: Caller, folder: Folder | None, job: Job, release_key: str) -> Job | None:
    """Return the newest earlier job of the same release, ``None`` where there is none.

    Rows name their release by its name; where ``release_key`` is known, the row's release has to have it.
    """
    condition = f"ReleaseName eq {literal(job.release_name)} and Id lt {job.id}"
    url = address(caller.base, "/odata/Jobs", filter=condition, orderby="Id desc", top=_LOOKED_BACK, expand="Release")
    page = await caller.get(url, _RUNS, Purpose.WATCH, _BEFORE, folder)
    fit = (run for run in page.value if run.id < job.id and run.release_name == job.release_name)
    same = (run for run in fit if not (release_key and run.release.key) or _same(run.release.key, release_key))
    batch = job.batch_execution_key
    return max(
        (run for run in same if not batch or run.batch_execution_key != batch), key=lambda run: run.id, default=None
    )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _unknown(name: str, folder: Folder | None) -> UiPathTuiError:
    place = f"folder {folder.path}" if folder is not None and folder.path else "this service instance"
    return UiPathTuiError(
        Failure(
            "There is no such job",
            f"the server knows no job {name} in {place}",
            "Check the number or key, or choose another folder.",
            exit=Exit.NOT_FOUND,
        )
    )
