"""The file of remembered starts: last inputs and presets of each release, by service instance. Holds no secret.

One private JSON file, written whole under a lock. What can't be read is never overwritten.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from tui.flow.start_options import StartOptions
from tui.remembered import LONGEST_NAME, MOST_PRESETS, Memory, Preset, Remembered, bounded
from tui.store.errors import file_trouble
from tui.store.files import make_folder, read_private, write_private
from tui.store.locks import held

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE: Final = "inputs.json"
VERSION: Final = 1
MOST_BYTES: Final = 2_000_000
"""Bytes the file may have: half of what is read of any private file."""
MOST_INSTANCES: Final = 50
PATIENCE: Final = 5.0
"""Seconds to wait for another window that is writing."""
_TITLE: Final = "The inputs of earlier starts can't be read"
_REMEDY: Final = "Correct the file, or remove it to begin anew."


class InputStore:
    """Remembers starts in ``folder``. Every method may be called from a thread; each raises `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / FILE

    def recall(self, base: str) -> Memory:
        """Return what is remembered in the service instance at the address ``base``."""
        return self._read().get(base, ())

    def update(self, base: str, change: Callable[[Memory], Memory]) -> Memory:
        """Change what is remembered there, with what other windows kept meanwhile, and return it."""
        make_folder(self._folder)
        with held(self._folder / f"{FILE}.lock", "remembered inputs", patience=PATIENCE):
            every = self._read()
            changed = change(every.pop(base, ()))
            newest = {base: changed, **dict(list(every.items())[: MOST_INSTANCES - 1])}
            write_private(self.path, _fitting(newest))
        return changed

    def _read(self) -> dict[str, Memory]:
        content = read_private(self.path)
        if not content:
            return {}
        try:
            data: Any = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise file_trouble(self.path, "is no JSON", _REMEDY, title=_TITLE) from error
        fields = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
        if fields.get("version") != VERSION or not isinstance(fields.get("instances"), dict):
            why = "was written by another version of this program, or by hand"
            raise file_trouble(self.path, why, _REMEDY, title=_TITLE)
        instances = cast("dict[str, object]", fields["instances"])
        return {base: _memory(rows) for base, rows in instances.items()}


def _fitting(every: dict[str, Memory]) -> bytes:
    """Return the content, the oldest releases left out until it fits."""
    while True:
        instances = {base: [_row(each) for each in memory] for base, memory in every.items()}
        content = json.dumps({"version": VERSION, "instances": instances}, indent=1).encode()
        if len(content) <= MOST_BYTES:
            return content
        last = next(reversed(every))
        if len(every[last]) > 1:
            every[last] = every[last][: len(every[last]) // 2]
        elif len(every) > 1:
            del every[last]
        else:
            every[last] = ()


def _row(each: Remembered) -> dict[str, Any]:
    presets = [{"name": one.name, "inputs": one.inputs, **_options_row(one.options)} for one in each.presets]
    row: dict[str, Any] = {
        "folder": each.folder,
        "release": each.release_key,
        "at": each.at.isoformat() if each.at is not None else "",
        "inputs": each.inputs,
        "presets": presets,
    }
    return row if each.carrier is None else {**row, "carrier": each.carrier}


def _options_row(options: StartOptions) -> dict[str, Any]:
    return {
        "strategy": options.strategy,
        "robot_ids": list(options.robot_ids),
        "jobs_count": options.jobs_count,
        "priority": options.priority,
        "runtime_type": options.runtime_type,
    }


def _memory(rows: object) -> Memory:
    """Return what the rows hold; a row that says nothing usable is passed over."""
    listed = cast("list[object]", rows) if isinstance(rows, list) else []
    return (*bounded(each for row in listed if (each := _remembered(row)) is not None),)


def _remembered(row: object) -> Remembered | None:
    if not isinstance(row, dict):
        return None
    fields = cast("dict[str, object]", row)
    key = _text(fields, "release")
    presets = fields.get("presets")
    listed = cast("list[object]", presets) if isinstance(presets, list) else []
    kept = tuple(each for one in listed[:MOST_PRESETS] if (each := _preset(one)) is not None)
    carrier = _text(fields, "carrier") if "carrier" in fields else None
    found = Remembered(_text(fields, "folder"), key, _time(fields), _text(fields, "inputs"), kept, carrier)
    return found if key else None


def _preset(row: object) -> Preset | None:
    if not isinstance(row, dict):
        return None
    fields = cast("dict[str, object]", row)
    name = _text(fields, "name")[:LONGEST_NAME]
    robots = fields.get("robot_ids")
    ids = tuple(each for each in cast("list[object]", robots) if _whole(each)) if isinstance(robots, list) else ()
    count = fields.get("jobs_count")
    options = StartOptions(
        strategy=_text(fields, "strategy"),
        robot_ids=cast("tuple[int, ...]", ids),
        jobs_count=cast("int", count) if _whole(count) else 1,
        priority=_text(fields, "priority"),
        runtime_type=_text(fields, "runtime_type"),
    )
    return Preset(name, _text(fields, "inputs"), options) if name else None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _time(fields: dict[str, object]) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(fields, "at"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
