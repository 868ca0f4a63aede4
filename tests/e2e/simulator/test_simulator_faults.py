"""Each scenario over HTTP: what a client meets, and that it is the same every time."""

import json
import time

import httpx
import pytest

from tests.e2e.simulator.conftest import Serve
from tests.e2e.simulator.wire import START_JOBS, Orchestrator, bearer, classic, modern, refresh_2019, sign_in_today
from tui.simulator.hostile import PAYLOADS


def wait_for_end(client: Orchestrator, job_id: int) -> dict[str, object]:
    """Read through refusals and broken connections until the job has ended."""
    for _ in range(500):
        try:
            answer = client.get(f"/odata/Jobs({job_id})")
        except httpx.TransportError:
            continue
        if answer.status_code == 200 and answer.json()["State"] in {"Successful", "Faulted", "Stopped"}:
            return answer.json()
    raise AssertionError("the job did not end")


@pytest.mark.parametrize(
    ("scenario", "state"), [("happy", "Successful"), ("faulted", "Faulted"), ("stopped", "Stopped")]
)
@pytest.mark.parametrize("side", ["classic", "modern"])
def test_how_jobs_end(serve: Serve, side: str, scenario: str, state: str) -> None:
    client: Orchestrator = getattr(serve, side)(scenario)
    job = wait_for_end(client, client.start().json()["value"][0]["Id"])
    assert job["State"] == state
    assert job["Info"]


def test_pending_for_ever_says_why(serve: Serve) -> None:
    client = serve.modern("pending", speed=1000)
    job_id = client.start().json()["value"][0]["Id"]
    assert client.get(f"/odata/Jobs({job_id})").json()["State"] == "Pending"
    reasons = client.http.post(f"/odata/Jobs({job_id})/UiPath.Server.Configuration.OData.ValidateExistingJob").json()
    assert reasons["IsValid"] is False
    assert reasons["ErrorCodes"] == ["TemplateNoHostsAvailable"]
    assert reasons["Errors"]


def test_suspended_jobs_come_back(serve: Serve) -> None:
    client = serve.modern("suspended", speed=10)
    states = client.states(client.start().json()["value"][0]["Id"])
    assert states == ["Pending", "Running", "Suspended", "Resumed", "Running", "Successful"]


def test_many_releases_and_five_hundred_jobs(serve: Serve) -> None:
    client = serve.modern("many")
    first = client.get("/odata/Releases", top="1000", skip="0", orderby="Name").json()
    last = client.get("/odata/Releases", top="1000", skip="9000", orderby="Name").json()
    assert first["@odata.count"] == last["@odata.count"] == 10_000
    assert len(first["value"]) == len(last["value"]) == 1000
    some = client.get("/odata/Releases", filter="contains(tolower(Name),'refund') and endswith(Name,'00041')").json()
    assert some["@odata.count"] == 0
    jobs = client.start(JobsCount=500).json()["value"]
    assert len({job["Id"] for job in jobs}) == 500
    listed = client.get("/odata/Jobs", filter=f"BatchExecutionKey eq {jobs[0]['BatchExecutionKey']}").json()
    assert listed["@odata.count"] == 500


def test_one_start_on_all_robots_of_2019_makes_five_hundred_jobs(serve: Serve) -> None:
    client = serve.classic("many")
    assert len(client.start(Strategy="All").json()["value"]) == 500
    assert client.get("/odata/Robots", top="1000").json()["@odata.count"] == 500


@pytest.mark.parametrize("side", ["classic", "client_credentials"])
def test_expired_tokens(serve: Serve, side: str) -> None:
    server = serve("expired")
    cloud = server.summary["automation_cloud"]
    client = classic(server) if side == "classic" else modern(server)
    form = {
        "grant_type": "client_credentials",
        "client_id": cloud["client_id"],
        "client_secret": cloud["client_secret"],
        "scope": "OR.Jobs",
    }

    def renew() -> str:
        if side == "classic":
            return refresh_2019(server)["access_token"]
        return httpx.post(f"{server.base_url}/identity_/connect/token", data=form).json()["access_token"]

    for _ in range(2):
        client.http.headers["Authorization"] = f"Bearer {renew()}"
        statuses = [client.get("/odata/Jobs").status_code for _ in range(10)]
        assert statuses == [200] * 8 + [401] * 2


def test_throttled_calls_say_when_to_come_back(serve: Serve) -> None:
    client = serve.classic("throttled")
    answers = [client.get("/odata/Jobs") for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429] * 2
    assert answers[3].headers["Retry-After"] == "1"
    assert answers[3].json()["message"]


def test_an_outage_spares_what_comes_before_a_start(serve: Serve) -> None:
    client = serve.modern("outage", speed=0.001)
    assert {client.get("/odata/Releases").status_code for _ in range(12)} == {200}
    job_id = client.start().json()["value"][0]["Id"]
    seen: list[object] = []
    for _ in range(10):
        try:
            answer = client.get(f"/odata/Jobs({job_id})")
            seen.append(answer.status_code if answer.headers["content-type"].startswith("application/json") else "page")
        except httpx.TransportError as error:
            seen.append(type(error).__name__)
    assert seen[:5] == [200, 200, 200, 503, "page"]
    assert all(isinstance(name, str) and name.endswith(("ReadError", "ProtocolError")) for name in seen[5:7])
    assert seen[7:] == [503, 200, 200]


def test_an_outage_can_be_sat_out(serve: Serve) -> None:
    client = serve.modern("outage", "faulted")
    assert wait_for_end(client, client.start().json()["value"][0]["Id"])["State"] == "Faulted"


