"""`$filter` over rows: what UiPath's clients send, and what the service refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.simulator.filters import MAX_EXPRESSIONS, parse_filter
from tui.simulator.problems import OrchestratorError

ROW = {
    "Key": "fa2c8599-d64f-5ada-8540-5c47112e4b1f",
    "Id": 10173064,
    "Name": "O'Hara's Contract Reader",
    "State": "Running",
    "CreationTime": "2024-04-04T12:00:47.2640001Z",
    "EndTime": None,
    "IsLatestVersion": True,
    "Robot": {"Id": 749, "Name": "Marigold"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Key eq fa2c8599-d64f-5ada-8540-5c47112e4b1f", True),
        ("Key eq 'FA2C8599-D64F-5ADA-8540-5C47112E4B1F'", True),
        ("key in ('fa2c8599-d64f-5ada-8540-5c47112e4b1f')", True),
        ("key in ('a','fa2c8599-d64f-5ada-8540-5c47112e4b1f')", True),
        ("Key in (fa2c8599-d64f-5ada-8540-5c47112e4b1e)", False),
        ("(Id in (1,2)) or (Id in (10173064))", True),
        ("not (State in ('Pending','Running'))", False),
        ("not contains(Name,'Payroll')", True),
        ("Name eq 'O''Hara''s Contract Reader'", True),
        ("contains(tolower(Name), tolower('CONTRACT'))", True),
        ("startswith(Name,'O''') and endswith(toupper(Name),'READER')", True),
        ("length(Name) gt 100", False),
        ("State ne 'Running'", False),
        ("State eq UiPath.Server.Configuration.OData.JobState'Running'", True),
        ("Robot/Id eq 749 and robot/name eq 'Marigold'", True),
        ("EndTime eq null", True),
        ("EndTime ne null", False),
        ("EndTime gt 2024-04-04T12:00:47Z", False),
        ("CreationTime ge 2024-04-04T12:00:47.264Z", True),
        ("CreationTime gt 2024-04-04T12:00:47.2640001Z", False),
        ("CreationTime lt 2024-04-04T14:00:47.2640002+02:00", True),
        ("CreationTime gt 2024-04-04 and CreationTime lt 2024-04-05", True),
        ("year(CreationTime) eq 2024 and month(CreationTime) eq 4 and day(CreationTime) eq 4", True),
        ("hour(CreationTime) eq 12 and minute(CreationTime) eq 0 and second(CreationTime) eq 47", True),
        ("date(CreationTime) eq 2024-04-04", True),
        ("year(EndTime) eq 2024", False),
        ("year(Name) eq 2024", False),
        ("indexof(Name,'hara') eq 2", True),
        ("substring(Name,2,4) eq 'Hara' and substring(Name,18) eq 'Reader'", True),
        ("concat(State,'!') eq 'running!'", True),
        ("Id add 1 eq 10173065 and Id sub 1 eq 10173063 and Id mod 10 eq 4", True),
        ("Id div 0 eq 1", False),
        ("Id mul 2 eq 20346128 and Id div 2 eq 5086532", True),
        ("floor(2.5) eq 2 and ceiling(2.5) eq 3 and round(2.5) eq 3", True),
        ("IsLatestVersion eq true", True),
        ("Id ge 10173064 and Id le 10173064", True),
        ("Id gt -1", True),
        ("Id eq 1 or State eq 'Running' and Id eq 10173064", True),
    ],
)
def test_expressions_that_clients_send(text: str, expected: bool) -> None:
    assert parse_filter(text, ROW)(ROW) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nope eq 1",
        "Name eq",
        "Name = 'x'",
        "Name eq 'unfinished",
        "frobnicate(Name)",
        "indexof(Name) eq 1",
        "substring(Name,1,2,3) eq 'x'",
        "Id eq 5 5",
        "(Id eq 5",
        "Name/any(x: x eq 1)",
        "EndTime eq duration'P1X'",
        " or ".join(["Id eq 1"] * (MAX_EXPRESSIONS + 1)),
    ],
)
def test_expressions_that_the_service_refuses(text: str) -> None:
    with pytest.raises(OrchestratorError) as caught:
        parse_filter(text, ROW)(ROW)
    assert (caught.value.status, caught.value.code) == (400, 1000)


def test_comparing_a_number_with_text_is_refused() -> None:
    with pytest.raises(OrchestratorError, match="incompatible"):
        parse_filter("Id gt 'abc'", ROW)(ROW)


@given(st.text(alphabet="()',/eqIdNamornt in059-TZ:.\"", max_size=40))
def test_no_text_breaks_the_evaluation(text: str) -> None:
    statuses: list[int] = []
    try:
        parse_filter(text, ROW)(ROW)
    except OrchestratorError as refused:
        statuses.append(refused.status)
    assert statuses in ([], [400])
