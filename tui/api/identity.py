"""Sign-in with what was pasted, and what a sign-in may reach: accounts and service instances, or tenants.

Account calls: UiPath.PowerShell at 3c5a9c3 (``AuthenticatedCmdlet.cs``); they want the id token. Tenants: uipath-python
``_portal_service.py``, a call of the portal that may refuse other applications' tokens.
"""

from typing import Final, TypeVar

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.auth import Credentials, Renewed, Tokens, authorized, tokens_of
from tui.api.connection import Call, Connection
from tui.api.grants import refresh_grant
from tui.api.models import AccountsForUser, ServiceInstance, TenantsAndOrganization
from tui.api.parsing import parsed
from tui.api.tokens import Recognised
from tui.errors import Exit, Failure, UsageError
from tui.exchanges.model import Purpose

Parsed = TypeVar("Parsed")
_ACCOUNTS: Final = TypeAdapter(AccountsForUser)
_INSTANCES: Final = TypeAdapter(tuple[ServiceInstance, ...])
_TENANTS: Final = TypeAdapter(TenantsAndOrganization)


async def sign_in(
    connection: Connection, recognised: Recognised, *, client_id: str = "", on_renewed: Renewed | None = None
) -> Credentials:
    """Return credentials for what was pasted.

    In 2019 the user key is exchanged at once. Today's tokens are taken as they are: the first call proves them. With a
    ``client_id`` of one's own application, a refresh token that came in a token answer renews them.

    Raises `UsageError` for what can't sign in there, `SignInError` when refused.
    """
    if not recognised.usable:
        raise UsageError(
            Failure(
                title="This can't be used to sign in",
                cause=recognised.sentence,
                next_step="Paste something else",
                exit=Exit.SIGN_IN,
            )
        )
    deployment = connection.deployment
    client_id = client_id or deployment.client_id
    if deployment.is_2019:
        answer = await refresh_grant(connection, recognised.secret, client_id)
        older = Tokens(recognised.access, recognised.id_token, recognised.secret)
        tokens = tokens_of(answer, connection, older)
    else:
        tokens = Tokens(recognised.secret, recognised.id_token, recognised.refresh, recognised.expires_at)
    return Credentials(connection, tokens, client_id=client_id, on_renewed=on_renewed)


async def accounts(connection: Connection, credentials: Credentials) -> AccountsForUser:
    """Return the accounts that the sign-in may use (2019)."""
    url = connection.deployment.accounts_url
    return await _read(connection, credentials, url, Purpose.ACCOUNTS, "list the accounts", _ACCOUNTS)


async def service_instances(
    connection: Connection, credentials: Credentials, account: str
) -> tuple[ServiceInstance, ...]:
    """Return the service instances of the account with the logical name ``account`` (2019)."""
    url = connection.deployment.instances_url(account)
    return await _read(connection, credentials, url, Purpose.INSTANCES, "list the service instances", _INSTANCES)


async def tenants_and_organization(
    connection: Connection, credentials: Credentials, organization_id: str = ""
) -> TenantsAndOrganization:
    """Return the organization of the token and its tenants (today).

    ``organization_id`` is the claim ``prt_id``; by default that of the token. Raises `UsageError` when there is none,
    as in a personal access token: organization and tenant then have to be typed.
    """
    url = connection.deployment.portal_url(organization_id or credentials.organization_id)
    if not url or not (organization_id or credentials.organization_id):
        raise UsageError(
            Failure(
                title="The tenants can't be listed",
                cause="this sign-in does not say which organization it belongs to",
                next_step="Type the organization and the tenant, as in cloud.uipath.com/organization/tenant",
                exit=Exit.USAGE,
            )
        )
    return await _read(connection, credentials, url, Purpose.INSTANCES, "list the tenants", _TENANTS)


async def _read(
    connection: Connection,
    credentials: Credentials,
    url: str,
    purpose: Purpose,
    doing: str,
    kind: TypeAdapter[Parsed],
) -> Parsed:
    async def call(token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return await connection.read(Call("GET", url, purpose, doing, headers, deadline=connection.limits.get))

    return parsed(await authorized(credentials, call, by_id_token=connection.deployment.is_2019), kind, doing)
