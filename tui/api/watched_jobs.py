"""What is asked again and again while jobs are watched: their states, and what their robots logged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from tui.api.caller import Caller
from tui.api.guids import is_guid
from tui.api.models import Folder, Job, Page, RobotLog
from tui.api.odata import IDS_PER_REQUEST, address, any_id, fitting, moment
from tui.api.parsing import parsed, unreadable
from tui.api.problems import Kind, ProblemError
from tui.exchanges.model import Purpose

_JOB: Final = TypeAdapter(Job)
_JOBS: Final = TypeAdapter(Page[Job])
_LOGS: Final = TypeAdapter(Page[RobotLog])
_MOST_PAGES: Final = 20


class WatchedJobs:
    """Reads jobs by their ids. Remembers whether this server knows ``in``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._has_in = not caller.connection.deployment.is_2019

    async def job(self, job_id: int, folder: Folder | None) -> Job:
        """Return one job."""
        url = f"{self._caller.base}/odata/Jobs({job_id})"
        doing = "read the job"
        found = await self._caller.get(url, _JOB, Purpose.WATCH, doing, folder)
        if found.id != job_id:
            raise unreadable(200, doing, "it is about another job, or about none")
        return found

    async def jobs(self, ids: Sequence[int], folder: Folder | None) -> tuple[Job, ...]:
        """Return the jobs with these ids in the order asked; those the server does not know are left out."""
        found: list[Job] = []
        waiting = list(dict.fromkeys(ids))
        while waiting:
            asked, jobs = await self.some(waiting, folder)
            found += jobs
            waiting = waiting[len(asked) :]
        return tuple(found)

    async def some(self, ids: Sequence[int], folder: Folder | None) -> tuple[tuple[int, ...], tuple[Job, ...]]:
        """Return the first of ``ids`` that one request takes, and their jobs in this order."""
        unique = list(dict.fromkeys(ids))
        has_in, base, doing = self._has_in, self._caller.base, "read the jobs"
        some = unique[:IDS_PER_REQUEST] if has_in else fitting(unique, base)
        url = address(base, "/odata/Jobs", filter=any_id(some, has_in=has_in), top=len(some))
        try:
            answer = await self._caller.answer(url, Purpose.WATCH, doing, folder, long=True, repeated=True)
            page = parsed(answer, _JOBS, doing)
        except ProblemError as error:
            if not has_in or error.kind is not Kind.BAD_REQUEST:
                raise
            # An older server of one's own: it does not know ``in``.
            self._has_in = False
            return await self.some(ids, folder)
        found = {job.id: job for job in page.value}
        return tuple(some), tuple(found[each] for each in some if each in found)

    async def logs(self, job_key: str, folder: Folder | None, since: datetime | None, top: int) -> tuple[RobotLog, ...]:
        """Return what the robot logged for the job at ``since`` or later, oldest first as the server says.

        A full page is not the end: more may lie within the overlap alone than one page holds.
        """
        if not is_guid(job_key):
            raise unreadable(200, "read the robot's log", "the key that it gave for the job is no GUID")
        condition = f"JobKey eq {job_key}" + (f" and TimeStamp ge {moment(since)}" if since else "")
        found: list[RobotLog] = []
        for _ in range(_MOST_PAGES):
            url = address(
                self._caller.base,
                "/odata/RobotLogs",
                filter=condition,
                orderby="TimeStamp asc",
                top=top,
                skip=len(found) or None,
            )
            page = await self._caller.get(url, _LOGS, Purpose.LOGS, "read the robot's log", folder)
            found += page.value
            if len(page.value) < top:
                break
        return tuple(found)
