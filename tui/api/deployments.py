"""Every kind of Orchestrator as data: hosts, client ids and each address a call goes to.

Standard library only, because it is imported before the first paint. Sources of the addresses: UiPath.PowerShell at
3c5a9c3 (2019), uipath-python at c8ca9d7 and Orchestrator's definitions 2019.4 and 20.0.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote

from tui.api.addresses import checked_base_url, is_loopback, is_plain, origin
from tui.api.names import raw_of
from tui.errors import Exit, Failure, UsageError

__all__ = ["DEFAULT", "DEPLOYMENTS", "Deployment", "Form", "Generation", "checked_base_url", "deployment", "same_site"]

Form = Literal["auto", "path", "root"]
DEFAULT: Final = "automation-cloud"
_REDIRECT_2019: Final = "/mobile"


class Generation(StrEnum):
    """Which sign-in and which start a server speaks."""

    CLOUD_2019 = "2019"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One kind of Orchestrator, with real hosts filled in.

    ``sign_in_host`` is where tokens come from, ``platform_host`` where everything else lives; both without a trailing
    slash. ``client_id`` is the public application id of the sign-in, ``""`` where the person brings their own.
    """

    key: str
    title: str
    description: str
    generation: Generation
    sign_in_host: str
    platform_host: str
    client_id: str = ""
    needs_base_url: bool = False
    uses_tenant_header: bool = False
    uses_path: bool = True

    @property
    def is_2019(self) -> bool:
        """Whether this is the cloud platform of 2019."""
        return self.generation is Generation.CLOUD_2019

    @property
    def token_url(self) -> str:
        """Where tokens are asked for: a JSON body in 2019, a form today."""
        return f"{self.sign_in_host}/{'oauth/token' if self.is_2019 else 'connect/token'}"

    @property
    def authorize_url(self) -> str:
        """The page on which a person signs in: the host's own today, since an organization's breaks federated ones."""
        return f"{self.sign_in_host}/{'authorize' if self.is_2019 else 'connect/authorize'}"

    @property
    def password_url(self) -> str:
        """Where a user and a password bring a token: only on a server of one's own, ``""`` elsewhere."""
        return "" if self.is_2019 or self.uses_path else f"{self.platform_host}/api/Account/Authenticate"

    @property
    def redirect_url(self) -> str:
        """Where the browser sign-in of 2019 lands; ``""`` elsewhere."""
        return f"{self.sign_in_host}{_REDIRECT_2019}" if self.is_2019 else ""

    @property
    def accounts_url(self) -> str:
        """``getAccountsForUser`` of 2019; ``""`` elsewhere."""
        return f"{self.platform_host}/cloudrpa/api/getAccountsForUser" if self.is_2019 else ""

    def instances_url(self, account: str) -> str:
        """``getAllServiceInstances`` of 2019 for an account's logical name; ``""`` elsewhere."""
        if not self.is_2019:
            return ""
        return f"{self.platform_host}/cloudrpa/api/account/{_segment(account)}/getAllServiceInstances"

    def portal_url(self, organization_id: str) -> str:
        """``tenantsAndOrganizationInfo`` for the claim ``prt_id``; ``""`` where there is no portal."""
        if self.is_2019 or not self.uses_path:
            return ""
        path = "portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
        return f"{self.platform_host}/{_segment(organization_id)}/{path}"

    @property
    def version_url(self) -> str:
        """The version, readable without sign-in (uipath-python ``_server_version.py``); ``""`` in 2019."""
        if self.is_2019:
            return ""
        return f"{self.platform_host}{'/orchestrator_' if self.uses_path else ''}/api/status/version"

    def orchestrator_bases(self, account: str, instance: str, form: Form = "auto") -> tuple[str, ...]:
        """Return the bases that ``/odata/…`` may follow, in the order to try.

        In 2019 ``{platform}/{account}/{instance}`` comes first and the bare ``{platform}`` of the first half of that
        year second; ``form`` keeps one. Today there is exactly one.
        """
        if not self.uses_path:
            return (self.platform_host,)
        path = f"{self.platform_host}/{_segment(account)}/{_segment(instance)}"
        if not self.is_2019:
            return (f"{path}/orchestrator_",)
        if form == "root" or not account or not instance:
            return (self.platform_host,)
        return (path,) if form == "path" else (path, self.platform_host)

    @property
    def origins(self) -> frozenset[str]:
        """The origins that may ever see a token of this deployment."""
        return frozenset(found for host in (self.sign_in_host, self.platform_host) if (found := origin(host)))


