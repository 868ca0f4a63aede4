"""Renewal in turns with other processes, and by clocks that jump: nothing newer is lost, nothing spent is sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import pytest

from tests.unit.api.raw_servers import PATIENT, ManualClock, RawServer, Request, Writer, answer, serving
from tui.api.answer import Answer
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.failures import CallError
from tui.api.sign_in.auth import Credentials, authorized
from tui.api.sign_in.token_set import Application, Login, SignInRecord, Tokens
from tui.api.sign_in.ways_in import sign_in_again
from tui.errors import Failure, SignInError, UiPathTuiError
from tui.exchanges.log import ExchangeLog
from tui.secret import Secret

APP = Application("app-id")


class Rotating:
    """A token endpoint of today: a refresh token works once, and a second use is counted."""

    def __init__(self) -> None:
        self.live = {"refresh-token-00"}
        self.spent: set[str] = set()
        self.calls = 0
        self.reused = 0
        self.names: list[str] = []

    async def __call__(self, writer: Writer, request: Request) -> None:
        fields = {name: value for name, (value,) in parse_qs(request.body.decode()).items()}
        self.calls += 1
        self.names.append(fields.get("refresh_token", fields["grant_type"]))
        token = fields.get("refresh_token")
        self.reused += token in self.spent
        if token is not None and token not in self.live:
            writer.write(answer(400, {"error": "invalid_grant"}))
        else:
            writer.write(answer(200, self.fresh(token)))
        await writer.drain()

    def fresh(self, token: str | None = None) -> dict[str, object]:
        number = f"{len(self.spent) + 1:02}"
        found: dict[str, object] = {"access_token": f"access-token-{number}", "expires_in": 3600}
        if token is not None:
            self.live.discard(token)
            self.spent.add(token)
            self.live.add(f"refresh-token-{number}")
            found["refresh_token"] = f"refresh-token-{number}"
        return found


class StoreGoneError(UiPathTuiError):
    """The store of the test can't be used."""


def gone() -> StoreGoneError:
    return StoreGoneError(Failure("The sign-in could not be kept", "the disk is full", "Make room"))


@dataclass
class SharedKeeper:
    """What several sessions share: one record under one lock."""

    record: SignInRecord | None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    saves: int = 0
    refuse_saves: bool = False
    refuse_loads: bool = False

    @contextlib.asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        async with self.lock:
            yield

    async def load(self) -> SignInRecord | None:
        assert self.lock.locked()
        if self.refuse_loads:
            raise gone()
        return self.record

    async def save(self, record: SignInRecord) -> None:
        assert self.lock.locked()
        if self.refuse_saves:
            raise gone()
        self.saves += 1
        self.record = record


def record(number: int = 0, clock: ManualClock | None = None) -> SignInRecord:
    ends = clock.now() + timedelta(hours=1) if clock else None
    tokens = Tokens(
        Secret(f"access-token-{number:02}"), Secret("id-token-00"), Secret(f"refresh-token-{number:02}"), ends
    )
    return SignInRecord("browser", tokens, APP)


@contextlib.asynccontextmanager
async def session(url: str, clock: ManualClock | None = None) -> AsyncIterator[Connection]:
    place = deployment("automation-cloud", url)
    connection = Connection(place, log=ExchangeLog(), clock=clock or ManualClock(), limits=PATIENT)
    try:
        yield connection
    finally:
        await connection.aclose()


@contextlib.asynccontextmanager
async def rotating() -> AsyncIterator[tuple[Rotating, RawServer, Connection]]:
    tokens = Rotating()
    async with serving(tokens) as server, session(server.url) as connection:
        yield tokens, server, connection


