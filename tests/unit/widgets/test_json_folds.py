"""Folds of a JSON body: folded and unfolded are the same lines, and a folded one stands for what it hides."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.body.json_folds import Folding, container_around, container_at, unfold_around
from tui.widgets.body.json_view import JsonRows

JSON = st.recursive(
    st.integers(0, 99) | st.text("ab ", max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=30), inner, max_size=4),
    max_leaves=20,
)


def rows_of(data: bytes, width: int = 20, *, truncated: bool = False) -> JsonRows:
    rows = JsonRows(data, width, truncated=truncated)
    while not rows.done:
        rows.feed(7)
    return rows


def shown_by(rows: JsonRows, flags: bytes | bytearray) -> list[int]:
    """The rows that are shown, told from each row's own ancestors."""
    hidden: set[int] = set()
    for number, flag in enumerate(flags):
        if flag and rows.closes[number]:
            hidden.update(range(rows.opens[number] + 1, rows.last_row_of(number) + 1))
    return [row for row in range(len(rows)) if row not in hidden]


@given(JSON, st.integers(0, 60), st.data())
def test_folded_rows_are_where_the_folds_say(value: object, cut_off: int, draw: st.DataObject) -> None:
    data = json.dumps(value).encode()
    end = len(data) - draw.draw(st.sampled_from([0, cut_off]))
    rows = rows_of(data[: max(1, end)], truncated=True)
    flags = bytearray(draw.draw(st.binary(min_size=len(rows.opens), max_size=len(rows.opens))))
    flags = bytearray(flag & 1 for flag in flags)
    folding, shown = Folding(rows, flags), shown_by(rows, flags)
    assert [folding.row_at(place) for place in range(len(rows) - folding.hidden)] == shown
    for place, row in enumerate(shown):
        assert folding.place_of(row) == place
    for row in range(len(rows)):
        stands = folding.row_at(folding.place_of(row))
        assert stands == max(other for other in shown if other <= row)
        if row not in shown:
            assert folding.folds(stands)
    if rows.done and len(rows):
        row = draw.draw(st.integers(0, len(rows) - 1))
        unfold_around(rows, flags, row)
        assert row in shown_by(rows, flags)
        assert Folding(rows, bytes(len(flags))).hidden == 0


@given(JSON)
def test_containers_are_numbered_as_the_standard_library_meets_them(value: object) -> None:
    rows = rows_of(json.dumps(value).encode())
    counts: list[int] = []

    def walk(inner: object) -> None:
        if isinstance(inner, (dict, list)) and inner:
            counts.append(len(inner))
            for each in inner.values() if isinstance(inner, dict) else inner:
                walk(each)

    walk(value)
    assert list(rows.items) == counts
    for number, row in enumerate(rows.opens):
        assert container_at(rows, row) == number
        assert rows.text(rows.closes[number])[0] in "]}"
        assert container_around(rows, rows.closes[number]) == number


def test_a_folded_line_says_how_much_it_holds() -> None:
    rows = rows_of(b'{"a":[1,{"b":2}],"c":{"d":0}}', 60)
    shown = ["".join(text for text, _ in rows.folded_parts(number)) for number in range(len(rows.opens))]
    assert shown == ["{ … 2 items }", '  "a": [ … 2 items ],', "    { … 1 item }", '  "c": { … 1 item }']


def test_what_is_not_closed_yet_is_not_folded() -> None:
    rows = JsonRows(json.dumps([list(range(50))]).encode(), 40)
    rows.feed(10)
    assert Folding(rows, b"\1\1").hidden == 0
