"""What a sign-in may use: accounts and service instances, listed by the server or named beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.api.models import Account, Folder, ServiceInstance
from tui.api.sign_in.identity import accounts, tenants_and_organization
from tui.errors import Exit, UiPathTuiError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.api.connection import Connection
    from tui.api.deployments import Deployment
    from tui.api.sign_in.auth import Credentials
    from tui.profile import Profile

DEFAULT_TENANT: Final = "Default"
"""The tenant that every standalone Orchestrator is installed with."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The accounts, their instances where they came along, and why nothing is listed.

    ``email`` is what the list calls the person; ``partial`` when only what a profile names is in it, with ``folder``.
    """

    accounts: tuple[Account, ...] = ()
    instances: tuple[ServiceInstance, ...] | None = None
    reason: str = ""
    email: str = ""
    partial: bool = False
    folder: Folder | None = None


async def reached(connection: Connection, credentials: Credentials, *, account: str = "", instance: str = "") -> Reach:
    """Ask the server what the sign-in may use, unless it is named and the server's list is not needed to prove it.

    Raises what the calls raise; a refusal of today's portal is a ``reason`` instead, because it refuses tokens that
    Orchestrator takes.
    """
    place = connection.deployment
    if place.is_2019:
        answer = await accounts(connection, credentials)
        return Reach(_named(answer.accounts, account), email=answer.user_email)
    if instance and (account or not place.uses_path):
        return Reach((_account(account),), (_instance(instance),))
    if not place.uses_path:
        return Reach((_account(""),), (_instance(DEFAULT_TENANT),))
    return await _tenants(connection, credentials)


def reached_by_profile(profile: Profile, place: Deployment) -> Reach | None:
    """Return what ``profile`` names, which the next call proves; ``None`` when it names no service instance."""
    if not profile.instance or not (profile.account or not place.uses_path):
        return None
    account = Account(account_logical_name=profile.account, account_name=profile.account_name)
    instance = ServiceInstance(
        service_instance_logical_name=profile.instance, service_instance_name=profile.instance_name
    )
    return Reach((account,), (instance,), partial=True, folder=folder_of(profile))


def folder_of(profile: Profile) -> Folder | None:
    """Return the folder that ``profile`` names, without its number, which the server may have changed."""
    if not profile.folder_key and not profile.folder_path:
        return None
    return Folder(key=profile.folder_key, fully_qualified_name=profile.folder_path)


def _account(name: str) -> Account:
    return Account(account_logical_name=name)


def _instance(name: str) -> ServiceInstance:
    return ServiceInstance(service_instance_logical_name=name)


def _named(listed: Iterable[Account], name: str) -> tuple[Account, ...]:
    """Return the account called ``name`` in any letter case; all of them when none is, or no name was given."""
    every = tuple(listed)
    wanted = name.casefold()
    return tuple(each for each in every if wanted and each.account_logical_name.casefold() == wanted) or every


async def _tenants(connection: Connection, credentials: Credentials) -> Reach:
    """Return organization and tenants, or nothing and why they have to be typed.

    Only a server that can't be reached, or that refuses the token itself, raises.
    """
    try:
        listed = await tenants_and_organization(connection, credentials)
    except UiPathTuiError as error:
        if error.failure.exit is Exit.NETWORK and not error.failure.status:
            raise
        return Reach(reason=f"{error.failure.title}: {error.failure.cause}")
    return Reach((_account(listed.organization.name),), tuple(_instance(tenant.name) for tenant in listed.tenants))
