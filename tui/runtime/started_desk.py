"""Remembers what is started here and what becomes of it; performs the effects around the list of jobs.

Nothing that goes wrong with the memory stops anything: it is told once, as news.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.api import job_list
from tui.api.models import Folder
from tui.errors import UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.outcome import is_final
from tui.intent import IntentState
from tui.started_job import GONE, StartedJob
from tui.store.errors import StoreError
from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from tui.api.client import OrchestratorClient
    from tui.api.models import Job
    from tui.clock import Clock
    from tui.intent import Intent
    from tui.store.started import StartedJobs

    T = TypeVar("T")


class StartedDesk:
    """The jobs started from this computer, of one session."""

    def __init__(self, jobs: StartedJobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._unfinished: frozenset[int] = frozenset()
        """Ids started here in the open tenant that are not known to be over."""
        self._news: ev.StartedChanged | None = None
        self._trouble = ""
        self._told: tuple[tuple[StartedJob, ...], str] = ((), "")

    def news(self) -> ev.Event | None:
        """Return what is new about the jobs started here, once."""
        news, self._news = self._news, None
        return news

    async def note(self, client: OrchestratorClient | None, effect: fx.Effect, event: ev.Event) -> None:
        """Take in what an answer says about jobs started here."""
        if client is None:
            return
        fresh = self._started(client.place, effect, event)
        if fresh:
            await self._write(client.place, lambda: self._jobs.add(fresh))
        elif isinstance(event, ev.InstanceOpened):
            await self._write(client.place, lambda: None)
            self._news = replace(self._news, opened=True) if self._news is not None else None
        else:
            ends = {job.id: job.state for job in _seen(event) if job.id in self._unfinished and is_final(job.state)}
            if ends:
                await self._write(client.place, lambda: self._jobs.saw(client.place, ends))

    async def look(self, client: OrchestratorClient, _effect: fx.LookAtStarted) -> ev.Event:
        """Ask what has become of the unfinished jobs, a request for each folder; a folder that refuses is left out."""
        known = await self._read(lambda: self._jobs.in_place(client.place), ())
        folders: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for job in known:
            if not job.over:
                folders[job.folder_id, job.folder_key, job.folder_path].append(job.id)
        states: dict[int, str] = {}
        looked = True
        for (folder_id, key, path), ids in folders.items():
            folder = Folder(id=folder_id, key=key, fully_qualified_name=path) if folder_id or key or path else None
            try:
                found = {job.id: job.state for job in await client.jobs(ids, folder)}
            except UiPathTuiError:
                looked = False
                continue
            states |= {each: found.get(each, GONE) for each in ids}
        await self._write(client.place, lambda: self._jobs.saw(client.place, states))
        self._news = None
        return ev.StartedChanged(
            started=await self._read(lambda: self._jobs.in_place(client.place), ()),
            looked=looked,
            trouble=self._trouble,
        )

    async def list_jobs(self, client: OrchestratorClient, effect: fx.FetchJobs) -> ev.Event:
        """List one page of jobs."""
        page = await job_list.jobs(
            client.caller, effect.folder, search=effect.search, shown=effect.shown, skip=effect.skip
        )
        return ev.JobsListed(ticket=effect.ticket, jobs=page.value, total=page.count, at=self._clock.now())

    async def attach(self, client: OrchestratorClient, effect: fx.AttachJob) -> ev.Event:
        """Read one job and its release."""
        found = await job_list.attach(client.caller, effect.folder, job_id=effect.job_id, key=effect.key)
        return ev.JobAttached(
            ticket=effect.ticket, job=found.job, at=self._clock.now(), release=found.release, folder=effect.folder
        )

    async def previous(self, client: OrchestratorClient, effect: fx.FetchPrevious) -> ev.Event:
        """Find the run before."""
        found = await job_list.previous(client.caller, effect.folder, effect.job, effect.release_key)
        return ev.PreviousFound(ticket=effect.ticket, previous=found)

    def _started(self, place: str, effect: fx.Effect, event: ev.Event) -> tuple[StartedJob, ...]:
        """Return the jobs that ``event`` proves to be started here."""
        match effect, event:
            case fx.StartJob(), ev.JobsStarted():
                states = {job.id: job for job in event.jobs}
            case fx.CheckStart(), ev.StartChecked() if event.intent.state is IntentState.ACCEPTED:
                states = {job.id: job for job in event.jobs}
            case fx.AdoptJobs(), ev.StartChecked():
                states = dict.fromkeys(effect.ids)
            case _, ev.LateFound():
                return tuple(self._job(place, intent, each, None) for intent in event.found for each in intent.jobs)
            case _:
                return ()
        folder = effect.folder if not isinstance(effect, fx.AdoptJobs) else None
        return tuple(self._job(place, effect.intent, job_id, job, folder) for job_id, job in states.items())

    def _job(
        self, place: str, intent: Intent, job_id: int, job: Job | None, folder: Folder | None = None
    ) -> StartedJob:
        return StartedJob(
            place=place,
            id=job_id,
            key=job.key if job is not None else "",
            release_key=intent.release_key,
            release_name=clean(intent.release_name),
            folder_id=folder.id if folder is not None else 0,
            folder_key=folder.key if folder is not None else "",
            folder_path=folder.path if folder is not None else clean(intent.folder),
            started_at=self._clock.now(),
            state=job.state if job is not None else "",
        )

    async def _write(self, place: str, change: Callable[[], object]) -> None:
        """Change what is remembered, and make news of what is then known of the place."""

        def both() -> tuple[StartedJob, ...]:
            change()
            return self._jobs.in_place(place)

        known = await self._read(both, None)
        if known is not None:
            self._trouble = ""
            self._unfinished = frozenset(job.id for job in known if not job.over)
        if (known or (), self._trouble) != self._told:
            self._told = (known or (), self._trouble)
            self._news = ev.StartedChanged(started=known or (), trouble=self._trouble)

    async def _read(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return await asyncio.to_thread(read)
        except StoreError as error:
            self._trouble = str(error.failure)
            return otherwise


def performers(
    desk: StartedDesk, client: Callable[[], OrchestratorClient]
) -> Mapping[type[fx.Effect], Callable[[Any], Any]]:
    """Return what performs the effects around the list of jobs, on the ``client`` of the moment."""
    return {
        fx.FetchJobs: lambda effect: desk.list_jobs(client(), effect),
        fx.AttachJob: lambda effect: desk.attach(client(), effect),
        fx.FetchPrevious: lambda effect: desk.previous(client(), effect),
        fx.LookAtStarted: lambda effect: desk.look(client(), effect),
    }


def _seen(event: ev.Event) -> tuple[Job, ...]:
    match event:
        case ev.JobsPolled() | ev.JobsListed():
            return event.jobs
        case ev.JobAttached():
            return (event.job,)
        case _:
            return ()
