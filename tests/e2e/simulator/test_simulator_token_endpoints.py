"""Today's and 2019's token endpoints: who is let in, what works once, what is counted."""

from datetime import timedelta

import httpx
import pytest

from tests.e2e.simulator.conftest import Serve
from tests.e2e.simulator.wire import (
    AUTHORIZE_2019,
    LOOPBACK,
    MOBILE,
    VERIFIER,
    authorize,
    bearer,
    modern,
    refresh_2019,
    sign_in_today,
    token_call,
)
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.tokens import CLIENT_ID, CLIENT_SECRET, PUBLIC_CLIENT_ID

TODAY = "/identity_/connect/authorize"
OWN = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def refreshed(server: SimulatorServer, token: str, **form: str) -> httpx.Response:
    fields = {"client_id": PUBLIC_CLIENT_ID, "refresh_token": token} | form
    return token_call(server, grant_type="refresh_token", **fields)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": "b"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": CLIENT_ID}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": PUBLIC_CLIENT_ID}, "unauthorized_client"),
        ({"grant_type": "client_credentials", **OWN, "scope": "OR.Jobs offline_access"}, "invalid_scope"),
        ({"grant_type": "client_credentials", **OWN, "scope": "OR.Telepathy"}, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": PUBLIC_CLIENT_ID}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x", "client_id": PUBLIC_CLIENT_ID}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x", "client_id": CLIENT_ID}, "invalid_client"),
        ({"grant_type": "telepathy", "client_id": PUBLIC_CLIENT_ID}, "unsupported_grant_type"),
    ],
)
def test_refusals_of_todays_token_endpoint(happy: SimulatorServer, form: dict[str, str], error: str) -> None:
    answer = token_call(happy, **form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert answer.headers["cache-control"] == "no-store"


def test_an_application_may_say_its_name_and_secret_in_the_header(happy: SimulatorServer) -> None:
    form = {"grant_type": "client_credentials", "scope": "OR.Jobs"}
    for auth, status in ((CLIENT_SECRET, 200), ("guess", 400)):
        answer = httpx.post(f"{happy.base_url}/identity_/connect/token", data=form, auth=(CLIENT_ID, auth))
        assert answer.status_code == status


def test_an_applications_token_says_its_scopes_and_cannot_be_renewed(happy: SimulatorServer) -> None:
    answer = token_call(happy, grant_type="client_credentials", scope="OR.Execution OR.Jobs", **OWN).json()
    assert (answer["scope"], answer["expires_in"]) == ("OR.Execution OR.Jobs", 3600)
    assert not {"refresh_token", "id_token"} & answer.keys()
    everything = token_call(happy, grant_type="client_credentials", **OWN).json()["scope"].split()
    assert "OR.Default" in everything
    assert "offline_access" not in everything


@pytest.mark.parametrize("path", ["/identity_", "/identity", "/lighthouse/identity_"])
def test_codes_work_once_and_with_their_verifier(serve: Serve, path: str) -> None:
    server = serve()
    form = {"client_id": PUBLIC_CLIENT_ID, "redirect_uri": LOOPBACK, "grant_type": "authorization_code"}

    def redeem(code: str, **changes: str) -> httpx.Response:
        return token_call(
            server, f"{path}/connect/token", **(form | {"code": code, "code_verifier": VERIFIER} | changes)
        )

    for change in (
        {"code_verifier": "w" * 43},
        {"code_verifier": "short"},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:1/"},
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
    ):
        code = authorize(server, TODAY, LOOPBACK)
        assert redeem(code, **change).json() == {"error": "invalid_grant"}
        assert redeem(code).json() == {"error": "invalid_grant"}
    code = authorize(server, TODAY, LOOPBACK)
    assert redeem(code).status_code == 200
    assert server.world.tokens.counts.code_reuses == 5
    assert redeem(code).json() == {"error": "invalid_grant"}
    counts = server.world.tokens.counts
    assert counts.code_reuses == 6
    assert (counts.calls, counts.refused) == ({"authorization_code": 12}, {"invalid_grant": 11})


def test_a_2019_code_is_bound_to_its_verifier_and_works_once(happy: SimulatorServer) -> None:
    body = {
        "grant_type": "authorization_code",
        "redirect_uri": MOBILE,
        "client_id": AUTHORIZE_2019["client_id"],
    }
    address = f"{happy.base_url}/oauth/token"
    for verifier in ("w" * 43, ""):
        code = authorize(happy, "/authorize", MOBILE, **AUTHORIZE_2019)
        wrong = httpx.post(address, json=body | {"code": code, "code_verifier": verifier})
        assert (wrong.status_code, wrong.json()["error"]) == (403, "invalid_grant")
    code = authorize(happy, "/authorize", MOBILE, **AUTHORIZE_2019)
    statuses = [httpx.post(address, json=body | {"code": code, "code_verifier": VERIFIER}).status_code for _ in "12"]
    assert statuses == [200, 403]


def test_todays_refresh_tokens_work_once_and_reuse_is_counted(serve: Serve) -> None:
    server = serve()
    counts = server.world.tokens.counts
    first = sign_in_today(server)["refresh_token"]
    other = sign_in_today(server)["refresh_token"]
    second = refreshed(server, first).json()["refresh_token"]
    third = refreshed(server, second).json()["refresh_token"]
    assert len({first, second, third}) == 3
    assert counts.reuse_detections == 0
    reuse = refreshed(server, first)
    assert (reuse.status_code, reuse.json()) == (400, {"error": "invalid_grant"})
    assert refreshed(server, third).json() == {"error": "invalid_grant"}
    assert refreshed(server, other).status_code == 200
    assert counts.reuse_detections == 1
    assert counts.calls == {"authorization_code": 2, "refresh_token": 5}
    assert counts.refused == {"invalid_grant": 2}


def test_a_refresh_token_is_no_use_to_another_application(happy: SimulatorServer) -> None:
    token = sign_in_today(happy)["refresh_token"]
    assert refreshed(happy, token, **OWN).json() == {"error": "invalid_grant"}
    assert refreshed(happy, token).status_code == 200


def test_scopes_decide_which_tokens_come(happy: SimulatorServer) -> None:
    assert "refresh_token" not in sign_in_today(happy, "openid OR.Jobs")
    assert "id_token" not in sign_in_today(happy, "offline_access OR.Jobs")


def test_the_tenants_header_on_a_2019_token_call_changes_nothing(happy: SimulatorServer) -> None:
    body = {
        "grant_type": "refresh_token",
        "client_id": happy.summary["cloud_2019"]["client_id"],
        "refresh_token": happy.summary["cloud_2019"]["user_key"],
    }
    for name in ("HarbourBakeryDefaultq7xk31824", "nowhere"):
        answer = httpx.post(f"{happy.base_url}/oauth/token", json=body, headers={"X-UIPATH-TenantName": name})
        assert answer.status_code == 200
        assert {"access_token", "id_token", "expires_in"} <= answer.json().keys()
        assert "refresh_token" not in answer.json()


def test_every_second_refresh_without_an_id_token(serve: Serve) -> None:
    server = serve("no-id-token")
    assert ["id_token" in refresh_2019(server) for _ in range(4)] == [True, False, True, False]


def test_revoked(serve: Serve) -> None:
    server = serve("revoked")
    cloud = server.summary["cloud_2019"]
    body = {"grant_type": "refresh_token", "client_id": cloud["client_id"], "refresh_token": cloud["user_key"]}
    old = httpx.post(f"{server.base_url}/oauth/token", json=body)
    assert (old.status_code, old.json()["error"]) == (403, "invalid_grant")
    assert modern(server).get("/odata/Releases").status_code == 401
    tokens = sign_in_today(server, "offline_access OR.Execution.Read")
    assert refreshed(server, tokens["refresh_token"]).json() == {"error": "invalid_grant"}
    client = modern(server, Authorization=f"Bearer {tokens['access_token']}")
    assert client.get("/odata/Releases").status_code == 200


def test_short(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lifetime is cut further so that the test need not wait for all of it."""
    monkeypatch.setattr("tui.simulator.sign_in.tokens.SHORT_LIFETIME", timedelta(seconds=0.3))
    server = serve("short")
    tokens = sign_in_today(server, "offline_access OR.Execution.Read")
    client = modern(server, Authorization=f"Bearer {tokens['access_token']}")
    assert client.get("/odata/Releases").status_code == 200
    while client.get("/odata/Releases").status_code == 200:
        pass
    again = refreshed(server, tokens["refresh_token"]).json()
    assert again["refresh_token"] != tokens["refresh_token"]
    client.http.headers.update(bearer(again["access_token"]))
    assert client.get("/odata/Releases").status_code == 200


def test_short_tokens_say_so(serve: Serve) -> None:
    server = serve("short")
    assert sign_in_today(server)["expires_in"] == 5
    assert refresh_2019(server)["expires_in"] == 5
