"""The search in a body against a search in its rows as they are drawn."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.widgets.body import body_search
from tui.widgets.body.body_search import Places, lowered, spans
from tui.widgets.body.exchange_text import BodyRows, TextRows
from tui.widgets.body.json_view import JsonRows

LETTERS = 'aAbé{}[]:", \\\t\r\n\x1b\u202e\ud800İ'
JSON = st.recursive(
    st.integers(0, 99) | st.booleans() | st.text("aAb :,é\x1b\u202e", max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab: ", max_size=30), inner, max_size=4),
    max_leaves=12,
)


def read(rows: BodyRows) -> BodyRows:
    while not rows.done:
        rows.feed(10_000)
    return rows


def drawn(rows: BodyRows) -> list[int]:
    return [row for row in range(len(rows)) for _ in range(len(rows.text(row)))]


def expected(rows: BodyRows, text: str) -> list[int]:
    """The row of each time that ``text`` begins in what is drawn, one line at a time."""
    found: list[int] = []
    row = 0
    while row < len(rows):
        owners, line, first = [], "", row
        while row < len(rows) and (row == first or rows.continues(row)):
            line += rows.text(row)
            owners += [row] * len(rows.text(row))
            row += 1
        line = lowered(line)
        found += [owners[at] for at in range(len(line)) if line.startswith(lowered(text), at)]
    return found


def searched(rows: BodyRows, text: str, step: int = 3) -> Places:
    places = Places(rows, text)
    while not places.done:
        assert places.advance(step)
    return places


@given(st.text(LETTERS, max_size=120).map(lambda text: text.encode("utf-8", "surrogatepass")), st.data())
def test_text_is_found_where_it_is_seen(data: bytes, draw: st.DataObject) -> None:
    rows = read(TextRows(data, 16))
    whole = "".join(rows.text(row) for row in range(len(rows)))
    begin = draw.draw(st.integers(0, max(0, len(whole) - 1)))
    text = whole[begin : begin + draw.draw(st.integers(1, 20))] or "a"
    assert list(searched(rows, text).found) == expected(rows, text)


@given(JSON, st.sampled_from([None, 1]), st.sampled_from([(",", ":"), (" , ", "  :  ")]), st.booleans(), st.data())
def test_json_is_found_where_it_is_seen(
    value: object, indent: int | None, separators: tuple[str, str], ascii_only: bool, draw: st.DataObject
) -> None:
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only)
    rows = read(JsonRows(text.encode(), 18))
    assert not rows.fault
    whole = "".join(rows.text(row) for row in range(len(rows)))
    begin = draw.draw(st.integers(0, len(whole) - 1))
    needle = whole[begin : begin + draw.draw(st.integers(1, 24))]
    assert list(searched(rows, needle).found) == expected(rows, needle)
    assert list(searched(rows, needle.upper()).found) == expected(rows, needle.upper())


@example("aaaa", "aa")
@given(st.text("ab", min_size=1, max_size=90), st.text("ab", min_size=1, max_size=20))
def test_what_is_marked_is_what_was_found(body: str, text: str) -> None:
    rows = read(TextRows(body.encode(), 16))
    places = searched(rows, text)
    marked = [(span.row, span.turn) for row in range(len(rows)) for span in spans(rows, row, text) if span.row == row]
    turns = [(row, body_search.turn_of(places.found, at)) for at, row in enumerate(places.found)]
    assert marked == turns
    cells = sum(span.end - span.start for row in range(len(rows)) for span in spans(rows, row, text))
    assert cells == len(text) * len(places.found)


@pytest.mark.parametrize(
    ("data", "text", "count"),
    [
        (b'{"Id":17,"id":1}', '"id": 1', 2),
        (b'{"s":"a\\u00e9b"}', "\\u00e9", 1),
        (b'{"s":"a\\u00e9b"}', "é", 0),
        ('{"s":"É"}'.encode(), "é", 1),
        (b'{"s":"\x1b[0m"}', "␛[0", 1),
        (b'{"s":"\xe2\x80\xae"}', "<u+202e>", 1),
        (b'{"s":"\xff"}', "\\xff", 1),
        (b"[1,2]", "1,2", 0),
        (b"[1,2]", "1,", 1),
    ],
)
def test_what_is_seen_is_what_is_found(data: bytes, text: str, count: int) -> None:
    assert len(searched(read(JsonRows(data, 60)), text).found) == count


def test_rows_that_come_later_are_looked_through_then(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps([f"name {n}" for n in range(1_000)]).encode()
    rows = JsonRows(data, 40)
    places = Places(rows, "name 9")
    while not rows.done:
        rows.feed(70)
        while places.advance(50):
            pass
    assert places.done
    assert list(places.found) == expected(rows, "name 9")
    monkeypatch.setattr(body_search, "MOST", 5)
    full = searched(rows, "name", step=100)
    assert full.full
    assert 5 <= len(full.found) < 1_000
