"""What a filter could go on with at the cursor: names of terms, then the values of the term that is begun. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.exchanges.filter.terms import FLAGS, KINDS, TermKind
from tui.exchanges.filter.tokens import OPERATORS, WORDS, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST: Final = 12
"""Candidates offered at once."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Put ``text`` in the place of ``start:end``; ``summary`` says what it asks for."""

    text: str
    start: int
    end: int
    summary: str = ""


def complete(text: str, cursor: int, known: Mapping[str, Sequence[str]] | None = None) -> list[Candidate]:
    """Return what may stand at ``cursor``, best first; nothing inside quotes or where no name fits what is typed.

    ``known`` gives values seen in the log by the name of a term, such as the jobs of ``job:``.
    """
    cursor = max(0, min(cursor, len(text)))
    start = _begin(text, cursor)
    typed = text[start:cursor]
    if typed.count('"'):
        return []
    if typed.startswith("!"):
        start, typed = start + 1, typed[1:]
    end = cursor
    while end < len(text) and not text[end].isspace() and text[end] not in '()"':
        end += 1
    name, colon, value = typed.partition(":")
    if colon:
        kind = KINDS.get(name.lower())
        found = _values(kind, name, value, known or {}) if kind else iter(())
    else:
        found = _names(typed)
    return [Candidate(word, start, end, summary) for word, summary in found if word != text[start:end]][:MOST]


def _begin(text: str, cursor: int) -> int:
    """Return where the word at ``cursor`` begins; a quote that is open there holds everything since it was opened."""
    begin, quoted = 0, False
    for at, character in enumerate(text[:cursor]):
        if character == '"':
            quoted = not quoted
        elif not quoted and (character.isspace() or (character == "(" and at == begin)):
            begin = at + 1
    return begin


def _names(typed: str) -> Iterator[tuple[str, str]]:
    lower = typed.lower()
    for name, kind in KINDS.items():
        if name.startswith(lower):
            yield f"{name}:", kind.summary
    for name, kind in FLAGS.items():
        if name.startswith(lower):
            yield name, kind.summary
    for word in ("or", "not"):
        if lower and word.startswith(lower) and word in WORDS and lower != word:
            yield word, "either side" if word == "or" else "what does not fit the next term"


def _values(kind: TermKind, name: str, value: str, known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for offered in dict.fromkeys((*known.get(kind.name, ()), *kind.values)):
        if any(part.startswith(value.lower()) for part in (offered.lower(), *offered.lower().split("-")[1:])):
            sign = next((sign for sign in OPERATORS if kind.compares and offered.startswith(sign)), "")
            yield written(name, sign, offered[len(sign) :], quoted=False), kind.summary
