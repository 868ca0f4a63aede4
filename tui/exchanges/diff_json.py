"""Two JSON texts compared by their values. Numbers count as they are written; nothing of it is rounded."""

from __future__ import annotations

import json
from typing import Any, Final, Literal, cast

LONGEST: Final = 400
"""Characters told of one value."""
_NAMES: Final = ("Id", "Key", "id", "key")

Found = tuple[Literal["+", "-", "~"], str, str, str]
"""Glyph, path, value before, value now."""


class NotComparableError(Exception):
    """One of the texts is no JSON, has a key twice, or is too deep."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def compared_json(before: bytes, now: bytes) -> list[Found]:
    """Return what differs, in the order of ``now``. Raises `NotComparableError`."""
    found: list[Found] = []
    try:
        _compare("", _parsed(before), _parsed(now), found)
    except (ValueError, RecursionError):
        raise NotComparableError from None
    return found


def _parsed(data: bytes) -> Any:
    text = data.decode("utf-8-sig")
    return json.loads(
        text, parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=_members, strict=False
    )


def _refuse(word: str) -> None:
    raise ValueError(word)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _compare(path: str, before: Any, now: Any, found: list[Found]) -> None:
    if isinstance(before, dict) and isinstance(now, dict):
        _compare_members(path, cast("dict[str, Any]", before), cast("dict[str, Any]", now), found)
    elif isinstance(before, list) and isinstance(now, list):
        _compare_items(path, cast("list[Any]", before), cast("list[Any]", now), found)
    elif not _same(before, now):
        found.append(("~", path, told(before), told(now)))


def _same(before: Any, now: Any) -> bool:
    """Tell 1 from true and from “1”."""
    return type(before) is type(now) and before == now


def _compare_members(path: str, before: dict[str, Any], now: dict[str, Any], found: list[Found]) -> None:
    for name, value in now.items():
        inner = _joined(path, name)
        if name in before:
            _compare(inner, before[name], value, found)
        else:
            found.append(("+", inner, "", told(value)))
    found.extend(("-", _joined(path, name), told(value), "") for name, value in before.items() if name not in now)


def _compare_items(path: str, before: list[Any], now: list[Any], found: list[Found]) -> None:
    for name in _NAMES:
        old, new = _named(before, name), _named(now, name)
        if old is not None and new is not None and (old or new):
            _compare_named(path, old, new, found)
            return
    for at, value in enumerate(now):
        if at < len(before):
            _compare(f"{path}[{at}]", before[at], value, found)
        else:
            found.append(("+", f"{path}[{at}]", "", told(value)))
    found.extend(("-", f"{path}[{at}]", told(before[at]), "") for at in range(len(now), len(before)))


def _named(items: list[Any], name: str) -> dict[str, Any] | None:
    """Return the items by ``name=value``, ``None`` unless each has one of its own."""
    named: dict[str, Any] = {}
    for item in items:
        value = cast("dict[str, Any]", item).get(name) if isinstance(item, dict) else None
        if not isinstance(value, str) or not value:
            return None
        named[f"{name}={value if isinstance(value, _Number) else told(value)}"] = item
    return named if len(named) == len(items) else None


def _compare_named(path: str, before: dict[str, Any], now: dict[str, Any], found: list[Found]) -> None:
    for name, item in now.items():
        if name in before:
            _compare(f"{path}[{name}]", before[name], item, found)
        else:
            found.append(("+", f"{path}[{name}]", "", told(item)))
    found.extend(("-", f"{path}[{name}]", told(item), "") for name, item in before.items() if name not in now)
    old, new = ([name for name in names if name in before and name in now] for names in (before, now))
    if old != new:
        found.append(("~", path, "items in this order", "the same items in another order"))


def _joined(path: str, name: str) -> str:
    if name.isidentifier():
        return f"{path}.{name}" if path else name
    return f"{path}[{json.dumps(name, ensure_ascii=False)}]"


def told(value: Any) -> str:
    """Return a value as JSON text, cut where it is long."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST:
            return "".join(pieces)[:LONGEST] + "…"
    return "".join(pieces)


def _pieces(value: Any) -> Any:
    if isinstance(value, _Number):
        yield str(value)
    elif isinstance(value, dict):
        yield "{"
        for at, (name, inner) in enumerate(cast("dict[str, Any]", value).items()):
            yield f"{', ' if at else ''}{json.dumps(name, ensure_ascii=False)}: "
            yield from _pieces(inner)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for at, inner in enumerate(cast("list[Any]", value)):
            if at:
                yield ", "
            yield from _pieces(inner)
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)
