"""A session's HAR, read again: each request and answer in it is still what UiPath's definitions say."""

import asyncio
import base64
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.e2e.conformance.definitions import JUNE_2019, TODAY, definition
from tests.e2e.conformance.recording import Exchange, recorded
from tests.e2e.conformance.requests_checked import parameter_problems
from tests.e2e.conformance.test_traffic import BOTH, ERROR_MEMBERS, EXPECTED_OPERATIONS, OBSERVED, defined
from tests.e2e.conformance.traffic import every_call
from tui.exchanges.log import ExchangeLog
from tui.exchanges.share.export import export_to
from tui.simulator.server import SimulatorServer

Session = tuple[list[Exchange], list[Exchange], ExchangeLog]


def _headers(message: dict[str, Any]) -> dict[str, str]:
    return {pair["name"].lower(): pair["value"] for pair in message["headers"]}


def _bytes(content: dict[str, Any], coding: str) -> bytes:
    text = content.get("text", "")
    return base64.b64decode(text) if content.get(coding) == "base64" else text.encode()


def read_har(path: Path) -> list[Exchange]:
    """Read what any program would find in the file."""
    har = json.loads(path.read_text(encoding="ascii"))
    assert har["log"]["version"] == "1.2"
    found: list[Exchange] = []
    for entry in har["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        address = urlsplit(request["url"])
        found.append(
            Exchange(
                request["method"],
                unquote(address.path),
                address.query,
                _headers(request),
                _bytes(request.get("postData", {}), "_encoding"),
                response["status"],
                _headers(response),
                _bytes(response["content"], "encoding"),
            )
        )
    return found


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Session]:
    """A whole session of the client, exported once a definition: as re-read, as it crossed the wire, and its log."""

    @cache
    def give(file: str) -> Session:
        path = tmp_path_factory.mktemp("har") / "session.har"
        with recorded() as crossed, SimulatorServer(("happy",), speed=1.0) as server:
            log = asyncio.run(every_call(server.summary, today=file == TODAY))
        export_to(str(path), log, "har")
        return read_har(path), crossed, log

    return give


@BOTH
def test_nothing_of_the_session_is_missing(session: Callable[[str], Session], file: str) -> None:
    exported, crossed, log = session(file)
    assert len(exported) == len(log) == len(crossed) >= 15
    for found, was in zip(exported, crossed, strict=True):
        assert found[:3] == was[:3]
        assert found.status == was.status
        assert found.headers.keys() == was.headers.keys()
        if not was.path.endswith("/token"):
            assert found.body == was.body
            assert json.loads(found.answer or b"0") == json.loads(was.answer or b"0"), was.path


@BOTH
def test_every_request_in_the_file_is_defined(session: Callable[[str], Session], file: str) -> None:
    of = definition(file)
    problems: set[str] = set()
    operations: set[str] = set()
    for exchange, operation, below in defined((of, session(file)[0])):
        assert operation is not None, f"{exchange.method} {below}"
        operations.add(f"{operation.method} {operation.template}")
        problems |= set(parameter_problems(of, operation, below, exchange.query, exchange.headers))
        if operation.body is None:
            assert exchange.body == b"", below
        else:
            problems |= set(of.request_problems(operation, json.loads(exchange.body)))
    assert problems == set()
    assert operations == EXPECTED_OPERATIONS[file]


@BOTH
def test_every_answer_in_the_file_is_valid(session: Callable[[str], Session], file: str) -> None:
    of = definition(file)
    problems: set[str] = set()
    for exchange, operation, below in defined((of, session(file)[0])):
        assert operation is not None, below
        if exchange.status >= 400:
            assert json.loads(exchange.answer).keys() >= ERROR_MEMBERS, below
        elif operation.answers[exchange.status] is None:
            assert exchange.answer == b"", below
        else:
            answer = json.loads(exchange.answer)
            problems |= {f"{below}: {each}" for each in of.answer_problems(operation, exchange.status, answer)}
    assert {problem for problem in problems if not any(known in problem for known in OBSERVED)} == set()


def test_both_definitions_are_held_against_a_file() -> None:
    assert {JUNE_2019, TODAY} == set(EXPECTED_OPERATIONS)
