import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.arguments import (
    INPUT_LIMIT,
    Argument,
    Kind,
    check_inputs,
    compact_inputs,
    parse_arguments,
    parse_values,
    type_name_of,
)

LIB = "mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
CORE = "System.Private.CoreLib, Version=8.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
DICTIONARY = f"System.Collections.Generic.Dictionary`2[[System.String, {LIB}],[System.Object, {LIB}]]"
TYPES = {
    "System.String": Kind.TEXT,
    "System.Char": Kind.TEXT,
    "System.Boolean": Kind.BOOLEAN,
    "System.Byte": Kind.INTEGER,
    "System.SByte": Kind.INTEGER,
    "System.Int16": Kind.INTEGER,
    "System.UInt16": Kind.INTEGER,
    "System.Int32": Kind.INTEGER,
    "System.UInt32": Kind.INTEGER,
    "System.Int64": Kind.INTEGER,
    "System.UInt64": Kind.INTEGER,
    "System.Single": Kind.NUMBER,
    "System.Double": Kind.NUMBER,
    "System.DateTime": Kind.TEXT,
    "System.String[]": Kind.JSON,
    "System.Data.DataTable": Kind.JSON,
    DICTIONARY: Kind.JSON,
    "": Kind.JSON,
}


@pytest.mark.parametrize("assembly", [LIB, CORE])
@pytest.mark.parametrize(("name", "kind"), TYPES.items())
def test_types_are_known_by_name_whatever_the_assembly(name: str, kind: Kind, assembly: str) -> None:
    text = json.dumps([{"name": "a", "type": f"{name}, {assembly}", "required": True, "hasDefault": False}])
    assert parse_arguments(text) == (Argument("a", name, kind, True, False),)


def test_short_types() -> None:
    assert Argument("a", DICTIONARY).short_type == "Dictionary<String, Object>"
    assert Argument("a", "System.String[]").short_type == "String[]"
    nested = f"System.Collections.Generic.List`1[[{DICTIONARY}, {LIB}]]"
    assert Argument("a", nested).short_type == "List<Dictionary<String, Object>>"
    assert type_name_of(f"{nested}, {LIB}") == nested


@pytest.mark.parametrize(
    "text", [None, "", "  ", "null", "[]", "{}", "no json", "[1, null, {}]", '[{"name": ""}]', "[" * 100_000, "3"]
)
def test_no_arguments(text: str | None) -> None:
    assert parse_arguments(text) == ()


def test_forms_seen_in_the_wild() -> None:
    assert parse_arguments('\ufeff[\r\n  {"name": "a",\n "type": "System.Int32, x"}\n]')[0].kind is Kind.INTEGER
    raw_newline = '[{"name": "a\nb", "type": "System.String"}]'
    assert parse_arguments(raw_newline)[0].name == "a\nb"
    assert parse_arguments(raw_newline)[0].shown_name == "a␊b"
    assert parse_arguments('{"a": "System.Boolean, x", "b": {"type": "System.String", "required": true}}') == (
        Argument("a", "System.Boolean", Kind.BOOLEAN),
        Argument("b", "System.String", Kind.TEXT, True),
    )
    assert parse_arguments('{"name": "a", "type": "System.String"}') == (Argument("a", "System.String", Kind.TEXT),)
    assert len(parse_arguments('[{"name":"a"},{"name":"a"}]')) == 1
    assert parse_arguments('[{"Name":"a","Type":"System.String","Required":true,"HasDefault":true}]')[0].has_default


DECLARED = parse_arguments(
    json.dumps(
        [
            {"name": "text", "type": "System.String", "required": True},
            {"name": "defaulted", "type": "System.String", "required": True, "hasDefault": True},
            {"name": "small", "type": "System.Byte"},
            {"name": "whole", "type": "System.Int64"},
            {"name": "number", "type": "System.Double"},
            {"name": "flag", "type": "System.Boolean"},
            {"name": "sign", "type": "System.Char"},
            {"name": "any", "type": "System.Object"},
        ]
    )
)


@pytest.mark.parametrize(
    ("inputs", "wrong"),
    [
        ('{"text": "x"}', []),
        ('{"text": "x", "small": 255, "whole": -9223372036854775808, "number": 1.5, "flag": true, "any": [1]}', []),
        ('{"text": "x", "small": null, "sign": "ü", "number": 3}', []),
        ("", ["text"]),
        ("{}", ["text"]),
        ('{"text": null}', ["text"]),
        ('{"text": 3}', ["text"]),
        ('{"text": "x", "small": 256}', ["small"]),
        ('{"text": "x", "small": 1.0}', ["small"]),
        ('{"text": "x", "small": true}', ["small"]),
        ('{"text": "x", "whole": 9223372036854775808}', ["whole"]),
        ('{"text": "x", "number": "3"}', ["number"]),
        ('{"text": "x", "number": 1e999}', [""]),
        ('{"text": "x", "flag": 1}', ["flag"]),
        ('{"text": "x", "sign": "ab"}', ["sign"]),
        ('{"text": "x", "unknown": 1}', ["unknown"]),
        ("[1]", [""]),
        ("{", [""]),
        ('{"text": NaN}', [""]),
        ('{"text": "a", "text": "b"}', [""]),
        ("[" * 100_000, [""]),
        (json.dumps({"text": "x" * INPUT_LIMIT}), [""]),
    ],
)
def test_checks(inputs: str, wrong: list[str]) -> None:
    errors = check_inputs(inputs, DECLARED)
    assert [error.name for error in errors] == wrong
    assert all(error.message for error in errors)


def test_the_limit_counts_the_compact_text() -> None:
    exact = INPUT_LIMIT - len('{"text":""}')
    assert check_inputs('{ "text" :   "' + "x" * exact + '" }', DECLARED) == []
    assert check_inputs('{"text":"' + "x" * (exact + 1) + '"}', DECLARED)


def test_without_declared_arguments_anything_goes() -> None:
    assert check_inputs('{"whatever": [1]}', ()) == []


def test_compact() -> None:
    assert compact_inputs(' { "a" : [ 1, "ü" ] } ') == '{"a":[1,"ü"]}'
    assert compact_inputs("") == compact_inputs("{}") == ""
    with pytest.raises(ValueError, match="line 1, column"):
        compact_inputs('{"a"')


def test_values() -> None:
    assert parse_values('{"out": 1}') == {"out": 1}
    for text in (None, "", "[]", "null", "{"):
        assert parse_values(text) == {}


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    parse_arguments(text)
    parse_values(text)
    check_inputs(text, DECLARED)


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_compacting_changes_no_value(values: dict[str, object]) -> None:
    assert parse_values(compact_inputs(json.dumps(values, indent=3))) == values
