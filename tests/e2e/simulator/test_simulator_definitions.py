"""Recorded answers against UiPath's own definitions, where a checkout has them beside it.

The definitions mark nothing as nullable although the service sends null freely: every type admits null here.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft7Validator

from tests.e2e.simulator.wire import Orchestrator, classic, modern
from tui.simulator.server import SimulatorServer

FOLDER = Path(__file__).parents[3].resolve().parent / "shared" / "openapi"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="UiPath's definitions are not beside this checkout")


@cache
def definition(name: str) -> dict[str, Any]:
    """Return a definition's schemas with local references, nulls admitted everywhere."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    document = json.loads(text) if name.endswith("json") else yaml.load(text, Loader=yaml.CSafeLoader)
    schemas = document.get("definitions") or document["components"]["schemas"]
    return {key: admitting_null(schema) for key, schema in schemas.items()}


def admitting_null(schema: Any) -> Any:
    if isinstance(schema, list):
        return [admitting_null(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"anyOf": [{"$ref": f"#/definitions/{schema['$ref'].rpartition('/')[2]}"}, {"type": "null"}]}
    changed = {name: admitting_null(member) for name, member in schema.items() if name != "properties"}
    if isinstance(schema.get("properties"), dict):
        changed["properties"] = {name: admitting_null(of) for name, of in schema["properties"].items()}
    if isinstance(changed.get("type"), str):
        changed["type"] = [changed["type"], "null"]
    if isinstance(changed.get("enum"), list):
        changed["enum"] = [*changed["enum"], None]
    return changed


def errors(name: str, schema: str, instance: dict[str, Any]) -> list[str]:
    schemas = definition(name)
    validator = Draft7Validator({"$ref": f"#/definitions/{schema}", "definitions": schemas})
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(instance)]


def unknown_properties(name: str, schema: str, row: dict[str, Any]) -> set[str]:
    return {key for key in row if not key.startswith("@")} - set(definition(name)[schema]["properties"])


V2019, V20 = "UiPath2019.4.swagger.json", "uipathcli-orchestrator.yaml"
NOT_IN_2019_4 = {"QueueDefinitionId", "QueueDefinitionName"}
"""The tutorial's answer of June 2019 has them though the definition has not."""

Reading = Callable[[Orchestrator], httpx.Response]
ODATA = "UiPath.Server.Configuration.OData"


def first_job(client: Orchestrator) -> str:
    return f"/odata/Jobs({client.get('/odata/Jobs', top='1').json()['value'][0]['Id']})"


CLASSIC_READINGS: dict[str, tuple[str, Reading]] = {
    "releases": ("ReleaseDto", lambda c: c.get("/odata/Releases", expand="Environment,CurrentVersion,ReleaseVersions")),
    "start": ("JobDto", lambda c: c.start(Strategy="All")),
    "jobs": ("JobDto", lambda c: c.get("/odata/Jobs", expand="Robot,Release")),
    "one job": ("JobDto", lambda c: c.get(first_job(c), expand="Robot,Release")),
    "logs": ("LogDto", lambda c: c.get("/odata/RobotLogs")),
    "robots": ("RobotDto", lambda c: c.get("/odata/Robots", expand="Environments")),
    "sessions": ("SessionDto", lambda c: c.get("/odata/Sessions", expand="Robot")),
    "environments": ("EnvironmentDto", lambda c: c.get("/odata/Environments", expand="Robots")),
}
MODERN_READINGS: dict[str, tuple[str, Reading]] = {
    "releases": ("ReleaseDto", lambda c: c.get("/odata/Releases", expand="EntryPoint,CurrentVersion,ReleaseVersions")),
    "start": ("JobDto", lambda c: c.start(JobsCount=2, Reference="r", JobPriority="High", RuntimeType="Unattended")),
    "jobs": ("JobDto", lambda c: c.get("/odata/Jobs", expand="Robot,Release,Machine")),
    "one job": ("JobDto", lambda c: c.get(first_job(c), expand="Robot,Release,Machine")),
    "logs": ("LogDto", lambda c: c.get("/odata/RobotLogs")),
    "robots": ("RobotDto", lambda c: c.get("/odata/Robots", expand="Environments")),
    "sessions": ("SessionDto", lambda c: c.get("/odata/Sessions", expand="Robot")),
    "runtimes": (
        "MachineSessionRuntimeDto",
        lambda c: c.get(f"/odata/Sessions/{ODATA}.GetMachineSessionRuntimesByFolderId(folderId=1)"),
    ),
    "folders": ("FolderDto", lambda c: c.get("/odata/Folders")),
    "my folders": ("ExtendedFolderDto", lambda c: c.http.get("/api/Folders/GetAllForCurrentUser")),
    "user": ("UserDto", lambda c: c.get(f"/odata/Users/{ODATA}.GetCurrentUser")),
    "validation": ("ValidationResultDto", lambda c: c.http.post(f"{first_job(c)}/{ODATA}.ValidateExistingJob")),
}


