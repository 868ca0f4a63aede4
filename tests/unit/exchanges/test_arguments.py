"""Arguments kept out of the log: their values go, whatever holds them; everything else stays byte for byte."""

import json
from datetime import UTC, datetime

import pytest

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.exchanges.redaction.arguments import without_arguments


def exchange(asked: bytes, answered: bytes = b"") -> Exchange:
    now = datetime(2019, 6, 12, tzinfo=UTC)
    body = Body(answered, len(answered), "application/json")
    return Exchange(
        1, now, Purpose.START, 1, "POST", "https://x.example/", (), Body(asked, len(asked)), 201, response_body=body
    )


VALUES = json.dumps({"in_Secret": 'a "quoted" word\\', "in_Other": [1, {"InputArguments": "x"}]})


@pytest.mark.parametrize("name", ["InputArguments", "inputArguments", "OutputArguments"])
def test_the_values_go_and_the_rest_stays(name: str) -> None:
    start = {"startInfo": {"ReleaseKey": "k", name: VALUES, "After": None}}
    hidden = without_arguments(exchange(json.dumps(start).encode(), json.dumps({"value": [start, start]}).encode()))
    start["startInfo"][name] = "(hidden)"
    assert json.loads(hidden.request_body.data) == start
    assert json.loads(hidden.response_body.data) == {"value": [start, start]}


def test_json_within_json_is_looked_into() -> None:
    data = json.dumps({"detail": json.dumps({"InputArguments": VALUES, "b": 2})}).encode()
    hidden = json.loads(without_arguments(exchange(data)).request_body.data)
    assert json.loads(hidden["detail"]) == {"InputArguments": "(hidden)", "b": 2}


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"InputArguments": null}', b'{"Arguments": {"Input": "[]"}}', b"\xffarguments"]
)
def test_what_holds_no_values_is_the_same_object(data: bytes) -> None:
    found = exchange(data)
    assert without_arguments(found) is found


def test_a_cut_value_goes_to_its_end() -> None:
    assert (
        without_arguments(exchange(b'{"InputArguments": "{\\"a\\": \\"hush')).request_body.data
        == b'{"InputArguments": "(hidden)'
    )


def test_the_log_hides_before_it_keeps() -> None:
    log = ExchangeLog()
    log.conceal = without_arguments
    heard: list[Exchange] = []
    log.subscribe(heard.append)
    log.append(exchange(json.dumps({"InputArguments": VALUES}).encode()))
    assert b"in_Secret" not in log[0].request_body.data + heard[0].request_body.data
