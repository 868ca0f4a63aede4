"""The checks of one sign-in: who it is, until when, which service instance it opens, which folder it finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tui.api.client import OrchestratorClient
from tui.api.sign_in.advice import PERSONAL_ACCESS_TOKEN
from tui.api.sign_in.scopes import REQUIRED_SCOPES
from tui.doctor.denied import Asking, denied
from tui.doctor.finding import SET_UP, Finding, doubted, failed, ok, skipped, warned
from tui.doctor.naming import UNNAMED, account_names, chosen, instance_names, matching_folder, typed_folder
from tui.errors import Exit, Failure, UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.keeping import Keeping
from tui.runtime.performer import Runtime
from tui.text import counted, day_and_time, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.api.models import Folder, ServiceInstance
    from tui.clock import Clock
    from tui.doctor.subject import Subject
    from tui.flow.state import Identity
    from tui.runtime.session import Session

SOON: Final = timedelta(minutes=10)
"""Time left below which a sign-in that can't be renewed is worth a word."""
NOT_THERE: Final = "what answers at this address does not seem to be Orchestrator"
THE_ADDRESS: Final = "Check the base address first; if it is right, the names of account and instance"
LIST_FOLDERS: Final = next(scope for scope in REQUIRED_SCOPES if scope.name == "OR.Folders.Read")


