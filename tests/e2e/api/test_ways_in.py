"""Every way in against the simulated services over real HTTP, the browser's part played by a plain HTTP client."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tui.api.client import OrchestratorClient
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.problems import ProblemError
from tui.api.sign_in.auth import Credentials
from tui.api.sign_in.identity import accounts
from tui.api.sign_in.loopback import LoopbackListener
from tui.api.sign_in.pkce import AuthorizationAttempt, begin_authorization, code_from, new_state
from tui.api.sign_in.scopes import DEFAULT_SCOPES
from tui.api.sign_in.token_set import Application, Login
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in, sign_in_again, sign_in_as_application, sign_in_by_code, sign_in_by_password
from tui.clock import SystemClock
from tui.errors import SignInError
from tui.exchanges.log import ExchangeLog
from tui.secret import Secret
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.pages import REFUSE
from tui.simulator.sign_in.tokens import (
    CLIENT_ID,
    CLIENT_SECRET,
    LOCKED_USERNAME,
    PUBLIC_CLIENT_ID,
    STANDALONE_PASSWORD,
    STANDALONE_USERNAME,
)

CONFIDENTIAL = Application(CLIENT_ID, Secret(CLIENT_SECRET))
PUBLIC = Application(PUBLIC_CLIENT_ID)
REDIRECT = "http://127.0.0.1:8104/"


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[SimulatorServer]:
    with SimulatorServer(getattr(request, "param", ("happy",)), speed=50) as server:
        yield server


def scenario(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("simulator", [names], indirect=True, ids=["+".join(names)])


@asynccontextmanager
async def connecting(server: SimulatorServer, key: str) -> AsyncIterator[Connection]:
    connection = Connection(deployment(key, server.base_url), log=ExchangeLog(), clock=SystemClock())
    try:
        yield connection
    finally:
        await connection.aclose()


async def landed(attempt: AuthorizationAttempt) -> str:
    """Return the address at which a browser without any page to show ends."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(attempt.address)
        return str(answer.next_request.url) if answer.next_request else ""


async def lists_folders(connection: Connection, credentials: Credentials, server: SimulatorServer) -> bool:
    facts = server.summary["automation_cloud"]
    base = connection.deployment.orchestrator_bases(facts["organization"], facts["tenant"])[0]
    client = OrchestratorClient(connection, credentials, base=base, tenant=facts["tenant"])
    return bool(await client.folders()) or await client.probe() is None


def secrets_in(connection: Connection, *secrets: str) -> list[str]:
    kept = repr([(each, each.request_body.data, each.response_body.data) for each in connection.log])
    return [secret for secret in secrets if secret in kept]


