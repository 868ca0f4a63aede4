"""Who is signed in, and how: performs the effects of step 1. Owns the connection, the tokens and a browser sign-in.

A new sign-in replaces the old one only once the server has taken it.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.api.connection import Connection
from tui.api.deployments import Deployment, deployment
from tui.api.pace import Pace
from tui.api.sign_in.loopback import LoopbackListener
from tui.api.sign_in.pkce import AuthorizationAttempt, begin_authorization, code_from, new_state
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in, sign_in_again, sign_in_as_application, sign_in_by_code, sign_in_by_password
from tui.errors import Exit, Failure, SignInError, UiPathTuiError
from tui.exchanges.redaction.redact import Redactor
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.states import Identity
from tui.flow.ways import ByApplication, ByKept, ByLogin, ByRedirect, Pasted
from tui.keeping import Keeping
from tui.redirects import redirect_parts
from tui.runtime.reach import Reach, folder_of, reached, reached_by_profile
from tui.store.credentials import new_name
from tui.system.browser import open_browser

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.api.sign_in.auth import Credentials
    from tui.api.sign_in.token_set import SignInRecord
    from tui.clock import Clock
    from tui.exchanges.log import ExchangeLog
    from tui.secret import Secret
    from tui.settings import Settings
    from tui.store.credentials import CredentialStore

SHOWN: Final = 8
"""Characters of a user's id that are shown where nothing else names the person."""


