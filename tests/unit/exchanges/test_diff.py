"""The comparison of two exchanges: paths of what came, went and changed; lines; bounds."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchanges.diff import documents as diff_json
from tui.exchanges.diff import exchanges as diff
from tui.exchanges.diff.documents import LONGEST, NotComparableError, compared_json
from tui.exchanges.diff.exchanges import Change, call_before, compared, pair_of
from tui.exchanges.diff.lines import MOST_LINES, compared_lines
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Entry, Exchange, Purpose

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
        | st.lists(st.fixed_dictionaries({"Id": st.integers(1, 4), "v": inner}), max_size=3)
    ),
    max_leaves=10,
)


def exchange(number: int = 1, answer: bytes = b"", **changes: Any) -> Exchange:
    made = Exchange(
        number, datetime(2026, 11, 23, tzinfo=UTC), Purpose.WATCH, 1, "GET", "https://host/odata/Jobs(7)", (), Body(),
        status=200, reason="OK", response_body=Body(answer, len(answer), "application/json"),
    )  # fmt: skip
    return replace(made, **changes)


def found(before: object, now: object) -> list[tuple[str, ...]]:
    return [tuple(each) for each in compared_json(json.dumps(before).encode(), json.dumps(now).encode())]


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        ({"State": "Running"}, {"State": "Successful"}, [("~", "State", '"Running"', '"Successful"')]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}}, [("~", "a.b[1]", "2", "3"), ("+", "a.b[2]", "", "4")]),
        ({"a": 1, "b c": 2}, {"a": 1}, [("-", '["b c"]', "2", "")]),
        ({"a": 1}, {"a": True}, [("~", "a", "1", "true")]),
        ({"a": 1}, {"a": "1"}, [("~", "a", "1", '"1"')]),
        ({"a": None}, {}, [("-", "a", "null", "")]),
        (
            [{"Id": 1, "s": "x"}, {"Id": 2, "s": "y"}],
            [{"Id": 2, "s": "z"}, {"Id": 3}],
            [
                ("~", "[Id=2].s", '"y"', '"z"'),
                ("+", "[Id=3]", "", '{"Id": 3}'),
                ("-", "[Id=1]", '{"Id": 1, "s": "x"}', ""),
            ],
        ),
        ([{"Key": "k", "n": 1}], [{"Key": "k", "n": 2}], [("~", '[Key="k"].n', "1", "2")]),
        (
            [{"Id": 1}, {"Id": 2}],
            [{"Id": 2}, {"Id": 1}],
            [("~", "", "items in this order", "the same items in another order")],
        ),
        ([{"Id": 1}, {"Id": 1}], [{"Id": 1}, {"Id": 2}], [("~", "[1].Id", "1", "2")]),
    ],
)
def test_json_is_compared_by_its_paths(before: object, now: object, changes: list[tuple[str, ...]]) -> None:
    assert found(before, now) == changes


def test_numbers_count_as_they_are_written() -> None:
    assert compared_json(b'{"n":1.50,"m":1e400}', b'{"n":1.5,"m":1e401}') == [
        ("~", "n", "1.50", "1.5"),
        ("~", "m", "1e400", "1e401"),
    ]


@given(JSON, JSON)
def test_something_differs_where_the_values_do_and_backwards_the_other_way(one: object, other: object) -> None:
    there, back = found(one, other), found(other, one)
    assert bool(there) == (json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))
    turned = {"+": "-", "-": "+", "~": "~"}
    assert sorted((turned[glyph], path) for glyph, path, *_ in there) == sorted(
        (glyph, path) for glyph, path, *_ in back
    )


@pytest.mark.parametrize("data", [b"<html>", b'{"a":1,"a":2}', b"[" * 100_000, b"\xff", b"NaN"])
def test_what_is_no_json_is_not_compared_as_json(data: bytes) -> None:
    with pytest.raises(NotComparableError):
        compared_json(data, b"{}")


@given(st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=8), st.lists(st.sampled_from([b"a", b"b"]), max_size=8))
def test_lines_tell_all_that_differs(old: list[bytes], new: list[bytes]) -> None:
    before, now = b"\n".join(old), b"\n".join(new)
    changes = compared_lines(before, now)
    assert bool(changes) == (before != now)
    lines = {"before": before.split(b"\n") if before else [], "now": now.split(b"\n") if now else []}
    grown = sum((glyph == "+") - (glyph == "-") for glyph, *_ in changes)
    assert grown == len(lines["now"]) - len(lines["before"])
    for glyph, path, _, told in changes:
        if glyph != "-":
            assert lines["now"][int(path.removeprefix("line ")) - 1].decode() == told


def common(one: list[bytes], other: list[bytes]) -> int:
    """Return how many lines both have in one order, by the table of all pairs."""
    row = [0] * (len(other) + 1)
    for line in one:
        above, row = row, [0]
        for at, each in enumerate(other):
            row.append(above[at] + 1 if line == each else max(above[at + 1], row[at]))
    return row[-1]


LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b""]), min_size=1, max_size=12)


@given(LINES, LINES)
def test_lines_tell_no_more_than_differs(old: list[bytes], new: list[bytes]) -> None:
    changes = compared_lines(b"\n".join(old), b"\n".join(new)) if any(old) and any(new) else []
    gone, come = (sum(glyph in glyphs for glyph, *_ in changes) for glyphs in ("-~", "+~"))
    if any(old) and any(new):
        assert (len(old) - gone, len(new) - come) == (common(old, new), common(old, new))


def lines_of(*lines: bytes) -> bytes:
    return b"\n".join(lines)


NUMBERED = [b"%d" % number for number in range(30_000)]
SHUFFLED = [b"%d" % (number * 7_919 % 30_000) for number in range(30_000)]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (lines_of(*[b"a", b"b"] * 500), lines_of(*[b"b", b"a", b"a"] * 333)),
        (lines_of(*NUMBERED), lines_of(*[b"x" + line for line in NUMBERED])),
        (lines_of(*NUMBERED), lines_of(*SHUFFLED)),
        (lines_of(*NUMBERED), lines_of(*NUMBERED[::-1])),
        (b"\n" * 4_000_000, b"\n" * 3_000_000),
    ],
    ids=["two lines", "all new", "shuffled", "turned", "empty"],
)
def test_lines_made_to_be_hard_take_bounded_time(before: bytes, now: bytes) -> None:
    began = time.process_time()
    changes = compared_lines(before, now)
    assert changes
    assert time.process_time() - began < 3


def test_a_few_changes_among_many_lines_are_told_one_by_one() -> None:
    kept = [line for number, line in enumerate(NUMBERED) if number % 100]
    assert [path for _, path, *_ in compared_lines(lines_of(*NUMBERED), lines_of(*kept))][:3] == [
        *("line 1", "line 101", "line 201")
    ]
    assert len(compared_lines(lines_of(*NUMBERED), lines_of(*kept))) == 300


def test_long_and_many_lines_are_bounded() -> None:
    last = compared_lines(b"\n".join([b"a"] * (MOST_LINES + 7)), b"\n".join([b"b"] * MOST_LINES))[-1]
    assert last == ("~", f"line {MOST_LINES + 1} and on, not compared", "7 lines", "0 lines")
    ((_, _, _, told),) = compared_lines(b"", b"y" * 1_000_000)
    assert len(told) == LONGEST + 1


def parts(before: Exchange, now: Exchange) -> dict[str, tuple[Change, ...]]:
    return {part.title: part.changes for part in compared(before, now).parts}


def test_two_polls_tell_what_changed() -> None:
    before = exchange(1, b'{"State":"Running","Id":7}', response_headers=(("Date", "09:28"), ("X", "1")))
    now = exchange(2, b'{"State":"Faulted","Id":7}', response_headers=(("date", "09:29"), ("Y", "2")))
    assert parts(before, now) == {
        "Answer": (Change("~", "State", '"Running"', '"Faulted"'),),
        "Answer's headers": (
            Change("~", "date", "09:28", "09:29"),
            Change("+", "y", "", "2"),
            Change("-", "x", "1", ""),
        ),
    }
    assert compared(before, now).changes == 4
    assert compared(now, now).parts == ()


def test_outcome_and_request_are_compared_too() -> None:
    lost = exchange(2, status=None, reason="", error="The connection was closed.", url="https://host/odata/Jobs(8)")
    assert parts(exchange(1), lost) == {
        "Outcome": (
            Change("~", "status", "200", "no answer"),
            Change("+", "error", "", "The connection was closed."),
        ),
        "Request": (Change("~", "address", "https://host/odata/Jobs(7)", "https://host/odata/Jobs(8)"),),
    }


def test_what_is_not_kept_or_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Entry.of(exchange(1, b"{}")).bare()
    (gone,) = compared(bare, exchange(2, b"{}")).parts
    assert gone.note == "Headers and bodies of call 1 are not kept any more."
    monkeypatch.setattr(diff, "LARGEST", 10)
    (large,) = compared(exchange(1, b"a" * 11), exchange(2, b"b")).parts
    assert "too large" in large.note
    monkeypatch.setattr(diff_json, "MOST", 2)
    (many,) = compared(exchange(1, b"[]"), exchange(2, b"[1,2,3,4]")).parts
    assert (len(many.changes), many.more) == (2, 2)


def test_the_same_values_written_otherwise_are_compared_as_text() -> None:
    (answer,) = compared(exchange(1, b'{"a":1}'), exchange(2, b'{"a": 1}')).parts
    assert answer.note == "The values are the same; they are written in another way."
    assert answer.changes == (Change("~", "line 1", '{"a":1}', '{"a": 1}'),)


def test_a_poll_is_compared_with_one_of_the_same_job() -> None:
    log = ExchangeLog()
    for number, (job, since) in enumerate(((7, 1), (8, 1), (7, 2), (9, 1)), 1):
        log.append(exchange(number, url=f"https://host/odata/Jobs?$filter=Id eq {job}&$since={since}"))
    assert pair_of(log, 3) == (1, 3)
    assert pair_of(log, 4) == (3, 4)


def test_the_call_before_is_the_one_that_asked_the_same() -> None:
    log = ExchangeLog()
    addresses = ("Jobs(7)", "Jobs?$top=1", "Jobs(8)", "Jobs?$top=2", "Jobs(7)", "Robots")
    for number, path in enumerate(addresses, 1):
        log.append(exchange(number, url=f"https://host/odata/{path}"))
    before = [call_before(log.entries, at) for at in range(len(addresses))]
    assert [entry and entry.id for entry in before] == [None, None, None, 2, 1, None]
    assert pair_of(log, 5) == (1, 5)
    assert pair_of(log, 6) is None
    log.marks.set(6)
    log.marks.set(3)
    assert pair_of(log, 5) == (3, 6)


def test_a_later_time_that_is_asked_for_is_expected() -> None:
    address = "https://host/odata/RobotLogs?$filter=JobKey eq 7 and TimeStamp ge 2026-11-30T13%3A0{}%3A00.5Z"
    before = exchange(1, b'{"value":[]}', url=address.format(1), response_headers=(("Date", "13:01"),))
    now = exchange(2, b'{"value":[1]}', url=address.format(2), response_headers=(("Date", "13:01"),))
    found = compared(before, now)
    assert [(part.title, part.expected) for part in found.parts] == [
        *(("Answer", False), ("Expected between two calls", True))
    ]
    assert found.parts[1].changes == (Change("~", "time asked for", "2026-11-30T13:01:00.5", "2026-11-30T13:02:00.5"),)
    assert (found.changes, found.expected) == (1, 1)
    alike = compared(before, replace(now, response_body=before.response_body))
    assert (alike.parts[0].title, alike.parts[0].note) == ("Answer", "The body is the same in both.")
    assert alike.changes == 0
    other = compared(before, replace(now, url=now.url.replace("eq 7", "eq 8")))
    assert [part.title for part in other.parts] == ["Answer", "Request"]