async def test_sessions_that_share_a_sign_in_refresh_it_once() -> None:
    async with rotating() as (tokens, _server, connection):
        keeper = SharedKeeper(record())
        sessions = [Credentials(connection, record(), keeper=keeper) for _ in range(6)]
        for number in range(1, 5):
            await asyncio.gather(*(each.renew(each.access) for each in sessions))
            assert {each.access.reveal() for each in sessions} == {f"access-token-{number:02}"}
            assert tokens.calls == keeper.saves == number
        assert tokens.reused == 0
        assert [each.adopted for each in sessions].count(False) == 1
        assert all(each.id_token.reveal() == "id-token-00" for each in sessions)


async def test_what_another_process_kept_is_used_without_a_call() -> None:
    async with rotating() as (tokens, _server, connection):
        credentials = Credentials(connection, record(), keeper=SharedKeeper(record(7)))
        await credentials.renew(credentials.access)
        assert (credentials.access.reveal(), credentials.adopted, tokens.calls) == ("access-token-07", True, 0)


async def test_kept_tokens_that_have_ended_are_renewed_by_the_kept_refresh_token() -> None:
    async with rotating() as (tokens, _server, connection):
        clock = ManualClock()
        tokens.live = {"refresh-token-07"}
        keeper = SharedKeeper(record(7, clock))
        connection.clock = clock
        clock.seconds += 3601
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        assert tokens.names == ["refresh-token-07"]
        assert credentials.access.reveal() == "access-token-01"


async def test_a_save_that_fails_is_told_and_loses_nothing() -> None:
    async with rotating() as (tokens, _server, connection):
        keeper = SharedKeeper(record(), refuse_saves=True)
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        assert credentials.access.reveal() == "access-token-01"
        assert credentials.unsaved is not None
        assert credentials.unsaved.cause == "the disk is full"
        keeper.refuse_saves = False
        await credentials.renew(credentials.access)
        assert credentials.unsaved is None
        assert keeper.record is not None
        assert keeper.record.tokens == credentials.tokens
        assert (tokens.reused, tokens.names) == (0, ["refresh-token-00", "refresh-token-01"])


async def test_what_could_not_be_kept_is_kept_at_the_end() -> None:
    async with rotating() as (_tokens, _server, connection):
        keeper = SharedKeeper(record(), refuse_saves=True)
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        await credentials.settled()
        assert credentials.unsaved is not None
        keeper.refuse_saves = False
        await credentials.settled()
        assert (credentials.unsaved, keeper.record) == (None, credentials.record)


@pytest.mark.parametrize("newer", [record(8), None], ids=["newer", "forgotten"])
async def test_the_end_never_replaces_what_is_newer(newer: SignInRecord | None) -> None:
    async with rotating() as (_tokens, _server, connection):
        keeper = SharedKeeper(record(), refuse_saves=True)
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        keeper.refuse_saves, keeper.record = False, newer
        await credentials.settled()
        assert keeper.record == newer


async def test_a_renewal_while_the_first_keeping_goes_on_is_kept_too() -> None:
    class Slow(SharedKeeper):
        async def save(self, record: SignInRecord) -> None:
            await super().save(record)
            await asyncio.sleep(0.05)

    async with rotating() as (_tokens, _server, connection):
        keeper = Slow(None)
        credentials = Credentials(connection, record())
        keeping = asyncio.ensure_future(credentials.keep(keeper))
        while not keeper.saves:
            await asyncio.sleep(0)
        await credentials.renew(credentials.access)
        await keeping
        assert keeper.record == credentials.record
        assert credentials.access.reveal() == "access-token-01"


@pytest.mark.parametrize(
    ("kind", "hours", "part"),
    [
        ("personal access token", None, "has ended or was revoked"),
        ("access token", None, "belongs to another organization"),
        ("access token", -2, "ended on 2019-06-12 at 07:28 UTC"),
    ],
)
async def test_a_token_that_nothing_renews_says_why(kind: str, hours: int | None, part: str) -> None:
    clock = ManualClock()
    async with session("http://127.0.0.1:9", clock) as connection:
        ends = clock.now() + timedelta(hours=hours) if hours is not None else None
        credentials = Credentials(connection, SignInRecord(kind, Tokens(Secret("a-token"), expires_at=ends)))
        with pytest.raises(SignInError, match=part):
            await credentials.renew(credentials.access)


