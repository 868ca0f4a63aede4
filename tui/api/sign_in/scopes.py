"""The scopes this program asks an application for, and what each is for. Data; standard library only.

From the descriptions of the calls in Orchestrator's definition 20.0. A role has to allow each thing as well.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: ``purpose`` completes “It is needed to …”, ``permission`` is what the role has to hold besides."""

    name: str
    purpose: str
    permission: str


REQUIRED_SCOPES: Final = (
    Scope("OR.Execution.Read", "list the releases", "Processes.View"),
    Scope("OR.Jobs", "start, stop and watch jobs", "Jobs.View, Jobs.Create and Jobs.Edit"),
    Scope("OR.Monitoring.Read", "show the robot's log", "Logs.View"),
    Scope("OR.Folders.Read", "list the folders", "Units.View or SubFolders.View"),
)
DEFAULT_SCOPES: Final = " ".join(scope.name for scope in REQUIRED_SCOPES)
OFFLINE_ACCESS: Final = "offline_access"
"""Brings a refresh token to a person's sign-in; an application that signs in by itself is refused with it."""

_OF_A_PERSON: Final = frozenset({OFFLINE_ACCESS, "openid", "profile", "email"})


def scopes_of_a_person(scopes: str) -> str:
    """Return the scopes to ask for when a person signs in: ``scopes`` or the required ones, and a refresh token."""
    wanted = (scopes or DEFAULT_SCOPES).split()
    return " ".join(dict.fromkeys([*wanted, OFFLINE_ACCESS]))


def scopes_of_an_application(scopes: str) -> str:
    """Return the scopes to ask for when an application signs in by itself: none that only a person can have."""
    wanted = [scope for scope in scopes.split() if scope not in _OF_A_PERSON]
    return " ".join(dict.fromkeys(wanted)) or DEFAULT_SCOPES
