"""A whole session as HAR, read again by programs of other people and held against the published schema."""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from tests.e2e.clients.packages import npm_install
from tests.e2e.network.mitm import mitmdump
from tests.e2e.twin.running import INTAKE, Case, run, run_case
from tui.exchanges.model import Body, Exchange, Purpose, Timing

SCHEMA = "har-schema@2.0.0"
SECONDS = 60


def exchange(data: dict[str, Any]) -> Exchange:
    def body(found: dict[str, Any]) -> Body:
        return Body(found["text"].encode(), found["size"], found["content_type"], found["truncated"])

    return Exchange(
        id=data["id"],
        started_at=datetime.fromisoformat(data["started_at"]),
        purpose=Purpose(data["purpose"]),
        attempt=data["attempt"],
        method=data["method"],
        url=data["url"],
        request_headers=tuple((name, value) for name, value in data["request_headers"]),
        request_body=body(data["request_body"]),
        status=data["status"],
        reason=data["reason"],
        http_version=data["http_version"],
        response_headers=tuple((name, value) for name, value in data["response_headers"]),
        response_body=body(data["response_body"]),
        timing=Timing(**data["timing"]),
        error=data["error"],
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of one session of the twin, with failures on the way."""
    folder = tmp_path_factory.mktemp("session")
    case = Case(("--release", INTAKE, "--log", "log.jsonl"), ("outage",), speed=1.0, files=("log.jsonl",))
    ran = run_case(case, folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def session(home: Path) -> list[Exchange]:
    """Everything the session said, as it was written while it ran."""
    lines = (home / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [exchange(json.loads(line)) for line in lines]


@pytest.fixture(scope="module")
def har(home: Path) -> Path:
    """The session from the kept log, written by the program in a process of its own."""
    done = run(["log", "export", "session.har"], home)
    assert done.returncode == 0, done.stderr
    return home / "session.har"


def test_mitmproxy_reads_every_call(har: Path, session: list[Exchange]) -> None:
    command = [*mitmdump(), "-n", "-q", "-r", str(har), "-s", str(Path(__file__).parent / "mitm_listing.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    wanted = [
        [each.method, each.url, each.status or 0, each.request_body.data.decode(), each.response_body.data.decode()]
        for each in session
    ]
    assert read == wanted


def test_haralyzer_reads_every_call(har: Path, session: list[Exchange]) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        pytest.skip("uv is not here")
    code = (
        "import json, sys\nfrom haralyzer import HarParser\nparser = HarParser(json.load(open(sys.argv[1])))\n"
        "print(json.dumps([[e['request']['method'], e['response']['status']] for e in parser.har_data['entries']]))"
    )
    command = [uv, "run", "--offline", "--quiet", "--no-project", "--with", "haralyzer==2.4.0", "python", "-c", code]
    done = subprocess.run([*command, str(har)], capture_output=True, text=True, timeout=SECONDS, cwd=har.parent)
    if done.returncode and "haralyzer" in done.stderr and "Traceback" not in done.stderr:
        pytest.skip("haralyzer has not been fetched: uv run --no-project --with haralyzer==2.4.0 python -V")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[each.method, each.status or 0] for each in session]


@pytest.mark.clients
@pytest.mark.timeout(400)
def test_the_published_schema_accepts_it(har: Path, tmp_path: Path) -> None:
    npm_install(tmp_path, SCHEMA)
    folder = tmp_path / "node_modules" / "har-schema" / "lib"
    schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    assert len(schemas) > 10
    resources = []
    for name, schema in schemas.items():
        schema.pop("$schema", None)
        schema["$id"] = f"https://har.test/{name}"
        resources.append((schema["$id"], Resource.from_contents(schema, default_specification=_draft())))
    validator = Draft7Validator(schemas["har.json"], registry=Registry().with_resources(resources))
    found = json.loads(har.read_text())
    assert [error.message for error in validator.iter_errors(found)] == []
    del found["log"]["entries"][0]["timings"]
    assert list(validator.iter_errors(found))


def _draft() -> Any:
    from referencing.jsonschema import DRAFT7

    return DRAFT7