DEPLOYMENTS: Final[Mapping[str, Deployment]] = MappingProxyType(
    {
        entry.key: entry
        for entry in (
            Deployment(
                key="automation-cloud",
                title="Automation Cloud",
                description="cloud.uipath.com · UiPath's cloud of today",
                generation=Generation.TODAY,
                sign_in_host="https://cloud.uipath.com/identity_",
                platform_host="https://cloud.uipath.com",
            ),
            Deployment(
                key="cloud-2019",
                title="Cloud platform of 2019",
                description="the tutorial's: user keys · platform.uipath.com · accounts and service instances",
                generation=Generation.CLOUD_2019,
                sign_in_host="https://account.uipath.com",
                platform_host="https://platform.uipath.com",
                client_id="5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
                uses_tenant_header=True,
            ),
            Deployment(
                key="automation-suite",
                title="Automation Suite",
                description="your own cluster · organization and tenant in the address",
                generation=Generation.TODAY,
                sign_in_host="",
                platform_host="",
                needs_base_url=True,
            ),
            Deployment(
                key="standalone",
                title="Standalone Orchestrator",
                description="on your own server · the tenant in a header",
                generation=Generation.TODAY,
                sign_in_host="",
                platform_host="",
                needs_base_url=True,
                uses_tenant_header=True,
                uses_path=False,
            ),
        )
    }
)
"""The kinds by key. Those that need a base address have empty hosts: take one through `deployment`."""


def deployment(key: str, base_url: str = "", client_id: str = "") -> Deployment:
    """Return the deployment ``key``, every host pointed at ``base_url`` when one is given.

    Raises `UsageError` for an unknown key (with near misses), a base address that can't be used, or none where one is
    needed.
    """
    found = DEPLOYMENTS.get(key)
    if found is None:
        raise _unknown(key)
    if base_url.strip():
        found = _pointed_at(found, checked_base_url(base_url))
    elif found.needs_base_url:
        raise UsageError(
            Failure(
                title="The base address is missing",
                cause=f"{found.title} runs on a server of your own, so its address has to be told",
                next_step="Give it with --base-url, such as https://orchestrator.example.com",
                exit=Exit.USAGE,
            )
        )
    return replace(found, client_id=client_id) if client_id else found


def same_site(url: str, deployment: Deployment) -> bool:
    """Tell whether an absolute address in a reply (``serviceUrl``, ``nextLink``) may be asked with our token.

    Only https (or http on this machine) to an origin the deployment already has; anything else is refused before a
    header is built.
    """
    if not is_plain(url) or "@" in url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0]:
        return False
    found = origin(url)
    if not found or found not in deployment.origins:
        return False
    return found.startswith("https://") or is_loopback(found.removeprefix("http://").rpartition(":")[0].strip("[]"))


def _pointed_at(entry: Deployment, base: str) -> Deployment:
    if entry.is_2019:
        return replace(entry, sign_in_host=base, platform_host=base)
    identity = "identity_" if entry.uses_path else "identity"
    return replace(entry, sign_in_host=f"{base}/{identity}", platform_host=base)


def _segment(name: str) -> str:
    """Return ``name``, as the server knows it, as one path segment; dots alone would climb."""
    raw = raw_of(name)
    return raw.replace(".", "%2E") if raw in (".", "..") else quote(raw, safe="", errors="replace")


def _unknown(key: str) -> UsageError:
    near = difflib.get_close_matches(key, DEPLOYMENTS, n=2, cutoff=0.4)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return UsageError(
        Failure(
            title=f"There is no deployment “{key[:60]}”",
            cause=f"The known ones are {', '.join(DEPLOYMENTS)}",
            next_step=f"{meant}Choose one of them with --deployment",
            exit=Exit.USAGE,
        )
    )
