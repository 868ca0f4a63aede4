"""What a token may do: scopes, roles, and what external applications and personal access tokens are refused."""

from collections.abc import Callable

import httpx
import pytest

from tests.e2e.simulator.conftest import Serve
from tests.e2e.simulator.wire import (
    START_JOBS,
    Orchestrator,
    application_token,
    bearer,
    classic,
    modern,
    refresh_2019,
    sign_in_today,
)
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.applications import FIRST_PARTY_CLIENT_ID

LOGS = "/odata/RobotLogs"
MINE = "/api/Folders/GetAllForCurrentUser"
NAVIGATION = "/api/FoldersNavigation/GetFoldersForCurrentUser"
PORTAL = "/lighthouse/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
ODATA = "UiPath.Server.Configuration.OData"
VALIDATE = f"/odata/Jobs/{ODATA}.ValidateDynamicJob"


def with_token(server: SimulatorServer, token: str) -> Orchestrator:
    return modern(server, Authorization=f"Bearer {token}")


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/odata/Releases", "OR.Execution"),
        (f"/odata/Releases/{ODATA}.ListReleases", "OR.Execution"),
        ("/odata/Jobs", "OR.Jobs"),
        ("/ODATA/JOBS(1)", "OR.Jobs"),
        (LOGS, "OR.Monitoring"),
        ("/api/Stats/GetJobsStats", "OR.Monitoring"),
        ("/odata/Robots", "OR.Robots"),
        ("/odata/Sessions", "OR.Robots"),
        (f"/odata/Users/{ODATA}.GetCurrentUser", "OR.Users"),
        ("/odata/Folders", "OR.Folders"),
        (MINE, "OR.Folders"),
    ],
)
def test_reads_ask_for_their_scope(happy: SimulatorServer, path: str, scope: str) -> None:
    for given in (scope, f"{scope}.Read", "OR.Default"):
        client = with_token(happy, application_token(happy, given))
        assert client.http.get(path).status_code in {200, 404}
    for given in (f"{scope}.Write", "OR.Assets"):
        refused = with_token(happy, application_token(happy, given)).http.get(path)
        assert (refused.status_code, list(refused.json())) == (403, ["errorMessage"])
        assert f"{scope} or {scope}.Read" in refused.json()["errorMessage"]


def test_starting_and_stopping_ask_for_writing(happy: SimulatorServer) -> None:
    reader = with_token(happy, application_token(happy, "OR.Jobs.Read OR.Execution"))
    refused = reader.start()
    assert (refused.status_code, refused.json()) == (
        403,
        {"errorMessage": "The access token lacks the scope OR.Jobs or OR.Jobs.Write."},
    )
    assert reader.get("/odata/Jobs").status_code == 200
    assert reader.http.post(f"/odata/Jobs(1)/{ODATA}.StopJob", json={"strategy": "Kill"}).status_code == 403
    writer = with_token(happy, application_token(happy, "OR.Jobs.Write"))
    assert writer.start().status_code == 201
    assert writer.get("/odata/Jobs").status_code == 403


def test_a_persons_scopes_count_too(happy: SimulatorServer) -> None:
    client = with_token(happy, sign_in_today(happy, "openid OR.Execution.Read")["access_token"])
    assert client.get("/odata/Releases").status_code == 200
    assert client.get("/odata/Jobs").json() == {
        "errorMessage": "The access token lacks the scope OR.Jobs or OR.Jobs.Read."
    }


def test_who_has_every_scope(happy: SimulatorServer) -> None:
    body = {"usernameOrEmailAddress": "admin", "password": "simulated-password"}
    password = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body).json()["result"]
    own = sign_in_today(happy, "openid OrchestratorApiUserAccess", FIRST_PARTY_CLIENT_ID)["access_token"]
    for client in (modern(happy), with_token(happy, password), with_token(happy, own)):
        paths = ("/odata/Releases", "/odata/Jobs", LOGS, "/odata/Folders", MINE, NAVIGATION, "/odata/Robots")
        assert {client.http.get(path).status_code for path in paths} == {200}
        assert client.start().status_code == 201
    old = classic(happy)
    assert {old.get(path).status_code for path in ("/odata/Releases", "/odata/Jobs", LOGS)} == {200}


def test_token_then_scope_then_folder_is_the_order_of_refusals(
    happy: SimulatorServer,
) -> None:
    client = with_token(happy, application_token(happy, "OR.Assets"))
    del client.http.headers["X-UIPATH-OrganizationUnitId"]
    assert client.get("/odata/Jobs").status_code == 403
    assert client.http.get("/odata/Jobs", headers=bearer("nonsense")).status_code == 401


def test_an_external_application_has_no_folders_of_its_own(happy: SimulatorServer) -> None:
    client = with_token(happy, application_token(happy, "OR.Folders"))
    mine = client.http.get(MINE)
    assert (mine.status_code, mine.json()) == (200, {"PageItems": [], "Count": 0})
    refused = client.http.get(NAVIGATION)
    assert (refused.status_code, refused.json()["unAuthorizedRequest"]) == (403, True)
    assert client.get("/odata/Folders").json()["value"]


def test_the_navigations_folders_are_for_no_oauth_application(happy: SimulatorServer) -> None:
    person = with_token(happy, sign_in_today(happy, "openid OR.Folders")["access_token"])
    assert person.http.get(NAVIGATION).status_code == 403
    assert person.http.get(MINE).json()["Count"] > 0
    assert modern(happy).http.get(NAVIGATION).status_code == 200


