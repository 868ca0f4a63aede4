"""The checks of one sign-in: who it is, until when, which service instance it opens, which folder it finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from tui.api.advice import PERSONAL_ACCESS_TOKEN
from tui.api.client import OrchestratorClient
from tui.api.guids import is_guid
from tui.api.models import Account, Folder, ServiceInstance
from tui.api.scopes import REQUIRED_SCOPES
from tui.doctor.denied import denied
from tui.doctor.finding import SET_UP, SET_UP_AGAIN, Finding, doubted, failed, ok, skipped, warned
from tui.errors import Exit, Failure, UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.keeping import Keeping
from tui.runtime import Runtime
from tui.text import counted, day_and_time, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.clock import Clock
    from tui.doctor.subject import Subject
    from tui.flow.state import Identity
    from tui.session import Session

Row = TypeVar("Row")
SOON: Final = timedelta(minutes=10)
"""Time left below which a sign-in that can't be renewed is worth a word."""
SHOWN: Final = 5
LIST_FOLDERS: Final = next(scope for scope in REQUIRED_SCOPES if scope.name == "OR.Folders.Read")

UNNAMED: Final = Failure(
    title="Organization and tenant are needed",
    cause="the server lists none for this sign-in",
    next_step="Name them with --account and --instance, as in cloud.uipath.com/ACCOUNT/INSTANCE",
    exit=Exit.USAGE,
)


class Access:
    """Signs in and opens a service instance, once; what was found is there for the checks that follow."""

    def __init__(self, subject: Subject, session: Session, clock: Clock) -> None:
        self._subject = subject
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

    async def sign_in(self) -> Finding:
        """Sign in, and prove it by opening the instance: only an answer of Orchestrator proves a token."""
        name, subject = "sign-in", self._subject
        if subject.way is None:
            return self._nobody()
        event = await self._runtime.perform(subject.sign_in())
        if not isinstance(event, ev.SignedIn):
            return failed(name, _failure(event))
        trouble = await self._open(event)
        if trouble is not None and trouble.exit is Exit.SIGN_IN:
            return failed(name, trouble)
        return self._who(event.identity)

    def instance(self) -> Finding:
        """Say whether the instance could be opened."""
        name = "instance"
        if self._trouble is not None:
            return self._trouble
        if self._opened is None:
            return skipped(name, "nobody is signed in")
        version = self._opened.version
        words = f"{self._names} open at {self._opened.base}{f'; {_version(version)}' if version else ''}"
        return ok(name, words, base=self._opened.base, version=version or None)

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
            self.folder = _typed(self._subject) if wanted else None
            finding = denied(name, error, LIST_FOLDERS, "this service instance", client.credentials, vital=False)
            return self._unlisted(finding, wanted)
        return self._among(folders, wanted)

    def _among(self, folders: Sequence[Folder], wanted: str) -> Finding:
        name, count = "folder", len(folders)
        if wanted:
            self.folder = _match(folders, wanted)
            if self.folder is None:
                shown = self._subject.profile.folder_path if self._subject.profile is not None else ""
                failure = Failure(
                    title=f"The folder {shown or wanted} was not found",
                    cause=f"it is not among the {counted(count, 'folder')} open to this sign-in",
                    next_step=f"Choose another one ({SET_UP_AGAIN}), or ask an administrator to assign you to it",
                    exit=Exit.NOT_FOUND,
                )
                return failed(name, failure, count=count)
            found = self.folder
            return ok(
                name, f"{found.path} found ({found.id})", count=count, path=found.path, key=found.key, id=found.id
            )
        if not folders:
            step = "Ask an administrator to assign you to a folder, then try again"
            return warned(name, "no folder is open to this sign-in", step, count=0)
        self.folder = folders[0]
        words = f"{counted(count, 'folder')}; none is chosen, so the rights below are those in {self.folder.path}"
        return ok(name, words, count=count, path=self.folder.path, key=self.folder.key, id=self.folder.id)

    def _unlisted(self, finding: Finding, wanted: str) -> Finding:
        rest = "the one that was named is used as it is" if wanted else "none is named, so nothing can be looked at"
        step = finding.next_step if wanted else f"{finding.next_step}. Or name one with --folder PATH"
        return replace(finding, words=f"{finding.words}; {rest}", next_step=step)

    async def _open(self, signed: ev.SignedIn) -> Failure | None:
        """Open what is named, or the first of each list. Returns why not; `instance` tells it too."""
        account = _chosen(signed.accounts, self._subject.account, _account_names)
        if isinstance(account, Failure):
            return self._not_open(account, signed.reason)
        instances: Sequence[ServiceInstance] = signed.instances or ()
        if signed.instances is None:
            event = await self._runtime.perform(fx.FetchInstances(account=account))
            if not isinstance(event, ev.InstancesLoaded):
                return self._not_open(_failure(event))
            instances = event.instances
        instance = _chosen(instances, self._subject.instance, _instance_names)
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
        self._names = f"{names}{' (the first of several)' if unnamed else ''}"
        return None

    def _not_open(self, failure: Failure, reason: str = "") -> Failure:
        if failure.exit is Exit.SIGN_IN:
            self._trouble = skipped("instance", "nobody is signed in")
        elif failure is UNNAMED:
            self._trouble = skipped("instance", reason or UNNAMED.cause, UNNAMED.next_step)
        else:
            self._trouble = failed("instance", failure)
        return failure

    def _nobody(self) -> Finding:
        profile = self._subject.profile
        if profile is None:
            return skipped(
                "sign-in", "there is nothing to sign in with here", f"{SET_UP}; or pipe a token in: --token-stdin"
            )
        why = f"profile “{profile.name}” keeps no secret: it is given in each session"
        return skipped("sign-in", why, "Pipe it in: uipath-tui doctor --token-stdin < FILE")

    def _who(self, identity: Identity) -> Finding:
        name, subject = "sign-in", self._subject
        expires_at, unsaved = identity.expires_at, self._session.unsaved
        left = expires_at - self._clock.now() if expires_at is not None else None
        kept = identity.kept or ("from standard input" if subject.keeping is None else "")
        details = {
            "who": identity.who,
            "kind": identity.kind,
            "fingerprint": identity.fingerprint,
            "expires_at": expires_at.isoformat() if expires_at is not None else None,
            "renewable": identity.renewable,
            "kept": kept,
        }
        ends = "renews itself" if identity.renewable else "nobody says when it ends"
        if left is not None and expires_at is not None and not identity.renewable:
            ends = f"ends {day_and_time(expires_at)}, in {duration(left.total_seconds())}"
        elif identity.kind == PERSONAL_ACCESS_TOKEN:
            ends = "ends on the day chosen when it was made; UiPath does not say which"
        words = f"{identity.who}, by {identity.kind} {identity.fingerprint}; {ends}; {kept}"
        if self._opened is None:
            step = self._trouble.next_step if self._trouble is not None else SET_UP_AGAIN
            return warned(name, f"{words}; not proven yet, because no call could be made with it", step, **details)
        if unsaved is not None:
            return doubted(name, unsaved, **details)
        if left is not None and left < SOON and not identity.renewable:
            return warned(name, words, f"Sign in again before it ends: {SET_UP_AGAIN}", **details)
        if subject.keeping is Keeping.FILE:
            step = f"Where a key store can be used, keep it there: {SET_UP_AGAIN}"
            return warned(name, f"{words}: whoever can read your files can use it", step, **details)
        return ok(name, words, **details)