async def test_a_load_that_fails_sends_nothing() -> None:
    async with rotating() as (tokens, _server, connection):
        keeper = SharedKeeper(record(), refuse_loads=True)
        credentials = Credentials(connection, record(), keeper=keeper)
        with pytest.raises(StoreGoneError):
            await credentials.renew(credentials.access)
        assert tokens.calls == 0
        keeper.refuse_loads = False
        await credentials.renew(credentials.access)
        assert tokens.calls == 1


async def test_a_sign_in_that_was_forgotten_is_not_kept_again() -> None:
    async with rotating() as (_tokens, _server, connection):
        keeper = SharedKeeper(None)
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        assert credentials.unsaved is not None
        assert "no longer kept" in credentials.unsaved.title
        assert keeper.record is None
        await credentials.keep(keeper)
        assert (keeper.record, credentials.unsaved) == (credentials.record, None)


async def test_a_refusal_looks_once_more_and_deletes_nothing() -> None:
    class Late(SharedKeeper):
        loads = 0

        async def load(self) -> SignInRecord | None:
            self.loads += 1
            return record(9) if self.loads == 2 else record()

    async with rotating() as (tokens, _server, connection):
        tokens.live = {"refresh-token-09"}
        keeper = Late(record())
        credentials = Credentials(connection, record(), keeper=keeper)
        await credentials.renew(credentials.access)
        assert tokens.names == ["refresh-token-00", "refresh-token-09"]
        assert keeper.record is not None
        assert keeper.record.tokens.refresh.reveal() == "refresh-token-01"


async def test_a_refused_sign_in_ends_plainly_and_is_not_tried_again() -> None:
    async with rotating() as (tokens, _server, connection):
        tokens.live = set()
        keeper = SharedKeeper(record())
        credentials = Credentials(connection, record(), keeper=keeper)
        for _ in range(3):
            with pytest.raises(SignInError, match=r"Access has ended.*each works once.*Sign in again"):
                await credentials.renew(credentials.access)
        assert tokens.calls == 1
        assert keeper.record == record()
        # Somebody signs in again elsewhere: the session goes on.
        keeper.record = record(5)
        await credentials.renew(credentials.access)
        assert credentials.access.reveal() == "access-token-05"


async def test_an_adopted_token_that_is_used_up_is_renewed_once_more() -> None:
    async with rotating() as (tokens, _server, connection):
        tokens.live = {"refresh-token-07"}
        credentials = Credentials(connection, record(), keeper=SharedKeeper(record(7)))

        async def call(token: str) -> Answer:
            return Answer(200 if token == "access-token-01" else 401, (), b"", "")

        assert (await authorized(credentials, call)).ok
        assert tokens.calls == 1


async def test_fifty_refusals_at_once_make_one_call_and_end_when_nothing_helps() -> None:
    async with rotating() as (tokens, _server, connection):
        credentials = Credentials(connection, record(), keeper=SharedKeeper(record()))
        calls = 0

        async def call(_: str) -> Answer:
            nonlocal calls
            calls += 1
            await asyncio.sleep(0)
            return Answer(401, (), b"", "")

        results = await asyncio.gather(*(authorized(credentials, call) for _ in range(50)), return_exceptions=True)
        assert all(isinstance(result, SignInError) for result in results)
        assert (tokens.calls, calls) == (1, 100)


async def test_a_renewal_outlives_who_asked_for_it() -> None:
    async with rotating() as (_tokens, _server, connection):
        keeper = SharedKeeper(record())
        credentials = Credentials(connection, record(), keeper=keeper)
        asking = asyncio.ensure_future(credentials.renew(credentials.access))
        await asyncio.sleep(0)
        asking.cancel()
        await credentials.settled()
        assert keeper.record is not None
        assert keeper.record.tokens.access.reveal() == "access-token-01"


