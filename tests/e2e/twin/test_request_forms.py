"""The request instead of the start: printed in each form, nothing sent, no secret said."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.twin.running import INTAKE, PAYROLL, START, Case, Ran, running
from tui.errors import Exit
from tui.exchanges.share.copy_as import FORMS

INPUTS = '{"in_Month": "it\'s $5", "in_HeadCount": 48}'


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    cases = {form: Case(("--release", PAYROLL, "--input", INPUTS, "--request", form)) for form in FORMS}
    cases["json"] = Case(("--release", INTAKE, "--request", "curl", "--json"), today=True)
    with running(cases, tmp_path_factory.mktemp("requests")) as result:
        yield result


@pytest.mark.parametrize("form", FORMS)
def test_the_request_is_printed_and_nothing_is_sent(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    assert done.code == Exit.SUCCESSFUL, done.err
    assert done.starts == []
    assert START in done.out
    assert "UIPATH_TOKEN" in done.out
    assert "in_HeadCount" in done.out
    assert "Nothing was started." in done.err
    assert "Signed in as" in done.err
    assert "Signed in as" not in done.out, "what is piped on is the request alone"


def test_json_carries_the_request(ran: Callable[[str], Ran]) -> None:
    done = ran("json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    (request,) = [line for line in lines if line["step"] == "request"]
    assert request["form"] == "curl"
    assert request["text"].startswith("curl --globoff --path-as-is --request POST ")
    assert done.starts == []
