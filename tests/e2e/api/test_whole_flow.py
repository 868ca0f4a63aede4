"""The tutorial's whole way against the simulated Orchestrator over real HTTP: root, path and today's addresses."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.unit.api.raw_servers import lost
from tui.api.client import OrchestratorClient
from tui.api.connection import Connection
from tui.api.deployments import Form, deployment
from tui.api.models import Folder, Job
from tui.api.outcome import Accepted, Rejected, Unknown
from tui.api.problems import Kind, ProblemError
from tui.api.sign_in.identity import accounts, service_instances
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in
from tui.api.start import modern_start, tutorial_start
from tui.clock import SystemClock
from tui.errors import AnswerError, SignInError
from tui.exchanges.log import ExchangeLog
from tui.simulator.server import SimulatorServer

FINAL = {"Successful", "Faulted", "Stopped"}


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[SimulatorServer]:
    with SimulatorServer(getattr(request, "param", ("happy",)), speed=50) as server:
        yield server


@asynccontextmanager
async def connecting(server: SimulatorServer, key: str) -> AsyncIterator[Connection]:
    connection = Connection(deployment(key, server.base_url), log=ExchangeLog(), clock=SystemClock())
    try:
        yield connection
    finally:
        await connection.aclose()


async def client_2019(connection: Connection, server: SimulatorServer, form: Form = "path") -> OrchestratorClient:
    facts = server.summary["cloud_2019"]
    credentials = await sign_in(connection, recognise(facts["user_key"], connection.deployment.generation))
    account = (await accounts(connection, credentials)).accounts[0].account_logical_name
    instance = (await service_instances(connection, credentials, account))[0].logical_name
    base = connection.deployment.orchestrator_bases(account, instance, form)[0]
    return OrchestratorClient(connection, credentials, base=base, tenant=instance)


async def client_of_today(connection: Connection, server: SimulatorServer) -> tuple[OrchestratorClient, Folder]:
    facts = server.summary["automation_cloud"]
    found = recognise(facts["personal_access_token"], connection.deployment.generation)
    credentials = await sign_in(connection, found)
    base = connection.deployment.orchestrator_bases(facts["organization"], facts["tenant"])[0]
    client = OrchestratorClient(connection, credentials, base=base)
    wanted = facts["folders"][0]["id"]
    return client, next(folder for folder in await client.folders() if folder.id == wanted)


async def until_final(client: OrchestratorClient, jobs: tuple[Job, ...], folder: Folder | None) -> tuple[Job, ...]:
    async with asyncio.timeout(30):
        while True:
            now = await client.jobs([job.id for job in jobs], folder)
            if all(job.state in FINAL for job in now):
                return now
            await asyncio.sleep(0.05)


def no_secret_is_kept(connection: Connection, server: SimulatorServer) -> None:
    kept = repr(list(connection.log))
    facts = server.summary
    assert facts["cloud_2019"]["user_key"] not in kept
    assert facts["automation_cloud"]["personal_access_token"] not in kept
    assert "eyJ" not in kept


@pytest.mark.parametrize("form", ["root", "path"])
async def test_the_tutorial(simulator: SimulatorServer, form: Form) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator, form)
        await client.probe()
        assert await client.folders() == ()
        page = await client.releases(None)
        assert page.count == len(page.value) > 0
        wanted = simulator.summary["releases"][0]
        release = await client.release_by_key(wanted["key"], None)
        assert release is not None
        assert release.name == wanted["name"]
        assert await client.robots(None)
        fence = await client.newest_job_id(None)
        outcome = await client.start(tutorial_start(release), None)
        assert isinstance(outcome, Accepted)
        assert outcome.jobs
        assert {job.id for job in (await client.look_for(lost(fence, release.name), None)).jobs} == {
            job.id for job in outcome.jobs
        }
        ended = await until_final(client, outcome.jobs, None)
        assert {job.state for job in ended} == {"Successful"}
        logs = await client.robot_logs(ended[0].key, None)
        assert logs
        last = max(row.time_stamp for row in logs if row.time_stamp)
        assert 0 < len(await client.robot_logs(ended[0].key, None, since=last)) < len(logs)
        assert (await client.job(ended[0].id, None)).state == "Successful"
        assert await client.validate_existing(ended[0].id, None) is None
        assert (await client.version()).startswith("API ")
        no_secret_is_kept(connection, simulator)


async def test_today(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        client, folder = await client_of_today(connection, simulator)
        assert await client.version()
        await client.probe()
        await client.probe(folder)
        release = await client.release_by_key(simulator.summary["releases"][0]["key"], folder)
        assert release is not None
        assert (await client.releases(folder, search=release.name[1:5])).value
        outcome = await client.start(modern_start(release, 2), folder)
        assert isinstance(outcome, Accepted)
        assert len(outcome.jobs) == 2
        ended = await until_final(client, outcome.jobs, folder)
        assert {job.state for job in ended} == {"Successful"}
        with pytest.raises(ProblemError) as error:
            await client.releases(None)
        assert error.value.kind is Kind.FOLDER
        no_secret_is_kept(connection, simulator)


async def test_kill(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        client, folder = await client_of_today(connection, simulator)
        long = next(item for item in simulator.summary["releases"] if item["long_running"])
        release = await client.release_by_key(long["key"], folder)
        assert release is not None
        outcome = await client.start(modern_start(release), folder)
        assert isinstance(outcome, Accepted)
        await client.stop([job.id for job in outcome.jobs], folder, kill=True)
        assert {job.state for job in await until_final(client, outcome.jobs, folder)} == {"Stopped"}


async def test_wrong_places_are_proven_wrong(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        client, _ = await client_of_today(connection, simulator)
        base = f"{simulator.base_url}/nobody/nowhere/orchestrator_"
        with pytest.raises((AnswerError, SignInError)):
            await OrchestratorClient(connection, client.credentials, base=base).probe()


async def test_a_user_key_works_with_known_applications_only(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        key = recognise(simulator.summary["cloud_2019"]["user_key"], connection.deployment.generation)
        for known in ("8DEv1AMNXczW3y4U15LL3jYf62jK93n5", "qccWcbcRgHGP0Nivlm7T9B7lven0AnTW"):
            assert (await sign_in(connection, key, client_id=known)).access
        with pytest.raises(SignInError) as error:
            await sign_in(connection, key, client_id="5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQM")
        assert error.value.failure.status == 401
        assert error.value.failure.error_code == "invalid_client"


@pytest.mark.parametrize("simulator", [("ambiguous",)], indirect=True)
async def test_a_lost_answer_is_unknown_and_the_job_is_found(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator)
        release = (await client.releases(None)).value[0]
        fence = await client.newest_job_id(None)
        outcome = await client.start(tutorial_start(release), None)
        assert isinstance(outcome, Unknown)
        assert (await client.look_for(lost(fence, release.name), None)).jobs
        assert sum(exchange.method == "POST" and "StartJobs" in exchange.url for exchange in connection.log) == 1


@pytest.mark.parametrize("simulator", [("expired",)], indirect=True)
async def test_an_expired_token_is_renewed_in_passing(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator)
        for _ in range(30):
            await client.releases(None, top=1)
        assert any(exchange.status == 401 for exchange in connection.log)


@pytest.mark.parametrize("simulator", [("throttled",)], indirect=True)
async def test_a_throttled_read_waits_and_goes_on(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator)
        for _ in range(4):
            await client.releases(None, top=1)
        assert any(exchange.status == 429 for exchange in connection.log)
        assert any(exchange.attempt == 2 for exchange in connection.log)


@pytest.mark.parametrize("simulator", [("forbidden",)], indirect=True)
async def test_refused_logs_and_folders_have_their_kind(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        with pytest.raises(ProblemError) as error:
            await client_of_today(connection, simulator)
        assert error.value.kind is Kind.NOT_ALLOWED


@pytest.mark.parametrize("simulator", [("forbidden", "read-only")], indirect=True)
async def test_a_user_key_is_told_of_its_role_and_of_no_scope(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator)
        with pytest.raises(ProblemError) as error:
            await client.robot_logs("00000000-0000-4000-8000-000000000001", None)
        release = (await client.releases(None)).value[0]
        started = await client.start(tutorial_start(release), None)
        assert isinstance(started, Rejected)
        for failure in (error.value.failure, started.failure):
            words = f"{failure.cause}. {failure.next_step}"
            assert "your role in Orchestrator" in words
            assert "signing in anew would not help" in words
            assert "scope" not in words


@pytest.mark.parametrize("simulator", [("hostile",)], indirect=True)
async def test_hostile_texts_are_harmless(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "cloud-2019") as connection:
        client = await client_2019(connection, simulator)
        page = await client.releases(None)
        for release in page.value:
            assert "\x1b" not in release.name + release.description + release.process_key
            assert "\u202e" not in release.name + release.description


@pytest.mark.parametrize("simulator", [("many",)], indirect=True)
async def test_five_hundred_jobs_are_five_requests(simulator: SimulatorServer) -> None:
    async with connecting(simulator, "automation-cloud") as connection:
        client, folder = await client_of_today(connection, simulator)
        page = await client.releases(folder, top=1000)
        assert page.count is not None
        assert page.count >= 10_000
        assert len(page.value) == 1000
        outcome = await client.start(modern_start(page.value[0], 500), folder)
        assert isinstance(outcome, Accepted)
        before = len(connection.log)
        assert len(await client.jobs([job.id for job in outcome.jobs], folder)) == len(outcome.jobs) == 500
        assert len(connection.log) - before == 5
