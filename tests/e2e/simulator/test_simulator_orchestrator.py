"""The Orchestrator half over HTTP, on all three base paths: lists, single entities, start, watch, stop."""

import http.client
import json
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.e2e.simulator.conftest import Serve
from tests.e2e.simulator.wire import ENDED_WELL, START_JOBS, Orchestrator, classic, modern
from tui.simulator.server import SimulatorServer


@pytest.mark.parametrize("path_form", [False, True])
def test_from_release_to_the_end_in_2019(happy: SimulatorServer, path_form: bool) -> None:
    client = classic(happy, path_form=path_form)
    releases = client.get("/odata/Releases").json()
    assert releases["@odata.context"] == f"{happy.base_url}{client.base}/odata/$metadata#Releases"
    assert releases["@odata.count"] == len(releases["value"]) == len(happy.summary["releases"])
    answer = client.start(Strategy="All", RobotIds=[], JobsCount=0, Source="Manual")
    assert answer.status_code == 201
    assert list(answer.json()) == ["@odata.context", "value"]
    job = answer.json()["value"][0]
    assert (job["State"], job["Source"], job["Type"]) == ("Pending", "Manual", "Unattended")
    assert len(job["CreationTime"].rpartition(".")[2]) == 8
    assert client.states(job["Id"]) in ENDED_WELL
    logs = client.get("/odata/RobotLogs", filter=f"JobKey eq {job['Key']}", orderby="TimeStamp asc").json()
    assert logs["value"][0]["Message"] == "InvoiceIntake execution started"


@pytest.mark.parametrize("service", ["/orchestrator_", "/ORCHESTRATOR_", ""])
def test_from_release_to_the_end_today(happy: SimulatorServer, service: str) -> None:
    client = modern(happy, service=service)
    answer = client.start(Strategy="ModernJobsCount", JobsCount=2, Reference="tag/1")
    assert answer.status_code == 201
    job = answer.json()["value"][0]
    found = client.get("/odata/Jobs", filter="Reference eq 'tag/1'", orderby="Id desc", top="1", count="true").json()
    assert found["@odata.count"] % 2 == 0
    assert client.states(job["Id"]) in ENDED_WELL
    by_key = client.get(f"/odata/Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier={job['Key']})").json()
    assert json.loads(by_key["OutputArguments"])["out_InvoiceCount"] == 12
    logs = client.get("/odata/RobotLogs", filter=f"JobKey eq {job['Key']}").json()["value"]
    assert {row["Id"] for row in logs} == {0}


def test_every_answer_names_the_supported_versions(classic_client: Orchestrator, modern_client: Orchestrator) -> None:
    assert modern_client.get("/odata/Jobs").headers["api-supported-versions"].split(", ")[-1] == "20.0"
    assert classic_client.get("/odata/Jobs").headers["api-supported-versions"].split(", ")[-1] == "4.0"


def test_the_version_probe_needs_no_sign_in(happy: SimulatorServer) -> None:
    paths = ["/api/status/version", "/orchestrator_/api/status/version", "/api/Status/Get"]
    for path in [*paths, "/lighthouse/DefaultTenant/orchestrator_/api/status/version"]:
        answer = httpx.get(happy.base_url + path)
        assert answer.status_code == 200
        assert answer.headers["api-supported-versions"]
    assert httpx.get(happy.base_url + paths[0]).json()["version"]


def test_property_and_option_names_in_any_case(modern_client: Orchestrator, happy: SimulatorServer) -> None:
    key = happy.summary["releases"][0]["key"]
    query = f"%24FILTER=key+in+('{key}')&%24select=id,key&$Top=1"
    answer = modern_client.http.get(f"/odata/releases?{query}").json()
    assert answer["@odata.context"].endswith("#Releases(Id,Key)")
    assert [list(row) for row in answer["value"]] == [["Key", "Id"]]
    started = modern_client.http.post(START_JOBS.lower(), json={"STARTINFO": {"releasekey": key, "jobscount": 1}})
    assert started.status_code == 201


