"""A profile as a table of the profile file, and what is wrong with one. Standard library only: read before the screen.

Unknown names are ignored, so that a file written by a newer program of the same version can be read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, cast

from tui.errors import Exit, Failure
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook
from tui.store.errors import StoreError, file_trouble
from tui.text import clean

VERSION: Final = 1
LONGEST_NAME: Final = 40

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
_FIELDS: Final = tuple(field.name for field in fields(Profile) if field.name != "name")
_TITLE: Final = "The profiles can't be used"
_RULE: Final = f"1 to {LONGEST_NAME} letters (a–z), digits, “-”, “_” or “.”"
_ADVICE: Final = "Correct it there, or remove the line."


def check_name(name: str) -> str:
    """Return the name of a profile. Raises `StoreError`, with a near name that can be used, for any other text."""
    if _NAME.fullmatch(name):
        return name
    near = re.sub(r"[^A-Za-z0-9._-]+", "-", name.strip()).strip("-")[:LONGEST_NAME]
    step = f"Use “{near}”, for example." if near else "Use another name, such as “default”."
    cause = f"“{clean(name, limit=60)}” does not fit: a profile's name has {_RULE}"
    raise StoreError(Failure("That name can't be used", cause, step, exit=Exit.USAGE))


def unknown(name: str, known: Sequence[str]) -> StoreError:
    """Return the error about a profile that does not exist, with the nearest of those that do."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    if near:
        step = f"Did you mean “{near[0]}”?"
    else:
        step = f"There are {', '.join(known)}." if known else "There is none yet: sign in first."
    cause = f"no profile is called “{clean(name, limit=60)}”"
    return StoreError(Failure("The profile can't be found", cause, step, exit=Exit.NOT_FOUND))


def book(values: Mapping[str, Any], path: Path) -> ProfileBook:
    """Return what the parsed profile file holds. Raises `StoreError` naming the profile and the field."""
    check_version(values, path)
    tables = _table(values.get("profiles", {}), path, "“profiles”")
    profiles: list[Profile] = []
    for name, table in tables.items():
        if not _NAME.fullmatch(name):
            raise file_trouble(path, f"calls a profile “{clean(name, limit=60)}”", f"Use {_RULE}.", title=_TITLE)
        profiles.append(_profile(name, table, path, f"profile “{name}”"))
    current = values.get("current", "")
    if not isinstance(current, str):
        raise file_trouble(path, "sets “current” to something that is not text", _ADVICE, title=_TITLE)
    if current and current not in tables:
        why = f"makes “{clean(current, limit=60)}” current"
        error = unknown(current, tuple(tables))
        raise file_trouble(path, f"{why}, which does not exist", error.failure.next_step, title=_TITLE)
    left = values.get("unfinished")
    unfinished = None if left is None else _unfinished(left, path)
    return ProfileBook(tuple(profiles), current, unfinished)


def check_version(values: Mapping[str, Any], path: Path) -> None:
    """Raise `StoreError` for a file of a newer program, or one whose version is no number."""
    version = values.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise file_trouble(path, "sets “version” to something else than 1", "Write: version = 1", title=_TITLE)
    if version > VERSION:
        why = f"was written by a newer uipath-tui (version {version} of the file)"
        raise file_trouble(path, why, "Use that program, or move the file away.", title=_TITLE)


def table_of(profile: Profile) -> dict[str, str | bool]:
    """Return the fields to write, the empty ones left out. Raises `StoreError` for text no file can hold."""
    values: dict[str, str | bool] = {}
    for name in _FIELDS:
        value = getattr(profile, name)
        if isinstance(value, str):
            _check_text(name, value)
        if value:
            values[name] = value.value if isinstance(value, Keeping) else value
    return values


def field_names() -> tuple[str, ...]:
    """Return the names that a profile's table may set."""
    return _FIELDS


def _unfinished(value: object, path: Path) -> Profile:
    table = _table(value, path, "“unfinished”")
    name = table.get("name", Profile().name)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise file_trouble(path, "has no usable “name” in “unfinished”", f"Use {_RULE}.", title=_TITLE)
    return _profile(name, table, path, "“unfinished”")


def _profile(name: str, value: object, path: Path, of: str) -> Profile:
    table = _table(value, path, of)
    found: dict[str, Any] = {}
    for field in _FIELDS:
        if field in table:
            found[field] = _checked(field, table[field], path, of)
    return Profile(name=name, **found)


def _checked(field: str, value: object, path: Path, of: str) -> str | bool | Keeping:
    if field == "production":
        if not isinstance(value, bool):
            why = f"sets “production” of {of} to something that is not a yes or no"
            raise file_trouble(path, why, "Write true or false.", title=_TITLE)
        return value
    if not isinstance(value, str):
        step = f'Write it in quotes: {field} = "value".'
        raise file_trouble(path, f"sets “{field}” of {of} to something that is not text", step, title=_TITLE)
    if field != "keeping":
        return value
    if value not in tuple(Keeping):
        why = f"sets “keeping” of {of} to “{clean(value, limit=60)}”"
        raise file_trouble(path, why, f"Use one of {', '.join(Keeping)}.", title=_TITLE)
    return Keeping(value)


def _table(value: object, path: Path, of: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise file_trouble(path, f"has something in the place of {of} that is not a table", _ADVICE, title=_TITLE)
    return cast("Mapping[str, Any]", value)


def _check_text(field: str, value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        cause = f"“{field}” holds characters that no file can hold"
        step = "Choose another one, or go on without a profile."
        raise StoreError(Failure("The profile can't be saved", cause, step, exit=Exit.USAGE)) from None