@pytest.mark.parametrize("side", ["classic", "modern"])
def test_an_ambiguous_start_created_the_jobs(serve: Serve, side: str) -> None:
    client: Orchestrator = getattr(serve, side)("ambiguous")
    with pytest.raises(httpx.TransportError):
        client.start()
    assert client.server.world.started_count == 1
    assert client.get("/odata/Jobs", orderby="Id desc", top="1").json()["@odata.count"] >= 1
    refused = client.http.post(START_JOBS, json={})
    assert (refused.status_code, refused.json()["errorCode"]) == (400, 0)
    assert client.server.world.started_count == 1


def test_an_ambiguous_start_is_found_by_its_reference(serve: Serve) -> None:
    client = serve.modern("ambiguous")
    with pytest.raises(httpx.TransportError):
        client.start(Reference="tag/42", JobsCount=2)
    found = client.get("/odata/Jobs", filter="Reference eq 'tag/42'").json()
    assert found["@odata.count"] == 2


def test_slow_answers(serve: Serve) -> None:
    client = serve.modern("slow", speed=10)
    before = time.monotonic()
    assert client.get("/odata/Jobs").status_code == 200
    assert time.monotonic() - before >= 0.15


def test_empty(serve: Serve) -> None:
    server = serve("empty")
    assert server.summary["releases"] == []
    for client in (classic(server), modern(server)):
        assert client.get("/odata/Releases").json()["@odata.count"] == 0


def test_forbidden(serve: Serve) -> None:
    client = serve.modern("forbidden")
    logs = client.get("/odata/RobotLogs")
    assert (logs.status_code, list(logs.json())) == (403, ["errorMessage"])
    for path in (
        "/odata/Folders",
        "/odata/Folders/UiPath.Server.Configuration.OData.GetByKey(identifier=x)",
        "/api/Folders/GetAllForCurrentUser",
        "/api/FoldersNavigation/GetFoldersForCurrentUser",
    ):
        answer = client.http.get(path)
        assert (answer.status_code, answer.json()["unAuthorizedRequest"]) == (403, True)
    assert client.start().status_code == 201


def test_in_2019_a_role_is_missed_and_never_a_scope(serve: Serve) -> None:
    refused = classic(serve("forbidden")).get("/odata/RobotLogs")
    said = refused.json()
    assert (refused.status_code, said["message"], said["unAuthorizedRequest"]) == (403, "You are not authorized!", True)
    assert "errorMessage" not in said


def test_a_refused_listing_of_tenants(serve: Serve) -> None:
    client = serve.modern("listing-refused")
    path = "/lighthouse/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
    person = bearer(sign_in_today(client.server)["access_token"])
    answer = httpx.get(client.server.base_url + path, headers=person)
    assert (answer.status_code, answer.content) == (403, b"")
    assert client.get("/odata/Releases").status_code == 200


@pytest.mark.parametrize("side", ["classic", "modern"])
def test_hostile_texts_everywhere(serve: Serve, side: str) -> None:
    client: Orchestrator = getattr(serve, side)("hostile", "faulted")
    releases = client.get("/odata/Releases").json()["value"]
    names = json.dumps([[row["Name"], row["Description"], row["ProcessVersion"]] for row in releases])
    assert sum(json.dumps(payload)[1:-1] in names for payload in PAYLOADS) > 8
    started = client.start().json()["value"][0]
    job = wait_for_end(client, started["Id"])
    assert job["Key"] == started["Key"]
    assert any(payload in str(job["Info"]) for payload in PAYLOADS)
    logs = client.get("/odata/RobotLogs", filter=f"JobKey eq {job['Key']}").json()["value"]
    assert all(any(payload in row["Message"] for payload in PAYLOADS) for row in logs)
    refused = client.get("/odata/Jobs(1)").json()["message"]
    assert any(payload in refused for payload in PAYLOADS)
    inputs = [row["Arguments"]["Input"] for row in releases if row["Arguments"] and row["Arguments"]["Input"]]
    assert all(json.loads(text)[0]["type"] for text in inputs)


def test_hostile_names_before_a_tenant_is_chosen(serve: Serve) -> None:
    server = serve("hostile")
    headers = {"Authorization": f"Bearer {refresh_2019(server)['id_token']}"}
    accounts = httpx.get(f"{server.base_url}/cloudrpa/api/getAccountsForUser", headers=headers).json()
    assert accounts["accounts"][0]["accountLogicalName"] == "harbourbakery"
    assert accounts["accounts"][0]["accountName"] != "Harbour Bakery"
    path = "/cloudrpa/api/account/harbourbakery/getAllServiceInstances"
    instance = httpx.get(server.base_url + path, headers=headers).json()[0]
    assert instance["serviceInstanceLogicalName"] == "HarbourBakeryDefaultq7xk31824"
    assert instance["serviceInstanceName"] != "HarbourBakeryDefault"
    path = "/lighthouse/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
    listing = httpx.get(server.base_url + path, headers=bearer(sign_in_today(server)["access_token"])).json()
    assert listing["organization"]["name"] == "lighthouse"
    assert listing["organization"]["displayName"] != "Lighthouse Logistics"
    assert listing["tenants"][0]["name"] == "DefaultTenant"


def test_scenarios_combine_over_http(serve: Serve) -> None:
    client = serve.classic("throttled", "faulted")
    job = wait_for_end(client, client.start().json()["value"][0]["Id"])
    assert job["State"] == "Faulted"
