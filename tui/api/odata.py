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
    """Return a filter for these ids; servers of 2019 have no ``in``."""
    if has_in:
        return f"Id in ({','.join(map(str, ids))})"
    return _OR.join(_is_id(each) for each in ids)


def fitting(ids: Sequence[int], base: str) -> list[int]:
    """Return as many of ``ids``, one at least, as a filter without ``in`` may name in an address below ``base``."""
    room = ADDRESS_LIMIT - len(address(base, "/odata/Jobs", filter="x", top=IDS_PER_REQUEST))
    count = 0
    for each in ids[:IDS_PER_REQUEST]:
        room -= len(_quoted(_is_id(each) + _OR))
        if room < 0:
            break
        count += 1
    return list(ids[: max(1, count)])


def _is_id(job_id: int) -> str:
    return f"Id eq {job_id}"


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
