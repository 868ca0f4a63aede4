"""What the Orchestrator half refuses, what its gateway answers where nothing is, and what metadata tells."""

import httpx
import pytest

from tests.e2e.simulator.wire import Orchestrator, classic, modern
from tui.simulator.server import SimulatorServer


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/odata/Jobs(1)", 404, 1002),
        ("/odata/Jobs(abc)", 404, 1002),
        ("/odata/Jobs?$top=1001", 400, 1000),
        ("/odata/Jobs?$filter=Nope%20eq%201", 400, 1000),
        ("/odata/Jobs?$frobnicate=1", 400, 1000),
        ("/odata/Jobs(1)?$expand=Nope", 404, 1002),
    ],
)
def test_refusals_have_orchestrators_shape(modern_client: Orchestrator, path: str, status: int, code: int) -> None:
    answer = modern_client.http.get(path)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)
    assert answer.json()["message"]
    assert answer.json()["traceId"].startswith("00-")


def test_who_may_not(happy: SimulatorServer) -> None:
    """Nobody without a token, nobody with another generation's token, nobody without a tenant."""
    old, new = classic(happy), modern(happy)
    attempts = [
        (new.base, {}),
        (new.base, {"Authorization": "Bearer nonsense"}),
        (new.base, {"Authorization": "Basic YTpi"}),
        (new.base, {**new.headers, "Authorization": old.headers["Authorization"]}),
        ("", {"Authorization": old.headers["Authorization"]}),
        ("", {"Authorization": old.headers["Authorization"], "X-UIPATH-TenantName": "nobody"}),
    ]
    for base, headers in attempts:
        answer = httpx.get(f"{happy.base_url}{base}/odata/Jobs", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["unAuthorizedRequest"] is True
        assert answer.json()["error"]["details"]


@pytest.mark.parametrize(
    "path",
    [
        "/lighthouse/DefaultTenant/orchestrator_/odata/Nope",
        "/lighthouse/DefaultTenant/orchestrator_/nope",
        "/lighthouse/DefaultTenant/elsewhere_/odata/Jobs",
        "/lighthouse/NoTenant/orchestrator_/odata/Jobs",
        "/nobody/nothing/odata/Jobs",
        "/harbourbakery/HarbourBakeryDefaultq7xk31824/orchestrator_/odata/Jobs",
    ],
)
def test_the_gateway_answers_pages_where_nothing_is(
    happy: SimulatorServer, modern_client: Orchestrator, path: str
) -> None:
    answer = httpx.get(happy.base_url + path, headers=modern_client.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_an_address_outside_everything(happy: SimulatorServer) -> None:
    assert httpx.get(f"{happy.base_url}/nope").status_code == 404


def test_metadata_shows_which_generation_knows_references(
    classic_client: Orchestrator, modern_client: Orchestrator
) -> None:
    assert 'Name="Reference"' in modern_client.http.get("/odata/$metadata").text
    assert 'Name="Reference"' not in classic_client.http.get("/odata/$metadata").text


def test_standalone_today_takes_the_tenant_from_the_header(happy: SimulatorServer) -> None:
    client = modern(happy)
    headers = {**client.headers, "X-UIPATH-TenantName": "DefaultTenant"}
    assert httpx.get(f"{happy.base_url}/odata/Releases", headers=headers).json()["@odata.count"] == 11
