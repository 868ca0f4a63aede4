"""Everything that crosses the wire, held against UiPath's own definitions: 2019's traffic and today's.

Requests must be defined to the letter; what no definition covers is listed here, with its reason.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.e2e.conformance.definitions import JUNE_2019, TODAY, Definition, Operation, definition
from tests.e2e.conformance.recording import Exchange
from tests.e2e.conformance.requests_checked import parameter_problems
from tests.e2e.conformance.traffic import record

UNDEFINED = {
    r"POST /oauth/token": "sign-in of 2019: code of UiPath's own clients and the tutorial",
    r"GET /cloudrpa/api/getAccountsForUser": "accounts of 2019: likewise",
    r"GET /cloudrpa/api/account/[^/]+/getAllServiceInstances": "service instances of 2019: likewise",
    r"GET /orchestrator_/api/status/version": "the version of today's cloud: uipath-python",
    r"GET .*/orchestrator_/odata/\$metadata": "what an OData service says of itself (OData 4.0, part 1)",
}
"""Calls that no definition lists, and where they are known from."""

OBSERVED = ("/Level: 'Information' is not one of",)
"""Answers outside the definition that the service does give: recorded robot logs have this level beside ``Info``."""

BASES = re.compile(r"(?:/[^/]+/[^/]+(?:/orchestrator_)?)?(/(?:odata|api)/.*)")
ERROR_MEMBERS = {"message", "errorCode"}

EXPECTED_OPERATIONS = {
    JUNE_2019: {
        "GET /odata/Releases",
        "GET /odata/Robots",
        "GET /odata/Jobs",
        "GET /odata/Jobs({Id})",
        "GET /odata/RobotLogs",
        "POST /odata/Jobs/UiPath.Server.Configuration.OData.StartJobs",
        "POST /odata/Jobs({Id})/UiPath.Server.Configuration.OData.StopJob",
        "POST /odata/Jobs/UiPath.Server.Configuration.OData.StopJobs",
    },
    TODAY: {
        "GET /api/Folders/GetAllForCurrentUser",
        "GET /odata/Releases",
        "GET /odata/Jobs",
        "GET /odata/Jobs({key})",
        "GET /odata/RobotLogs",
        "POST /odata/Jobs/UiPath.Server.Configuration.OData.StartJobs",
        "POST /odata/Jobs({key})/UiPath.Server.Configuration.OData.StopJob",
        "POST /odata/Jobs/UiPath.Server.Configuration.OData.StopJobs",
        "POST /odata/Jobs({key})/UiPath.Server.Configuration.OData.ValidateExistingJob",
        "POST /odata/Jobs/UiPath.Server.Configuration.OData.ValidateDynamicJob",
        "GET /odata/Robots/UiPath.Server.Configuration.OData.GetRobotsFromFolder(folderId={folderId})",
    },
}

Recorded = tuple[Definition, list[Exchange]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Recorded]:
    """A definition and the traffic that belongs to it, recorded once."""

    @cache
    def give(file: str) -> Recorded:
        of = definition(file)
        return of, record(tmp_path_factory.mktemp("traffic"), today=file == TODAY)

    return give


BOTH = pytest.mark.parametrize("file", [JUNE_2019, TODAY])


def is_undefined(exchange: Exchange) -> bool:
    """Tell whether the call is one of those that no definition covers."""
    return any(re.fullmatch(pattern, f"{exchange.method} {exchange.path}") for pattern in UNDEFINED)


def defined(recorded: Recorded) -> list[tuple[Exchange, Operation | None, str]]:
    """Return the calls of Orchestrator with their operation and their path below the base."""
    of, exchanges = recorded
    found: list[tuple[Exchange, Operation | None, str]] = []
    for exchange in exchanges:
        if not is_undefined(exchange):
            match = BASES.fullmatch(exchange.path)
            below = match[1] if match else exchange.path
            found.append((exchange, of.find(exchange.method, below), below))
    return found


@BOTH
def test_every_path_is_defined(recorded: Callable[[str], Recorded], file: str) -> None:
    missing = {f"{exchange.method} {below}" for exchange, operation, below in defined(recorded(file)) if not operation}
    assert missing == set()


@BOTH
def test_every_operation_of_the_client_was_seen(recorded: Callable[[str], Recorded], file: str) -> None:
    seen = Counter(f"{found.method} {found.template}" for _exchange, found, _below in defined(recorded(file)) if found)
    assert set(seen) == EXPECTED_OPERATIONS[file]
    assert sum(seen.values()) >= 40


@BOTH
def test_every_option_and_header_is_defined_and_in_range(recorded: Callable[[str], Recorded], file: str) -> None:
    of = definition(file)
    problems = {
        f"{exchange.method} {below}?{exchange.query}: {problem}"
        for exchange, operation, below in defined(recorded(file))
        if operation
        for problem in parameter_problems(of, operation, below, exchange.query, exchange.headers)
    }
    assert problems == set()


@BOTH
def test_every_request_body_is_valid(recorded: Callable[[str], Recorded], file: str) -> None:
    of = definition(file)
    bodies = 0
    for exchange, operation, below in defined(recorded(file)):
        if operation is None:
            continue
        if operation.body is None:
            assert exchange.body == b"", below
            continue
        bodies += 1
        assert exchange.headers["content-type"].split(";")[0] == "application/json"
        assert of.request_problems(operation, json.loads(exchange.body)) == [], exchange.body
    assert bodies >= 7


@BOTH
def test_every_good_answer_is_valid(recorded: Callable[[str], Recorded], file: str) -> None:
    of = definition(file)
    problems: set[str] = set()
    for exchange, operation, below in defined(recorded(file)):
        if operation is None or exchange.status >= 400:
            continue
        assert exchange.status in operation.answers, f"{below} answered {exchange.status}"
        if operation.answers[exchange.status] is None:
            assert exchange.answer == b"", below
            continue
        assert exchange.answer_headers["content-type"].split(";")[0] == "application/json"
        answer = json.loads(exchange.answer)
        problems |= {f"{below}: {each}" for each in of.answer_problems(operation, exchange.status, answer)}
    assert {problem for problem in problems if not any(known in problem for known in OBSERVED)} == set()


@BOTH
def test_every_bad_answer_has_orchestrators_shape(recorded: Callable[[str], Recorded], file: str) -> None:
    for exchange, _operation, below in defined(recorded(file)):
        if exchange.status >= 400:
            answer: dict[str, Any] = json.loads(exchange.answer)
            assert answer.keys() >= ERROR_MEMBERS, below


@BOTH
def test_the_exceptions_are_all_met_and_nothing_else(recorded: Callable[[str], Recorded], file: str) -> None:
    exchanges = recorded(file)[1]
    met = {
        pattern
        for pattern in UNDEFINED
        for exchange in exchanges
        if re.fullmatch(pattern, f"{exchange.method} {exchange.path}")
    }
    assert met == {pattern for pattern in UNDEFINED if ("orchestrator_" in pattern) is (file == TODAY)}


@BOTH
def test_no_request_repeats_a_start(recorded: Callable[[str], Recorded], file: str) -> None:
    starts = [exchange for exchange in recorded(file)[1] if exchange.path.endswith("StartJobs")]
    of_the_twin, of_the_client = {JUNE_2019: (4, 5), TODAY: (3, 8)}[file]
    assert len(starts) == of_the_twin + of_the_client, "the one without an answer is not recorded"
