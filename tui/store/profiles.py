"""The profile file, ``profiles.toml``: read with the standard library, changed so that what a person wrote survives.

It holds no secret, so it may be a link, as those who keep their configuration in one folder have it: it is read
through the link, and a change replaces the file the link points to, never the link, and only when that file is the
person's own. Every change is read back from the new text before it replaces the old: a file is never left unreadable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from tui.profile import Profile, ProfileBook
from tui.store import files
from tui.store.errors import StoreError, file_trouble
from tui.store.profile_fields import VERSION, book, check_name, field_names, table_of, unknown
from tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping
    from pathlib import Path

    Table = MutableMapping[str, Any]

PATIENCE: Final = 10.0
"""Seconds to wait for another process that changes the profiles: a change takes milliseconds."""

_TITLE: Final = "The profiles can't be used"
_PLAIN_WAY: Final = "Write each profile below a line of its own: [profiles.NAME]"


def load_profiles(path: Path) -> ProfileBook:
    """Read the profiles; an empty book when there is no file. Raises `StoreError` naming the wrong line or field."""
    content = files.read_open(path)
    return ProfileBook() if content is None else book(_parsed(_text(content, path), path), path)


def save_profile(path: Path, profile: Profile, *, make_current: bool = True) -> None:
    """Add the profile or replace the one of its name. Raises `StoreError`; the file is then as it was."""
    check_name(profile.name)
    values = table_of(profile)

    def change(document: Table) -> None:
        import tomlkit
        from tomlkit.items import InlineTable

        profiles = _tables(document)
        if profile.name not in profiles:
            inline = isinstance(profiles, InlineTable)
            profiles[profile.name] = tomlkit.inline_table() if inline else tomlkit.table()
        _fill(cast("Table", profiles[profile.name]), values)
        if make_current:
            document["current"] = profile.name

    _change(path, change)


def save_unfinished(path: Path, profile: Profile | None) -> None:
    """Keep a setup that was left half-way, or forget it with ``None``. Raises `StoreError`."""
    if profile is not None:
        check_name(profile.name)
    values = {} if profile is None else {"name": profile.name, **table_of(profile)}

    def change(document: Table) -> None:
        import tomlkit

        if not values:
            document.pop("unfinished", None)
            return
        if "unfinished" not in document:
            document["unfinished"] = tomlkit.table()
        _fill(cast("Table", document["unfinished"]), values)

    if profile is not None or load_profiles(path).unfinished is not None:
        _change(path, change)


def forget_profile(path: Path, name: str) -> None:
    """Remove the profile; when it was current, none is. Raises `StoreError`, also for a name that does not exist."""

    def change(document: Table) -> None:
        profiles = _existing(document, name)
        del profiles[name]
        if not profiles:
            del document["profiles"]
        if document.get("current") == name:
            del document["current"]

    _change(path, change)


def use_profile(path: Path, name: str) -> None:
    """Make the profile current. Raises `StoreError`, also for a name that does not exist."""

    def change(document: Table) -> None:
        _existing(document, name)
        document["current"] = name

    _change(path, change)


def mark_production(path: Path, name: str, production: bool) -> None:
    """Mark the profile as one to ask about once more before a start, or not. Raises `StoreError`."""

    def change(document: Table) -> None:
        table = cast("Table", _existing(document, name)[name])
        if production:
            table["production"] = True
        else:
            table.pop("production", None)

    _change(path, change)


def _change(path: Path, change: Callable[[Table], None]) -> None:
    """Read, change and replace the file while no other process does."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from tui.store.locks import held

    linked = path.is_symlink() or path.parent.is_symlink()
    if not linked:
        files.make_folder(path.parent)
    with held(path.with_name(f".{path.name}.lock"), "profile file", patience=PATIENCE):
        target = path.resolve() if linked else path
        content = files.read_open(target)
        text = "" if content is None else _text(content, path)
        book(_parsed(text, path), path)
        try:
            document = tomlkit.parse(text)
            if "version" not in document:
                document["version"] = VERSION
            change(cast("Table", document))
            written = tomlkit.dumps(document)
        except (TOMLKitError, ValueError, TypeError, LookupError) as error:
            raise _unchangeable(path) from error
        values = _parsed(written, path)
        book(values, path)
        if not _same(values, document.unwrap()):
            raise _unchangeable(path)
        if written != text:
            files.write_private(target, written.encode("utf-8"))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    # A number that is none equals nothing, not even itself, but is written alike.
    return one == other or repr(one) == repr(other)


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        why = f"is not TOML (line {line} is not UTF-8)"
        raise file_trouble(path, why, "Correct that line, or move the file away.", title=_TITLE) from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = f"is not TOML ({clean(str(error), limit=200)})"
        raise file_trouble(path, why, "Correct the line it names, or move the file away.", title=_TITLE) from error


def _tables(document: Table) -> Table:
    """Return the table of profiles, made when it is missing."""
    import tomlkit

    if "profiles" not in document:
        document["profiles"] = tomlkit.table(is_super_table=True)
    return cast("Table", document["profiles"])


def _existing(document: Table, name: str) -> Table:
    """Return the table of profiles that has one called ``name``. Raises `StoreError` when it has none."""
    profiles = cast("Table", document.get("profiles", {}))
    if name not in profiles:
        raise unknown(name, tuple(profiles))
    return profiles


def _fill(table: Table, values: Mapping[str, str | bool]) -> None:
    """Set the fields of a profile and drop those that are empty now; other names and comments stay."""
    for name in ("name", *field_names()):
        if name not in values:
            table.pop(name, None)
        elif table.get(name) != values[name]:
            table[name] = values[name]


def _unchangeable(path: Path) -> StoreError:
    return file_trouble(path, "is written in a way that can't be changed safely", _PLAIN_WAY, title=_TITLE)