def test_tenants_are_listed_to_people_alone(happy: SimulatorServer) -> None:
    pat = happy.summary["automation_cloud"]["personal_access_token"]
    for token in (pat, application_token(happy, "OR.Folders")):
        refused = httpx.get(happy.base_url + PORTAL, headers=bearer(token))
        assert (refused.status_code, refused.content) == (403, b"")
    person = sign_in_today(happy)["access_token"]
    assert httpx.get(happy.base_url + PORTAL, headers=bearer(person)).json()["tenants"]


@pytest.mark.parametrize("make", [classic, modern])
def test_read_only(serve: Serve, make: Callable[[SimulatorServer], Orchestrator]) -> None:
    client = make(serve("read-only"))
    assert client.get("/odata/Releases").status_code == 200
    for path in (
        START_JOBS,
        f"/odata/Jobs/{ODATA}.StopJobs",
        f"/odata/Jobs(1)/{ODATA}.StopJob",
        *(() if make is classic else (VALIDATE, f"/odata/Jobs/{ODATA}.RestartJob")),
    ):
        refused = client.http.post(path, json={})
        said = refused.json()
        assert (refused.status_code, said["message"], said["errorCode"]) == (403, "You are not authorized!", 0)
        assert said["error"]["details"] == "You are not allowed to perform this operation."
    assert client.server.world.started_count == 0


def test_a_role_may_look_at_why_a_job_waits(serve: Serve) -> None:
    client = serve.modern("read-only")
    assert client.http.post(f"/odata/Jobs(1)/{ODATA}.ValidateExistingJob").status_code == 404


def test_a_scope_is_missed_before_a_role(serve: Serve) -> None:
    server = serve("read-only")
    refused = with_token(server, application_token(server, "OR.Jobs.Read")).start()
    assert list(refused.json()) == ["errorMessage"]


def test_folder_hidden(serve: Serve) -> None:
    client = serve.modern("folder-hidden")
    for path in ("/odata/Folders", f"/odata/Folders/{ODATA}.GetByKey(identifier=x)", MINE, NAVIGATION):
        refused = client.http.get(path)
        assert refused.status_code == 403
        assert refused.json() == {"errorMessage": "The access token lacks the scope OR.Folders or OR.Folders.Read."}
    folder = client.server.summary["automation_cloud"]["folders"][0]
    for name, value in (("X-UIPATH-FolderPath", folder["path"]), ("X-UIPATH-FolderKey", folder["key"])):
        named = modern(client.server, **{name: value})
        del named.http.headers["X-UIPATH-OrganizationUnitId"]
        assert named.get("/odata/Releases").json()["value"]
    assert client.start().status_code == 201


def test_no_monitoring(serve: Serve) -> None:
    client = serve.modern("no-monitoring")
    for path in (LOGS, "/api/Stats/GetJobsStats"):
        refused = client.http.get(path)
        said = {"errorMessage": "The access token lacks the scope OR.Monitoring or OR.Monitoring.Read."}
        assert (refused.status_code, refused.json()) == (403, said)
    assert client.states(client.start().json()["value"][0]["Id"])[-1] == "Successful"


def test_rights_compose(serve: Serve) -> None:
    client = serve.modern("folder-hidden", "no-monitoring", "read-only", "short")
    assert [client.http.get(path).status_code for path in (MINE, LOGS, "/odata/Releases")] == [403, 403, 200]
    assert client.start().status_code == 403


def test_names_that_lead_nowhere_in_2019(happy: SimulatorServer) -> None:
    """A display name is such a name; today's gateway answers pages (`test_simulator_refusals`)."""
    token = bearer(refresh_2019(happy)["access_token"])
    display = httpx.get(f"{happy.base_url}/harbourbakery/HarbourBakeryDefault/odata/Releases", headers=token)
    assert (display.status_code, display.json()["errorCode"]) == (404, 1002)
    account = httpx.get(f"{happy.base_url}/Harbour%20Bakery/HarbourBakeryDefault/odata/Releases", headers=token)
    assert (account.status_code, account.headers["content-type"].partition(";")[0]) == (404, "text/html")
    named = httpx.get(f"{happy.base_url}/harbourbakery/harbourbakerydefaultq7xk31824/odata/Releases", headers=token)
    assert named.status_code == 200


@pytest.mark.parametrize(
    "place", ["Lighthouse%20Logistics/DefaultTenant", "lighthouse/Default%20Tenant", "nobody/DefaultTenant"]
)
def test_names_that_lead_nowhere_today(happy: SimulatorServer, place: str) -> None:
    headers = modern(happy).headers
    for service in ("/orchestrator_", ""):
        answer = httpx.get(f"{happy.base_url}/{place}{service}/odata/Releases", headers=headers)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")


@pytest.mark.parametrize("base", ["/orchestrator_", "", "/lighthouse/DefaultTenant/orchestrator_"])
def test_the_version_needs_no_sign_in(happy: SimulatorServer, base: str) -> None:
    answer = httpx.get(f"{happy.base_url}{base}/api/status/version")
    assert answer.status_code == 200
    assert answer.json()["version"]
    assert answer.headers["api-supported-versions"].endswith("20.0")
