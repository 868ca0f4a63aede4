"""Signing in over HTTP: both authorization pages, both token endpoints, the portal listings, the password call."""

import base64
import json

import httpx
import pytest

from tests.e2e.simulator.wire import (
    AUTHORIZE_2019,
    MOBILE,
    VERIFIER,
    Orchestrator,
    authorize,
    bearer,
    refresh_2019,
    sign_in_today,
)
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.applications import FIRST_PARTY_CLIENT_ID
from tui.simulator.sign_in.tokens import PUBLIC_CLIENT_ID


def organization_of(token: str) -> str:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))["prt_id"]


def test_the_2019_sign_in_from_page_to_instances(happy: SimulatorServer) -> None:
    client_id = happy.summary["cloud_2019"]["client_id"]
    body = {
        "grant_type": "authorization_code",
        "code": authorize(happy, "/authorize", MOBILE, **AUTHORIZE_2019),
        "redirect_uri": MOBILE,
        "code_verifier": VERIFIER,
        "client_id": client_id,
    }
    answer = httpx.post(f"{happy.base_url}/oauth/token", json=body)
    tokens = answer.json()
    assert answer.status_code == 200
    assert tokens["expires_in"] == 86_400
    assert tokens["refresh_token"] == happy.summary["cloud_2019"]["user_key"]
    accounts = httpx.get(f"{happy.base_url}/cloudrpa/api/getAccountsForUser", headers=bearer(tokens["id_token"])).json()
    names = [account["accountLogicalName"] for account in accounts["accounts"]]
    assert names == [account["logical_name"] for account in happy.summary["cloud_2019"]["accounts"]]
    path = f"/cloudrpa/api/account/{names[1]}/getAllServiceInstances"
    instances = httpx.get(happy.base_url + path, headers=bearer(tokens["id_token"])).json()
    assert [item["serviceInstanceLogicalName"] for item in instances] == happy.summary["cloud_2019"]["accounts"][1][
        "instances"
    ]
    again = httpx.post(f"{happy.base_url}/oauth/token", json=body)
    assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")


