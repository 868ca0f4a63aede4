"""One kept sign-in of today that several processes share, and a server whose access tokens end on demand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tui.api.answer import Answer
from tui.api.connection import Call, Connection
from tui.api.deployments import deployment
from tui.api.limits import Limits
from tui.api.sign_in.auth import Credentials, authorized
from tui.api.sign_in.pkce import begin_authorization, code_from
from tui.api.sign_in.token_set import Application, SignInRecord
from tui.api.sign_in.ways_in import sign_in_by_code
from tui.clock import SystemClock
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Purpose
from tui.keeping import Keeping
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.tokens import PUBLIC_CLIENT_ID
from tui.store.credentials import CredentialStore, StoredKeeper

NAME = "shared-51a051a051a051a0"
PATIENT = Limits(get=60.0, token=60.0)
"""For machines that are busy with other tests."""


@asynccontextmanager
async def connecting(base_url: str) -> AsyncIterator[Connection]:
    place = deployment("automation-cloud", base_url)
    connection = Connection(place, log=ExchangeLog(), clock=SystemClock(), limits=PATIENT)
    try:
        yield connection
    finally:
        await connection.aclose()


def keeper_of(folder: Path) -> StoredKeeper:
    return CredentialStore(folder, patience=120).keeper(NAME, Keeping.FILE)


async def kept_in(folder: Path) -> SignInRecord | None:
    return await CredentialStore(folder).load(NAME, Keeping.FILE)


async def signed_in(server: SimulatorServer, folder: Path) -> SignInRecord:
    """Sign in with the browser's way, keep it in ``folder``, and return what was kept."""
    async with connecting(server.base_url) as connection, httpx.AsyncClient() as browser:
        attempt = begin_authorization(connection.deployment, Application(PUBLIC_CLIENT_ID), "http://127.0.0.1:8104/")
        landed = await browser.get(attempt.address)
        credentials = await sign_in_by_code(connection, attempt, code_from(attempt, landed.headers["location"]))
        await credentials.keep(keeper_of(folder))
        return credentials.record


async def call_once(connection: Connection, credentials: Credentials, base: str) -> Answer:
    """Read the folders as any session does."""
    url = f"{base}/odata/Folders?$top=1"

    async def call(token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return await connection.read(Call("GET", url, Purpose.FOLDERS, "list the folders", headers, deadline=60.0))

    return await authorized(credentials, call)


def base_of(server: SimulatorServer) -> str:
    facts = server.summary["automation_cloud"]
    return f"{server.base_url}/{facts['organization']}/{facts['tenant']}/orchestrator_"


class Hours:
    """Lets an hour go by at the server: every access token given so far has ended."""

    def __init__(self, server: SimulatorServer) -> None:
        self.passed = 0
        server.world.tokens.now = self.now

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self.passed, minutes=self.passed)

    def pass_one(self) -> None:
        self.passed += 1
