"""JSON rows against the standard library: same tokens, same verdict, nothing lost and nothing changed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.body.json_view import JsonRows

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=40), inner, max_size=5),
    max_leaves=20,
)


def rows_of(data: bytes, width: int = 60, *, truncated: bool = False, step: int = 10_000) -> JsonRows:
    rows = JsonRows(data, width, truncated=truncated)
    while not rows.done:
        rows.feed(step)
    return rows


def lines(rows: JsonRows) -> list[str]:
    return ["".join(text for text, _ in rows.parts(index)) for index in range(len(rows))]


@given(JSON, st.sampled_from([None, 3]), st.booleans())
def test_reads_like_the_standard_library_prints(value: object, indent: int | None, ascii_only: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    rows = rows_of(data, width=10_000)
    assert rows.fault == ""
    if ascii_only:
        assert "\n".join(lines(rows)) == json.dumps(value, indent=2)


@given(JSON, st.integers(16, 50), st.integers(1, 7))
def test_no_row_is_wider_than_the_view_and_no_character_is_lost(value: object, width: int, step: int) -> None:
    rows = rows_of(json.dumps(value).encode(), width, step=step)
    shown = lines(rows)
    assert all(cell_len(line) <= width for line in shown)
    joined = "".join(line.strip() for line in shown)
    assert joined.replace(" ", "") == json.dumps(value).replace(" ", "")


@given(st.binary(max_size=40) | st.text('{}[]",:0123456789.eE+-truefalsn \\', max_size=30).map(str.encode))
def test_the_verdict_is_the_standard_librarys(data: bytes) -> None:
    try:
        json.loads(data.decode("ascii"), strict=False, parse_constant=pytest.fail)
    except (ValueError, pytest.fail.Exception):
        valid = False
    else:
        valid = True
    rows = rows_of(data)
    if valid:
        assert rows.fault == ""
    elif data.isascii() and b"\\" not in data:
        assert rows.fault.startswith("Not valid JSON at byte ")


def test_numbers_escapes_and_doubled_keys_stay_as_sent() -> None:
    shown = lines(rows_of(b'{"a":1.50,"a":1e400,"n":12345678901234567890123,"s":"\\u001b]0;x"}'))
    assert shown == [
        "{",
        '  "a": 1.50,',
        '  "a": 1e400,',
        '  "n": 12345678901234567890123,',
        '  "s": "\\u001b]0;x"',
        "}",
    ]


def test_pieces_know_their_kind() -> None:
    rows = rows_of(b'{"k":"v","n":1,"t":true,"e":[]}')
    kinds = [kind for index in range(len(rows)) for text, kind in rows.parts(index) if text.strip(" ")]
    assert kinds == [
        *("punctuation", "key", "punctuation", "string", "punctuation", "key", "punctuation", "number", "punctuation"),
        *("key", "punctuation", "constant", "punctuation", "key", "punctuation", "punctuation", "punctuation"),
    ]


@pytest.mark.parametrize("end", range(1, 60))
def test_a_cut_body_is_shown_to_the_cut(end: int) -> None:
    data = json.dumps({"key": "a long value that was cut", "list": [1, 2, {"x": None}]}).encode()[:end]
    rows = rows_of(data, truncated=True)
    assert rows.fault == ""
    assert "".join(lines(rows)).replace(" ", "") == data.decode().replace(" ", "")


def test_ten_thousand_levels_are_only_rows() -> None:
    rows = rows_of(b"[" * 10_000 + b"]" * 10_000)
    assert rows.fault == ""
    assert len(rows) == 19_999  # the innermost pair shares a row
    assert all(cell_len(line) <= 60 for line in lines(rows)[9_900:10_100])


def test_hostile_bytes_are_shown_as_symbols() -> None:
    shown = "".join(lines(rows_of(b'{"a":"\x1b]0;x\x07 \xff \xe2\x80\xae \xc2\x9b"}')))
    assert "␛]0;x␇" in shown
    assert "\\xff" in shown
    assert "<U+202E>" in shown
    assert "<U+009B>" in shown
    assert shown.isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":"' + b"x" * 300_000 + b'","b":[1,2]}',
        b'{"a":1,"' + b"k" * 300_000 + b'":{"b":[]}}',
        b'["a",' + b" " * 300_000 + b'1,"' + "é".encode() * 150_000 + b'"]',
        b"[" + b"1" * 300_000 + b"]",
        b"[" + b"[1,2]," * 60_000 + b"3]" + b" " * 300_000,
        b'{"a":"' + b"x" * 300_000,
    ],
)
def test_a_first_look_at_few_bytes_changes_no_row(data: bytes) -> None:
    rows = JsonRows(data, 60)
    for _ in range(3):
        rows.feed(200, 64 * 1024)
        assert len(rows) < 1_000, "a line longer than what is looked at is left for later"
    while not rows.done:
        rows.feed(10_000)
    whole = rows_of(data)
    assert (lines(rows), rows.fault) == (lines(whole), whole.fault)
