"""Labelled facts, one a line, labels aligned. Facts without a value are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = Content | str


def facts(rows: Iterable[tuple[str, Value]]) -> Content:
    """Return the facts as content; later lines of a value stand under its first."""
    kept = [(label, value) for label, value in rows if (value.plain if isinstance(value, Content) else value)]
    width = max((len(label) for label, _ in kept), default=0) + 2
    lines: list[Content] = []
    for label, value in kept:
        content = value if isinstance(value, Content) else Content(value)
        for number, line in enumerate(content.split("\n", allow_blank=True)):
            lines.append(Content.assemble(((label if number == 0 else "").ljust(width), "$text-muted"), line))
    return Content("\n").join(lines)