class Session:
    """The sign-in in use. ``store`` keeps secrets between sessions; without one nothing outlives this one."""

    def __init__(
        self, *, settings: Settings, log: ExchangeLog, clock: Clock, store: CredentialStore | None = None
    ) -> None:
        self._settings = settings
        self._log = log
        self._clock = clock
        self._store = store
        self._pace = Pace(clock)
        self._redactor = Redactor()
        log.marks.conceal = self._redactor.text
        log.turn = self._pace.left
        self._connection: Connection | None = None
        self._credentials: Credentials | None = None
        self._attempt: AuthorizationAttempt | None = None
        self._listener: LoopbackListener | None = None
        self._listening = AsyncExitStack()

    @property
    def signed_in(self) -> tuple[Connection, Credentials, Deployment]:
        """What the calls of later steps need."""
        if self._connection is None or self._credentials is None:
            raise RuntimeError("nobody is signed in")
        return self._connection, self._credentials, self._connection.deployment

    @property
    def unsaved(self) -> Failure | None:
        """Why the newest tokens are not kept although they should be."""
        return self._credentials.unsaved if self._credentials is not None else None

    async def aclose(self) -> None:
        """Close the connection and stop listening for a browser, once what is being renewed is kept."""
        await self._listening.aclose()
        await _closed(self._connection, self._credentials)

    async def sign_in(self, effect: fx.SignIn) -> ev.SignedIn:
        """Sign in as the effect says, and tell who that is and what it may use."""

        async def enter(connection: Connection) -> Credentials:
            return await self._enter(connection, effect)

        return await self._taken(effect, enter)

    async def begin_browser(self, effect: fx.BeginBrowser) -> ev.BrowserBegun:
        """Make the address of the sign-in page; listen for its end on this computer, where the page may come back."""
        place = self._place(effect)
        self._listener, failure, state = None, None, new_state()
        await self._listening.aclose()
        redirect_uri = place.redirect_url
        if not place.is_2019:
            host, port, path = redirect_parts(self._settings.redirect_uri)
            redirect_uri = self._settings.redirect_uri
            try:
                listener = LoopbackListener(port, path, state, self._clock, host=host)
                self._listener = await self._listening.enter_async_context(listener)
                redirect_uri = self._listener.redirect_uri
            except UiPathTuiError as error:
                failure = error.failure
        self._attempt = begin_authorization(place, effect.application, redirect_uri, state=state)
        opened = self._settings.open_browser == "auto" and await open_browser(self._attempt.address)
        return ev.BrowserBegun(
            ticket=effect.ticket,
            address=self._attempt.address,
            redirect_uri=redirect_uri,
            opened=opened,
            caught=self._listener is not None,
            failure=failure,
        )

    async def await_redirect(self, effect: fx.AwaitRedirect) -> ev.SignedIn:
        """Wait until the browser comes back, then sign in with what it brings."""
        listener, attempt = self._listener, self._attempt
        if listener is None or attempt is None:
            raise RuntimeError("no browser sign-in was begun")
        try:
            code = await listener.answer()
        finally:
            # Another browser sign-in may have been begun meanwhile: its listener is not this one's to close.
            if self._listener is listener:
                self._listener = None
                await self._listening.aclose()
        return await self._by_code(effect, effect.begun, attempt, code)

    async def _by_code(
        self, effect: fx.AwaitRedirect, begun: fx.BeginBrowser, attempt: AuthorizationAttempt, code: Secret
    ) -> ev.SignedIn:
        async def enter(connection: Connection) -> Credentials:
            return await sign_in_by_code(connection, attempt, code)

        asked = fx.SignIn(ticket=effect.ticket, way=ByRedirect(code), target=begun.target, profile=begun.profile)
        return await self._taken(asked, enter)

    def _place(self, effect: fx.SignIn | fx.BeginBrowser) -> Deployment:
        return deployment(effect.target.deployment, effect.target.base_url, self._settings.client_id)

    async def _taken(self, effect: fx.SignIn, enter: Callable[[Connection], Awaitable[Credentials]]) -> ev.SignedIn:
        connection = Connection(
            self._place(effect), log=self._log, clock=self._clock, redactor=self._redactor, pace=self._pace
        )
        self._log.proxies = connection.proxies
        try:
            credentials = await enter(connection)
            reach = await self._reach(effect, connection, credentials)
        except BaseException:
            await connection.aclose()
            raise
        previous = (self._connection, self._credentials)
        self._connection, self._credentials = connection, credentials
        await _closed(*previous)
        identity = await self._kept(effect, self._identity(credentials, reach))
        return ev.SignedIn(
            ticket=effect.ticket,
            identity=identity,
            accounts=reach.accounts,
            instances=reach.instances,
            reason=reach.reason,
            partial=reach.partial,
            folder=reach.folder,
        )

    async def _enter(self, connection: Connection, effect: fx.SignIn) -> Credentials:
        match effect.way:
            case Pasted(text):
                connection.redactor.learn(text.reveal())
                recognised = recognise(text.reveal(), connection.deployment.generation, now=self._clock.now())
                return await sign_in(connection, recognised, client_id=self._settings.client_id)
            case ByApplication(application):
                return await sign_in_as_application(connection, application)
            case ByLogin(login):
                tenancy = login.tenancy or effect.target.instance
                return await sign_in_by_password(connection, replace(login, tenancy=tenancy))
            case ByRedirect(text):
                if self._attempt is None:
                    raise RuntimeError("no browser sign-in was begun")
                return await sign_in_by_code(connection, self._attempt, code_from(self._attempt, text.reveal()))
            case ByKept():
                return await self._again(connection, effect)

    async def _again(self, connection: Connection, effect: fx.SignIn) -> Credentials:
        profile, store = effect.profile, self._store
        if profile is None or store is None:
            raise RuntimeError("no profile to open")
        record = await store.load(profile.credential, profile.keeping)
        if record is None:
            raise SignInError(
                Failure(
                    title=f"The sign-in of profile {profile.name} is gone",
                    cause=f"it is no longer {store.where(profile.credential, profile.keeping)}",
                    next_step="Sign in once more; every other answer is still there",
                    exit=Exit.SIGN_IN,
                )
            )
        return await sign_in_again(connection, record, store.keeper(profile.credential, profile.keeping))

    async def _reach(self, effect: fx.SignIn, connection: Connection, credentials: Credentials) -> Reach:
        profile = effect.profile
        if effect.as_profiled and profile is not None:
            known = reached_by_profile(profile, connection.deployment)
            if known is not None:
                return known
        found = await reached(connection, credentials, account=effect.target.account, instance=effect.target.instance)
        return replace(found, folder=folder_of(profile)) if profile is not None else found

    def _identity(self, credentials: Credentials, reach: Reach) -> Identity:
        record = credentials.record
        subject = f"user {credentials.subject[:SHOWN]}…" if credentials.subject else ""
        who = reach.email or credentials.email or _name_of(record) or subject
        return Identity(
            who=who or f"the holder of this {record.kind}",
            kind=record.kind,
            fingerprint=_shown_secret(record).fingerprint,
            expires_at=credentials.expires_at,
            renewable=credentials.can_renew,
            organization_id=credentials.organization_id,
        )

    async def _kept(self, effect: fx.SignIn, identity: Identity) -> Identity:
        """Put the sign-in where it is to live; what can't be kept there stays in this session, and says so."""
        store, credentials = self._store, self._credentials
        if effect.target.keeping is Keeping.ENVIRONMENT:
            return replace(identity, keeping=Keeping.ENVIRONMENT, kept="from environment")
        if store is None or credentials is None or not effect.target.save_as:
            return identity
        keeping, profile = effect.target.keeping, effect.profile
        if isinstance(effect.way, ByKept) and profile is not None and keeping in (None, profile.keeping):
            name, keeping = profile.credential, profile.keeping
            return replace(identity, keeping=keeping, kept=store.where(name, keeping), credential=name)
        if keeping is None:
            keeping = Keeping.KEY_STORE if (await store.key_store.probe()).usable else Keeping.SESSION
        if not keeping.lasts:
            credentials.forget()
            return identity
        name = new_name(effect.target.save_as)
        try:
            await credentials.keep(store.keeper(name, keeping))
        except UiPathTuiError as error:
            return replace(identity, warning=str(error.failure))
        return replace(identity, keeping=keeping, kept=store.where(name, keeping), credential=name)

    async def fetch_accounts(self, effect: fx.FetchAccounts) -> ev.AccountsListed:
        """List what the sign-in may use."""
        connection, credentials, _ = self.signed_in
        found = await reached(connection, credentials)
        return ev.AccountsListed(
            ticket=effect.ticket, accounts=found.accounts, instances=found.instances, reason=found.reason
        )


async def _closed(connection: Connection | None, credentials: Credentials | None) -> None:
    if credentials is not None:
        await credentials.settled()
    if connection is not None:
        await connection.aclose()


def _name_of(record: SignInRecord) -> str:
    if record.login is not None:
        return record.login.username
    return f"application {record.application.client_id}" if record.own_grant else ""


def _shown_secret(record: SignInRecord) -> Secret:
    """Return the secret whose fingerprint names the sign-in: never a password, which is too short to be hashed."""
    if record.own_grant:
        return record.application.client_secret
    return record.tokens.refresh if record.tokens.refresh and record.login is None else record.tokens.access