def test_chunked_bodies_and_a_lower_case_bearer(happy: SimulatorServer) -> None:
    client = classic(happy)
    address = urlsplit(happy.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    body = json.dumps({"startInfo": {"ReleaseKey": happy.summary["releases"][0]["key"], "Strategy": "All"}}).encode()
    headers = {
        "authorization": client.headers["Authorization"].replace("Bearer", "bearer"),
        "x-uipath-tenantname": client.headers["X-UIPATH-TenantName"].upper(),
    }
    connection.request("POST", START_JOBS, iter([body[:10], body[10:]]), headers, encode_chunked=True)
    assert connection.getresponse().status == 201
    assert happy.journal[-1].headers["transfer-encoding"] == "chunked"
    assert happy.journal[-1].body == body
    connection.close()


def test_single_releases(modern_client: Orchestrator) -> None:
    row = modern_client.get("/odata/Releases", top="1", expand="EntryPoint").json()["value"][0]
    assert row["EntryPoint"]["Path"] == "Main.xaml"
    one = modern_client.get(f"/odata/Releases({row['Id']})", select="Name").json()
    assert one["@odata.context"].endswith("#Releases/$entity")
    assert one["Name"] == row["Name"]
    prefix = "/odata/Releases/UiPath.Server.Configuration.OData"
    assert modern_client.get(f"{prefix}.GetByKey(identifier={row['Key']})").json()["Id"] == row["Id"]
    assert modern_client.get(f"{prefix}.GetByName(processName='{quote(row['Name'])}')").json()["Id"] == row["Id"]
    assert len(modern_client.get(f"{prefix}.ListReleases").json()["value"]) == 11
    assert modern_client.get("/odata/Releases(1)").json()["errorCode"] == 1002
    assert modern_client.get(f"{prefix}.GetByName(processName='x')").status_code == 404


def test_expansion_brings_robot_release_and_machine(modern_client: Orchestrator) -> None:
    job_id = modern_client.start().json()["value"][0]["Id"]
    modern_client.states(job_id)
    plain = modern_client.get(f"/odata/Jobs({job_id})").json()
    assert not {"Robot", "Release", "Machine"} & plain.keys()
    rich = modern_client.get(f"/odata/Jobs({job_id})", expand="Robot,Release,Machine").json()
    assert rich["Release"]["Name"] == rich["ReleaseName"]
    filtered = modern_client.get("/odata/Jobs", filter=f"Robot/Id eq {rich['Robot']['Id']} and Id eq {job_id}").json()
    assert filtered["@odata.count"] == 1


@pytest.mark.parametrize(("strategy", "states"), [("SoftStop", "Stopping"), ("1", "Stopping"), ("Kill", "Terminating")])
def test_stopping_a_job(serve_slow: Orchestrator, strategy: str, states: str) -> None:
    long = next(item["key"] for item in serve_slow.server.summary["releases"] if item["long_running"])
    job_id = serve_slow.start(ReleaseKey=long).json()["value"][0]["Id"]
    while serve_slow.get(f"/odata/Jobs({job_id})").json()["State"] != "Running":
        pass
    path = f"/odata/Jobs({job_id})/UiPath.Server.Configuration.OData.StopJob"
    answer = serve_slow.http.post(path, json={"Strategy": strategy})
    assert (answer.status_code, answer.content) == (200, b"")
    assert serve_slow.states(job_id) == [states, "Successful" if states == "Stopping" else "Stopped"]
    assert serve_slow.http.post(path, json={"strategy": strategy}).status_code == 409


@pytest.fixture
def serve_slow(serve: Serve) -> Orchestrator:
    """A server at a pace at which intermediate states can be seen."""
    return serve.modern(speed=4)


def test_stopping_several_jobs(modern_client: Orchestrator, happy: SimulatorServer) -> None:
    long = next(item["key"] for item in happy.summary["releases"] if item["long_running"])
    ids = [row["Id"] for row in modern_client.start(ReleaseKey=long, JobsCount=3).json()["value"]]
    path = "/odata/Jobs/UiPath.Server.Configuration.OData.StopJobs"
    answer = modern_client.http.post(path, json={"jobIds": ids, "strategy": "2"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert {modern_client.states(job_id)[-1] for job_id in ids} == {"Stopped"}
    assert modern_client.http.post(path, json={"jobIds": ids, "strategy": "Kill"}).status_code == 200
    for body in ({"jobIds": [], "strategy": "Kill"}, {"jobIds": ids}, {"jobIds": ids, "strategy": "Gently"}):
        assert modern_client.http.post(path, json=body).json()["errorCode"] == 0
    assert modern_client.http.post(path, json={"jobIds": [1], "strategy": "Kill"}).status_code == 404


def test_restarting_and_resuming(modern_client: Orchestrator) -> None:
    job = modern_client.start(Reference="again").json()["value"][0]
    restart = "/odata/Jobs/UiPath.Server.Configuration.OData.RestartJob"
    assert modern_client.http.post(restart, json={"jobId": job["Id"]}).status_code == 409
    modern_client.states(job["Id"])
    answer = modern_client.http.post(restart, json={"jobId": job["Id"]}).json()
    assert answer["Id"] > job["Id"]
    assert answer["Reference"] == "again"
    resume = "/odata/Jobs/UiPath.Server.Configuration.OData.ResumeJob"
    assert modern_client.http.post(resume, json={"jobKey": job["Key"]}).status_code == 409
    assert modern_client.http.post(resume, json={"jobKey": "no key"}).status_code == 404


def test_validation(modern_client: Orchestrator, happy: SimulatorServer) -> None:
    dry = "/odata/Jobs/UiPath.Server.Configuration.OData.ValidateDynamicJob"
    body = {"startInfo": {"ReleaseKey": happy.summary["releases"][0]["key"]}}
    started = happy.world.started_count
    assert modern_client.http.post(dry, json=body).json()["IsValid"] is True
    assert happy.world.started_count == started
    job_id = modern_client.start().json()["value"][0]["Id"]
    existing = f"/odata/Jobs({job_id})/UiPath.Server.Configuration.OData.ValidateExistingJob"
    assert modern_client.http.post(existing).json()["ErrorCodes"] == []


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/odata/Robots", "Name"),
        ("/odata/Sessions", "State"),
        ("/odata/Environments", "Name"),
        ("/odata/Robots/UiPath.Server.Configuration.OData.GetRobotsForProcess(processId='InvoiceIntake')", "Name"),
    ],
)
def test_what_a_start_dialog_of_2019_asks(classic_client: Orchestrator, path: str, first: str) -> None:
    rows = classic_client.get(path).json()["value"]
    assert rows
    assert first in rows[0]


def test_environments_and_their_robots(classic_client: Orchestrator) -> None:
    office = classic_client.get("/odata/Environments", expand="Robots").json()["value"][0]
    prefix = "/odata/Environments/UiPath.Server.Configuration.OData.GetRobotsForEnvironment"
    robots = classic_client.get(f"{prefix}(key={office['Id']})").json()["value"]
    assert [robot["Id"] for robot in robots] == [robot["Id"] for robot in office["Robots"]]
    assert classic_client.get(f"{prefix}(key=1)").status_code == 404


def test_what_a_start_dialog_of_today_asks(modern_client: Orchestrator) -> None:
    odata = "UiPath.Server.Configuration.OData"
    for path in (
        "/odata/Robots",
        f"/odata/Robots/{odata}.GetFolderRobots(folderId=1,machineId=2)",
        f"/odata/Sessions/{odata}.GetMachineSessionRuntimesByFolderId(folderId=1)",
    ):
        assert modern_client.get(path).json()["@odata.count"] == 4
    user = modern_client.get(
        f"/odata/Users/{odata}.GetCurrentUserExtended", expand="PersonalWorkspace", select="PersonalWorkspace"
    ).json()
    assert user["PersonalWorkspace"]["FolderType"] == "Personal"
    counters = modern_client.http.get("/api/Stats/GetJobsStats").json()
    assert counters[0]["title"] == "Successful"


def test_folders(modern_client: Orchestrator, happy: SimulatorServer) -> None:
    listed = happy.summary["automation_cloud"]["folders"]
    rows = modern_client.get("/odata/Folders", orderby="FullyQualifiedName desc").json()["value"]
    assert {row["Key"] for row in rows} == {folder["key"] for folder in listed}
    prefix = "/odata/Folders/UiPath.Server.Configuration.OData.GetByKey"
    assert modern_client.get(f"{prefix}(identifier={listed[1]['key']})").json()["ParentId"] == listed[0]["id"]
    assert modern_client.get(f"{prefix}(identifier=x)").status_code == 404
    mine = modern_client.http.get("/api/Folders/GetAllForCurrentUser?take=2&skip=1").json()
    assert (mine["Count"], [item["Id"] for item in mine["PageItems"]]) == (4, [item["id"] for item in listed[1:3]])
    assert modern_client.http.get("/api/Folders/GetAllForCurrentUser?take=1001").json()["errorCode"] == 1009
    assert modern_client.http.get("/api/Folders/GetAllForCurrentUser?take=x").status_code == 400
    found = modern_client.http.get("/api/FoldersNavigation/GetFoldersForCurrentUser?searchText=month&take=100").json()
    assert found["Count"] == 1
    assert (
        modern_client.http.get("/api/FoldersNavigation/GetFoldersForCurrentUser?take=101").json()["errorCode"] == 1009
    )


def test_folder_headers(happy: SimulatorServer) -> None:
    folder = happy.summary["automation_cloud"]["folders"][1]
    client = modern(happy)
    del client.http.headers["X-UIPATH-OrganizationUnitId"]
    for name in ("Releases", "Jobs", "RobotLogs"):
        missing = client.get(f"/odata/{name}")
        assert (missing.status_code, missing.json()["errorCode"]) == (400, 1101)
    encoded = "RgBpAG4AYQBuAGMAZQAvAE0AbwBuAHQAaAAgAEUAbgBkAA=="
    for headers in (
        {"X-Uipath-Organizationunitid": str(folder["id"])},
        {"x-uipath-folderkey": folder["key"]},
        {"X-UIPATH-FolderPath": folder["path"]},
        {"X-UIPATH-FolderPath-Encoded": encoded},
    ):
        rows = client.http.get("/odata/Releases", headers=headers).json()["value"]
        assert [row["Name"] for row in rows] == ["Quarterly Report"]
    unknown = client.http.get("/odata/Releases", headers={"X-UIPATH-OrganizationUnitId": "7"})
    assert (unknown.status_code, unknown.json()["errorCode"]) == (400, 1100)


def test_jobs_are_seen_only_in_their_folder(happy: SimulatorServer, modern_client: Orchestrator) -> None:
    job_id = modern_client.start().json()["value"][0]["Id"]
    other = modern(happy, folder=2)
    assert other.get(f"/odata/Jobs({job_id})").status_code == 404
    assert job_id not in [row["Id"] for row in other.get("/odata/Jobs").json()["value"]]
