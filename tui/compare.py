"""Two runs of a release side by side: inputs, outputs and what differs. Pure.

What is named like a secret is never shown, only whether it differs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from tui.api.arguments import parse_values
from tui.text import clean, counted

if TYPE_CHECKING:
    from tui.api.models import Job

HIDDEN: Final = "(hidden)"
ABSENT: Final = "–"
LONGEST: Final = 2_000
"""Characters of one value that are shown."""
_SECRET: Final = re.compile(
    r"pass(?:wor[dt]|wd|phrase|code)|secret|token|credential|api_?key|private_?key|access_?key|connection_?string"
    r"|(?:^|_)(?:pwd|pin|otp)(?:$|_)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One argument in both runs, as text; `ABSENT` where a run has none, `HIDDEN` where its name is a secret's."""

    name: str
    before: str
    now: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The inputs and outputs of two runs, in the later run's order; what only the earlier one had comes last."""

    before: Job
    now: Job
    inputs: tuple[Difference, ...]
    outputs: tuple[Difference, ...]

    @property
    def changes(self) -> int:
        """How many arguments differ."""
        return sum(each.changed for each in (*self.inputs, *self.outputs))

    @property
    def summary(self) -> str:
        """How many arguments differ, in words."""
        if not self.changes:
            return "nothing differs"
        return f"{counted(self.changes, 'value')} {'differs' if self.changes == 1 else 'differ'}"


def is_secret_name(name: str) -> bool:
    """Tell whether a value of this name is to be kept from the screen."""
    return bool(_SECRET.search(name))


def compared(before: Job, now: Job) -> Comparison:
    """Compare two runs."""
    return Comparison(
        before,
        now,
        _differences(before.input_arguments, now.input_arguments),
        _differences(before.output_arguments, now.output_arguments),
    )


def _differences(before: str, now: str) -> tuple[Difference, ...]:
    old, new = parse_values(before), parse_values(now)
    if not old and not new and _bare(before) != _bare(now):
        # No objects: what can't be read is compared as it is.
        return (Difference("", _text("", before), _text("", now), changed=True),)
    names = (*new, *(name for name in old if name not in new))
    return tuple(_difference(name, old, new) for name in names)


def _bare(text: str) -> str:
    """Return the text, ``""`` for every way to say that there is nothing."""
    return "" if text.strip() in ("{}", "null") else text.strip()


def _difference(name: str, old: dict[str, Any], new: dict[str, Any]) -> Difference:
    changed = (name in old) != (name in new) or _plain(old.get(name)) != _plain(new.get(name))
    before = _text(name, old[name]) if name in old else ABSENT
    now = _text(name, new[name]) if name in new else ABSENT
    return Difference(clean(name), before, now, changed)


def _plain(value: Any) -> str:
    """Return what is compared: 1 and true differ, the order of members does not matter."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)


def _text(name: str, value: Any) -> str:
    if is_secret_name(name):
        return HIDDEN
    shown = _without_secrets(value)
    text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False, default=str)
    return clean(text, limit=LONGEST)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: HIDDEN if is_secret_name(name) else _without_secrets(each) for name, each in members.items()}
    if isinstance(value, list):
        return [_without_secrets(each) for each in cast("list[Any]", value)]
    return value