def rows_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code in {200, 201}, answer.text
    body = answer.json()
    rows = body.get("value", body.get("PageItems", [body]))
    assert rows
    return rows


@pytest.fixture(scope="module", params=["happy", "faulted", "stopped", "pending"])
def server(request: pytest.FixtureRequest) -> Iterator[SimulatorServer]:
    with SimulatorServer([request.param], speed=200) as running:
        yield running


@pytest.mark.parametrize("name", CLASSIC_READINGS)
def test_answers_of_2019(server: SimulatorServer, name: str) -> None:
    client = classic(server)
    client.states_or_pending(client.start(Strategy="All").json()["value"][0]["Id"])
    schema, read = CLASSIC_READINGS[name]
    rows = rows_of(read(client)) if name != "logs" or "pending" not in server.scenarios else []
    for row in rows:
        if row.get("Level") == "Information":
            row["Level"] = "Info"  # Turns up in recordings although no definition lists it.
        assert errors(V2019, schema, row) == []
        assert unknown_properties(V2019, schema, row) <= NOT_IN_2019_4


@pytest.mark.parametrize("name", MODERN_READINGS)
def test_answers_of_today(server: SimulatorServer, name: str) -> None:
    client = modern(server)
    client.states_or_pending(client.start().json()["value"][0]["Id"])
    schema, read = MODERN_READINGS[name]
    rows = rows_of(read(client)) if name != "logs" or "pending" not in server.scenarios else []
    for row in rows:
        if row.get("Level") == "Information":
            row["Level"] = "Info"  # Turns up in recordings although no definition lists it.
        assert errors(V20, schema, row) == []
        assert unknown_properties(V20, schema, row) == set()


def test_the_properties_of_a_job_are_all_there(server: SimulatorServer) -> None:
    """2019.4 without its navigation properties, as in the tutorial's own answer; v20 the same way."""
    for client, name, navigation in (
        (classic(server), V2019, {"Robot", "Release"}),
        (modern(server), V20, {"Robot", "Release", "Machine"}),
    ):
        row = client.start().json()["value"][0]
        assert row.keys() == definition(name)["JobDto"]["properties"].keys() - navigation


def test_the_validator_sees_a_wrong_row() -> None:
    assert errors(V20, "JobDto", {"State": "Dancing", "Id": "one"})
    assert errors(V2019, "JobDto", {"State": "Suspended"})


@pytest.mark.parametrize(("client", "definitions"), [(classic, V2019), (modern, V20)], ids=["2019", "today"])
def test_the_audit_log_says_who_started_a_job(client: Any, definitions: Any) -> None:
    with SimulatorServer(["auditor"]) as server:
        caller = client(server)
        created = caller.start(**({"Strategy": "All"} if definitions is V2019 else {"JobsCount": 2})).json()["value"]
        rows = rows_of(caller.get("/odata/AuditLogs", filter="ExecutionTime ge 2019-01-01T00:00:00.000Z"))
        user = caller.get(f"/odata/Users/{ODATA}.GetCurrentUser()").json()
    assert {row["EntityId"] for row in rows} == {job["Id"] for job in created}
    for row in rows:
        assert errors(definitions, "AuditLogDto", row) == []
        assert (row["UserName"], row["UserId"], row["Action"]) == (user["UserName"], user["Id"], "StartJob")


def test_reading_the_audit_log_takes_a_role_that_may() -> None:
    with SimulatorServer(["happy"]) as server:
        assert classic(server).get("/odata/AuditLogs").status_code == 403
