"""Addresses, filters and paging guards of the OData calls. Pure; opens nothing."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from tui.api.names import raw_of

FOLDER_HEADER: Final = "X-UIPATH-OrganizationUnitId"
FOLDER_KEY_HEADER: Final = "X-UIPATH-FolderKey"
FOLDER_PATH_HEADER: Final = "X-UIPATH-FolderPath-Encoded"
"""Base64 of the path in UTF-16LE (UiPath's API guide, "Building API requests")."""
TENANT_HEADER: Final = "X-UIPATH-TenantName"
IDS_PER_REQUEST: Final = 100
"""As many terms as ``$filter`` may have (Orchestrator 20.0 definition)."""
ADDRESS_LIMIT: Final = 1_800
"""Characters of an address with a long filter: IIS refuses a query of more than 2,048 unless it is told otherwise."""
_SAFE: Final = "(),:'/"
_OR: Final = " or "
_VERSION: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6}){0,3}")


def address(base: str, path: str, **options: str | int | None) -> str:
    """Return ``base`` + ``path`` with the OData options given: ``filter`` becomes ``$filter`` and so on."""
    parts = [f"${name}={_quoted(str(value))}" for name, value in options.items() if value not in (None, "")]
    return f"{base}{path}{'?' if parts else ''}{'&'.join(parts)}"


def literal(text: str) -> str:
    """Return ``text``, as the server knows it, as a string literal of ``$filter``."""
    return "'" + raw_of(text).replace("'", "''") + "'"


def moment(value: datetime) -> str:
    """Return a time as ``$filter`` wants it: ``2019-06-12T09:28:12.920Z``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def any_id(ids: Sequence[int], *, has_in: bool) -> str:
    """Return a filter for these ids; servers of 2019 have no ``in``, and ids of one start often follow each other."""
    if has_in:
        return f"Id in ({','.join(map(str, ids))})"
    return _OR.join(_within(first, last) for first, last in _runs(ids))


def fitting(ids: Sequence[int], base: str) -> list[int]:
    """Return as many of ``ids``, one at least, as a filter without ``in`` may name in an address below ``base``."""
    count = min(len(ids), IDS_PER_REQUEST)
    while count > 1:
        wanted = any_id(ids[:count], has_in=False)
        if len(address(base, "/odata/Jobs", filter=wanted, top=count)) <= ADDRESS_LIMIT:
            break
        count -= 1
    return list(ids[:count])


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of ids that follow each other."""
    runs: list[tuple[int, int]] = []
    for each in sorted(set(ids)):
        if runs and runs[-1][1] == each - 1:
            runs[-1] = runs[-1][0], each
        else:
            runs.append((each, each))
    return runs


def _within(first: int, last: int) -> str:
    """Return the condition for the ids of a run."""
    if first == last:
        return f"Id eq {first}"
    if first == last - 1:
        return f"Id eq {first}{_OR}Id eq {last}"
    return f"(Id ge {first} and Id le {last})"


def _quoted(text: str) -> str:
    return quote(text, safe=_SAFE, errors="replace")


def newest_version(versions: str) -> str:
    """Return the highest of the versions in ``api-supported-versions``, ``""`` when there is none."""
    found: list[str] = _VERSION.findall(versions)
    return max(found, key=lambda each: [int(part) for part in each.split(".")], default="")


def chunks(ids: Iterable[int], size: int = IDS_PER_REQUEST) -> list[list[int]]:
    """Return ``ids`` without repeats in lists of at most ``size``."""
    unique = list(dict.fromkeys(ids))
    return [unique[place : place + size] for place in range(0, len(unique), size)]
