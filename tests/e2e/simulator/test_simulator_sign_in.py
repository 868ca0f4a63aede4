"""Signing in over HTTP: both authorization pages, both token endpoints, the portal listings, the password call."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.e2e.simulator.wire import LOOPBACK, VERIFIER, Orchestrator, authorize, refresh_2019
from tui.simulator.server import SimulatorServer

MOBILE = "https://account.uipath.com/mobile"
SCOPE_2019 = "openid profile offline_access email"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def organization_of(token: str) -> str:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))["prt_id"]


def sign_in_today(server: SimulatorServer, scope: str = "openid offline_access OR.Jobs") -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": authorize(server, "/identity_/connect/authorize", LOOPBACK, scope),
        "client_id": "an-app",
        "redirect_uri": LOOPBACK,
        "code_verifier": VERIFIER,
    }
    answer = httpx.post(f"{server.base_url}/identity_/connect/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_2019_sign_in_from_page_to_instances(happy: SimulatorServer) -> None:
    nonce = {"nonce": "n", "audience": "https://orchestrator.cloud.uipath.com"}
    body = {
        "grant_type": "authorization_code",
        "code": authorize(happy, "/authorize", MOBILE, SCOPE_2019, **nonce),
        "redirect_uri": MOBILE,
        "code_verifier": VERIFIER,
        "client_id": "an-app",
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


def test_a_browser_gets_a_page_with_a_button(happy: SimulatorServer) -> None:
    params = {
        "response_type": "code",
        "client_id": "<b>app</b>",
        "redirect_uri": LOOPBACK,
        "state": "s",
        "code_challenge": "c",
        "code_challenge_method": "S256",
    }
    for path in ("/authorize", "/identity_/connect/authorize"):
        page = httpx.get(happy.base_url + path, params=params, headers={"Accept": "text/html,*/*"})
        assert page.status_code == 200
        assert "<form" in page.text
        assert "<b>app" not in page.text
        answer = httpx.post(page.url)
        assert answer.status_code == 302
        assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == ["s"]


@pytest.mark.parametrize(
    "change",
    [
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/"},
        {"client_id": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_wrong_authorization_request_ends_on_an_error_page(happy: SimulatorServer, change: dict[str, str]) -> None:
    params = {"response_type": "code", "client_id": "a", "redirect_uri": LOOPBACK, "code_challenge": "c"} | change
    classic = httpx.get(f"{happy.base_url}/authorize", params=params)
    assert classic.headers["location"].startswith("/portal_/unhandlederror?error=")
    today = httpx.get(f"{happy.base_url}/identity_/connect/authorize", params=params)
    assert today.headers["location"].startswith("/identity_/web/?errorCode=")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"grant_type": "refresh_token", "client_id": "a", "refresh_token": "wrong"}, 403, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "wrong"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
        (["no", "object"], 400, "invalid_request"),
    ],
)
def test_refusals_of_the_2019_token_endpoint(happy: SimulatorServer, body: object, status: int, error: str) -> None:
    answer = httpx.post(f"{happy.base_url}/oauth/token", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_2019_token_endpoint_reads_json_only(happy: SimulatorServer) -> None:
    answer = httpx.post(f"{happy.base_url}/oauth/token", data={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_todays_refresh_tokens_work_once(happy: SimulatorServer) -> None:
    tokens = sign_in_today(happy)
    address = f"{happy.base_url}/identity_/connect/token"
    form = {"grant_type": "refresh_token", "client_id": "an-app", "refresh_token": tokens["refresh_token"]}
    second = httpx.post(address, data=form).json()
    assert second["refresh_token"] != tokens["refresh_token"]
    reuse = httpx.post(address, data=form)
    assert (reuse.status_code, reuse.json()) == (400, {"error": "invalid_grant"})
    orphan = httpx.post(address, data=form | {"refresh_token": second["refresh_token"]})
    assert orphan.json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": "a"}, "invalid_grant"),
        ({"grant_type": "telepathy"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
    ],
)
def test_refusals_of_todays_token_endpoint(happy: SimulatorServer, form: dict[str, str], error: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(f"{happy.base_url}/identity_/connect/token", data=form, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_json_body_is_no_token_request_today(happy: SimulatorServer) -> None:
    cloud = httpx.post(f"{happy.base_url}/identity_/connect/token", json={"grant_type": "client_credentials"})
    assert (cloud.status_code, cloud.json()["error"]) == (400, "invalid_request")
    standalone = httpx.post(f"{happy.base_url}/identity/connect/token", json={})
    assert standalone.status_code == 200
    assert standalone.headers["content-type"].startswith("text/html")


def test_the_organizations_tenants(happy: SimulatorServer) -> None:
    token = sign_in_today(happy)["access_token"]
    path = f"/{organization_of(token)}/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
    listing = httpx.get(happy.base_url + path, headers=bearer(token)).json()
    cloud = happy.summary["automation_cloud"]
    assert listing["organization"]["name"] == cloud["organization"]
    assert cloud["tenant"] in [tenant["name"] for tenant in listing["tenants"]]
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


def test_the_password_of_a_private_installation(happy: SimulatorServer) -> None:
    body = {"tenancyName": "Default", "usernameOrEmailAddress": "admin", "password": "simulated-password"}
    answer = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body).json()
    assert (answer["success"], answer["__abp"], answer["error"]) == (True, True, None)
    folders = httpx.get(f"{happy.base_url}/odata/Folders", headers=bearer(answer["result"]))
    assert folders.status_code == 200
    wrong = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body | {"password": "guess"})
    assert (wrong.status_code, wrong.json()["success"]) == (400, False)
    broken = httpx.post(f"{happy.base_url}/api/Account/Authenticate", content=b"{")
    assert broken.status_code == 400


def test_a_private_installation_of_2019(happy: SimulatorServer) -> None:
    instance = happy.summary["cloud_2019"]["accounts"][0]["instances"][0]
    body = {"TenancyName": instance, "UsernameOrEmailAddress": "admin", "Password": "simulated-password"}
    token = httpx.post(f"{happy.base_url}/api/Account/Authenticate", json=body).json()["result"]
    rows = httpx.get(f"{happy.base_url}/odata/Releases", headers=bearer(token)).json()["value"]
    assert "EnvironmentName" in rows[0]
