"""Which account, instance and folder are meant: by their names, or the first of a list that nobody chose from. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from tui.api.guids import is_guid
from tui.api.models import Folder
from tui.errors import Exit, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.api.models import Account, ServiceInstance

Row = TypeVar("Row")
SHOWN: Final = 5
UNNAMED: Final = Failure(
    title="Organization and tenant are needed",
    cause="the server lists none for this sign-in",
    next_step="Name both with --account and --instance, as in cloud.uipath.com/ACCOUNT/INSTANCE",
    exit=Exit.USAGE,
)
"""Why nothing can be chosen."""


def chosen(rows: Sequence[Row], wanted: str, names: Callable[[Row], tuple[str, str, str]]) -> Row | Failure:
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
        next_step="Correct the name, or choose from the list: `uipath-tui setup`",
        exit=Exit.NOT_FOUND,
    )


def account_names(account: Account) -> tuple[str, str, str]:
    """Return what an account is, and its names."""
    return "account", account.account_logical_name, account.account_name


def instance_names(instance: ServiceInstance) -> tuple[str, str, str]:
    """Return what a service instance is, and its names."""
    return "service instance", instance.logical_name, instance.service_instance_name


def matching_folder(folders: Sequence[Folder], wanted: str) -> Folder | None:
    """Return the folder with this key or path; the key counts first, because a path may have been given to another."""
    for names in (("key",), ("path", "display_name")):
        for folder in folders:
            if wanted.casefold() in (str(getattr(folder, name)).casefold() for name in names):
                return folder
    return None


def typed_folder(wanted: str) -> Folder:
    """Return the folder as it is named, for servers that do not list it."""
    return Folder(key=wanted) if is_guid(wanted) else Folder(fully_qualified_name=wanted)
