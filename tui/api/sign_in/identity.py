"""What a sign-in may reach: accounts and service instances, or tenants. How it is made is `ways_in`'s.

Account calls: UiPath.PowerShell at 3c5a9c3 (``AuthenticatedCmdlet.cs``); they want the id token. Tenants: uipath-python
``_portal_service.py``, a call of the portal that may refuse other applications' tokens.
"""

from typing import Final, TypeVar

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.connection import Call, Connection
from tui.api.models import AccountsForUser, ServiceInstance, TenantsAndOrganization
from tui.api.parsing import parsed
from tui.api.sign_in.auth import Credentials, authorized
from tui.api.sign_in.ways_in import sign_in
from tui.errors import Exit, Failure, UsageError
from tui.exchanges.model import Purpose

__all__ = ["accounts", "service_instances", "sign_in", "tenants_and_organization"]

Parsed = TypeVar("Parsed")
_ACCOUNTS: Final = TypeAdapter(AccountsForUser)
_INSTANCES: Final = TypeAdapter(tuple[ServiceInstance, ...])
_TENANTS: Final = TypeAdapter(TenantsAndOrganization)


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
