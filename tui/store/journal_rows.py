"""How an `Intent` lies in the journal's table, and the table itself. Pure."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from tui.intent import OPEN, Intent, IntentState

SCHEMA: Final = 2
"""The version of the table; a file of a newer program is left alone."""
_NOT_KEPT: Final = frozenset({"busy"})
COLUMNS: Final = tuple(each.name for each in fields(Intent) if each.name not in _NOT_KEPT)
_LISTS: Final = frozenset({"robot_ids", "jobs", "denied"})
_TIMES: Final = frozenset({"sent_at", "failed_at"})
_NUMBERS: Final = frozenset({"count", "fence", "tries", "again"})
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))
IS_OPEN: Final = f"state IN ({_OPEN})"
# A release lies in one folder, so its key stands for the folder too, however the folder was named.
TABLE: Final = (
    "CREATE TABLE intents ("
    + ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'} NOT NULL" for name in COLUMNS)
    + ", owner TEXT NOT NULL, PRIMARY KEY (id))",
    f"CREATE UNIQUE INDEX one_open_start ON intents (tenant, release_key) WHERE {IS_OPEN}",
    f"PRAGMA user_version = {SCHEMA}",
)
"""The statements that make an empty file a journal."""
OF_1: Final = (
    "ALTER TABLE intents ADD COLUMN carrier TEXT NOT NULL DEFAULT ''",
    f"PRAGMA user_version = {SCHEMA}",
)
"""The statements that bring a table of version 1 up to date."""


def values(changes: dict[str, Any]) -> dict[str, Any]:
    """Return fields of an intent as the table holds them."""
    return {name: _value(name, value) for name, value in changes.items() if name not in _NOT_KEPT}


def _value(name: str, value: Any) -> Any:
    if name in _LISTS:
        return json.dumps(list(value))
    if name in _TIMES:
        return value.isoformat() if value is not None else ""
    return int(value) if name in _NUMBERS else str(value)


def intent_of(row: tuple[Any, ...]) -> Intent:
    """Return the intent of a row with `COLUMNS`. Raises `ValueError` when the row can't be one."""
    found: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    for name in _LISTS:
        found[name] = tuple(int(each) for each in json.loads(found[name]))
    for name in _TIMES:
        found[name] = datetime.fromisoformat(found[name]) if found[name] else None
    found["state"] = IntentState(found["state"])
    found["again"] = bool(found["again"])
    return Intent(**found)
