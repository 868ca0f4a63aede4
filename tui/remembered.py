"""What is remembered of the starts of a release: its last inputs, and sets of inputs and options under a name.

Types and pure functions only; standard library. Holds no secret: `without_secrets` is what makes inputs fit to keep.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from tui.flow.start_options import PLAIN, StartOptions
from tui.secret import names_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MOST_RELEASES: Final = 200
"""Releases of one service instance that are remembered, the newest first."""
MOST_PRESETS: Final = 30
"""Presets of one release."""
LONGEST_NAME: Final = 60
_SECRET_TYPES: Final = ("SecureString", "PSCredential", "NetworkCredential", "OrchestratorCredential")


@dataclass(frozen=True, slots=True)
class Preset:
    """Inputs (JSON text) and options of a start under a name."""

    name: str
    inputs: str = ""
    options: StartOptions = PLAIN


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of one release. ``folder`` is the folder's key or path, ``""`` where the server has none.

    ``at`` is when it was started last, ``None`` for never; ``inputs`` are those of that start, as JSON text.
    """

    folder: str
    release_key: str
    at: datetime | None = None
    inputs: str = ""
    presets: tuple[Preset, ...] = ()
    carrier: str | None = None
    """The input argument chosen to carry the mark of its starts; ``""`` for none, ``None`` where nobody chose."""

    def preset(self, name: str) -> Preset | None:
        """Return the preset called ``name``, letter case ignored."""
        return next((each for each in self.presets if each.name.casefold() == name.strip().casefold()), None)


Memory = tuple[Remembered, ...]
"""What is remembered in one service instance, the release started or changed last first."""


def of_release(memory: Memory, folder: str, release_key: str) -> Remembered:
    """Return what is remembered of a release, an empty one for nothing."""
    same = (each for each in memory if each.folder == folder and each.release_key == release_key)
    return next(same, Remembered(folder, release_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Base of what can be added to or taken from a memory."""

    folder: str
    release_key: str

    def applied(self, memory: Memory) -> Memory:
        """Return ``memory`` with this change, the release it is about in front, what is too much left out."""
        old = of_release(memory, self.folder, self.release_key)
        others = [each for each in memory if each is not old]
        return (*bounded([self._changed(old), *others]),)

    def _changed(self, old: Remembered) -> Remembered:
        return old


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Change):
    """A start was accepted ``at`` then, with these inputs."""

    inputs: str = ""
    at: datetime

    def _changed(self, old: Remembered) -> Remembered:
        return replace(old, inputs=self.inputs, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedUnseen(Change):
    """A start turned out to have been made ``at`` then; what is remembered of an earlier one's inputs stays."""

    at: datetime

    def _changed(self, old: Remembered) -> Remembered:
        return replace(old, at=self.at if old.at is None else max(old.at, self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetKept(Change):
    """A preset was saved; one of the same name gives way."""

    preset: Preset = field(default_factory=lambda: Preset(""))

    def _changed(self, old: Remembered) -> Remembered:
        others = [each for each in old.presets if each.name.casefold() != self.preset.name.casefold()]
        kept = sorted([*others[: MOST_PRESETS - 1], self.preset], key=lambda each: each.name.casefold())
        return replace(old, presets=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierKept(Change):
    """This input argument was chosen to carry the mark of the release's starts; ``""`` for none."""

    argument: str = ""

    def _changed(self, old: Remembered) -> Remembered:
        return replace(old, carrier=self.argument)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetDropped(Change):
    """A preset was deleted."""

    name: str

    def _changed(self, old: Remembered) -> Remembered:
        return replace(old, presets=tuple(each for each in old.presets if each.name != self.name))


def bounded(memory: Iterable[Remembered]) -> list[Remembered]:
    """Return the newest releases, as many as are remembered; what somebody chose outlives what was only used."""
    every = [each for each in memory if each.at is not None or _chosen(each)]
    spare = len(every) - MOST_RELEASES
    for used_only in (True, False):
        for each in reversed(tuple(every)):
            if spare > 0 and not (used_only and _chosen(each)):
                every.remove(each)
                spare -= 1
    return every


def _chosen(each: Remembered) -> bool:
    return bool(each.presets) or each.carrier is not None


def without_secrets(inputs: str, secret_types: Iterable[tuple[str, str]] = ()) -> str:
    """Return inputs (JSON text) without values that are better kept nowhere; ``""`` for what is no object.

    Left out is what has a name that says so, at any depth, and arguments of types made for secrets;
    ``secret_types`` are the ``(name, .NET type)`` of the release's arguments.
    """
    if not inputs:
        return ""
    try:
        values: Any = json.loads(inputs)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(values, dict):
        return ""
    typed = {name for name, type_name in secret_types if any(word in type_name for word in _SECRET_TYPES)}
    open_ones = {name: value for name, value in cast("dict[str, Any]", values).items() if name not in typed}
    kept = _open(open_ones)
    return inputs if kept == values else json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""


def _open(value: Any) -> Any:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: _open(each) for name, each in members.items() if not names_a_secret(name)}
    return [_open(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value
