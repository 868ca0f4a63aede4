"""The pages a browser is sent to for signing in: what they ask, where each of their ends leads."""

import base64
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.e2e.simulator.conftest import Serve
from tests.e2e.simulator.wire import AUTHORIZE_2019, LOOPBACK, MOBILE, VERIFIER, asking, authorize, token_call
from tui.simulator.server import SimulatorServer

TODAY = "/identity_/connect/authorize"
OF_ORGANIZATION = "/lighthouse/identity_/connect/authorize"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def old(**changes: str) -> dict[str, str]:
    return asking(MOBILE, **(AUTHORIZE_2019 | changes))


def query_of(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["location"])
    return {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def path_of(answer: httpx.Response) -> str:
    return urlsplit(answer.headers["location"]).path


def test_a_browser_is_asked_on_a_page_with_two_buttons(happy: SimulatorServer) -> None:
    for path, params in (("/authorize", old()), (TODAY, asking(LOOPBACK + "?<b>x</b>"))):
        page = httpx.get(happy.base_url + path, params=params, headers=BROWSER)
        assert page.status_code == 200
        assert "Sign in as Ada Harbour" in page.text
        assert "Refuse" in page.text
        assert "<b>x" not in page.text
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
        answer = query_of(httpx.post(page.url, data={"decision": "sign-in"}))
        assert (answer["state"], bool(answer["code"])) == ("a-state", True)


def test_who_refuses_sends_access_denied_back(happy: SimulatorServer) -> None:
    address = f"{happy.base_url}{TODAY}?{urlencode(asking(LOOPBACK, state='s&+ é'))}"
    answer = httpx.post(address, data={"decision": "refuse"})
    assert answer.headers["location"].startswith(f"{LOOPBACK}?")
    assert query_of(answer) == {"error": "access_denied", "state": "s&+ é"}


def test_who_refuses_in_2019_ends_on_the_error_page(happy: SimulatorServer) -> None:
    answer = httpx.post(f"{happy.base_url}/authorize?{urlencode(old())}", data={"decision": "refuse"})
    assert path_of(answer) == "/portal_/unhandlederror"
    assert query_of(answer)["error"] == "access_denied"


@pytest.mark.parametrize("state", ["", "a b+c&d=e#f%25", "é\u4e2d", "x" * 2000])
def test_state_comes_back_untouched(happy: SimulatorServer, state: str) -> None:
    for path, params in (("/authorize", old(state=state or "-")), (TODAY, asking(LOOPBACK, state=state))):
        assert query_of(httpx.get(happy.base_url + path, params=params))["state"] == params["state"]
    without = asking(LOOPBACK)
    del without["state"]
    assert set(query_of(httpx.get(happy.base_url + TODAY, params=without))) == {"code"}


def test_2019_sends_people_to_its_own_page_or_the_one_beside_it(happy: SimulatorServer) -> None:
    own = happy.summary["cloud_2019"]["redirect_uris"][1]
    assert own == f"{happy.base_url}/mobile"
    landed = httpx.get(f"{happy.base_url}/authorize", params=old(redirect_uri=own), follow_redirects=True)
    assert landed.status_code == 200
    code = parse_qs(landed.url.query.decode())["code"][0]
    assert code in landed.text
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": own, "code_verifier": VERIFIER}
    answer = httpx.post(
        f"{happy.base_url}/oauth/token", json=body | {"client_id": happy.summary["cloud_2019"]["client_id"]}
    )
    payload = answer.json()["id_token"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "=="))["nonce"] == "a-nonce"


def test_tls_may_end_in_front_of_the_page_of_2019(happy: SimulatorServer) -> None:
    params = old(redirect_uri="https://orchestrator.example/mobile")
    answer = httpx.get(f"{happy.base_url}/authorize", params=params, headers={"Host": "orchestrator.example"})
    assert answer.headers["location"].startswith("https://orchestrator.example/mobile?code=")


