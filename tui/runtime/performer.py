"""Performs effects: the only caller of the API client. Owns the client; who is signed in is the session's.

Every expected failure becomes an event; whatever else is raised is a defect and may end the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.api.client import OrchestratorClient
from tui.api.deployments import DEPLOYMENTS
from tui.api.problems import ProblemError
from tui.api.sign_in.advice import display_name_used
from tui.api.sign_in.identity import service_instances
from tui.errors import Exit, Failure, UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.form_effects import RememberStart, ValidateStart
from tui.flow.state import Here
from tui.runtime.memory_desk import MemoryDesk
from tui.runtime.start_desk import StartDesk
from tui.runtime.started_desk import StartedDesk, performers
from tui.runtime.watch_desk import watch_performers
from tui.store.journal import Journal
from tui.store.started import StartedJobs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from tui.api.deployments import Deployment
    from tui.api.models import Folder
    from tui.clock import Clock
    from tui.runtime.kept_profiles import KeptProfiles
    from tui.runtime.session import Session
    from tui.settings import Settings
    from tui.store.inputs import InputStore

FIRST_PAGE: Final = 200
NEXT_PAGES: Final = 1000
ADDRESS_IS_WRONG: Final = frozenset({200, 404})
"""Statuses that say "not here": a page for people instead of data, or not found."""
REFUSED: Final = frozenset({401, 403})


class Runtime:
    """One session with one server. `perform` may run many times at once.

    Without ``journal``, ``started`` and ``inputs`` starts are remembered for this session only.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        session: Session,
        clock: Clock,
        profiles: KeptProfiles | None = None,
        journal: Journal | None = None,
        started: StartedJobs | None = None,
        inputs: InputStore | None = None,
    ) -> None:
        self._settings = settings
        self._session = session
        self._profiles = profiles
        self._clock = clock
        self._unsaved: Failure | None = None
        self._late: list[ev.LateFound] = []
        self._client: OrchestratorClient | None = None
        self._desk = StartDesk(journal or Journal.temporary(), clock)
        self._memory = MemoryDesk(inputs)
        self._started = StartedDesk(started or StartedJobs(None), clock)
        self._performers = self._every_performer()

    def _every_performer(self) -> dict[type[fx.Effect], Callable[[Any], Awaitable[ev.Event]]]:
        """Return who performs which effect."""
        session, desk = self._session, self._desk
        return {
            fx.SignIn: session.sign_in,
            fx.BeginBrowser: session.begin_browser,
            fx.AwaitRedirect: session.await_redirect,
            fx.FetchAccounts: session.fetch_accounts,
            fx.LookAround: self._look_around,
            fx.SaveProfile: self._save_profile,
            fx.FetchInstances: self._fetch_instances,
            fx.OpenInstance: self._open_instance,
            fx.FetchReleases: self._fetch_releases,
            fx.FindRelease: self._find_release,
            fx.PreviewStart: self._preview_start,
            fx.FetchRobots: self._fetch_robots,
            fx.ReadFence: lambda effect: desk.read_fence(self._api, effect),
            fx.StartJob: lambda effect: desk.start(self._api, effect),
            fx.CheckStart: lambda effect: desk.check(self._api, effect),
            fx.AdoptJobs: lambda effect: desk.adopt(self._api, effect),
            fx.CloseStart: lambda effect: desk.give_up(self._api, effect),
            RememberStart: self._memory.remember,
            ValidateStart: self._validate_start,
            fx.LookForLate: lambda effect: desk.look_for_late(self._api, effect),
            **performers(self._started, lambda: self._api),
            **watch_performers(self._clock, lambda: self._api),
        }

    async def perform(self, effect: fx.Effect) -> ev.Event:
        """Do what ``effect`` asks and return what came of it; an expected failure comes back as `CallFailed`."""
        try:
            event = await self._performers[type(effect)](effect)
            await self._started.note(self._client, effect, event)
            return event
        except UiPathTuiError as error:
            wait = error.problem.retry_after if isinstance(error, ProblemError) else None
            return ev.CallFailed(ticket=effect.ticket, failure=error.failure, at=self._clock.now(), retry_after=wait)
        finally:
            late = self._desk.came_through()
            if late is not None:
                self._late.append(late)
                await self._started.note(self._client, effect, late)

    def news(self) -> ev.Event | None:
        """Return what came up beside the answers, once: unkept tokens, or news of the jobs started here."""
        if self._late:
            return self._late.pop(0)
        unsaved = self._session.unsaved
        if unsaved == self._unsaved or self._profiles is None:
            return self._started.news()
        self._unsaved = unsaved
        return self._profiles.changed(unsaved) if unsaved is not None else None

    async def aclose(self) -> None:
        """Close the connection. Nothing can be performed afterwards."""
        await self._session.aclose()
        self._desk.close()

    @property
    def _api(self) -> OrchestratorClient:
        if self._client is None:
            raise RuntimeError("no service instance was opened")
        return self._client

    async def _look_around(self, _effect: fx.LookAround) -> ev.Event:
        return await self._profiles.look() if self._profiles is not None else ev.HereChanged(here=Here())

    async def _save_profile(self, effect: fx.SaveProfile) -> ev.Event:
        if self._profiles is None:
            return ev.HereChanged(here=Here())
        return await self._profiles.save(effect.profile, unfinished=effect.unfinished)

    async def _fetch_instances(self, effect: fx.FetchInstances) -> ev.Event:
        connection, credentials, _place = self._session.signed_in
        try:
            listed = await service_instances(connection, credentials, effect.account.account_logical_name)
        except UiPathTuiError as error:
            if error.failure.status not in REFUSED - {401}:
                raise
            return ev.InstancesLoaded(ticket=effect.ticket, instances=(), reason=str(error.failure))
        usable = tuple(instance for instance in listed if instance.service_type.upper() in ("", "ORCHESTRATOR"))
        return ev.InstancesLoaded(ticket=effect.ticket, instances=usable)

    async def _open_instance(self, effect: fx.OpenInstance) -> ev.Event:
        connection, credentials, place = self._session.signed_in
        account, instance = effect.account.account_logical_name, effect.instance.logical_name
        tenant = instance if place.uses_tenant_header else ""
        form = self._settings.address_form
        bases = place.orchestrator_bases(account, instance, form)  # pyright: ignore[reportArgumentType] - checked on load
        for base in bases:
            client = OrchestratorClient(connection, credentials, base=base, tenant=tenant)
            try:
                folders, refused = (None, "") if place.is_2019 else await _folders(client)
                if folders is None:
                    await client.probe()
            except UiPathTuiError as error:
                if base != bases[-1] and error.failure.status in ADDRESS_IS_WRONG:
                    continue
                if await self._names_are_wrong(client, place, error.failure):
                    raise UiPathTuiError(display_name_used(error.failure, account, instance)) from error
                raise
            self._client = client
            version = await client.version()
            intents, late = await self._desk.opened(client)
            memory, unread = await self._memory.recall(base)
            return ev.InstanceOpened(
                ticket=effect.ticket,
                base=base,
                version=version,
                modern=not place.is_2019,
                folders=folders,
                folders_refused=refused,
                intents=intents,
                late=(*late, str(unread).rstrip(".")) if unread is not None else late,
                memory=memory,
                carriers=self._settings.correlation,
            )
        raise RuntimeError("a deployment without an address")

    async def _names_are_wrong(self, client: OrchestratorClient, place: Deployment, failure: Failure) -> bool:
        """Tell whether account or instance is misnamed: then a server of one's own still tells its version."""
        if not place.uses_path or failure.status not in ADDRESS_IS_WRONG:
            return False
        return place.platform_host == DEPLOYMENTS[place.key].platform_host or bool(await client.version())

    async def _fetch_releases(self, effect: fx.FetchReleases) -> ev.Event:
        top = NEXT_PAGES if effect.skip else FIRST_PAGE
        page = await self._api.releases(effect.folder, search=effect.search, skip=effect.skip, top=top)
        return ev.ReleasesLoaded(
            ticket=effect.ticket, releases=page.value, total=page.count, search=effect.search, skip=effect.skip
        )

    async def _find_release(self, effect: fx.FindRelease) -> ev.Event:
        found = await self._api.release_by_key(effect.key.strip(), effect.folder)
        if found is None:
            place = f"folder {effect.folder.path}" if effect.folder else "this service instance"
            raise UiPathTuiError(
                Failure(
                    "No release has this key",
                    f"the server knows none in {place}",
                    "Check the key, or choose another folder.",
                    exit=Exit.NOT_FOUND,
                )
            )
        return ev.ReleaseFound(ticket=effect.ticket, release=found)

    async def _preview_start(self, effect: fx.PreviewStart) -> ev.Event:
        return ev.StartPreviewed(ticket=effect.ticket, preview=self._api.start_request(effect.info, effect.folder))

    async def _validate_start(self, effect: ValidateStart) -> ev.Event:
        verdict = await self._api.validate_dynamic(effect.info, effect.folder)
        return ev.StartValidated(ticket=effect.ticket, verdict=verdict)

    async def _fetch_robots(self, effect: fx.FetchRobots) -> ev.Event:
        return ev.RobotsLoaded(ticket=effect.ticket, robots=await self._api.robots(effect.folder))


async def _folders(client: OrchestratorClient) -> tuple[tuple[Folder, ...], str]:
    """Return the folders, or none and why the server lists none."""
    try:
        return await client.folders(), ""
    except UiPathTuiError as error:
        if error.failure.status != 403:
            raise
        return (), f"{error.failure.title}: {error.failure.cause}"
