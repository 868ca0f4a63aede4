"""Owns ``$filter``: an OData expression becomes a predicate over rows.

The grammar is odata-query's; this module only evaluates its syntax tree. Names are matched without regard to case,
guids and enumeration members compare as text, timestamps compare as instants of 100 ns.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from tui.simulator.functions import FUNCTIONS, OPERATORS
from tui.simulator.problems import ErrorCode, OrchestratorError
from tui.simulator.ticks import ticks
from tui.simulator.wire import Row

Evaluator = Callable[[Row], Any]
Predicate = Callable[[Row], bool]

MAX_EXPRESSIONS = 100
"""The v20 definition: the maximum number of expressions in ``$filter``."""


def invalid_options(detail: str) -> OrchestratorError:
    """Return the refusal of a query option: 400, code 1000."""
    return OrchestratorError(400, ErrorCode.INVALID_REQUEST, f"Invalid OData query options. {detail}")


def parse_filter(text: str, properties: Iterable[str]) -> Predicate:
    """Return the predicate ``text`` describes over rows that have ``properties``.

    Raises:
        OrchestratorError: The text is no OData expression, is too long, or names a property the entity does not have.
    """
    lexer = cast("Any", ODataLexer())
    parser = cast("Any", ODataParser())
    try:
        tree = parser.parse(_adapted(lexer.tokenize(text)))
    except (ODataException, NotImplementedError) as error:
        raise invalid_options(f"The $filter is not valid: {error}") from error
    if tree is None:
        raise invalid_options("The $filter is empty.")
    builder = _Builder({name.lower(): name for name in properties})
    evaluate = builder.build(tree)
    return lambda row: evaluate(row) is True


def _adapted(tokens: Iterator[Any]) -> Iterator[Any]:
    """Bridge two gaps between odata-query's grammar and what UiPath's clients send.

    ``in ('x')`` with one member needs a trailing comma there, and ``Namespace.Enum'Member'`` is plain text here.
    """
    stream = list(tokens)
    open_brackets: list[_Bracket] = []
    for index, token in enumerate(stream):
        if _names_enumeration(token) and index + 1 < len(stream) and stream[index + 1].type == "STRING":
            continue
        if token.type == "(":
            open_brackets.append(_Bracket(after_in=index > 0 and stream[index - 1].type == "IN"))
        elif token.type == "," and open_brackets:
            open_brackets[-1].has_comma = True
        elif token.type == ")" and open_brackets:
            bracket = open_brackets.pop()
            if bracket.after_in and not bracket.has_comma:
                yield _comma_like(token)
        yield token


def _names_enumeration(token: Any) -> bool:
    return token.type == "ODATA_IDENTIFIER" and bool(token.value.namespace)


@dataclass(slots=True)
class _Bracket:
    after_in: bool
    has_comma: bool = False


def _comma_like(token: Any) -> Any:
    comma = copy(token)
    comma.type = comma.value = ","
    return comma


class _Builder:
    """Turns a syntax tree into nested functions of a row, once per request instead of once per row."""

    def __init__(self, properties: dict[str, str]) -> None:
        self._properties = properties
        self._expressions = 0

    def build(self, node: Any) -> Evaluator:
        """Return the function of a row that computes ``node``."""
        match node:
            case ast.Identifier():
                return self._property(node.name)
            case ast.Attribute():
                return self._navigation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp():
                return self._logic(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.Call():
                return self._call(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.List():
                members = [self.build(member) for member in cast("list[Any]", node.val)]
                return lambda row: [member(row) for member in members]
            case _:
                return _literal(node)

    def _property(self, name: str) -> Evaluator:
        known = self._properties.get(name.lower())
        if known is None:
            raise invalid_options(f"Could not find a property named '{name}'.")
        return lambda row: row.get(known)

    def _navigation(self, node: Any) -> Evaluator:
        owner = self.build(node.owner)
        wanted = str(node.attr).lower()

        def step(row: Row) -> Any:
            value = owner(row)
            if not isinstance(value, dict):
                return None
            members = cast("dict[str, Any]", value)
            return next((member for name, member in members.items() if name.lower() == wanted), None)

        return step

    def _count(self) -> None:
        self._expressions += 1
        if self._expressions > MAX_EXPRESSIONS:
            raise invalid_options(f"The number of expressions is above the limit of {MAX_EXPRESSIONS}.")

    def _comparison(self, node: Any) -> Evaluator:
        self._count()
        left, right = self.build(node.left), self.build(node.right)
        compare = _COMPARATORS[type(node.comparator)]
        return lambda row: compare(_comparable(left(row)), _comparable(right(row)))

    def _logic(self, node: Any) -> Evaluator:
        left, right = self.build(node.left), self.build(node.right)
        if isinstance(node.op, ast.And):
            return lambda row: left(row) is True and right(row) is True
        return lambda row: left(row) is True or right(row) is True

    def _unary(self, node: Any) -> Evaluator:
        operand = self.build(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda row: operand(row) is not True
        return lambda row: None if operand(row) is None else -operand(row)

    def _call(self, node: Any) -> Evaluator:
        self._count()
        name = str(node.func.name).lower()
        function = FUNCTIONS.get(name)
        if function is None:
            raise invalid_options(f"The function '{name}' is not supported.")
        arguments = [self.build(argument) for argument in cast("list[Any]", node.args)]
        if len(arguments) not in function.takes:
            raise invalid_options(f"The function '{name}' does not take {len(arguments)} arguments.")
        return lambda row: function(*(argument(row) for argument in arguments))

    def _arithmetic(self, node: Any) -> Evaluator:
        left, right, compute = self.build(node.left), self.build(node.right), OPERATORS[type(node.op)]
        return lambda row: compute(left(row), right(row))


def _literal(node: Any) -> Evaluator:
    if isinstance(node, ast.Date):
        return _constant(f"{node.val}T00:00:00Z")
    if isinstance(node, ast.GUID | ast.DateTime | ast.String):
        return _constant(str(cast("Any", node).val))
    try:
        return _constant(node.py_val)
    except (AttributeError, NotImplementedError, ValueError) as error:
        raise invalid_options("The $filter holds a literal that is not supported.") from error


def _constant(value: Any) -> Evaluator:
    def evaluate(row: Row) -> Any:
        del row
        return value

    return evaluate


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        instant = ticks(value)
        return value.casefold() if instant is None else instant
    if isinstance(value, list):
        return [_comparable(member) for member in cast("list[Any]", value)]
    return value


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        try:
            return test(left, right)
        except TypeError as error:
            raise invalid_options("The operands of a comparison are of incompatible types.") from error

    return compare


_COMPARATORS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.Lt: _ordered(lambda left, right: left < right),
    ast.LtE: _ordered(lambda left, right: left <= right),
    ast.Gt: _ordered(lambda left, right: left > right),
    ast.GtE: _ordered(lambda left, right: left >= right),
    ast.In: lambda left, right: left in right,
}
