"""Reads commands for PowerShell by a grammar that others wrote (tree-sitter-powershell), and evaluates what they say.

A program of its own, run where that package is: takes a list of commands, each with its variables, as JSON and gives
for each ``{"name", "switches", "values", "headers", "body"}`` with the body in base64, or ``{"error"}``.
Strings, sums and casts are evaluated by the language's documented rules (about_Quoting_Rules, about_Operators).
"""

import base64
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import tree_sitter  # pyright: ignore[reportMissingImports] - runs where these are
import tree_sitter_powershell  # pyright: ignore[reportMissingImports]

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
QUOTES = "'‘’‚‛"
TRANSPARENT = re.compile(r"pipeline|pipeline_chain|(?!hash_literal|invokation|key)\w+_expression|argument_\w*list")


class UnreadableError(Exception):
    """The command says something else than a request."""


class Char(str):
    """A character: what is added to it is no text."""


def text_of(node: Any) -> str:
    return node.text.decode()


def inner(node: Any) -> Any:
    """Return the node that says something, below those that only stand for the order of operators."""
    while len(node.named_children) == 1 and TRANSPARENT.fullmatch(node.type):
        node = node.named_children[0]
    return node


def value(node: Any, variables: dict[str, str]) -> Any:
    node = inner(node)
    held = HELD.get(node.type)
    if held is None:
        raise UnreadableError(f"{node.type}: {text_of(node)}")
    return held(node, variables)


def string(node: Any, variables: dict[str, str]) -> str:
    del variables
    return re.sub(f"([{QUOTES}])[{QUOTES}]", r"\1", text_of(node)[1:-1])


def token(node: Any, variables: dict[str, str]) -> str:
    del variables
    return text_of(node)


def variable(node: Any, variables: dict[str, str]) -> str:
    kind, _, name = text_of(node).partition(":")
    if kind != "$env":
        raise UnreadableError(text_of(node))
    return variables[name]


def only(node: Any, variables: dict[str, str]) -> Any:
    (child,) = node.children
    return value(child, variables)


def cast(node: Any, variables: dict[str, str]) -> Char:
    del variables
    kind, number = map(text_of, node.named_children)
    if kind != "[char]":
        raise UnreadableError(text_of(node))
    return Char(chr(int(number, 16)))


def added(node: Any, variables: dict[str, str]) -> str:
    if [text_of(child) for child in node.children if not child.is_named] != ["+"]:
        raise UnreadableError(text_of(node))
    first, second = (value(child, variables) for child in node.named_children)
    if isinstance(first, Char):
        raise UnreadableError("a sum that begins with a character adds numbers")
    return str(first) + str(second)


def table(node: Any, variables: dict[str, str]) -> dict[str, str]:
    rows: dict[str, str] = {}
    for entry in [entry for body in node.named_children for entry in body.named_children]:
        name, held = (value(child, variables) for child in entry.named_children)
        if name.lower() in map(str.lower, rows):
            raise UnreadableError("two keys of one name")
        rows[name] = whole(held)
    return rows


def called(node: Any, variables: dict[str, str]) -> bytes:
    *method, arguments = node.named_children
    name = "::".join(text_of(part) for part in method)
    given = value(arguments, variables)
    if name == "[Text.Encoding]::UTF8::GetBytes":
        return whole(given).encode()
    if name == "[Convert]::FromBase64String":
        return base64.b64decode(given, validate=True)
    raise UnreadableError(name)


HELD: dict[str, Callable[[Any, dict[str, str]], Any]] = {
    "verbatim_string_characters": string,
    "string_literal": only,
    "generic_token": token,
    "variable": variable,
    "additive_expression": added,
    "expression_with_unary_operator": only,
    "cast_expression": cast,
    "hash_literal_expression": table,
    "key_expression": only,
    "invokation_expression": called,
}
"""What each kind of node comes to."""


def whole(text: str) -> str:
    """Return a text of UTF-16 units, as .NET has it, with whole characters."""
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def read(source: str, variables: dict[str, str]) -> dict[str, Any]:
    tree = PARSER.parse(source.encode()).root_node
    if tree.has_error:
        raise UnreadableError("it does not parse")
    (statements,) = tree.named_children
    (pipeline,) = statements.named_children
    command = inner(pipeline)
    if command.type != "command":
        raise UnreadableError(command.type)
    name, elements = command.named_children
    found = {"name": text_of(name), "switches": [], "values": {}, "headers": {}, "body": ""}
    parameter = ""
    for element in elements.named_children:
        if element.type == "command_argument_sep":
            continue
        if element.type == "command_parameter":
            if parameter:
                found["switches"].append(parameter)
            parameter = text_of(element).removeprefix("-")
            continue
        given = value(element, variables)
        if parameter == "Headers":
            found["headers"] = given
        elif parameter == "Body":
            found["body"] = base64.b64encode(given).decode()
        elif parameter and parameter not in found["values"]:
            found["values"][parameter] = whole(given)
        else:
            raise UnreadableError(text_of(element))
        parameter = ""
    return found


def main() -> None:
    asked = json.load(sys.stdin)
    answers = []
    for command, variables in asked:
        try:
            answers.append(read(command, variables))
        except (UnreadableError, ValueError, KeyError) as error:
            answers.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