def _failure(event: ev.Event) -> Failure:
    if not isinstance(event, ev.CallFailed):
        raise TypeError(type(event).__name__)
    return event.failure


def _chosen(rows: Sequence[Row], wanted: str, names: Callable[[Row], tuple[str, str, str]]) -> Row | Failure:
    """Return the row called ``wanted`` in any letter case, or the first when nobody named one."""
    if not rows:
        return UNNAMED
    if not wanted:
        return rows[0]
    for row in rows:
        if wanted.casefold() in (name.casefold() for name in names(row)[1:] if name):
            return row
    there = ", ".join(names(row)[1] for row in rows[:SHOWN]) + (", …" if len(rows) > SHOWN else "")
    noun = names(rows[0])[0]
    return Failure(
        title=f"The {noun} {wanted} was not found",
        cause=f"this sign-in may use {there}",
        next_step=f"Correct the name: {SET_UP_AGAIN}",
        exit=Exit.NOT_FOUND,
    )


def _account_names(account: Account) -> tuple[str, str, str]:
    return "account", account.account_logical_name, account.account_name


def _instance_names(instance: ServiceInstance) -> tuple[str, str, str]:
    return "service instance", instance.logical_name, instance.service_instance_name


def _match(folders: Sequence[Folder], wanted: str) -> Folder | None:
    """Return the folder with this key or path; the key counts first, because a path may have been given to another."""
    for names in (("key",), ("path", "display_name")):
        for folder in folders:
            if wanted.casefold() in (str(getattr(folder, name)).casefold() for name in names):
                return folder
    return None


def _typed(subject: Subject) -> Folder:
    """Return the folder as it is named, for servers that do not list it."""
    wanted = subject.folder
    return Folder(key=wanted) if is_guid(wanted) else Folder(fully_qualified_name=wanted)


def _version(version: str) -> str:
    return version if version.startswith("API") else f"version {version}"
