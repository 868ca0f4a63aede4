"""Orchestrator, one method an endpoint. Owns which call serves which question; how calls travel is `caller`'s."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import Field, TypeAdapter

from tui.api import audit, reconcile, starting
from tui.api.caller import PAGE_SIZE, Caller, PageUrls
from tui.api.connection import Connection
from tui.api.guids import is_guid
from tui.api.models import (
    CamelModel,
    Folder,
    Job,
    Number,
    Page,
    Release,
    Robot,
    RobotLog,
    SafeText,
    ValidationResult,
    Wire,
)
from tui.api.odata import address, chunks, literal, newest_version
from tui.api.outcome import RequestPreview, StartOutcome
from tui.api.parsing import parsed
from tui.api.problems import Kind, ProblemError, problem_error
from tui.api.sign_in.auth import Credentials
from tui.api.start import VALIDATE_PATH, StartInfo
from tui.api.watched_jobs import WatchedJobs
from tui.errors import UiPathTuiError
from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from tui.intent import Intent

Row = TypeVar("Row")
_ODATA: Final = "UiPath.Server.Configuration.OData"


class FolderItems(Wire):
    """The answer of ``GetAllForCurrentUser`` (Orchestrator 20.0 definition)."""

    value: tuple[Folder, ...] = Field(default=(), alias="PageItems")
    count: Number | None = Field(default=None, alias="Count")


class ServerVersion(CamelModel):
    """The answer of ``status/version``."""

    version: SafeText = ""


_RELEASES: Final = TypeAdapter(Page[Release])
_FOLDERS: Final = TypeAdapter(Page[Folder])
_FOLDER_ITEMS: Final = TypeAdapter(FolderItems)
_ROBOTS: Final = TypeAdapter(Page[Robot])
_JOBS: Final = TypeAdapter(Page[Job])
_VERSION: Final = TypeAdapter(ServerVersion)
_VALIDATION: Final = TypeAdapter(ValidationResult)


class OrchestratorClient:
    """The calls to one Orchestrator. ``base`` is what ``/odata/…`` follows; ``tenant`` the logical name.

    Methods raise `SignInError` when the token is refused for good, `ProblemError` (an `AnswerError` with ``kind``) for
    an answer that is an error or can't be read, `NoAnswerError` without a complete answer.
    """

    def __init__(self, connection: Connection, credentials: Credentials, *, base: str, tenant: str = "") -> None:
        self._caller = Caller(connection, credentials, base, tenant)
        self._connection = connection
        self._watched = WatchedJobs(self._caller)

    @property
    def base(self) -> str:
        """What ``/odata/…`` follows."""
        return self._caller.base

    @property
    def place(self) -> str:
        """Which tenant this is, the same text each time."""
        return f"{self.base} {self._caller.tenant}".strip().casefold()

    @property
    def caller(self) -> Caller:
        """What makes the calls, for questions that other modules of the wire own."""
        return self._caller

    @property
    def credentials(self) -> Credentials:
        """The sign-in of these calls."""
        return self._caller.credentials

    async def version(self) -> str:
        """Return the server's version, or ``API 4.0`` for the newest one its answers name, ``""`` for neither."""
        url = self._connection.deployment.version_url
        if url:
            with suppress(UiPathTuiError):
                found = await self._caller.get(url, _VERSION, Purpose.VERSION, "read the version")
                if found.version:
                    return found.version
        newest = newest_version(self._connection.api_versions)
        return f"API {newest}" if newest else ""

    async def probe(self, folder: Folder | None = None) -> None:
        """Prove base, tenant and token by a call that every signed-in user may make. Raises when they are wrong."""
        if folder is None and not self._connection.deployment.is_2019:
            await self._folder_page(0, 1)
            return
        url = address(self.base, "/odata/Releases", top=1)
        await self._caller.get(url, _RELEASES, Purpose.PREPARE, "reach Orchestrator", folder)

    async def folders(self) -> tuple[Folder, ...]:
        """Return the folders open to this user, by path; empty where the server has none.

        ``GetAllForCurrentUser`` where the server has it, else ``odata/Folders``, which wants more rights and is the
        only one that servers of 2019 may have. An application that signs in by itself has no folders of its own: an
        empty list is asked for in the other way too.
        """
        if self._connection.deployment.is_2019:
            found = await self._all_folders()
        else:
            try:
                found = await self._own_folders()
            except ProblemError as error:
                if error.kind in (Kind.LIMIT, Kind.SERVER):
                    raise
                found = await self._all_folders()
            else:
                if not found:
                    with suppress(UiPathTuiError):
                        found = await self._all_folders()
        return tuple(sorted(found, key=lambda folder: folder.path.casefold()))

    async def releases(
        self, folder: Folder | None, *, search: str = "", skip: int = 0, top: int = 200
    ) -> Page[Release]:
        """Return one page of releases by name. ``count`` is of all that match ``search`` (a part of the name)."""
        url = address(
            self.base,
            "/odata/Releases",
            filter=f"contains(Name,{literal(search)})" if search else None,
            orderby="Name",
            top=top,
            skip=skip or None,
            count="true",
        )
        return await self._caller.get(url, _RELEASES, Purpose.RELEASES, "list the releases", folder)

    async def release_by_key(self, key: str, folder: Folder | None) -> Release | None:
        """Return the release with the key, ``None`` when the folder has none."""
        if not is_guid(key):
            return None
        url = address(self.base, "/odata/Releases", filter=f"Key eq {literal(key)}", top=1)
        page = await self._caller.get(url, _RELEASES, Purpose.RELEASES, "find the release", folder)
        return next((each for each in page.value if each.key.lower() == key.lower()), None)

    async def robots(self, folder: Folder | None) -> tuple[Robot, ...]:
        """Return the robots that the strategy Specific may name: those of the folder, or of the tenant."""
        path = "/odata/Robots"
        if folder is not None and folder.id and not self._connection.deployment.is_2019:
            path = f"/odata/Robots/{_ODATA}.GetRobotsFromFolder(folderId={folder.id})"
        return await self._rows(path, _ROBOTS, Purpose.PREPARE, "list the robots", folder)

    async def newest_job_id(self, folder: Folder | None) -> int:
        """Return the highest job id so far, 0 for none: every job of a later start has a higher one."""
        url = address(self.base, "/odata/Jobs", orderby="Id desc", top=1)
        page = await self._caller.get(url, _JOBS, Purpose.PREPARE, "read the newest job", folder)
        return max((job.id for job in page.value), default=0)

    def start_request(self, info: StartInfo, folder: Folder | None) -> RequestPreview:
        """Return the exact request of `start`, the token as its fingerprint."""
        return starting.preview(self._caller, info, folder)

    async def start(self, info: StartInfo, folder: Folder | None, *, renew: bool = False) -> StartOutcome:
        """Start once and return what is known; never raises an error of this program and never repeats."""
        return await starting.start(self._caller, info, folder, renew=renew)

    async def fence(self, folder: Folder | None) -> reconcile.Fence:
        """Return what is true before a start."""
        return await reconcile.fence(self._caller, folder)

    async def look_for(self, intent: "Intent", folder: Folder | None) -> reconcile.Look:
        """Return the jobs that a start without an answer may have made."""
        return await reconcile.look_for(self._caller, intent, folder)

    async def starters(self, since: datetime, until: datetime) -> audit.Starters | None:
        """Return who started the jobs of that time, ``None`` where the server does not tell."""
        return await audit.starters(self._caller, since, until)

    async def job(self, job_id: int, folder: Folder | None) -> Job:
        """Return one job."""
        return await self._watched.job(job_id, folder)

    async def jobs(self, ids: Sequence[int], folder: Folder | None) -> tuple[Job, ...]:
        """Return the jobs with these ids in the order asked; those the server does not know are left out."""
        return await self._watched.jobs(ids, folder)

    async def some_jobs(self, ids: Sequence[int], folder: Folder | None) -> tuple[tuple[int, ...], tuple[Job, ...]]:
        """Return the first of ``ids`` that one request takes, and their jobs in this order, as `jobs` does."""
        return await self._watched.some(ids, folder)

    async def robot_logs(
        self, job_key: str, folder: Folder | None, *, since: datetime | None = None, top: int = PAGE_SIZE
    ) -> tuple[RobotLog, ...]:
        """Return what the robot logged for the job at ``since`` or later, oldest first as the server says.

        Rows have no usable id: with ``since`` the last ones known come again and are told apart by value.
        """
        return await self._watched.logs(job_key, folder, since, top)

    async def stop(self, ids: Sequence[int], folder: Folder | None, *, kill: bool) -> None:
        """Ask the jobs to stop, or kill them."""
        doing = "kill the job" if kill else "stop the job"
        strategy = "Kill" if kill else "SoftStop"
        for some in chunks(ids):
            path, body = f"/odata/Jobs/{_ODATA}.StopJobs", _json({"jobIds": some, "strategy": strategy})
            if len(some) == 1:
                path, body = f"/odata/Jobs({some[0]})/{_ODATA}.StopJob", _json({"strategy": strategy})
            answer = await self._caller.post(path, body, Purpose.STOP, doing, folder)
            if not answer.ok or answer.looks_like_html:
                raise problem_error(answer, doing)

    async def validate_dynamic(self, info: StartInfo, folder: Folder | None) -> ValidationResult | None:
        """Return what the server thinks of a start that is not made, ``None`` where it can't say."""
        if self._connection.deployment.is_2019:
            return None
        doing = "let the server check the start"
        answer = await self._caller.post(VALIDATE_PATH, info.body(), Purpose.PREPARE, doing, folder)
        if answer.status in (405, 501) or answer.looks_like_html or (answer.status == 404 and not answer.content):
            return None
        return parsed(answer, _VALIDATION, doing)

    async def validate_existing(self, job_id: int, folder: Folder | None) -> ValidationResult | None:
        """Return why the job is still pending, ``None`` where the server can't say."""
        if self._connection.deployment.is_2019:
            return None
        path = f"/odata/Jobs({job_id})/{_ODATA}.ValidateExistingJob"
        doing = "ask why the job waits"
        answer = await self._caller.post(path, b"", Purpose.WATCH, doing, folder)
        if answer.status in (404, 405, 501) or answer.looks_like_html:
            return None
        return parsed(answer, _VALIDATION, doing)

    async def _rows(
        self, path: str, kind: TypeAdapter[Page[Row]], purpose: Purpose, doing: str, folder: Folder | None
    ) -> tuple[Row, ...]:
        urls = PageUrls(address(self.base, path, top=PAGE_SIZE, count="true") + "&$skip=")
        found: list[Row] = []
        async for rows in self._caller.pages(urls, kind, purpose, doing, folder):
            found += rows
        return tuple(found)

    async def _folder_page(self, skip: int, take: int) -> FolderItems:
        url = f"{self.base}/api/Folders/GetAllForCurrentUser?take={take}&skip={skip}"
        return await self._caller.get(url, _FOLDER_ITEMS, Purpose.FOLDERS, "list the folders")

    async def _own_folders(self) -> tuple[Folder, ...]:
        found: dict[int | str, Folder] = {}
        for _ in range(self._connection.limits.pages):
            page = await self._folder_page(len(found), PAGE_SIZE)
            before = len(found)
            found.update({folder.id or folder.key: folder for folder in page.value})
            if len(found) == before or (page.count is not None and len(found) >= page.count):
                break
            if page.count is None and len(page.value) < PAGE_SIZE:
                break
        return tuple(found.values())

    async def _all_folders(self) -> tuple[Folder, ...]:
        try:
            return await self._rows("/odata/Folders", _FOLDERS, Purpose.FOLDERS, "list the folders", None)
        except ProblemError as error:
            if self._connection.deployment.is_2019 and error.kind in (Kind.NOT_FOUND, Kind.WRONG_ADDRESS):
                return ()
            raise


def _json(data: object) -> bytes:
    return TypeAdapter(object).dump_json(data)
