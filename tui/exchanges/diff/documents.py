"""Two JSON texts compared by their values. Numbers count as they are written; nothing of it is rounded."""

from __future__ import annotations

import json
from typing import Any, Final, Literal, cast

LONGEST: Final = 400
"""Characters told of one value."""
_NAMES: Final = ("Id", "Key", "id", "key")

MOST: Final = 2_000
"""Changes that are told; of more only how many there are."""

Found = tuple[Literal["+", "-", "~"], str, str, str]
"""Glyph, path, value before, value now."""


class Findings(list[Found]):
    """The first `MOST` changes, and how many ``more`` there are."""

    more = 0

    def note(self, path: str, before: Any = None, now: Any = None, *, glyph: Literal["+", "-", "~"] = "~") -> None:
        """Take in a change; only what is told is written out."""
        if len(self) >= MOST:
            self.more += 1
        else:
            self.append((glyph, path, "" if glyph == "+" else told(before), "" if glyph == "-" else told(now)))

    def reordered(self, path: str) -> None:
        """Take in that the items of a list are the same in another order."""
        self.append(("~", path, "items in this order", "the same items in another order"))


class NotComparableError(Exception):
    """One of the texts is no JSON, has a key twice, or is too deep."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def compared_json(before: bytes, now: bytes) -> Findings:
    """Return what differs, in the order of ``now``. Raises `NotComparableError`."""
    found = Findings()
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


def _compare(path: str, before: Any, now: Any, found: Findings) -> None:
    if isinstance(before, dict) and isinstance(now, dict):
        _compare_members(path, cast("dict[str, Any]", before), cast("dict[str, Any]", now), found)
    elif isinstance(before, list) and isinstance(now, list):
        _compare_items(path, cast("list[Any]", before), cast("list[Any]", now), found)
    elif not _same(before, now):
        found.note(path, before, now)


def _same(before: Any, now: Any) -> bool:
    """Tell 1 from true and from “1”."""
    return type(before) is type(now) and before == now


def _compare_members(path: str, before: dict[str, Any], now: dict[str, Any], found: Findings) -> None:
    for name, value in now.items():
        inner = _joined(path, name)
        if name in before:
            _compare(inner, before[name], value, found)
        else:
            found.note(inner, now=value, glyph="+")
    for name, value in before.items():
        if name not in now:
            found.note(_joined(path, name), value, glyph="-")


def _compare_items(path: str, before: list[Any], now: list[Any], found: Findings) -> None:
    for name in _NAMES:
        old, new = _named(before, name), _named(now, name)
        if old is not None and new is not None and (old or new):
            _compare_named(path, old, new, found)
            return
    for at, value in enumerate(now):
        if at < len(before):
            _compare(f"{path}[{at}]", before[at], value, found)
        else:
            found.note(f"{path}[{at}]", now=value, glyph="+")
    for at in range(len(now), len(before)):
        found.note(f"{path}[{at}]", before[at], glyph="-")


def _named(items: list[Any], name: str) -> dict[str, Any] | None:
    """Return the items by ``name=value``, ``None`` unless each has one of its own."""
    named: dict[str, Any] = {}
    for item in items:
        value = cast("dict[str, Any]", item).get(name) if isinstance(item, dict) else None
        if not isinstance(value, str) or not value:
            return None
        named[f"{name}={value if isinstance(value, _Number) else told(value)}"] = item
    return named if len(named) == len(items) else None


def _compare_named(path: str, before: dict[str, Any], now: dict[str, Any], found: Findings) -> None:
    for name, item in now.items():
        if name in before:
            _compare(f"{path}[{name}]", before[name], item, found)
        else:
            found.note(f"{path}[{name}]", now=item, glyph="+")
    for name, item in before.items():
        if name not in now:
            found.note(f"{path}[{name}]", item, glyph="-")
    old, new = ([name for name in names if name in before and name in now] for names in (before, now))
    if old != new:
        found.reordered(path)


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