@pytest.mark.parametrize("path", ["getAccountsForUser", "account/harbourbakery/getAllServiceInstances"])
def test_the_listings_of_2019_want_the_id_token(happy: SimulatorServer, path: str) -> None:
    address = f"{happy.base_url}/cloudrpa/api/{path}"
    for headers in (bearer(refresh_2019(happy)["access_token"]), bearer("nonsense"), {}):
        answer = httpx.get(address, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["__abp"] is True


def test_an_id_token_opens_no_orchestrator(happy: SimulatorServer) -> None:
    instance = happy.summary["cloud_2019"]["accounts"][0]["instances"][0]
    headers = {**bearer(refresh_2019(happy)["id_token"]), "X-UIPATH-TenantName": instance}
    assert httpx.get(f"{happy.base_url}/odata/Releases", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"grant_type": "refresh_token", "client_id": PUBLIC_CLIENT_ID, "refresh_token": "w"}, 403, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": "nobody", "refresh_token": "w"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "client_id": PUBLIC_CLIENT_ID, "code": "x"}, 403, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "wrong"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
        (["no", "object"], 400, "invalid_request"),
        ({"grant_type": ["refresh_token"], "client_id": 7}, 403, "unsupported_grant_type"),
    ],
)
def test_refusals_of_the_2019_token_endpoint(happy: SimulatorServer, body: object, status: int, error: str) -> None:
    answer = httpx.post(f"{happy.base_url}/oauth/token", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_2019_token_endpoint_reads_json_only(happy: SimulatorServer) -> None:
    answer = httpx.post(f"{happy.base_url}/oauth/token", data={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_json_body_is_no_token_request_today(happy: SimulatorServer) -> None:
    cloud = httpx.post(f"{happy.base_url}/identity_/connect/token", json={"grant_type": "client_credentials"})
    assert (cloud.status_code, cloud.json()["error"]) == (400, "invalid_request")
    standalone = httpx.post(f"{happy.base_url}/identity/connect/token", json={})
    assert standalone.status_code == 200
    assert standalone.headers["content-type"].startswith("text/html")


def test_the_organizations_tenants(happy: SimulatorServer) -> None:
    token = sign_in_today(happy)["access_token"]
    own = sign_in_today(happy, client_id=FIRST_PARTY_CLIENT_ID, scope="openid PortalAccess")["access_token"]
    path = f"/{organization_of(token)}/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
    listing = httpx.get(happy.base_url + path, headers=bearer(token)).json()
    cloud = happy.summary["automation_cloud"]
    assert listing["organization"]["name"] == cloud["organization"]
    assert cloud["tenant"] in [tenant["name"] for tenant in listing["tenants"]]
    assert httpx.get(happy.base_url + path, headers=bearer(own)).json() == listing
    assert httpx.get(happy.base_url + path).status_code == 401
    other = httpx.get(happy.base_url + path.replace(organization_of(token), "nobody"), headers=bearer(token))
    assert other.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("identity", ["identity_", "identity"])
def test_an_application_signs_in_for_itself(happy: SimulatorServer, identity: str) -> None:
    cloud = happy.summary["automation_cloud"]
    form = {
        "grant_type": "client_credentials",
        "client_id": cloud["client_id"],
        "client_secret": cloud["client_secret"],
        "scope": "OR.Execution OR.Jobs OR.Folders",
    }
    token = httpx.post(f"{happy.base_url}/{identity}/connect/token", data=form).json()["access_token"]
    client = Orchestrator(happy, f"/{cloud['organization']}/{cloud['tenant']}/orchestrator_", bearer(token))
    mine = client.http.get("/api/Folders/GetAllForCurrentUser").json()
    assert mine == {"PageItems": [], "Count": 0}
    assert client.http.get("/api/FoldersNavigation/GetFoldersForCurrentUser").status_code == 403
    assert len(client.get("/odata/Folders").json()["value"]) == len(cloud["folders"])


@pytest.mark.parametrize("tenancy", [{"tenancyName": "Default"}, {"TenancyName": "host"}, {}, {"tenancyName": None}])
def test_the_password_of_a_private_installation(happy: SimulatorServer, tenancy: dict[str, str | None]) -> None:
    own = happy.summary["standalone"]
    body = {"usernameOrEmailAddress": own["username"], "password": own["password"]} | tenancy
    answer = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body).json()
    assert (answer["success"], answer["__abp"], answer["error"]) == (True, True, None)
    folders = httpx.get(f"{happy.base_url}/odata/Folders", headers=bearer(answer["result"]))
    assert folders.status_code == 200
    named = bearer(answer["result"]) | {"X-UIPATH-TenantName": own["tenancy_name"]}
    assert httpx.get(f"{happy.base_url}/odata/Folders", headers=named).json() == folders.json()


@pytest.mark.parametrize(
    ("change", "details"),
    [
        ({"password": "guess"}, "Invalid user name or password"),
        ({"usernameOrEmailAddress": "nobody"}, "Invalid user name or password"),
        ({"usernameOrEmailAddress": ["admin"]}, "Invalid user name or password"),
        ({"usernameOrEmailAddress": "locked.out"}, "locked out"),
        ({"tenancyName": "Nowhere"}, "no tenant with the name Nowhere"),
    ],
)
def test_who_gets_no_token_for_a_password(happy: SimulatorServer, change: dict[str, object], details: str) -> None:
    body = {"usernameOrEmailAddress": "admin", "password": "simulated-password"} | change
    answer = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body)
    said = answer.json()
    assert (answer.status_code, said["success"], said["message"]) == (400, False, "Login failed!")
    assert (said["errorCode"], said["error"]["code"]) == (1000, 1000)
    assert details in said["error"]["details"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'"text"', b"[" * 100_000, b"\xff"])
def test_a_password_call_wants_an_object(happy: SimulatorServer, content: bytes) -> None:
    answer = httpx.post(f"{happy.base_url}/api/Account/Authenticate", content=content)
    assert (answer.status_code, answer.json()["__abp"]) == (400, True)


def test_a_private_installation_of_2019(happy: SimulatorServer) -> None:
    instance = happy.summary["cloud_2019"]["accounts"][0]["instances"][0]
    body = {"TenancyName": instance, "UsernameOrEmailAddress": "admin", "Password": "simulated-password"}
    token = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body).json()["result"]
    rows = httpx.get(f"{happy.base_url}/odata/Releases", headers=bearer(token)).json()["value"]
    assert "EnvironmentName" in rows[0]
