"""What is asked before and after a start, so that a lost answer does no harm: the fence, the mark, the newer jobs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.caller import PAGE_SIZE, Caller
from tui.api.models import Candidate, Folder, Page
from tui.api.names import raw_of
from tui.api.odata import address, literal
from tui.api.parsing import parsed
from tui.api.problems import Kind, ProblemError
from tui.errors import UiPathTuiError
from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from tui.intent import Intent

_JOBS: Final = TypeAdapter(Page[Candidate])
_MARKED: Final = re.compile(rb'"Reference"\s*:')
_MARKED_TYPE: Final = re.compile(rb'<EntityType Name="JobDto".*?Name="Reference".*?</EntityType>', re.DOTALL)
_READING: Final = "read the newest job"
_LOOKING: Final = "look for the job"
_MOST_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Fence:
    """What is true before a start: the newest job's id (0 for none), whether jobs can be marked, the server's time."""

    newest: int
    marks: bool
    now: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """The newer jobs that one look found, oldest first, and the server's time of it."""

    jobs: tuple[Candidate, ...]
    now: datetime | None


def server_time(answer: Answer) -> datetime | None:
    """Return the server's own time of an answer, ``None`` when it does not say."""
    try:
        moment = parsedate_to_datetime(answer.header("date"))
    except (ValueError, TypeError, IndexError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


async def fence(caller: Caller, folder: Folder | None) -> Fence:
    """Read the newest job; where there is none, today's servers are asked what a job's row has."""
    url = address(caller.base, "/odata/Jobs", orderby="Id desc", top=1)
    answer = await caller.answer(url, Purpose.PREPARE, _READING, folder)
    page = parsed(answer, _JOBS, _READING)
    marks = bool(_MARKED.search(answer.content))
    if not page.value and not caller.connection.deployment.is_2019:
        marks = await _has_marks(caller, folder)
    return Fence(max((job.id for job in page.value), default=0), marks, server_time(answer))


async def _has_marks(caller: Caller, folder: Folder | None) -> bool:
    url = f"{caller.base}/odata/$metadata"
    try:
        answer = await caller.answer(url, Purpose.PREPARE, "read what a job's row has", folder, long=True)
    except UiPathTuiError:
        return False
    return answer.ok and bool(_MARKED_TYPE.search(answer.content))


async def look_for(caller: Caller, intent: "Intent", folder: Folder | None) -> Look:
    """Return the jobs that may be of ``intent``: those with its mark, else every newer one of the release.

    A mark that an input argument carries can't be asked for: every newer job of the release is returned then too.
    """
    if intent.exact and not intent.carrier:
        try:
            return await _listed(caller, f"Reference eq {literal(intent.reference)}", folder)
        except ProblemError as error:
            if error.kind is not Kind.BAD_REQUEST:
                raise
        # A server that has the property and can't filter by it.
        found = await _newer(caller, intent, folder, "")
        return Look(tuple(job for job in found.jobs if raw_of(job.reference) == intent.reference), found.now)
    return await _newer(caller, intent, folder, f" and ReleaseName eq {literal(intent.release_name)}")


async def _newer(caller: Caller, intent: "Intent", folder: Folder | None, also: str) -> Look:
    last, jobs, now = intent.fence, dict[int, Candidate](), None
    for _ in range(_MOST_PAGES):
        page = await _listed(caller, f"Id gt {last}{also}", folder, expand="Robot" if intent.robot_ids else "")
        jobs.update({job.id: job for job in page.jobs if job.id > intent.fence})
        now = page.now
        if len(page.jobs) < PAGE_SIZE:
            break
        last = page.jobs[-1].id
    return Look(tuple(sorted(jobs.values(), key=lambda job: job.id)), now)


async def _listed(caller: Caller, wanted: str, folder: Folder | None, expand: str = "") -> Look:
    url = address(caller.base, "/odata/Jobs", filter=wanted, orderby="Id", top=PAGE_SIZE, expand=expand)
    answer = await caller.answer(url, Purpose.WATCH, _LOOKING, folder, long=True, repeated=True)
    page = parsed(answer, _JOBS, _LOOKING)
    return Look(tuple(sorted(page.value, key=lambda job: job.id)), server_time(answer))
