"""Bad JSON to five calls: every one ends as a result the document supports or as one of this program's errors."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.e2e.hostile.documents import DOCUMENTS, GOOD, mutated
from tests.unit.api.raw_servers import JOB_ID, REFRESH, Request, Writer, answer, connected, serving
from tui.api.client import OrchestratorClient
from tui.api.outcome import Accepted, Unknown
from tui.api.sign_in.grants import refresh_grant
from tui.api.sign_in.token_set import Application
from tui.api.start import StartInfo
from tui.errors import UiPathTuiError
from tui.secret import Secret

INFO = StartInfo(release_key="be33946f-9337-5b59-849b-8822fd27e545")
MUTATIONS = 20_000
SAMPLE = 500
Ask = Callable[[OrchestratorClient], Awaitable[object]]


async def token(client: OrchestratorClient) -> object:
    return await refresh_grant(client._connection, Secret(REFRESH), Application("an-application"))


CALLS: dict[str, Ask] = {
    "token": token,
    "folders": lambda client: client.folders(),
    "releases": lambda client: client.releases(None),
    "job": lambda client: client.job(JOB_ID, None),
    "start": lambda client: client.start(INFO, None),
}


def strings_of(value: Any) -> set[str]:
    """Return every text and number in a document, as text."""
    if isinstance(value, dict):
        return {each for member in value.values() for each in strings_of(member)}
    if isinstance(value, list):
        return {each for member in value for each in strings_of(member)}
    return {str(value)}


def check_true(call: str, found: Any, document: bytes) -> None:
    """Fail when what is about to be shown says more than the document does."""
    if isinstance(found, Unknown):
        return
    said = strings_of(json.loads(document.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")))
    if call == "token":
        assert found.access_token in said
        assert found.access_token.isprintable()
    elif call == "job":
        assert found.id == JOB_ID
        assert not found.state or found.state.isprintable()
    elif call == "start":
        assert type(found) is Accepted
        assert all(job.id > 0 and job.key for job in found.jobs)
        assert {str(job.id) for job in found.jobs} <= {_plain(each) for each in said}
    rows: Any = getattr(found, "value", found) if call in ("folders", "releases") else ()
    for row in rows:
        assert all(text.isprintable() for text in (str(row.key), str(row.id)))


def _plain(text: str) -> str:
    return text.removesuffix(".0")


async def ask(call: str, client: OrchestratorClient, document: bytes) -> str:
    """Make the call and return what came of it; any other exception fails the test."""
    try:
        found = await asyncio.wait_for(CALLS[call](client), 30)
    except UiPathTuiError as error:
        said = str(error.failure)
        return "error" if said.replace("\n", "").isprintable() and "OWNED" not in said else f"shown raw: {said!r}"
    check_true(call, found, document)
    return "unknown" if isinstance(found, Unknown) else "found"


async def answered(call: str, documents: list[bytes]) -> list[str]:
    current = b""

    async def respond(writer: Writer, request: Request) -> None:
        writer.write(answer(200, current))
        await writer.drain()

    results: list[str] = []
    async with serving(respond) as server, connected(server.url, key="automation-cloud") as (client, _, _clock):
        for current in documents:
            result = await ask(call, client, current)
            assert result in ("found", "unknown", "error"), f"{result} for {current!r}"
            results.append(result)
    return results


def test_there_are_135_cases_and_good_ones_pass() -> None:
    assert len(DOCUMENTS) * len(CALLS) == 135
    assert set(GOOD) == set(CALLS)


@pytest.mark.parametrize("call", CALLS)
async def test_a_good_document_is_read(call: str) -> None:
    assert await answered(call, [json.dumps(GOOD[call]).encode()]) == ["found"]


@pytest.mark.parametrize("call", CALLS)
async def test_every_bad_document_ends_as_no_more_than_it_says(call: str) -> None:
    results = dict(zip(DOCUMENTS, await answered(call, list(DOCUMENTS.values())), strict=True))
    if call in ("token", "job", "start"):
        assert "found" not in results.values(), results
    assert len(results) == 27


async def mutations(call: str, count: int) -> None:
    rng = random.Random(f"{call} {count}")
    good = json.dumps(GOOD[call]).encode()
    results = await answered(call, [mutated(rng, good) for _ in range(count)])
    assert len(results) == count
    assert set(results) >= {"found"}, "some changes do no harm"
    assert set(results) & {"error", "unknown"}, "most do"


@pytest.mark.parametrize("call", CALLS)
async def test_mutated_documents_are_told_apart(call: str) -> None:
    await mutations(call, SAMPLE // len(CALLS))


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("call", CALLS)
async def test_20000_mutated_documents_are_told_apart(call: str) -> None:
    await mutations(call, MUTATIONS // len(CALLS))
