"""Addresses, filters and paging guards of the OData calls. Pure; opens nothing."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

FOLDER_HEADER: Final = "X-UIPATH-OrganizationUnitId"
FOLDER_KEY_HEADER: Final = "X-UIPATH-FolderKey"
FOLDER_PATH_HEADER: Final = "X-UIPATH-FolderPath-Encoded"
"""Base64 of the path in UTF-16LE (UiPath's API guide, "Building API requests")."""
TENANT_HEADER: Final = "X-UIPATH-TenantName"
IDS_PER_REQUEST: Final = 100
"""As many terms as ``$filter`` may have (Orchestrator 20.0 definition)."""
_SAFE: Final = "(),:'/"
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def address(base: str, path: str, **options: str | int | None) -> str:
    """Return ``base`` + ``path`` with the OData options given: ``filter`` becomes ``$filter`` and so on."""
    parts = [f"${name}={quote(str(value), safe=_SAFE)}" for name, value in options.items() if value not in (None, "")]
    return f"{base}{path}{'?' if parts else ''}{'&'.join(parts)}"


def literal(text: str) -> str:
    """Return ``text`` as a string literal of ``$filter``."""
    return "'" + text.replace("'", "''") + "'"


def is_guid(text: str) -> bool:
    """Tell whether ``text`` is a GUID, and so may stand unquoted in ``$filter``."""
    return _GUID.match(text) is not None


def moment(value: datetime) -> str:
    """Return a time as ``$filter`` wants it: ``2019-06-12T09:28:12.920Z``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def any_id(ids: Sequence[int], *, has_in: bool) -> str:
    """Return a filter for these ids; servers of 2019 have no ``in``."""
    if has_in:
        return f"Id in ({','.join(map(str, ids))})"
    return " or ".join(f"Id eq {each}" for each in ids)


def chunks(ids: Iterable[int], size: int = IDS_PER_REQUEST) -> list[list[int]]:
    """Return ``ids`` without repeats in lists of at most ``size``."""
    unique = list(dict.fromkeys(ids))
    return [unique[place : place + size] for place in range(0, len(unique), size)]
