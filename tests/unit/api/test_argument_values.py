"""Inputs of every .NET type of the API notes, to the wire and back: edges by name, everything between by chance."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.argument_values import RANGES, mismatch, utf16_length
from tui.api.arguments import INPUT_LIMIT, Argument, check_inputs, compact_inputs, inputs_length, kind_of, read_inputs
from tui.api.exact_json import DEEPEST, dumps, loads
from tui.api.start import StartInfo

DICTIONARY = "System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Object, mscorlib]]"
LIST = "System.Collections.Generic.List`1[[System.Int32, mscorlib]]"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "System.String": TEXT,
    "System.Char": st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
    "System.Boolean": st.booleans(),
    **{name: st.integers(low, high) for name, (low, high) in RANGES.items()},
    "System.Double": st.floats(allow_nan=False, allow_infinity=False),
    "System.Single": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "System.DateTime": st.datetimes().map(lambda at: at.isoformat()),
    "System.DateTimeOffset": st.datetimes().map(lambda at: f"{at.isoformat()}+02:00"),
    "System.Guid": st.uuids().map(str),
    DICTIONARY: st.dictionaries(TEXT, JSON, max_size=4),
    "System.String[]": st.lists(TEXT, max_size=4),
    LIST: st.lists(st.integers(0, 9), max_size=4),
    "System.Data.DataTable": JSON,
    "Contoso.Invoice": JSON,
}


def argument(type_name: str, name: str = "a") -> Argument:
    return Argument(name, type_name, kind_of(type_name))


def problems(text: str, type_name: str) -> list[str]:
    return [error.message for error in check_inputs(text, (argument(type_name),))]


@pytest.mark.parametrize("type_name", VALUES)
@given(data=st.data())
def test_every_value_of_a_type_fits_and_comes_back_from_the_wire(type_name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[type_name])
    text = json.dumps({"a": value})
    assert problems(text, type_name) == []
    sent = json.loads(StartInfo("key", input_arguments=compact_inputs(text)).body())
    assert json.loads(sent["startInfo"]["InputArguments"]) == {"a": value}


@given(st.decimals(-(10**28), 10**28, allow_nan=False))
def test_a_decimal_keeps_every_digit(number: Decimal) -> None:
    text = f"{number:f}"
    assert problems(f'{{"a": {text}}}', "System.Decimal") == []
    assert compact_inputs(f'{{ "a" : {text} }}') == f'{{"a":{text}}}'.replace(":-0}", ":0}")


@given(JSON, st.sampled_from([None, 2]))
def test_what_is_written_is_read(value: Any, indent: int | None) -> None:
    assert loads(dumps(value, indent)) == value == json.loads(dumps(value, indent))


@given(JSON)
def test_it_is_written_as_the_standard_library_writes_it(value: Any) -> None:
    assert dumps(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert dumps(value, 2) == json.dumps(value, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("name", RANGES)
def test_a_whole_number_outside_its_range_is_named_with_the_range(name: str) -> None:
    low, high = RANGES[name]
    for value in (low, high):
        assert mismatch(value, name) == ""
    for value in (low - 1, high + 1):
        assert f"{low:,} to {high:,}" in mismatch(value, name)
    assert mismatch(1.0, name) == mismatch("1", name) == mismatch(True, name) == "must be a whole number"


@pytest.mark.parametrize(
    ("type_name", "value", "word"),
    [
        ("System.Decimal", "79228162514264337593543950335", ""),
        ("System.Decimal", "79228162514264337593543950336", "too large"),
        ("System.Decimal", '"12.50"', ""),
        ("System.Decimal", '"twelve"', "number"),
        ("System.Decimal", '"NaN"', "number"),
        ("System.Single", "3.5e38", "too large"),
        ("System.Double", "1e999", "too large"),
        ("System.Double", "1" * 500, "too large"),
        ("System.Double", "NaN", "no JSON value"),
        ("System.DateTime", '"2026-03-04"', ""),
        ("System.DateTime", '"2026-03-04T09:28:12.9207318Z"', ""),
        ("System.DateTime", '"03/04/2026 10:00"', ""),
        ("System.DateTime", '"tomorrow"', "date"),
        ("System.DateTime", "20260304", "text in quotes"),
        ("System.Guid", '"xyz"', "GUID"),
        ("System.TimeSpan", '"1.02:30:00"', ""),
        ("System.TimeSpan", '"soon"', "time span"),
        ("System.Char", '"\U0001f600"', "one character"),
        ("System.Boolean", '"true"', "true or false"),
        ("System.Boolean", "1", "true or false"),
        ("System.String[]", '"a"', "list"),
        ("System.Byte[]", '"aGk="', ""),
        (DICTIONARY, "[]", "object"),
        ("Contoso.Invoice", "[{}]", ""),
        ("", "5", ""),
    ],
)
def test_edges(type_name: str, value: str, word: str) -> None:
    found = problems(f'{{"a": {value}}}', type_name)
    assert (found == []) if not word else (len(found) == 1 and word in found[0]), found


def test_null_is_given_and_missing_is_not() -> None:
    required = (Argument("a", "System.Int32", kind_of("System.Int32"), required=True),)
    assert [error.message for error in check_inputs("{}", required)] == ["is required"]
    assert [error.message for error in check_inputs('{"a": null}', required)] == ["is required"]
    assert compact_inputs('{"a": null}') == '{"a":null}'
    assert compact_inputs("{}") == ""


@pytest.mark.parametrize(("filler", "each"), [("x", 1), ("é", 1), ("\u202e", 1), ("\U0001f600", 2)])
def test_the_limit_counts_as_the_server_counts(filler: str, each: int) -> None:
    room = INPUT_LIMIT - len('{"a":""}')
    fits, over = filler * (room // each), filler * (room // each + 1)
    assert inputs_length(json.dumps({"a": fits}, indent=4)) <= INPUT_LIMIT
    assert problems(json.dumps({"a": fits}), "System.String") == []
    (told,) = problems(json.dumps({"a": over}), "System.String")
    assert f"{INPUT_LIMIT:,} are allowed" in told
    assert f"{utf16_length(compact_inputs(json.dumps({'a': over}))):,} characters" in told


def test_half_a_surrogate_pair_is_told_before_anything_is_sent() -> None:
    assert "surrogate" in problems('{"a": "\\ud83d"}', "System.String")[0]
    assert problems('{"a": "\\ud83d\\ude00"}', "System.String") == []


@pytest.mark.parametrize("opened", ["[", '{"b":'])
def test_deep_nesting_is_told_and_what_is_read_can_be_written(opened: str) -> None:
    close = "]" if opened == "[" else "}"

    def nested(levels: int) -> str:
        return '{"a": ' + opened * levels + ("1" if close == "}" else "") + close * levels + "}"

    assert compact_inputs(nested(DEEPEST - 5))
    for levels in (DEEPEST + 5, 400, 900, 100_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            read_inputs(nested(levels))