async def test_without_an_answer_nothing_is_spent_or_refused() -> None:
    async def cut(writer: Writer, _request: Request) -> None:
        writer.transport.abort()

    async with serving(cut) as server, session(server.url) as connection:
        credentials = Credentials(connection, record(), keeper=SharedKeeper(record()))
        for _ in range(2):
            with pytest.raises(CallError):
                await credentials.renew(credentials.access)
        assert len(server.requests) == 2


async def test_a_kept_sign_in_that_is_good_makes_no_call() -> None:
    async with rotating() as (tokens, server, connection):
        clock = ManualClock()
        connection.clock = clock
        kept = record(0, clock)
        assert (await sign_in_again(connection, kept)).access == kept.tokens.access
        assert server.connections == 0
        clock.seconds += 3600
        assert (await sign_in_again(connection, kept, SharedKeeper(kept))).access.reveal() == "access-token-01"
        assert tokens.calls == 1


async def test_a_kept_sign_in_that_has_ended_says_when() -> None:
    clock = ManualClock()
    async with session("http://127.0.0.1:9", clock) as connection:
        ended = SignInRecord("access token", Tokens(Secret("a-token"), expires_at=clock.now() - timedelta(days=1)))
        with pytest.raises(SignInError, match="ended on 2019-06-11 at 09:28 UTC"):
            await sign_in_again(connection, ended)


FLOWS = {
    "refresh": SignInRecord("browser", Tokens(Secret("old-access"), refresh=Secret("refresh-token-00")), APP),
    "application": SignInRecord(
        "application", Tokens(Secret("old-access")), Application("app-id", Secret("a-client-secret")), own_grant=True
    ),
    "kept": SignInRecord("browser", Tokens(Secret("old-access"), refresh=Secret("refresh-token-00")), APP),
}
SKEWS = (-86_400.0, -3_600.0, -61.0, -1.0, 1.0, 61.0, 3_600.0, 86_400.0)


class SkewedClock(ManualClock):
    """A wall clock that can be set apart from the steady one."""

    skew = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.skew)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("skew", SKEWS)
async def test_a_clock_that_is_set_costs_one_renewal_at_most(flow: str, skew: float) -> None:
    tokens, clock = Rotating(), SkewedClock()
    async with serving(tokens) as server, session(server.url, clock) as connection:
        keeper = SharedKeeper(FLOWS[flow]) if flow == "kept" else None
        credentials = Credentials(connection, FLOWS[flow], keeper=keeper)
        await credentials.renew(credentials.access)
        assert tokens.calls == 1
        clock.seconds += 600
        clock.skew = skew
        for _ in range(5):
            await credentials.ready()
        assert tokens.calls == (2 if skew >= 3_000 - 60 else 1)
        # Setting it back must not make a token last longer than the steady clock says.
        calls = tokens.calls
        clock.seconds += 3_600
        for _ in range(5):
            await credentials.ready()
        assert tokens.calls == calls + 1


@pytest.mark.parametrize("lifetime", [0, 1, 5, 30, 90])
async def test_short_tokens_are_not_renewed_at_every_call(lifetime: int) -> None:
    tokens, clock = Rotating(), ManualClock()
    async with serving(tokens) as server, session(server.url, clock) as connection:
        ends = clock.now() + timedelta(seconds=lifetime)
        short = SignInRecord(
            "browser", Tokens(Secret("a-token"), refresh=Secret("refresh-token-00"), expires_at=ends), APP
        )
        credentials = Credentials(connection, short)
        assert credentials.expired() == (lifetime == 0)
        clock.seconds += lifetime * 0.6
        assert credentials.expired()


def test_a_login_is_renewed_by_its_password() -> None:
    login = SignInRecord("user and password", Tokens(Secret("a-token")), login=Login("ada", Secret("Inv3nted")))
    assert login.can_renew
