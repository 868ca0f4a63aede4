"""The other query options: limits, order, selection, expansion, paging."""

from typing import Any

import pytest

from tui.simulator.problems import OrchestratorError
from tui.simulator.queries import Entity, apply_query, read_query
from tui.simulator.ticks import ticks

ENTITY = Entity("ThingDto", ("Id", "Name", "TimeStamp"), frozenset({"Robot"}))
ROWS: list[dict[str, Any]] = [
    {"Id": 1, "Name": "pear", "TimeStamp": "2026-01-01T00:00:00.12Z", "Robot": {"Name": "Tansy"}},
    {"Id": 2, "Name": "Apple", "TimeStamp": "2026-01-01T00:00:00.1199999Z", "Robot": None},
    {"Id": 3, "Name": None, "TimeStamp": "2026-01-01T00:00:00Z", "Robot": None},
]


def page_of(**options: str) -> tuple[list[dict[str, Any]], int]:
    page = apply_query(read_query({f"${name}": value for name, value in options.items()}, ENTITY), ROWS, ENTITY)
    return page.rows, page.count


def test_count_is_of_all_matches_and_not_of_the_page() -> None:
    rows, count = page_of(filter="Id gt 1", top="1", count="true")
    assert ([row["Id"] for row in rows], count) == ([2], 2)


def test_top_zero_and_skip_beyond_the_end() -> None:
    assert page_of(top="0") == ([], 3)
    assert page_of(skip="10") == ([], 3)


@pytest.mark.parametrize(
    ("orderby", "expected"),
    [
        ("Id desc", [3, 2, 1]),
        ("name", [3, 2, 1]),
        ("TimeStamp asc", [3, 2, 1]),
        ("TimeStamp desc,Id", [1, 2, 3]),
        ("Robot/Name,Id desc", [3, 2, 1]),
    ],
)
def test_orderby(orderby: str, expected: list[int]) -> None:
    rows, _ = page_of(orderby=orderby)
    assert [row["Id"] for row in rows] == expected


def test_select_and_expand_in_any_case() -> None:
    rows, _ = page_of(select="id,NAME", expand="robot($select=Name,Id)", top="1")
    assert rows == [{"Id": 1, "Name": "pear", "Robot": {"Name": "Tansy"}}]
    everything, _ = page_of(select="*", top="1")
    assert set(everything[0]) == {"Id", "Name", "TimeStamp"}


@pytest.mark.parametrize(
    "options",
    [
        {"$top": "1001"},
        {"$top": "-1"},
        {"$top": "many"},
        {"$skip": "1.5"},
        {"$count": "perhaps"},
        {"$select": "Nope"},
        {"$select": "Id,,"},
        {"$expand": "Id"},
        {"$expand": "Nope"},
        {"$orderby": "Id sideways"},
        {"$orderby": "Nope"},
        {"$orderby": "Id,Id,Id,Id,Id,Id"},
        {"$frobnicate": "1"},
    ],
)
def test_options_the_service_refuses(options: dict[str, str]) -> None:
    with pytest.raises(OrchestratorError) as caught:
        read_query(options, ENTITY)
    assert (caught.value.status, caught.value.code) == (400, 1000)


def test_other_query_parameters_are_nobodys_business() -> None:
    assert read_query({"mandatoryPermissions": "Jobs.View", "%24": "x"}, ENTITY).top == 1000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.0000001Z", 10_000_001),
        ("1970-01-01T01:00+01:00", 0),
        ("1970-13-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_ticks(text: str, expected: int | None) -> None:
    assert ticks(text) == expected