@pytest.mark.parametrize(
    "change",
    [
        {"response_type": "token"},
        {"client_id": "nobody"},
        {"redirect_uri": LOOPBACK},
        {"redirect_uri": "https://evil.example/mobile"},
        {"redirect_uri": MOBILE + "/"},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"code_challenge": ""},
        {"code_challenge": "c" * 42},
        {"code_challenge": "c" * 43 + "="},
        {"audience": ""},
        {"scope": "email"},
        {"state": ""},
        {"nonce": ""},
    ],
)
def test_what_2019_does_not_accept(happy: SimulatorServer, change: dict[str, str]) -> None:
    answer = httpx.get(f"{happy.base_url}/authorize", params=old(**change))
    assert path_of(answer) == "/portal_/unhandlederror"
    said = query_of(answer)
    assert list(said) == ["error", "error_description", "tracking"]
    assert all(said.values())
    page = httpx.get(f"{happy.base_url}{answer.headers['location']}")
    assert said["error"] in page.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": "https://127.0.0.1:8104/"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1@evil.example/"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:99999/"}, "invalid_request"),
        ({"redirect_uri": "http://[::1/"}, "invalid_request"),
        ({"redirect_uri": "http://localhost:1/#here"}, "invalid_request"),
        ({"redirect_uri": "http://localhost.evil.example/"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "unsupported_response_type"),
        ({"scope": "openid OR.Telepathy"}, "invalid_scope"),
        ({"scope": "openid or.jobs"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_what_today_does_not_accept(happy: SimulatorServer, change: dict[str, str], error: str) -> None:
    asked = asking(LOOPBACK, **change)
    answer = httpx.get(happy.base_url + TODAY, params=asked)
    assert path_of(answer) == "/identity_/web/"
    said = query_of(answer)
    data = json.loads(base64.b64decode(said["errorId"], validate=True))["Data"]
    assert said["errorCode"] == data["Error"] == error
    assert (data["ClientId"], data["RedirectUri"]) == (asked["client_id"], asked["redirect_uri"])
    assert data["ErrorDescription"]
    assert httpx.get(f"{happy.base_url}{answer.headers['location']}").status_code == 200


def test_a_public_application_needs_pkce_and_a_confidential_one_its_secret(happy: SimulatorServer) -> None:
    cloud = happy.summary["automation_cloud"]
    bare = {name: value for name, value in asking(LOOPBACK).items() if not name.startswith("code_challenge")}
    assert path_of(httpx.get(happy.base_url + TODAY, params=bare)) == "/identity_/web/"
    answer = httpx.get(happy.base_url + TODAY, params=bare | {"client_id": cloud["client_id"]})
    form = {"grant_type": "authorization_code", "code": query_of(answer)["code"], "redirect_uri": LOOPBACK}
    form["client_id"] = cloud["client_id"]
    assert token_call(happy, **form).json() == {"error": "invalid_client"}
    assert token_call(happy, **form, client_secret=cloud["client_secret"]).status_code == 200


@pytest.mark.parametrize("name", ["response_type", "state", "redirect_uri"])
@pytest.mark.parametrize("path", ["/authorize", TODAY])
def test_a_repeated_parameter_is_refused(happy: SimulatorServer, path: str, name: str) -> None:
    params = old() if path == "/authorize" else asking(LOOPBACK)
    answer = httpx.get(f"{happy.base_url}{path}?{urlencode(params)}&{urlencode({name: params[name]})}")
    assert path_of(answer) in {"/portal_/unhandlederror", "/identity_/web/"}


@pytest.mark.parametrize(
    "redirect",
    [
        "http://127.0.0.1:8104/oidc/login",
        "http://[::1]:1/",
        "http://localhost",
        "http://LOCALHOST:12700/x?already=here",
    ],
)
def test_any_http_address_of_this_machine_will_do(happy: SimulatorServer, redirect: str) -> None:
    assert authorize(happy, TODAY, redirect)


def test_nobody_is_asked_where_there_must_be_no_question(happy: SimulatorServer) -> None:
    answer = httpx.get(happy.base_url + TODAY, params=asking(LOOPBACK, prompt="none"), headers=BROWSER)
    assert "code" in query_of(answer)


def test_standalone_has_its_own_address_for_the_same_page(happy: SimulatorServer) -> None:
    path = "/identity/connect/authorize"
    assert authorize(happy, path, LOOPBACK)
    wrong = httpx.get(happy.base_url + path, params=asking(LOOPBACK, scope="nope"))
    assert path_of(wrong) == "/identity/web/"


def test_an_organizations_own_address_works_unless_it_is_federated(happy: SimulatorServer, serve: Serve) -> None:
    assert authorize(happy, OF_ORGANIZATION, LOOPBACK)
    nobody = httpx.get(f"{happy.base_url}/nobody/identity_/connect/authorize", params=asking(LOOPBACK))
    assert (nobody.status_code, nobody.headers["content-type"].partition(";")[0]) == (200, "text/html")
    federated = serve("federated")
    assert authorize(federated, TODAY, LOOPBACK)
    for path, acr in ((OF_ORGANIZATION, {}), (TODAY, {"acr_values": "tenantName:lighthouse"})):
        answer = httpx.get(federated.base_url + path, params=asking(LOOPBACK, **acr), headers=BROWSER)
        assert path_of(answer) == "/identity_/web/login"
        said = query_of(answer)
        assert (list(said), said["errorCode"]) == (["errorCode", "returnUrl", "traceId"], "219")
        assert said["returnUrl"].startswith(path)


def test_a_directory_that_lets_nobody_in(serve: Serve) -> None:
    server = serve("sso-refused")
    for path in (TODAY, OF_ORGANIZATION):
        answer = httpx.get(server.base_url + path, params=asking(LOOPBACK))
        assert query_of(answer)["errorCode"] == "219"
        assert "219" in httpx.get(f"{server.base_url}{answer.headers['location']}").text
