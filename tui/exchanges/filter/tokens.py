r"""The words of a filter's text, with their places: ``(``, ``)``, ``!``, ``and``/``or``/``not``, terms, words.

A quoted text keeps everything between its quotes; ``\"`` and ``\\`` stand for a quote and a backslash. Brackets inside
a word belong to it as long as they are paired, since OData paths hold them: ``path:Jobs(7)``.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from tui.exchanges.filter.error import FilterError

OPERATORS: Final = (">=", "<=", ">", "<", "=")
WORDS: Final = {"and": "and", "or": "or", "not": "not", "&": "and", "|": "or"}
_NAME: Final = re.compile(r"([A-Za-z][A-Za-z_-]*):")


class Sort(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    TERM = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the text at ``start:end``. Of a term: its name (lower case, empty for a bare word) and value."""

    sort: Sort
    start: int
    end: int
    name: str = ""
    operator: str = ""
    value: str = ""
    quoted: bool = False


_SORTS: Final = {"and": Sort.AND, "or": Sort.OR, "not": Sort.NOT}
_SIGNS: Final = {"(": Sort.OPEN, ")": Sort.CLOSE, "!": Sort.NOT}


def tokens(text: str) -> list[Token]:
    """Return the tokens of ``text``. Raises `FilterError` for a quote that is never closed."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character in _SIGNS:
            found.append(Token(_SIGNS[character], at, at + 1))
            at += 1
        else:
            token = _word(text, at)
            found.append(token)
            at = token.end
    return found


def _word(text: str, start: int) -> Token:
    match = _NAME.match(text, start)
    name, at = (match.group(1).lower(), match.end()) if match else ("", start)
    operator = next((sign for sign in OPERATORS if name and text.startswith(sign, at)), "")
    at += len(operator)
    if text.startswith('"', at):
        value, end = _quoted(text, start, at)
        return Token(Sort.TERM, start, end, name, operator, value, quoted=True)
    end = _word_end(text, at)
    value = text[at:end]
    if not name and (word := WORDS.get(value.lower())):
        return Token(_SORTS[word], start, end)
    return Token(Sort.TERM, start, end, name, operator, value)


def _word_end(text: str, at: int) -> int:
    depth = 0
    begin = at
    while at < len(text) and not text[at].isspace():
        if text[at] == "(":
            if at == begin:
                break
            depth += 1
        elif text[at] == ")":
            if not depth:
                break
            depth -= 1
        at += 1
    return at


def _quoted(text: str, start: int, at: int) -> tuple[str, int]:
    """Return the text between the quotes that open at ``at``, and where they end."""
    parts: list[str] = []
    place = at + 1
    while place < len(text):
        character = text[place]
        if character == '"':
            return "".join(parts), place + 1
        if character == "\\" and place + 1 < len(text) and text[place + 1] in '"\\':
            place += 1
            character = text[place]
        parts.append(character)
        place += 1
    raise FilterError(start, len(text), "The quote is never closed", 'Write " at the end of the text')


def written(name: str, operator: str, value: str, *, quoted: bool) -> str:
    """Return a term as `tokens` reads it back: quoted where it was, or has to be."""
    label = f"{name}:{operator}" if name else ""
    if quoted or not _stands_alone(label, value):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{label}"{escaped}"'
    return label + value


def _stands_alone(label: str, value: str) -> bool:
    if not value:
        return bool(label)
    if value[0] in '()!"' or value.count("(") != value.count(")"):
        return False
    text = label + value
    try:
        found = tokens(text)
    except FilterError:
        return False
    same = len(found) == 1 and found[0].sort is Sort.TERM
    return same and found[0].value == value and bool(found[0].name) == bool(label)
