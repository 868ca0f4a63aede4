"""Owns the invented customers: accounts and instances of 2019, one organization of today, their robots and folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from tui.simulator.catalogue import CATALOGUE, FOLDER_ONLY, Process, bulk_processes
from tui.simulator.generation import Generation
from tui.simulator.model import Environment, Folder, Release, Robot, Tenant
from tui.simulator.wire import named_uuid

ORGANIZATION = "lighthouse"
ORGANIZATION_DISPLAY_NAME = "Lighthouse Logistics"
ORGANIZATION_ID = named_uuid("organization", ORGANIZATION)
MANY_RELEASES = 10_000
MANY_ROBOTS = 500

_ROBOT_NAMES = ("Marigold", "Juniper", "Sorrel", "Tansy")
_FOLDERS = (
    ("Finance", "Finance", "Standard", None),
    ("Month End", "Finance/Month End", "Standard", 0),
    ("People Operations", "People Operations", "Standard", None),
    ("ada.harbour@example.com's workspace", "ada.harbour@example.com's workspace", "Personal", None),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A 2019 account and its service instances (logical name, display name)."""

    name: str
    logical_name: str
    instances: tuple[tuple[str, str], ...]


ACCOUNTS = (
    Account("Harbour Bakery", "harbourbakery", (("HarbourBakeryDefaultq7xk31824", "HarbourBakeryDefault"),)),
    Account(
        "Paper Kite Studio",
        "paperkitestudio",
        (("PaperKiteDefaultm2vd50676", "PaperKiteDefault"), ("PaperKiteTestzb8r11903", "PaperKite Test")),
    ),
)
MODERN_TENANTS = ("DefaultTenant", "Staging")


def make_tenants(scenarios: frozenset[str]) -> list[Tenant]:
    """Return every tenant of both generations, in the order they are listed."""
    ids = count(120_001)
    tenants = [
        _classic_tenant(account, logical, display, scenarios, ids)
        for account in ACCOUNTS
        for logical, display in account.instances
    ]
    return tenants + [_modern_tenant(name, scenarios, ids) for name in MODERN_TENANTS]


def shared_processes(scenarios: frozenset[str]) -> Sequence[Process]:
    """Return the processes that every tenant has, bulk excluded."""
    return () if "empty" in scenarios else CATALOGUE


def _processes(scenarios: frozenset[str]) -> list[Process]:
    bulk = bulk_processes(MANY_RELEASES - len(CATALOGUE)) if "many" in scenarios else []
    return [*shared_processes(scenarios), *bulk]


def _robots(tenant: str, scenarios: frozenset[str], ids: Iterable[int]) -> tuple[Robot, ...]:
    names = _ROBOT_NAMES
    if "many" in scenarios:
        names = tuple(f"Robot {n:03d}" for n in range(1, MANY_ROBOTS + 1))
    return tuple(
        Robot(
            id=robot_id,
            name=name,
            username=f"harbour\\{name.lower().replace(' ', '.')}",
            machine_name=f"HARBOUR-VM-{number:02d}",
            machine_id=31_000 + number,
            machine_key=named_uuid("machine", tenant, str(number)),
        )
        for number, (robot_id, name) in enumerate(zip(ids, names, strict=False), start=1)
    )


def _classic_tenant(account: Account, name: str, display: str, scenarios: frozenset[str], ids: "count[int]") -> Tenant:
    robots = _robots(name, scenarios, ids)
    office = robots if "many" in scenarios else robots[:2]
    environments = (
        Environment(next(ids), "Office", office),
        Environment(next(ids), "Night Shift", robots[2:3]),
        Environment(next(ids), "Unfurnished", ()),
    )
    home = {"Weather Watch": 1, "Exchange Rates": 1}
    releases = [
        Release(next(ids), process, environment=environments[home.get(process.name, 0)])
        for process in _processes(scenarios)
    ]
    return Tenant(
        Generation.CLASSIC,
        account.logical_name,
        name,
        display,
        named_uuid("tenant", name),
        robots,
        environments=environments,
        releases=releases,
    )


def _modern_tenant(name: str, scenarios: frozenset[str], ids: "count[int]") -> Tenant:
    folders = _folders(name, next(ids) + 200_000)
    elsewhere = () if "empty" in scenarios else FOLDER_ONLY
    releases = [
        Release(next(ids), process, folder=folders[process.folder]) for process in (*_processes(scenarios), *elsewhere)
    ]
    return Tenant(
        Generation.MODERN,
        ORGANIZATION,
        name,
        name,
        named_uuid("tenant", name),
        _robots(name, scenarios, ids),
        folders=folders,
        releases=releases,
    )


def _folders(tenant: str, first_id: int) -> tuple[Folder, ...]:
    keys = [named_uuid("folder", tenant, path) for _, path, _, _ in _FOLDERS]
    return tuple(
        Folder(
            first_id + index,
            keys[index],
            display,
            path,
            kind,
            None if parent is None else first_id + parent,
            None if parent is None else keys[parent],
        )
        for index, (display, path, kind, parent) in enumerate(_FOLDERS)
    )
