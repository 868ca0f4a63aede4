"""Rows: the property sets of both generations, arguments of every kind, and texts that attack."""

import json
from datetime import UTC, datetime

import pytest

from tests.unit.simulator.worlds import make_world, tenant_of
from tui.simulator.arguments import EVERY_TYPE
from tui.simulator.hostile import HUGE_WORD, PAYLOADS, tainted, tainted_text
from tui.simulator.operations import find_operation
from tui.simulator.release_rows import release_row
from tui.simulator.sign_in.tokens import Generation
from tui.simulator.wire import to_json, wire_time


def test_a_release_of_june_2019_has_the_tutorials_properties() -> None:
    world, _ = make_world()
    tenant = tenant_of(world, Generation.CLASSIC)
    row = release_row(tenant.releases[0], tenant)
    assert {"EnvironmentId", "EnvironmentName", "QueueDefinitionId"} <= row.keys()
    assert not {"OrganizationUnitId", "ProcessType", "FolderKey"} & row.keys()
    assert row["Arguments"] == {"Input": None, "Output": row["Arguments"]["Output"]}


def test_a_release_of_today_knows_its_folder() -> None:
    world, _ = make_world()
    tenant = tenant_of(world, Generation.MODERN)
    row = release_row(tenant.releases[0], tenant)
    assert row["OrganizationUnitId"] == tenant.folders[0].id
    assert not {"EnvironmentId", "EnvironmentName"} & row.keys()


def test_happy_has_every_kind_of_release() -> None:
    world, _ = make_world()
    tenant = tenant_of(world, Generation.MODERN)
    rows = [release_row(release, tenant) for release in tenant.releases]
    inputs = [row["Arguments"]["Input"] for row in rows if row["Arguments"]]
    types = {entry["type"] for text in inputs if text for entry in json.loads(text)}
    assert {of for _, of in EVERY_TYPE} <= types
    assert any(row["Arguments"] is None for row in rows)
    assert any(text is None for text in inputs)
    assert any("\n" in (text or "") for text in inputs)
    for name in ("IsProcessDeleted", "IsAttended"):
        assert {row[name] for row in rows} == {True, False}
    assert {row["IsLatestVersion"] for row in rows} == {True, False}
    outputs = [
        json.loads(row["Arguments"]["Output"]) for row in rows if row["Arguments"] and row["Arguments"]["Output"]
    ]
    assert all(set(entry) == {"name", "type"} for output in outputs for entry in output)


def test_the_same_releases_on_both_sides() -> None:
    world, _ = make_world()
    classic = {item.key: item.process.name for item in tenant_of(world, Generation.CLASSIC).releases}
    modern = {item.key: item.process.name for item in tenant_of(world, Generation.MODERN).releases}
    assert classic.items() <= modern.items()


def test_scenarios_that_change_the_lists() -> None:
    for scenario, count in (("empty", 0), ("many", 10_000)):
        world, _ = make_world(scenario)
        assert len(tenant_of(world, Generation.CLASSIC).releases) == count
    assert len({item.id for item in tenant_of(world, Generation.CLASSIC).releases}) == 10_000


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(7, "2019-06-12T09:28:12.9207318Z"), (2, "2019-06-12T09:28:12.92Z"), (0, "2019-06-12T09:28:12Z")],
)
def test_timestamps_have_up_to_seven_digits(digits: int, expected: str) -> None:
    moment = datetime(2019, 6, 12, 9, 28, 12, 920731, tzinfo=UTC)
    assert (wire_time(moment, digits) or "")[: len(expected) - 2] == expected[:-2]
    assert len(wire_time(moment, digits) or "") == len(expected)
    assert wire_time(None) is None


def test_hostile_rows_attack_texts_and_leave_keys_alone() -> None:
    row = {
        "Key": "k",
        "Id": 1,
        "State": "Running",
        "Name": "Payroll",
        "ProcessKey": "p",
        "CreationTime": "2019-06-12T09:28:12Z",
        "Robot": {"Name": "Tansy", "MachineId": 3},
        "Tags": ["a"],
        "Description": None,
    }
    attacked = tainted(row)
    for name in ("Key", "Id", "State", "CreationTime", "Description"):
        assert attacked[name] == row[name]
    for name in ("Name", "ProcessKey", "Tags", "Robot"):
        assert attacked[name] != row[name]
    assert json.loads(to_json(attacked)) == attacked
    release = tainted({"Arguments": {"Input": '[{"name": "in_Text"}]'}, "InputArguments": '{"in_Text": "in_Text"}'})
    names = [argument["name"] for argument in json.loads(release["Arguments"]["Input"])]
    assert json.loads(release["InputArguments"]) == {names[0]: "in_Text"}


def test_every_payload_is_used_and_survives_json() -> None:
    seen = "".join(tainted_text("Info", f"text {number}") for number in range(400))
    assert all(payload in seen for payload in PAYLOADS)
    assert HUGE_WORD in seen
    assert json.loads(to_json({"text": seen})) == {"text": seen}


@pytest.mark.parametrize(
    ("path", "key", "arguments"),
    [
        ("odata/Releases", "", {}),
        ("odata/releases/", "", {}),
        ("odata/Jobs(10173064)", "10173064", {}),
        ("odata/Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier=abc)", "", {"identifier": "abc"}),
        (
            "odata/Releases/UiPath.Server.Configuration.OData.GetByName(processName='O''Hara, (x)')",
            "",
            {"processname": "O'Hara, (x)"},
        ),
        ("odata/Robots/GetFolderRobots(folderId=1,machineId=2)", "", {"folderid": "1", "machineid": "2"}),
    ],
)
def test_paths_lead_to_operations(path: str, key: str, arguments: dict[str, str]) -> None:
    target = find_operation("GET", path, modern=True)
    assert target is not None
    assert (target.key, dict(target.arguments)) == (key, arguments)


@pytest.mark.parametrize(
    ("method", "path", "modern"),
    [
        ("GET", "odata/Nope", True),
        ("GET", "odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", True),
        ("DELETE", "odata/Jobs(1)", True),
        ("GET", "odata/Folders", False),
        ("GET", "odata/Environments", True),
        ("POST", "odata/Jobs/UiPath.Server.Configuration.OData.RestartJob", False),
        ("GET", "odata/((", True),
    ],
)
def test_paths_that_lead_nowhere(method: str, path: str, modern: bool) -> None:
    assert find_operation(method, path, modern=modern) is None
