"""Sign-in and renewal over real sockets: one token call however many wait, and no token in any error."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from tests.unit.api.raw_servers import (
    JOB,
    JOB_ID,
    PATIENT,
    REFRESH,
    ManualClock,
    Request,
    Writer,
    always,
    answer,
    connected,
    serving,
)
from tests.unit.api.test_tokens import jwt
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.failures import CallError
from tui.api.problems import Kind, ProblemError
from tui.api.sign_in.auth import Credentials
from tui.api.sign_in.identity import accounts, service_instances, tenants_and_organization
from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in
from tui.errors import AnswerError, Exit, SignInError, UiPathTuiError, UsageError
from tui.exchanges.log import ExchangeLog
from tui.secret import Secret


class TokenServer:
    """Gives a new access token at each token call; answers 401 to all others."""

    def __init__(self, *, refuse: bool = False, delay: float = 0.05, rotates: bool = False) -> None:
        self.given = 0
        self.refuse = refuse
        self.delay = delay
        self.rotates = rotates
        self.refreshes: list[str] = []
        self.rejections = 0

    async def __call__(self, writer: Writer, request: Request) -> None:
        writer.write(await self.reply(request))
        await writer.drain()

    async def reply(self, request: Request) -> bytes:
        if request.method == "POST":
            await asyncio.sleep(self.delay)
            return self.token(request)
        if request.headers["authorization"] != f"Bearer fresh-token-number-{self.given}":
            self.rejections += 1
            return answer(401, {"message": "expired"})
        return answer(200, JOB)

    def token(self, request: Request) -> bytes:
        fields = json.loads(request.body) if b"{" in request.body else parse_qs(request.body.decode())
        value = fields["refresh_token"]
        self.refreshes.append(value if isinstance(value, str) else value[0])
        if self.refuse:
            return answer(403, {"error": "invalid_grant", "error_description": "revoked"})
        self.given += 1
        found = {"access_token": f"fresh-token-number-{self.given}", "expires_in": 3600}
        if self.rotates:
            found["refresh_token"] = f"rotated-token-number-{self.given}"
        return answer(200, found)


async def test_fifty_expired_calls_make_one_token_call() -> None:
    tokens = TokenServer()
    async with serving(tokens) as server, connected(server.url) as (client, _, _clock):
        jobs = await asyncio.gather(*(client.job(JOB_ID, None) for _ in range(50)))
        assert len(jobs) == 50
        assert len(server.posts()) == 1
        assert len(server.requests) == 1 + 50 + tokens.rejections
        assert tokens.rejections <= 50


async def test_fifty_refused_calls_make_one_token_call() -> None:
    refusing = serving(TokenServer(refuse=True))
    async with refusing as server, connected(server.url) as (client, _, _clock):
        results = await asyncio.gather(*(client.job(JOB_ID, None) for _ in range(50)), return_exceptions=True)
        assert all(isinstance(result, SignInError) for result in results)
        assert len(server.posts()) == 1
        with pytest.raises(SignInError, match="Access has ended"):
            await client.job(JOB_ID, None)
        assert len(server.posts()) == 1


async def test_a_caller_that_gives_up_does_not_lose_the_new_token() -> None:
    tokens = TokenServer(delay=0.2, rotates=True)
    async with serving(tokens) as server, connected(server.url) as (client, _, _clock):
        first = asyncio.ensure_future(client.job(JOB_ID, None))
        while not server.posts():
            await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await client.job(JOB_ID, None)
        assert len(server.posts()) == 1
        assert client.credentials.refresh_token.reveal() == "rotated-token-number-1"


class MemoryKeeper:
    """Keeps one record in memory and says in ``order`` what it was asked."""

    def __init__(self, record: SignInRecord | None, order: list[str] | None = None) -> None:
        self.record = record
        self.order: list[str] = [] if order is None else order

    @contextlib.asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        self.order.append("locked")
        yield
        self.order.append("unlocked")

    async def load(self) -> SignInRecord | None:
        self.order.append("loaded")
        return self.record

    async def save(self, record: SignInRecord) -> None:
        self.record = record
        self.order.append(f"kept {record.tokens.refresh.reveal()}")


async def test_new_tokens_are_kept_before_they_are_used() -> None:
    order: list[str] = []
    tokens = TokenServer(rotates=True)

    async def respond(writer: Writer, request: Request) -> None:
        order.append(request.method)
        await tokens(writer, request)

    async with serving(respond) as server, connected(server.url, key="automation-cloud") as (client, connection, _):
        record = SignInRecord("browser", client.credentials.tokens, Application("app"))
        client._caller.credentials = Credentials(connection, record, keeper=MemoryKeeper(record, order))
        await client.job(JOB_ID, None)
        assert order == ["GET", "locked", "loaded", "POST", "kept rotated-token-number-1", "unlocked", "GET"]
        assert server.posts()[0].path == "/identity_/connect/token"
        assert server.posts()[0].headers["content-type"] == "application/x-www-form-urlencoded"
        await client.credentials.renew(client.credentials.access)
        assert tokens.refreshes == [REFRESH, "rotated-token-number-1"]


async def test_a_token_about_to_end_is_renewed_first() -> None:
    tokens = TokenServer()
    async with serving(tokens) as server, connected(server.url) as (client, _, clock):
        await client.job(JOB_ID, None)
        assert client.credentials.expires_at == clock.now() + timedelta(seconds=3600)
        clock.seconds += 3539
        await client.job(JOB_ID, None)
        assert len(server.posts()) == 1
        clock.seconds += 2
        await client.job(JOB_ID, None)
        assert [request.method for request in server.requests] == ["GET", "POST", "GET", "GET", "POST", "GET"]


async def test_either_clock_ends_a_token() -> None:
    class Jumping(ManualClock):
        jumped = 0.0

        def monotonic(self) -> float:
            return self.seconds + self.jumped

    clock = Jumping()
    async with serving(TokenServer()) as server:
        connection = Connection(deployment("cloud-2019", server.url), log=ExchangeLog(), clock=clock, limits=PATIENT)
        tokens = Tokens(Secret("a"), expires_at=clock.now() + timedelta(hours=1))
        credentials = Credentials(connection, SignInRecord("token", tokens, Application("app")))
        assert not credentials.expired()
        clock.jumped = 3600
        assert credentials.expired()
        clock.jumped = 0
        clock.start += timedelta(hours=1)
        assert credentials.expired()


async def test_a_network_failure_while_renewing_is_no_sign_out() -> None:
    async def gone(writer: Writer, request: Request) -> None:
        if request.method == "POST" and len(server.posts()) == 1:
            writer.transport.abort()
        else:
            await tokens(writer, request)

    tokens = TokenServer()
    async with serving(gone) as server, connected(server.url) as (client, _, _clock):
        with pytest.raises(CallError):
            await client.job(JOB_ID, None)
        assert (await client.job(JOB_ID, None)).id == JOB["Id"]


async def test_tokens_that_cannot_be_renewed_ask_for_a_new_sign_in() -> None:
    async with serving(TokenServer()) as server, connected(server.url, key="automation-cloud") as (client, _, _clock):
        with pytest.raises(SignInError) as error:
            await client.job(JOB_ID, None)
        assert error.value.failure.exit is Exit.SIGN_IN
        assert [request.method for request in server.requests] == ["GET"]


ID_TOKEN = jwt(sub="u", email="ada@example.com", nonce="n")
GIVEN = {"access_token": "an-access-token-123", "id_token": ID_TOKEN, "expires_in": 86400, "token_type": "Bearer"}
KEY = "An1nvented-user_key.of43characters0123456789"


async def test_sign_in_of_2019() -> None:
    async def respond(writer: Writer, request: Request) -> None:
        replies: dict[str, object] = {
            "/oauth/token": GIVEN,
            "/cloudrpa/api/getAccountsForUser": {"userEmail": "a", "accounts": [{"accountLogicalName": "acc"}]},
            "/cloudrpa/api/account/acc/getAllServiceInstances": [
                {"serviceInstanceLogicalName": "Inst", "serviceUrl": None, "extra": 1}
            ],
        }
        writer.write(answer(200, replies[request.path]))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (_, connection, _clock):
        credentials = await sign_in(connection, recognise(KEY, connection.deployment.generation))
        assert json.loads(server.requests[0].body) == {
            "grant_type": "refresh_token",
            "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
            "refresh_token": KEY,
        }
        assert server.requests[0].headers["content-type"] == "application/json"
        assert credentials.refresh_token.reveal() == KEY
        assert credentials.email == "ada@example.com"
        assert (await accounts(connection, credentials)).accounts[0].name == "acc"
        assert (await service_instances(connection, credentials, "acc"))[0].logical_name == "Inst"
        assert [request.headers["authorization"] for request in server.requests[1:]] == [f"Bearer {ID_TOKEN}"] * 2
        kept = repr(list(connection.log))
        assert not any(secret in kept for secret in (KEY, ID_TOKEN, "an-access-token-123"))


async def test_without_an_id_token_the_access_token_serves() -> None:
    async def respond(writer: Writer, request: Request) -> None:
        given = {"access_token": "an-access-token-123", "id_token": None}
        writer.write(answer(200, given if request.method == "POST" else {"accounts": []}))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (_, connection, _clock):
        credentials = await sign_in(connection, recognise(KEY, connection.deployment.generation))
        await accounts(connection, credentials)
        assert server.requests[1].headers["authorization"] == "Bearer an-access-token-123"
        assert credentials.expires_at is None


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(400, {"error": "invalid_grant"}), SignInError),
        (answer(401, b""), SignInError),
        (answer(403, {"error": "access_denied", "error_description": "Unknown\u001b[2J token"}), SignInError),
        (answer(200, {"expires_in": 1}), AnswerError),
        (answer(200, {"access_token": "a\nb"}), AnswerError),
        (answer(200, b'{"access_token":"aaaaaaaaa","access_token":"bbbbbbbbb"}'), AnswerError),
        (answer(200, b"<html>", "text/html"), AnswerError),
        (answer(404, b"<html>", "text/html"), AnswerError),
        (answer(200, b"nonsense"), AnswerError),
        (answer(429, {"message": "slow down"}), AnswerError),
        (answer(500, {}), AnswerError),
        (answer(307, b"", extra="Location: https://evil.example/\r\n"), AnswerError),
    ],
    ids=range(12),
)
async def test_refused_sign_ins(reply: bytes, kind: type[UiPathTuiError]) -> None:
    async with serving(always(reply)) as server, connected(server.url) as (_, connection, clock):
        with pytest.raises(kind) as error:
            await sign_in(connection, recognise(KEY, connection.deployment.generation))
        assert error.value.failure.next_step
        assert "\x1b" not in error.value.failure.server_message
        assert len(server.requests) == 1
        assert clock.slept == []
        assert KEY not in repr(error.value) + repr(list(connection.log))


async def test_what_is_no_token_is_not_sent() -> None:
    async with serving(always(answer(200, GIVEN))) as server, connected(server.url) as (_, connection, _clock):
        for text in ("", "hunter2", "https://account.uipath.com/mobile?code=abc"):
            with pytest.raises(UsageError):
                await sign_in(connection, recognise(text, connection.deployment.generation))
        assert server.connections == 0


async def test_tenants_of_today() -> None:
    listing = {"tenants": [{"id": "1", "name": "Default"}], "organization": {"id": "2", "name": "acme"}}
    async with (
        serving(always(answer(200, listing))) as server,
        connected(server.url, key="automation-cloud") as (_, connection, _clock),
    ):
        token = jwt(sub="u", prt_id="org-guid", scope="x")
        credentials = await sign_in(connection, recognise(token, connection.deployment.generation))
        found = await tenants_and_organization(connection, credentials)
        assert (found.organization.name, found.tenants[0].name) == ("acme", "Default")
        assert server.requests[0].path == "/org-guid/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
        assert server.requests[0].headers["authorization"] == f"Bearer {token}"
        pat = await sign_in(connection, recognise("rt_" + "ab" * 16, connection.deployment.generation))
        with pytest.raises(UsageError, match="Type the organization"):
            await tenants_and_organization(connection, pat)


async def test_a_refused_listing_has_its_kind() -> None:
    async with (
        serving(always(answer(403, {}))) as server,
        connected(server.url, key="automation-cloud") as (_, connection, _clock),
    ):
        pat = await sign_in(connection, recognise("rt_" + "ab" * 16, connection.deployment.generation))
        with pytest.raises(ProblemError) as error:
            await tenants_and_organization(connection, pat, "org")
        assert error.value.kind is Kind.NOT_ALLOWED