class Access:
    """Signs in and opens a service instance, once; what was found is there for the checks that follow."""

    def __init__(self, subject: Subject, session: Session, clock: Clock, *, elsewhere: bool = False) -> None:
        self._subject = subject
        self._elsewhere = elsewhere
        self._session = session
        self._clock = clock
        self._runtime = Runtime(settings=subject.settings, session=session, clock=clock)
        self._names = ""
        self._trouble: Finding | None = None
        self._opened: ev.InstanceOpened | None = None
        self._folders: tuple[Folder, ...] | None = None
        self.client: OrchestratorClient | None = None
        """The calls to the instance, once it is open."""
        self.folder: Folder | None = None
        """Where the rights are looked at; ``None`` where the server has no folders, or none is known."""

    @property
    def needs_folder(self) -> bool:
        """Whether nothing can be looked at, because the server has folders and none is known."""
        return self._opened is not None and self._opened.modern and self.folder is None

    @property
    def asking(self) -> Asking:
        """Who asks, for saying what a refused call takes."""
        _, credentials, place = self._session.signed_in
        return Asking(credentials.record, not place.is_2019, self._subject.with_another)

    async def aclose(self) -> None:
        """Close the connection, once what is being renewed is kept."""
        await self._runtime.aclose()

    async def sign_in(self) -> Finding:
        """Sign in, and prove it by opening the instance: only an answer of Orchestrator proves a token."""
        subject = self._subject
        if subject.way is None:
            return self._nobody()
        event = await self._runtime.perform(subject.sign_in())
        if not isinstance(event, ev.SignedIn):
            return self._refused(_failure(event))
        trouble = await self._open(event)
        if trouble is not None and trouble.exit is Exit.SIGN_IN:
            return self._refused(trouble)
        return self._who(event.identity)

    def instance(self) -> Finding:
        """Say whether the instance could be opened."""
        name = "instance"
        if self._trouble is not None:
            return self._trouble
        if self._opened is None:
            return skipped(name, "nobody is signed in")
        base, version = self._opened.base, self._opened.version
        told = f"; {version}" if version.startswith("API") else ""
        place = self._subject.place
        path = base.removeprefix(place.platform_host) if place is not None else base
        where = f"open at {path}" if path else "open"
        return ok(name, f"{self._names} {where}{told}", base=base, version=version or None)

    async def find_folder(self) -> Finding:
        """Find the folder by its key or path; without a name take the first to look at."""
        name, opened, client = "folder", self._opened, self.client
        if opened is None or client is None:
            return skipped(name, "the service instance is not open")
        if opened.folders is None:
            return ok(name, "none needed: this server has no folders")
        wanted = self._subject.folder
        try:
            folders = await client.folders() if opened.folders_refused else opened.folders
        except UiPathTuiError as error:
            self.folder = typed_folder(wanted) if wanted else None
            finding = denied(name, error, LIST_FOLDERS, "this service instance", self.asking, vital=False)
            return self._unlisted(finding, wanted)
        return self._among(folders, wanted)

    def _among(self, folders: Sequence[Folder], wanted: str) -> Finding:
        name, count = "folder", len(folders)
        if wanted:
            self.folder = matching_folder(folders, wanted)
            if self.folder is None:
                shown = self._subject.profile.folder_path if self._subject.profile is not None else ""
                failure = Failure(
                    title=f"The folder {shown or wanted} was not found",
                    cause=f"it is not among the {counted(count, 'folder')} open to this sign-in",
                    next_step=f"Choose another one ({self._subject.setup}), or ask an administrator to assign you",
                    exit=Exit.NOT_FOUND,
                )
                return failed(name, failure, count=count)
            found = self.folder
            return ok(name, f"{found.path} is there", count=count, path=found.path, key=found.key, id=found.id)
        if not folders:
            step = "Ask an administrator to assign you to a folder, then try again"
            return warned(name, "no folder is open to this sign-in", step, count=0)
        self.folder = folders[0]
        words = f"{counted(count, 'folder')}; none is chosen, so the rights below are those in {self.folder.path}"
        return ok(name, words, count=count, path=self.folder.path, key=self.folder.key, id=self.folder.id)

    def _unlisted(self, finding: Finding, wanted: str) -> Finding:
        rest = "The one that was named is used as it is" if wanted else "None is named, so nothing can be looked at"
        step = finding.next_step if wanted else f"{finding.next_step}. Or name one with --folder PATH"
        return replace(finding, words=f"{finding.words}. {rest}", next_step=step)

    async def _open(self, signed: ev.SignedIn) -> Failure | None:
        """Open what is named, or the first of each list. Returns why not; `instance` tells it too."""
        account = chosen(signed.accounts, self._subject.account, account_names)
        if isinstance(account, Failure):
            return self._not_open(account, signed.reason)
        instances: Sequence[ServiceInstance] = signed.instances or ()
        if signed.instances is None:
            event = await self._runtime.perform(fx.FetchInstances(account=account))
            if not isinstance(event, ev.InstancesLoaded):
                return self._not_open(_failure(event))
            instances = event.instances
        instance = chosen(instances, self._subject.instance, instance_names)
        if isinstance(instance, Failure):
            return self._not_open(instance, signed.reason)
        event = await self._runtime.perform(fx.OpenInstance(account=account, instance=instance))
        if not isinstance(event, ev.InstanceOpened):
            return self._not_open(_failure(event))
        connection, credentials, place = self._session.signed_in
        tenant = instance.logical_name if place.uses_tenant_header else ""
        self.client = OrchestratorClient(connection, credentials, base=event.base, tenant=tenant)
        self._opened = event
        several = len(signed.accounts) > 1 or len(instances) > 1
        unnamed = several and not (self._subject.account and self._subject.instance)
        names = " / ".join(name for name in (account.account_logical_name, instance.logical_name) if name)
        self._names = f"{names}{' (the first of several)' if unnamed else ''} is"
        return None

    def _not_open(self, failure: Failure, reason: str = "") -> Failure:
        if failure.exit is Exit.SIGN_IN:
            self._trouble = skipped("instance", "nobody is signed in")
        elif self._elsewhere:
            failure = replace(failure, cause=NOT_THERE, next_step=THE_ADDRESS, exit=Exit.NETWORK)
            self._trouble = failed("instance", failure)
        elif failure is UNNAMED:
            self._trouble = skipped("instance", reason or UNNAMED.cause, UNNAMED.next_step)
        else:
            self._trouble = failed("instance", failure)
        return failure

    def _refused(self, failure: Failure) -> Finding:
        """Return the finding; what a session says beside the next step about its watched jobs has no place here."""
        step, then = failure.next_step.partition(";")[0].rstrip("."), self._subject.with_another
        if "ign in" in step:
            step = f"{step}: {self._subject.setup}" if then.startswith("sign in") else f"{step}, then {then}"
        elif failure.exit is Exit.SIGN_IN and failure.status is not None:
            step = f"{step}, then {then}"
        return failed("sign-in", replace(failure, next_step=step))

    def _nobody(self) -> Finding:
        profile = self._subject.profile
        if profile is None:
            return skipped(
                "sign-in", "there is nothing to sign in with here", f"{SET_UP}; or pipe a token in: --token-stdin"
            )
        why = f"profile “{profile.name}” keeps no secret: it is given in each session"
        return skipped("sign-in", why, "Pipe it in: uipath-tui doctor --token-stdin < FILE")

    def _who(self, identity: Identity) -> Finding:
        name, subject, opened = "sign-in", self._subject, self._opened
        left = identity.expires_at - self._clock.now() if identity.expires_at is not None else None
        details = {
            "who": identity.who,
            "kind": identity.kind,
            "fingerprint": identity.fingerprint,
            "expires_at": identity.expires_at.isoformat() if identity.expires_at is not None else None,
            "renewable": identity.renewable,
            "kept": subject.keeping.value if subject.keeping is not None else None,
            "where": identity.kept or None,
        }
        named = not identity.who.startswith(("the holder of", identity.kind))
        who = f"{identity.who}, {identity.kind}" if named else identity.who.removeprefix("the holder of this ")
        words = f"{who} {identity.fingerprint}, {self._kept(identity)}; {_ends(identity, left)}"
        soon = left is not None and left < SOON and not identity.renewable
        if opened is None and subject.place is not None and not subject.place.is_2019:
            step = self._trouble.next_step if self._trouble is not None else subject.setup
            return warned(name, f"{words}. It is not proven: no service instance could be opened", step, **details)
        if self._session.unsaved is not None:
            return doubted(name, self._session.unsaved, **details)
        if soon:
            return warned(name, words, f"Before it ends, make a new one, then {subject.with_another}", **details)
        if subject.keeping is Keeping.FILE:
            step = f"Where there is a key store, keep it there: {subject.setup}"
            return warned(name, words, step, **details)
        return ok(name, words, **details)

    def _kept(self, identity: Identity) -> str:
        if self._subject.keeping is None:
            return "piped in and kept nowhere"
        if self._subject.keeping is Keeping.FILE:
            return "kept in a file, for whoever can read your files"
        return "from the environment" if self._subject.from_environment else f"kept {identity.kept}"


def _ends(identity: Identity, left: timedelta | None) -> str:
    if identity.renewable:
        return "renewed when needed"
    if left is not None:
        return f"ends {day_and_time(identity.expires_at)}, in {duration(left.total_seconds())}"
    if identity.kind == PERSONAL_ACCESS_TOKEN:
        return "ends on the day that was chosen when it was made (UiPath does not say which)"
    return "nobody says when it ends"


def _failure(event: ev.Event) -> Failure:
    if not isinstance(event, ev.CallFailed):
        raise TypeError(type(event).__name__)
    return event.failure
