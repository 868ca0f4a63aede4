"""The program against servers made from UiPath's definitions: it signs in, lists, starts and follows the job.

Each server refuses what its definition does not define, and answers with nulls everywhere or with more than promised.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.e2e.conformance.definitions import JUNE_2019, TODAY, definition
from tests.e2e.conformance.examples import MOMENTS, Examples
from tests.e2e.conformance.generated_server import (
    ACCESS,
    ACCOUNT,
    FIRST_JOB,
    INSTANCE,
    PERSONAL,
    RELEASE,
    RELEASE_KEY,
    USER_KEY,
    GeneratedServer,
    serving,
)
from tests.e2e.twin.running import START, run, several

FORMS = [(JUNE_2019, "path"), (JUNE_2019, "root"), (TODAY, "")]
MAXIMAL = pytest.mark.parametrize("maximal", [False, True], ids=["minimal", "maximal"])


@pytest.fixture
def server() -> Iterator[Callable[[str, bool], GeneratedServer]]:
    """Serve a definition until the test ends."""
    with ExitStack() as stack:
        yield lambda file, maximal: stack.enter_context(serving(definition(file), maximal=maximal))


def start(server: GeneratedServer, form: str) -> list[str]:
    """Return the ``start`` command for the server."""
    place = [
        "--base-url",
        server.base_url,
        "--account",
        ACCOUNT,
        "--instance",
        INSTANCE,
        "--release",
        RELEASE,
        "--json",
    ]
    if form:
        return ["start", "--deployment", "cloud-2019", "--address-form", form, "--token-stdin", *place]
    return ["start", "--deployment", "automation-cloud", "--folder", "Mill", "--token-stdin", *place]


Flow = tuple[GeneratedServer, "subprocess.CompletedProcess[str]"]


def flow(file: str, form: str, maximal: bool, home: Path) -> Flow:
    """Run the twin against a server of its own."""
    home.mkdir()
    with serving(definition(file), maximal=maximal) as server:
        return server, run(start(server, form), home, stdin=USER_KEY if form else PERSONAL)


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flow]]:
    """Every flow, run once."""
    for file in (JUNE_2019, TODAY):
        definition(file)
    folder = tmp_path_factory.mktemp("flows")
    jobs = {
        f"{file} {form} {maximal}": partial(flow, file, form, maximal, folder / f"{place}-{maximal}")
        for place, (file, form) in enumerate(FORMS)
        for maximal in (False, True)
    }
    with several(jobs) as result:
        yield result


@MAXIMAL
@pytest.mark.parametrize(("file", "form"), FORMS)
def test_the_whole_flow_needs_nothing_but_the_definition(
    flows: Callable[[str], Flow], file: str, form: str, maximal: bool
) -> None:
    served, done = flows(f"{file} {form} {maximal}")
    assert served.refused == []
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["state"] for row in rows if row["step"] == "state"] == list(served.script)
    assert [row["jobs"] for row in rows if row["step"] == "started"] == [[FIRST_JOB]], "an id above 2**53 stays exact"
    assert next(row["key"] for row in rows if row["step"] == "release") == RELEASE_KEY
    assert sum(row["step"] == "log" for row in rows) == len(MOMENTS), "rows read twice are one row"
    assert served.seen.count(("POST", START)) == 1
    undefined = {below for method, below in served.seen if not served.definition.find(method, below)}
    assert undefined <= {"/orchestrator_/api/status/version", "/odata/$metadata"}


@MAXIMAL
@pytest.mark.parametrize("file", [JUNE_2019, TODAY])
def test_the_examples_are_what_the_definition_describes(file: str, maximal: bool) -> None:
    of = definition(file)
    examples = Examples(of, maximal, unknown=False)
    problems: set[str] = set()
    for operation in of.operations:
        for status, schema in operation.answers.items():
            if schema is not None:
                found = of.answer_problems(operation, status, examples.of(schema))
                problems |= {f"{operation.method} {operation.template}: {problem}" for problem in found}
    assert problems == set()


WRONG_2019 = {
    "empty start": ("POST", START, {}),
    "misspelt": ("POST", START, {"startInfo": {"ReleaseKey": RELEASE_KEY, "Stratgy": "All"}}),
    "modern strategy": ("POST", START, {"startInfo": {"ReleaseKey": RELEASE_KEY, "Strategy": "ModernJobsCount"}}),
    "unknown option": ("GET", "/odata/Jobs?$search=x", None),
    "unknown property": ("GET", "/odata/Jobs?$filter=Colour eq 'red'", None),
    "too much": ("GET", "/odata/Jobs?$top=1001", None),
}


@pytest.mark.parametrize("name", WRONG_2019)
def test_the_server_refuses_what_is_not_defined(server: Callable[[str, bool], GeneratedServer], name: str) -> None:
    method, path, body = WRONG_2019[name]
    served = server(JUNE_2019, False)
    headers = {"Authorization": f"Bearer {ACCESS}"}
    with httpx.Client(base_url=served.base_url, headers=headers, trust_env=False) as client:
        answer = client.request(method, path, json=body)
    assert answer.status_code == 400
    assert served.refused
    assert served.jobs == []


def test_today_a_call_without_a_folder_is_refused(server: Callable[[str, bool], GeneratedServer]) -> None:
    served = server(TODAY, False)
    url = f"{served.base_url}/{ACCOUNT}/{INSTANCE}/orchestrator_/odata/Releases"
    with httpx.Client(headers={"Authorization": f"Bearer {PERSONAL}"}, trust_env=False) as client:
        assert client.get(url).status_code == 400
        assert client.get(url, headers={"X-UIPATH-OrganizationUnitId": "7"}).status_code == 200
        assert client.get(f"{url}Elsewhere").status_code == 404
