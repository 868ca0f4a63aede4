"""The filter language of the log: text in, a `Filter` out that says which exchanges fit.

``method:post status:>=400 path:jobs body:"x" slow:>1s step:start job:ID !poll mark:``, joined by ``and`` (or by
nothing), ``or``, ``not`` (or ``!``) and brackets; a bare word is text in the path or in a body. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.exchanges.filter.error import FilterError, WrongValueError
from tui.exchanges.filter.terms import FLAGS, KINDS, word
from tui.exchanges.filter.tokens import Sort, Token, tokens, written

if TYPE_CHECKING:
    from tui.exchanges.filter.terms import Load, Marks, TermKind, Test
    from tui.exchanges.model import Entry

LONGEST: Final = 1_000
"""Characters of a filter's text."""

DEEPEST: Final = 40
"""Brackets and ``not`` within each other."""

_EMPTY: Final[Marks] = {}


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name (empty for a bare word; a flag has nothing else), operator and value as written."""

    name: str
    operator: str
    value: str
    quoted: bool = field(compare=False)
    test: Test = field(repr=False, compare=False)
    deep: bool = field(default=False, repr=False, compare=False)

    def __str__(self) -> str:
        if self.name in FLAGS:
            return self.name
        return written(self.name, self.operator, self.value, quoted=self.quoted)


@dataclass(frozen=True, slots=True)
class Not:
    """What does not fit ``part``."""

    part: Node

    def __str__(self) -> str:
        return f"!{self.part}" if isinstance(self.part, (Term, Not)) else f"!({self.part})"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What fits every part; everything when there is none."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, (AnyOf, AllOf)) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What fits one part at least."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


Node = Term | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Filter:
    """What a text asks for. ``str()`` gives a text that reads back to the same filter."""

    root: Node
    _test: Test = field(repr=False, compare=False)

    def matches(self, entry: Entry, load: Load, marks: Marks = _EMPTY) -> bool:
        """Tell whether ``entry`` fits; ``load`` is asked only where a body or a header decides."""
        return self._test(entry, load, marks)

    @property
    def deep(self) -> bool:
        """Whether bodies or headers may decide."""
        return _deep(self.root)

    @property
    def empty(self) -> bool:
        """Whether everything fits."""
        return self.root == AllOf(())

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term in it, in order."""
        return _terms(self.root)

    def __str__(self) -> str:
        return str(self.root)


def parse(text: str) -> Filter:
    """Return the filter that ``text`` asks for; an empty one fits everything. Raises `FilterError`, nothing else."""
    if len(text) > LONGEST:
        raise FilterError(LONGEST, len(text), "The filter is too long", f"Use at most {LONGEST:,} characters")
    root = _Parser(text).root()
    return Filter(root, _compiled(root))


class _Parser:
    """Reads tokens by recursive descent: ``or`` binds weakest, then ``and``, then ``not``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    def root(self) -> Node:
        if not self._tokens:
            return AllOf(())
        root = self._any()
        if (left := self._peek()) is not None:
            raise FilterError(left.start, left.end, "This bracket closes nothing", "Remove it, or open one before it")
        return root

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, sort: Sort) -> Token | None:
        token = self._peek()
        if token is None or token.sort is not sort:
            return None
        self._at += 1
        return token

    def _any(self) -> Node:
        parts = [self._all()]
        while self._take(Sort.OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Node:
        parts = [self._not()]
        while (token := self._peek()) is not None and token.sort not in (Sort.OR, Sort.CLOSE):
            self._take(Sort.AND)
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _not(self) -> Node:
        token = self._peek()
        if token is None:
            end = len(self._text)
            raise FilterError(
                max(0, end - 1), end, "A term is missing at the end", "Write one, or remove the last word"
            )
        if token.sort not in (Sort.NOT, Sort.OPEN):
            return self._term()
        self._at += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise FilterError(token.start, token.end, "Too many brackets within each other", f"Use at most {DEEPEST}")
        node = Not(self._not()) if token.sort is Sort.NOT else self._group(token)
        self._depth -= 1
        return node

    def _group(self, opened: Token) -> Node:
        node = self._any()
        if not self._take(Sort.CLOSE):
            raise FilterError(opened.start, opened.end, "This bracket is never closed", "Write ) at its end")
        return node

    def _term(self) -> Term:
        token = self._tokens[self._at]
        if token.sort is not Sort.TERM:
            word_ = self._text[token.start : token.end]
            raise FilterError(token.start, token.end, f"A term is missing before “{word_}”", "Write one, or remove it")
        self._at += 1
        return _term(token)


def _term(token: Token) -> Term:
    if not token.name:
        return _bare(token)
    kind = KINDS.get(token.name)
    if kind is None:
        raise _unknown(token)
    if not token.value and not kind.empty:
        example = f" such as {token.name}:{kind.values[0]}" if kind.values else f' such as {token.name}:"text"'
        raise FilterError(token.start, token.end, f"{token.name}: needs a value", f"Write one{example}")
    if token.operator and not kind.compares:
        possible = f'Leave out {token.operator}, or quote it: {token.name}:"{token.operator}{token.value}"'
        raise FilterError(token.start, token.end, f"{token.name}: compares nothing", possible)
    return _made(token, kind)


def _bare(token: Token) -> Term:
    flag = None if token.quoted else FLAGS.get(token.value.lower())
    if flag is not None:
        return Term(flag.name, "", "", quoted=False, test=flag.make("", ""))
    if not token.value:
        raise FilterError(token.start, token.end, "There is nothing between the quotes", "Write a text between them")
    return Term("", "", token.value, token.quoted, word(token.value), deep=True)


def _made(token: Token, kind: TermKind) -> Term:
    try:
        test = kind.make(token.operator, token.value)
    except WrongValueError as error:
        raise FilterError(token.start, token.end, error.wrong, error.possible) from error
    return Term(kind.name, token.operator, token.value, token.quoted, test, kind.deep)


def _unknown(token: Token) -> FilterError:
    from difflib import get_close_matches

    near = get_close_matches(token.name, KINDS, 1)
    hint = f"Did you mean {near[0]}:? " if near else ""
    possible = f"{hint}Terms are {', '.join(KINDS)}; a text with a colon goes in quotes"
    return FilterError(token.start, token.end, f"There is no term {token.name}:", possible)


def _deep(node: Node) -> bool:
    return any(term.deep for term in _terms(node))


def _terms(node: Node) -> tuple[Term, ...]:
    if isinstance(node, Term):
        return (node,)
    parts = (node.part,) if isinstance(node, Not) else node.parts
    return tuple(term for part in parts for term in _terms(part))


def _compiled(node: Node) -> Test:
    """Return one test for ``node``; of several parts those that need no body are asked first."""
    if isinstance(node, Term):
        return node.test
    if isinstance(node, Not):
        inner = _compiled(node.part)
        return lambda entry, load, marks: not inner(entry, load, marks)
    tests = [_compiled(part) for part in sorted(node.parts, key=_deep)]
    if isinstance(node, AllOf):
        return lambda entry, load, marks: all(test(entry, load, marks) for test in tests)
    return lambda entry, load, marks: any(test(entry, load, marks) for test in tests)
