"""Text rows: wrapped at the width, nothing lost, nothing split inside a character."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text import clean
from tui.widgets.body.exchange_text import FormRows, TextRows, cut


def lines(rows: TextRows, step: int = 1000) -> list[str]:
    while not rows.done:
        rows.feed(step)
    return ["".join(text for text, _ in rows.parts(index)) for index in range(len(rows))]


def joined(rows: TextRows) -> str:
    shown = lines(rows, 3)
    return "".join(("" if rows.continues(i) or not i else "\n") + line for i, line in enumerate(shown))


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\r"), max_size=200))
def test_rows_fit_and_together_are_the_text(text: str) -> None:
    rows = TextRows(text.encode(), 16)
    assert all(cell_len(line) <= 16 for line in lines(rows))
    expected = text[:-1] if text.endswith("\n") else text
    assert joined(TextRows(text.encode(), 16)) == "\n".join(clean(line) for line in expected.split("\n"))


@given(st.binary(max_size=200), st.integers(1, 30))
@example(b"\x00" + b"\x80" * 150, 30)
@example(b"\x00\x80\x80\x80\x80", 1)
def test_any_bytes_make_progress(data: bytes, width: int) -> None:
    at = 0
    while at < len(data):
        end = cut(data, at, len(data), width)
        assert end > at
        at = end
    assert at == len(data)


def test_line_ends_of_both_kinds() -> None:
    assert lines(TextRows(b"one\r\ntwo\n\nfour\r\n", 40)) == ["one", "two", "", "four"]


def test_an_empty_body_has_no_rows() -> None:
    assert lines(TextRows(b"", 40)) == []


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"grant_type=refresh_token&refresh_token=%E2%80%A6a3f1", ["grant_type=refresh_token", "refresh_token=…a3f1"]),
        (b"a=1%0Ab%1B&b=", ["a=1␊b␛", "b="]),
        (b"novalue", ["novalue="]),
    ],
)
def test_a_form_is_one_line_a_field(data: bytes, shown: list[str]) -> None:
    assert lines(FormRows(data, 60)) == shown


def test_a_form_that_is_too_long_is_left_as_it_is() -> None:
    rows = FormRows(b"a=b&" * 10_000, 80)
    assert rows.done
    assert rows.fault == "A form of 40.0 kB is not decoded."
