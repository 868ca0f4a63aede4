"""A small client for tests: signs in, knows base paths and headers, and nothing of `tui.api`."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.tokens import PUBLIC_CLIENT_ID

START_JOBS = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
LOOPBACK = "http://127.0.0.1:8104/oidc/login"
MOBILE = "https://account.uipath.com/mobile"
AUTHORIZE_2019 = {
    "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
    "scope": "openid profile offline_access email",
    "nonce": "a-nonce",
    "audience": "https://orchestrator.cloud.uipath.com",
}
"""What 2019's page is asked for, beside what both pages are asked for."""


OPEN: list["Orchestrator"] = []
"""Every client that has not been closed; the end of a test closes them."""
ENDED_WELL = (["Pending", "Running", "Successful"], ["Running", "Successful"])
"""The first read may come too late to see a job pending."""


@dataclass
class Orchestrator:
    """A signed-in client at one base path."""

    server: SimulatorServer
    base: str
    headers: dict[str, str]
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        OPEN.append(self)
        self.http = httpx.Client(base_url=self.server.base_url + self.base, headers=self.headers, timeout=30)

    def get(self, path: str, **options: str) -> httpx.Response:
        return self.http.get(path, params={f"${name}": value for name, value in options.items()})

    def start(self, **members: Any) -> httpx.Response:
        release = self.server.summary["releases"][0]["key"]
        return self.http.post(START_JOBS, json={"startInfo": {"ReleaseKey": release, **members}})

    def states(self, job_id: int, limit: int = 400) -> list[str]:
        """Follow a job to its end, without waiting between reads; ``limit`` counts only changes and failures."""
        seen: list[str] = []
        while not seen or seen[-1] not in {"Successful", "Faulted", "Stopped"}:
            state = self.get(f"/odata/Jobs({job_id})").json()["State"]
            if not seen or seen[-1] != state:
                seen.append(state)
            assert len(seen) < limit
        return seen

    def states_or_pending(self, job_id: int) -> list[str]:
        """Follow a job to its end, unless the scenario leaves it pending."""
        return ["Pending"] if "pending" in self.server.scenarios else self.states(job_id)

    def close(self) -> None:
        self.http.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_call(server: SimulatorServer, path: str = "/identity_/connect/token", **form: str) -> httpx.Response:
    """Ask today's token endpoint."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(server.base_url + path, data=form, headers=headers)


def sign_in_today(
    server: SimulatorServer, scope: str = "openid offline_access OR.Jobs", client_id: str = PUBLIC_CLIENT_ID
) -> dict[str, Any]:
    """Sign a person in with code and PKCE; returns the token answer."""
    code = authorize(server, "/identity_/connect/authorize", LOOPBACK, client_id=client_id, scope=scope)
    form = {"code": code, "client_id": client_id, "redirect_uri": LOOPBACK, "code_verifier": VERIFIER}
    answer = token_call(server, grant_type="authorization_code", **form)
    assert answer.status_code == 200, answer.text
    return answer.json()


def application_token(server: SimulatorServer, scope: str) -> str:
    """Sign the confidential application in for itself; returns its access token."""
    cloud = server.summary["automation_cloud"]
    proof = {"client_id": cloud["client_id"], "client_secret": cloud["client_secret"]}
    answer = token_call(server, grant_type="client_credentials", scope=scope, **proof)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def refresh_2019(server: SimulatorServer) -> dict[str, Any]:
    body = {
        "grant_type": "refresh_token",
        "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
        "refresh_token": server.summary["cloud_2019"]["user_key"],
    }
    answer = httpx.post(f"{server.base_url}/oauth/token", json=body)
    assert answer.status_code == 200
    return answer.json()


def classic(server: SimulatorServer, *, path_form: bool = False) -> Orchestrator:
    """Return a client of the first 2019 instance, by header or by path."""
    account = server.summary["cloud_2019"]["accounts"][0]
    instance = account["instances"][0]
    headers = {"Authorization": f"Bearer {refresh_2019(server)['access_token']}"}
    if path_form:
        return Orchestrator(server, f"/{account['logical_name']}/{instance}", headers)
    return Orchestrator(server, "", {**headers, "X-UIPATH-TenantName": instance})


def modern(
    server: SimulatorServer, *, folder: int = 0, service: str = "/orchestrator_", **headers: str
) -> Orchestrator:
    """Return a client of today's tenant in the folder with this index, with the personal access token."""
    cloud = server.summary["automation_cloud"]
    named = {
        "Authorization": f"Bearer {cloud['personal_access_token']}",
        "X-UIPATH-OrganizationUnitId": str(cloud["folders"][folder]["id"]),
    }
    return Orchestrator(server, f"/{cloud['organization']}/{cloud['tenant']}{service}", {**named, **headers})


def asking(redirect: str, **extra: str) -> dict[str, str]:
    """Return what an authorization page is asked."""
    return {
        "response_type": "code",
        "client_id": PUBLIC_CLIENT_ID,
        "redirect_uri": redirect,
        "scope": "openid",
        "state": "a-state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **extra,
    }


def authorize(server: SimulatorServer, path: str, redirect: str, **extra: str) -> str:
    """Walk through the authorization page as a script does and return the code."""
    answer = httpx.get(f"{server.base_url}{path}", params=asking(redirect, **extra))
    assert answer.status_code == 302
    location = urlsplit(answer.headers["location"])
    assert answer.headers["location"].startswith(redirect)
    fields = parse_qs(location.query)
    assert fields["state"] == ["a-state"]
    return fields["code"][0]
