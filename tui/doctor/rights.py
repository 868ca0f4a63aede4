"""The checks of what a sign-in may do: releases, jobs, robot log, start, and the last release. Each is a harmless GET.

Nothing here starts anything: whether a start is allowed is read off the token, where it says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tui.api.sign_in.claims import read_scopes
from tui.api.sign_in.scopes import REQUIRED_SCOPES, Scope
from tui.doctor.denied import denied
from tui.doctor.finding import Finding, Status, doubted, ok, skipped, warned
from tui.errors import Exit, Failure, UiPathTuiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.api.client import OrchestratorClient
    from tui.doctor.access import Access
    from tui.doctor.subject import Subject

NO_JOB: Final = "00000000-0000-0000-0000-000000000000"
"""The key of no job: asking for its log shows whether logs may be read, and brings nothing."""
START_SCOPES: Final = frozenset({"OR.Jobs", "OR.Jobs.Write", "OR.Default"})
_BY_NAME: Final = {scope.name: scope for scope in REQUIRED_SCOPES}
RELEASES: Final = _BY_NAME["OR.Execution.Read"]
JOBS: Final = Scope("OR.Jobs.Read", "watch jobs", "Jobs.View")
ROBOT_LOG: Final = _BY_NAME["OR.Monitoring.Read"]
NAMES: Final = ("releases", "jobs", "robot log", "start", "last release")


class Rights:
    """Looks at what ``access`` may do in its folder."""

    def __init__(self, subject: Subject, access: Access) -> None:
        self._subject = subject
        self._access = access

    async def releases(self) -> Finding:
        """Ask for one release."""

        async def look(client: OrchestratorClient) -> tuple[str, dict[str, Any]]:
            page = await client.releases(self._access.folder, top=1)
            count = page.count if page.count is not None else len(page.value)
            return f"may be listed; {count:,} here", {"count": count}

        finding = await self._look("releases", RELEASES, look, vital=True)
        if finding.status is Status.OK and not finding.details["count"]:
            step = f"Publish a process to {self._where}, or choose another folder: {self._subject.setup}"
            return warned("releases", "may be listed, but there is none here", step, **finding.details)
        return finding

    async def jobs(self) -> Finding:
        """Ask for the newest job."""

        async def look(client: OrchestratorClient) -> tuple[str, dict[str, Any]]:
            newest = await client.newest_job_id(self._access.folder)
            return f"may be watched; {f'the newest is {newest}' if newest else 'there is none yet'}", {"newest": newest}

        return await self._look("jobs", JOBS, look, vital=True)

    async def robot_log(self) -> Finding:
        """Ask for what robots logged for no job."""

        async def look(client: OrchestratorClient) -> tuple[str, dict[str, Any]]:
            await client.robot_logs(NO_JOB, self._access.folder, top=1)
            return "may be read", {}

        return await self._look("robot log", ROBOT_LOG, look, vital=False)

    def start(self) -> Finding:
        """Say what the token tells about starting; no call could, without starting a job."""
        name, client = "start", self._access.client
        if client is None:
            return skipped(name, "the service instance is not open")
        scopes = read_scopes(client.credentials.access.reveal())
        told = sorted(scope for scope in scopes if scope.startswith("OR."))
        if not told:
            return skipped(name, "can't be known without starting a job")
        if START_SCOPES.isdisjoint(told):
            words = "no job can be started: the token lacks the scope OR.Jobs"
            step = self._access.asking.adding("OR.Jobs")
            return Finding(name, Status.FAIL, words, step, {"scopes": told, "scope": "OR.Jobs"}, Exit.REFUSED)
        words = "the token may; whether your role may too (Jobs.Create), only a start shows"
        return ok(name, words, scopes=told)

    async def last_release(self) -> Finding:
        """Look whether the release that was used last still exists."""
        name, profile = "last release", self._subject.profile
        key = profile.release_key if profile is not None else ""
        client, why = self._ready()
        if not key:
            return skipped(name, "none was chosen yet")
        if client is None:
            return skipped(name, why)
        known = f"{profile.release_name} ({key})" if profile is not None and profile.release_name else key
        try:
            found = await client.release_by_key(key, self._access.folder)
        except UiPathTuiError as error:
            return denied(name, error, RELEASES, self._where, self._access.asking, vital=False)
        if found is None:
            gone = Failure(
                "The release is gone",
                f"there is no {known} in {self._where}",
                "`uipath-tui` opens at the list: choose another one",
            )
            return doubted(name, gone, key=key)
        details = {"key": found.key, "release": found.name, "version": found.process_version}
        words = f"{found.name} {found.process_version} is there".replace("  ", " ")
        if found.is_process_deleted:
            step = "Publish its package again, or choose another release"
            return warned(name, f"{words}, but its package was deleted, so it can't start", step, **details)
        newer = "" if found.is_latest_version else "; a newer version of its package exists"
        return ok(name, words + newer, **details)

    @property
    def _where(self) -> str:
        folder = self._access.folder
        return f"the folder {folder.path or folder.key}" if folder is not None else "this service instance"

    def _ready(self) -> tuple[OrchestratorClient | None, str]:
        """Return what asks, or ``None`` and why nothing can be asked."""
        if self._access.client is None:
            return None, "the service instance is not open"
        if self._access.needs_folder:
            return None, "there is no folder to look in"
        return self._access.client, ""

    async def _look(
        self,
        name: str,
        need: Scope,
        look: Callable[[OrchestratorClient], Awaitable[tuple[str, dict[str, Any]]]],
        *,
        vital: bool,
    ) -> Finding:
        client, why = self._ready()
        if client is None:
            return skipped(name, why)
        try:
            words, details = await look(client)
        except UiPathTuiError as error:
            return denied(name, error, need, self._where, self._access.asking, vital=vital)
        return replace(ok(name, words), details={"scope": need.name, "permission": need.permission, **details})
