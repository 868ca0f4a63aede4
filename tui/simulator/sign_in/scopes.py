"""Owns the scopes of today's cloud: which exist, which of them a call asks for, and which a scenario withholds.

From the v20 definition: nearly every operation's description names the scopes it accepts. 2019 has none.
"""

from collections.abc import Mapping, Set
from types import MappingProxyType

IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
DEFAULT_SCOPE = "OR.Default"
"""Whatever the user's role allows (UiPath's TypeScript SDK)."""
_RESOURCES = (
    *("Administration", "Assets", "Audit", "BusinessRules", "Execution", "Folders", "Jobs", "License", "Machines"),
    *("Monitoring", "Queues", "Robots", "Settings", "Tasks", "TestDataQueues", "TestSetExecutions", "TestSets"),
    *("TestSetSchedules", "Users", "Webhooks"),
)
ORCHESTRATOR_SCOPES = (
    DEFAULT_SCOPE,
    *(f"OR.{resource}{access}" for resource in _RESOURCES for access in ("", ".Read", ".Write")),
)
KNOWN_SCOPES = IDENTITY_SCOPES | frozenset(ORCHESTRATOR_SCOPES)
USEFUL_SCOPES = "openid offline_access OR.Execution.Read OR.Jobs OR.Monitoring.Read OR.Folders.Read OR.Robots.Read"
"""What listing, starting and watching jobs takes, with renewal."""

_SCOPE_OF: Mapping[str, str] = MappingProxyType(
    {
        "odata/releases": "OR.Execution",
        "odata/jobs": "OR.Jobs",
        "odata/robotlogs": "OR.Monitoring",
        "odata/auditlogs": "OR.Audit",
        "api/stats": "OR.Monitoring",
        "odata/robots": "OR.Robots",
        "odata/sessions": "OR.Robots",
        "odata/users": "OR.Users",
        "odata/folders": "OR.Folders",
        "api/folders": "OR.Folders",
    }
)
_WITHHELD_BY: Mapping[str, str] = MappingProxyType({"no-monitoring": "OR.Monitoring", "folder-hidden": "OR.Folders"})


def accepted_scopes(method: str, entity: str) -> tuple[str, ...]:
    """Return the scopes of which a call needs one; none for what every token may do.

    ``entity`` is a path's beginning in lower case: ``odata/jobs``.
    """
    scope = _SCOPE_OF.get(entity)
    if scope is None:
        return ()
    return (scope, f"{scope}.{'Read' if method in {'GET', 'HEAD'} else 'Write'}")


def is_allowed(given: Set[str] | None, accepted: tuple[str, ...], scenarios: Set[str]) -> bool:
    """Whether a token with the scopes ``given`` (None: every scope) may make a call that asks for ``accepted``."""
    if not accepted:
        return True
    if any(withheld in accepted for name, withheld in _WITHHELD_BY.items() if name in scenarios):
        return False
    return given is None or DEFAULT_SCOPE in given or not given.isdisjoint(accepted)