async def test_the_browser_of_2019(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        attempt = begin_authorization(connection.deployment, Application())
        address = await landed(attempt)
        assert address.startswith(f"{simulator.base_url}/mobile?")
        code = code_from(attempt, address)
        credentials = await sign_in_by_code(connection, attempt, code)
        assert (await accounts(connection, credentials)).accounts
        assert credentials.can_renew
        await credentials.renew(credentials.access)
        assert credentials.email == "ada.harbour@example.com"
        given = (
            code.reveal(),
            attempt.verifier.reveal(),
            credentials.access.reveal(),
            credentials.refresh_token.reveal(),
        )
        assert not secrets_in(connection, *given)


@pytest.mark.parametrize("application", [PUBLIC, CONFIDENTIAL], ids=["public", "confidential"])
async def test_the_browser_of_today_comes_back_by_itself(simulator: SimulatorServer, application: Application) -> None:
    state = new_state()
    async with (
        connecting(simulator, "automation-cloud") as connection,
        LoopbackListener(0, "/oidc/login", state, connection.clock) as listener,
    ):
        attempt = begin_authorization(connection.deployment, application, listener.redirect_uri, state=state)
        waiting = asyncio.ensure_future(listener.answer())
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            assert "your terminal" in (await browser.get(attempt.address)).text
        credentials = await sign_in_by_code(connection, attempt, await waiting)
        assert await lists_folders(connection, credentials, simulator)
        kept = credentials.record
        assert (await sign_in_again(connection, kept)).access == kept.tokens.access
        await credentials.renew(credentials.access)
        assert credentials.refresh_token != kept.tokens.refresh
        assert await lists_folders(connection, credentials, simulator)
        assert simulator.world.tokens.counts.reuse_detections == 0
        stale = await sign_in_again(connection, kept)
        with pytest.raises(SignInError, match="each works once"):
            await stale.renew(stale.access)


async def test_a_person_who_refuses_on_the_page_is_told(simulator: SimulatorServer) -> None:
    state = new_state()
    async with (
        connecting(simulator, "automation-cloud") as connection,
        LoopbackListener(0, "/", state, connection.clock) as listener,
    ):
        attempt = begin_authorization(connection.deployment, PUBLIC, listener.redirect_uri, state=state)
        waiting = asyncio.ensure_future(listener.answer())
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            await browser.post(attempt.address, data={"decision": REFUSE})
        with pytest.raises(SignInError, match="refused on the page"):
            await waiting


@pytest.mark.parametrize("key", ["automation-cloud", "standalone"])
async def test_an_application(simulator: SimulatorServer, key: str) -> None:
    async with connecting(simulator, key) as connection:
        credentials = await sign_in_as_application(connection, CONFIDENTIAL)
        assert credentials.record.application.scopes == DEFAULT_SCOPES
        assert await lists_folders(connection, credentials, simulator)
        await credentials.renew(credentials.access)
        assert simulator.world.tokens.counts.calls["client_credentials"] == 2
        assert not secrets_in(connection, CLIENT_SECRET, credentials.access.reveal())


async def test_a_user_and_a_password(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "standalone") as connection:
        tenant = simulator.summary["standalone"]["tenancy_name"]
        login = Login(STANDALONE_USERNAME, Secret(STANDALONE_PASSWORD), tenant)
        credentials = await sign_in_by_password(connection, login)
        assert await lists_folders(connection, credentials, simulator)
        assert not secrets_in(connection, STANDALONE_PASSWORD, credentials.access.reveal())


async def test_wrong_users_and_passwords(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "standalone") as connection:
        for login, part in (
            (Login(STANDALONE_USERNAME, Secret("a-wrong-password")), "password or the tenant is wrong"),
            (Login(LOCKED_USERNAME, Secret(STANDALONE_PASSWORD)), "locked"),
        ):
            with pytest.raises(SignInError, match=part):
                await sign_in_by_password(connection, login)


@pytest.mark.parametrize(
    ("application", "part"),
    [
        (Application(CLIENT_ID, Secret("a-wrong-secret")), "the secret is wrong"),
        (Application("an-unknown-id", Secret("a-wrong-secret")), "does not know the application id"),
        (Application(PUBLIC_CLIENT_ID, Secret("a-secret-it-has-not")), "not confidential|the secret is wrong"),
        (Application(CLIENT_ID, Secret(CLIENT_SECRET), "OR.Nothing"), "OR.Nothing"),
    ],
)
async def test_applications_that_are_refused(simulator: SimulatorServer, application: Application, part: str) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        with pytest.raises(SignInError, match=part):
            await sign_in_as_application(connection, application)


@pytest.mark.parametrize("key", ["cloud-2019", "automation-cloud"])
async def test_codes_that_are_refused(simulator: SimulatorServer, key: str) -> None:
    async with connecting(simulator, key) as connection:
        today = not connection.deployment.is_2019
        application = PUBLIC if today else Application()
        attempt, other = (begin_authorization(connection.deployment, application, REDIRECT * today) for _ in range(2))
        code = code_from(attempt, await landed(attempt))
        with pytest.raises(SignInError, match=r"code|sign-in"):
            await sign_in_by_code(connection, other, code)
        with pytest.raises(SignInError, match=r"used before|another sign-in"):
            await sign_in_by_code(connection, attempt, code)


@pytest.mark.parametrize(
    ("application", "part"),
    [
        (Application("an-unknown-id"), "people sign in to"),
        (Application(PUBLIC_CLIENT_ID, scopes="OR.Nothing"), "these scopes"),
    ],
)
async def test_errors_of_todays_page(simulator: SimulatorServer, application: Application, part: str) -> None:
    attempt = begin_authorization(deployment("automation-cloud", simulator.base_url), application, REDIRECT)
    with pytest.raises(SignInError, match=part):
        code_from(attempt, await landed(attempt))


async def test_an_error_of_the_page_of_2019(simulator: SimulatorServer) -> None:
    attempt = begin_authorization(deployment("cloud-2019", simulator.base_url), Application("an-unknown-id"))
    with pytest.raises(SignInError, match="people sign in to"):
        code_from(attempt, await landed(attempt))


@scenario("sso-refused")
async def test_a_directory_that_refuses(simulator: SimulatorServer) -> None:
    attempt = begin_authorization(deployment("automation-cloud", simulator.base_url), PUBLIC, REDIRECT)
    with pytest.raises(SignInError, match="own directory"):
        code_from(attempt, await landed(attempt))


@scenario("federated")
async def test_the_hosts_own_page_serves_federated_organizations(simulator: SimulatorServer) -> None:
    place = deployment("automation-cloud", simulator.base_url)
    attempt = begin_authorization(place, PUBLIC, REDIRECT)
    assert code_from(attempt, await landed(attempt))
    named = begin_authorization(place, PUBLIC, REDIRECT, organization="lighthouse")
    with pytest.raises(SignInError, match="own directory"):
        code_from(named, await landed(named))


@scenario("revoked")
async def test_what_was_revoked(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        key = recognise(simulator.summary["cloud_2019"]["user_key"], connection.deployment.generation)
        with pytest.raises(SignInError, match="Revoke Access"):
            await sign_in(connection, key)
    async with connecting(simulator, "automation-cloud") as connection:
        token = simulator.summary["automation_cloud"]["personal_access_token"]
        credentials = await sign_in(connection, recognise(token, connection.deployment.generation))
        with pytest.raises(SignInError, match="personal access token: it has ended or was revoked"):
            await lists_folders(connection, credentials, simulator)


@scenario("short")
@pytest.mark.parametrize("key", ["cloud-2019", "automation-cloud"])
async def test_short_tokens_are_renewed_on_time(simulator: SimulatorServer, key: str) -> None:
    async with connecting(simulator, key) as connection:
        today = not connection.deployment.is_2019
        attempt = begin_authorization(connection.deployment, PUBLIC if today else Application(), REDIRECT * today)
        credentials = await sign_in_by_code(connection, attempt, code_from(attempt, await landed(attempt)))
        for _ in range(4):
            await credentials.ready()
        assert simulator.world.tokens.counts.calls["refresh_token"] == 0
        await connection.clock.sleep(3)
        for _ in range(4):
            await credentials.ready()
        assert simulator.world.tokens.counts.calls["refresh_token"] == 1


@scenario("no-id-token")
async def test_an_id_token_that_is_left_out_is_kept(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        key = recognise(simulator.summary["cloud_2019"]["user_key"], connection.deployment.generation)
        credentials = await sign_in(connection, key)
        for _ in range(3):
            assert (await accounts(connection, credentials)).accounts
            await credentials.renew(credentials.access)


@scenario("no-monitoring")
async def test_a_missing_scope_is_named(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        facts = simulator.summary["automation_cloud"]
        credentials = await sign_in(
            connection, recognise(facts["personal_access_token"], connection.deployment.generation)
        )
        base = connection.deployment.orchestrator_bases(facts["organization"], facts["tenant"])[0]
        client = OrchestratorClient(connection, credentials, base=base)
        folder = (await client.folders())[0]
        with pytest.raises(ProblemError, match=r"lacks the scope OR\.Monitoring"):
            await client.robot_logs(simulator.summary["releases"][0]["key"], folder)
