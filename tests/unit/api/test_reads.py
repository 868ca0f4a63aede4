"""Reads over real sockets: bounded in time and size, tried again where that may help, never led elsewhere."""

import asyncio
import gzip
import json
import resource
import time
import zlib
from datetime import UTC, datetime

import pytest

from tests.unit.api.raw_servers import (
    ACCESS,
    JOB,
    JOB_ID,
    REFRESH,
    Request,
    Writer,
    always,
    answer,
    connected,
    lost,
    serving,
)
from tests.unit.api.test_start_outcomes import BOMB, DOUBLE, UNKNOWN, limits_for
from tui.api.failures import CallError
from tui.api.models import Folder
from tui.api.problems import Kind, ProblemError
from tui.errors import SignInError, UiPathTuiError, UsageError
from tui.exchanges.model import Purpose
from tui.exchanges.reasons import Reason

ROW = {"Id": 1, "Key": JOB["Key"], "Name": "Demo"}
FAULTS = {
    name: respond
    for name, respond in UNKNOWN.items()
    if name not in ("no key", "no id", "names given twice", "no value", "null", "status 202")
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_ends_in_time_as_one_of_our_errors(fault: str) -> None:
    async with (
        serving(FAULTS[fault]) as server,
        connected(server.url, limits=limits_for(fault)) as (client, connection, _),
    ):
        began = time.monotonic()
        with pytest.raises(UiPathTuiError) as error:
            await client.job(JOB_ID, None)
        assert time.monotonic() - began < 10
        assert error.value.failure.cause
        assert 1 <= len(server.requests) == len(connection.log) <= 3
        assert [exchange.attempt for exchange in connection.log] == list(range(1, len(connection.log) + 1))


@pytest.mark.parametrize(
    ("fault", "reason", "tries"),
    [
        ("dropped after the request was read", Reason.CLOSED, 3),
        ("half a body", Reason.INCOMPLETE, 3),
        ("no answer at all", Reason.DEADLINE, 1),
        ("slow header", Reason.DEADLINE, 1),
        ("slow body", Reason.DEADLINE, 1),
        ("endless 1xx", Reason.DEADLINE, 1),
        ("endless headers", Reason.GARBAGE, 1),
        ("endless body", Reason.TOO_LARGE, 1),
        ("NUL in a header", Reason.GARBAGE, 1),
        ("length and chunks, cut", Reason.INCOMPLETE, 3),
        ("garbage", Reason.GARBAGE, 1),
        ("gzip bomb", Reason.TOO_LARGE, 1),
        ("two encodings", Reason.ENCODING, 1),
        ("damaged gzip", Reason.ENCODING, 1),
        ("cut gzip", Reason.INCOMPLETE, 3),
        ("brotli", Reason.ENCODING, 1),
    ],
)
async def test_each_fault_has_its_own_sentence(fault: str, reason: Reason, tries: int) -> None:
    async with (
        serving(UNKNOWN[fault]) as server,
        connected(server.url, limits=limits_for(fault)) as (client, connection, _),
    ):
        with pytest.raises(CallError) as error:
            await client.job(JOB_ID, None)
        assert error.value.reason is reason
        assert error.value.sent
        assert len(server.requests) == tries
        assert {exchange.error for exchange in connection.log} == {str(reason)}
        assert connection.log[0].response_body.truncated


async def test_bombs_take_no_memory() -> None:
    huge = gzip.compress(gzip.compress(b"0" * 300_000_000, 9), 9)
    assert len(huge) < 5_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data, extra in ((huge, "gzip, gzip"), (huge, "gzip,gzip"), (BOMB, "gzip"), (DOUBLE, "x-gzip")):
        async with (
            serving(always(answer(200, data, extra=f"Content-Encoding: {extra}\r\n"))) as server,
            connected(server.url) as (client, _, _clock),
        ):
            with pytest.raises(UiPathTuiError):
                await client.job(JOB_ID, None)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", gzip.compress(json.dumps(JOB).encode())),
        ("X-GZip", gzip.compress(json.dumps(JOB).encode())),
        ("deflate", zlib.compress(json.dumps(JOB).encode())),
        ("deflate", zlib.compress(json.dumps(JOB).encode())[2:-4]),
        ("identity", json.dumps(JOB).encode()),
    ],
    ids=["gzip", "gzip, old name", "deflate", "deflate without header", "identity"],
)
async def test_one_encoding_is_read_though_none_was_asked_for(encoding: str, data: bytes) -> None:
    async with serving(always(answer(200, data, extra=f"Content-Encoding: {encoding}\r\n"))) as server:
        async with connected(server.url) as (client, connection, _):
            assert (await client.job(JOB_ID, None)).id == JOB["Id"]
            assert connection.log[0].response_body.data == json.dumps(JOB).encode()
            assert connection.log[0].response_body.size == len(data)
        assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async with serving(always(answer(200, JOB))) as other:
        away = always(answer(status, b"", extra=f"Location: {other.url}/odata/Jobs(1)?token=abcdefgh12\r\n"))
        async with serving(away) as server, connected(server.url) as (client, connection, _):
            with pytest.raises(ProblemError) as error:
                await client.job(JOB_ID, None)
            with pytest.raises(UiPathTuiError):
                await client.credentials.renew(client.credentials.access)
            assert error.value.kind is Kind.REDIRECT
            assert other.url in error.value.failure.cause
            assert "abcdefgh12" not in repr(list(connection.log))
        assert other.connections == 0


async def test_only_the_deployments_own_addresses_are_called() -> None:
    async with serving(always(answer(200, JOB))) as other, serving(always(answer(200, JOB))) as server:
        async with connected(server.url) as (client, connection, _):
            client._caller.base = other.url
            with pytest.raises(UsageError):
                await client.job(JOB_ID, None)
            assert len(connection.log) == 0
        assert other.connections == 0


async def test_cookies_are_not_kept() -> None:
    async with serving(always(answer(200, JOB, extra="Set-Cookie: session=abcdefgh\r\n"))) as server:
        async with connected(server.url) as (client, connection, _):
            await client.job(JOB_ID, None)
            await client.job(JOB_ID, None)
            assert "abcdefgh" not in repr(list(connection.log))
        assert all("cookie" not in request.headers for request in server.requests)
        assert server.connections == 1


async def test_a_stale_connection_is_replaced() -> None:
    async def once(writer: Writer, _: Request) -> None:
        writer.write(answer(200, JOB))
        await writer.drain()
        writer.transport.abort()

    async with serving(once) as server, connected(server.url) as (client, _, _clock):
        for _ in range(4):
            assert (await client.job(JOB_ID, None)).id == JOB["Id"]
        assert server.connections >= 4


async def test_nothing_is_written_of_either_token() -> None:
    echo = {"message": f"bad token {ACCESS}", "errorCode": 7, "seen": [REFRESH]}
    async with serving(always(answer(400, echo))) as server, connected(server.url) as (client, connection, _):
        with pytest.raises(ProblemError):
            await client.job(JOB_ID, None)
        kept = repr(list(connection.log))
        assert ACCESS not in kept
        assert REFRESH not in kept


async def test_headers_of_calls() -> None:
    async with serving(always(answer(200, JOB))) as server:
        async with connected(server.url) as (client, _, _clock):
            await client.job(JOB_ID, None)
            await client.job(JOB_ID, Folder(id=7))
        async with connected(server.url, key="automation-cloud") as (client, _, _clock):
            await client.job(JOB_ID, Folder(id=7))
            await client.job(JOB_ID, Folder(key=str(JOB["Key"])))
    old, old_folder, new, by_key = (request.headers for request in server.requests)
    assert old["authorization"] == f"Bearer {ACCESS}"
    assert old["x-uipath-tenantname"] == "Tenant"
    assert "x-uipath-organizationunitid" not in old
    assert old_folder["x-uipath-organizationunitid"] == "7"
    assert "x-uipath-tenantname" not in new
    assert new["x-uipath-organizationunitid"] == "7"
    assert by_key["x-uipath-folderkey"] == JOB["Key"]


@pytest.mark.parametrize("tenant", ["a\r\nX-Evil: 1", "a\x00", "\x85", "\ud800"])
async def test_no_header_is_smuggled(tenant: str) -> None:
    async with serving(always(answer(200, JOB))) as server, connected(server.url) as (client, _, _clock):
        client._caller.tenant = tenant
        with pytest.raises(CallError) as error:
            await client.job(JOB_ID, None)
        assert not error.value.sent
        assert server.connections == 0


async def test_addresses_asked() -> None:
    async with serving(always(answer(200, {"value": [], "@odata.count": 0}))) as server:
        async with connected(server.url) as (client, connection, _):
            await client.releases(None, search="O'Neil & co")
            assert await client.release_by_key(str(JOB["Key"]), None) is None
            assert await client.release_by_key("no guid' or 1 eq 1", None) is None
            assert await client.newest_job_id(None) == 0
            assert await client.jobs([3, 3, 5], None) == ()
            await client.look_for(lost(9, "Ö'x"), None)
            await client.robot_logs(str(JOB["Key"]), None, since=datetime(2019, 6, 12, 9, 28, 12, 920731, tzinfo=UTC))
            with pytest.raises(ProblemError):
                await client.robot_logs("no guid", None)
            assert [exchange.purpose for exchange in connection.log][-1] is Purpose.LOGS
        async with connected(server.url, key="automation-cloud") as (client, _, _clock):
            await client.jobs(range(1, 251), None)
    key, since = JOB["Key"], "2019-06-12T09:28:12.920Z"
    paths = [request.path for request in server.requests]
    assert paths[:6] == [
        "/odata/Releases?$filter=contains(Name,'O''Neil%20%26%20co')&$orderby=Name&$top=200&$count=true",
        f"/odata/Releases?$filter=Key%20eq%20'{key}'&$top=1",
        "/odata/Jobs?$orderby=Id%20desc&$top=1",
        "/odata/Jobs?$filter=Id%20eq%203%20or%20Id%20eq%205&$top=2",
        "/odata/Jobs?$filter=Id%20gt%209%20and%20ReleaseName%20eq%20'%C3%96''x'&$orderby=Id&$top=1000",
        f"/odata/RobotLogs?$filter=JobKey%20eq%20{key}%20and%20TimeStamp%20ge%20{since}&$orderby=TimeStamp%20asc&$top=1000",
    ]
    assert [path.count(",") + 1 for path in paths[6:]] == [100, 100, 50]


async def test_a_server_without_in_is_asked_the_old_way() -> None:
    async def respond(writer: Writer, request: Request) -> None:
        known = "%20in%20" not in request.path
        writer.write(answer(200, {"value": [JOB]}) if known else answer(400, {"message": "in?", "errorCode": 1000}))
        await writer.drain()

    async with serving(respond) as server, connected(server.url, key="automation-cloud") as (client, _, _clock):
        for _ in range(2):
            assert len(await client.jobs([10173064, 5], None)) == 1
        assert len(server.requests) == 3


async def test_pages_end_when_they_bring_nothing_new() -> None:
    looping = {"value": [ROW, ROW], "@odata.count": 10**9, "@odata.nextLink": "https://evil.example/"}
    async with serving(always(answer(200, looping))) as server, connected(server.url) as (client, _, _clock):
        robots = await client.robots(None)
        assert len(robots) == 1
        assert len(server.requests) == 2


async def test_endless_pages_are_capped() -> None:
    counter = iter(range(1, 10**9))

    async def respond(writer: Writer, _: Request) -> None:
        rows = [{"Id": next(counter), "Name": "r"} for _ in range(1000)]
        writer.write(answer(200, {"value": rows, "@odata.count": 10**9}))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, _, _clock):
        assert len(await client.robots(None)) == 50_000
        assert len(server.requests) == 50


async def test_the_log_has_phases_and_order() -> None:
    async with serving(always(answer(200, JOB))) as server, connected(server.url) as (client, connection, _):
        await asyncio.gather(*(client.job(JOB_ID, None) for _ in range(5)))
        assert [exchange.id for exchange in connection.log] == [1, 2, 3, 4, 5]
        timing = connection.log[0].timing
        assert None not in (timing.connect, timing.send, timing.wait, timing.receive)
        assert timing.tls is None


async def test_robot_logs_refused_has_its_kind() -> None:
    async with (
        serving(always(answer(403, {"message": "no", "errorCode": 0}))) as server,
        connected(server.url) as (client, _, _clock),
    ):
        with pytest.raises(ProblemError) as error:
            await client.robot_logs(str(JOB["Key"]), None)
        assert error.value.kind is Kind.NOT_ALLOWED


async def test_stop_says_what_was_refused() -> None:
    async with (
        serving(always(answer(409, {"message": "already over"}))) as server,
        connected(server.url) as (client, _, _clock),
    ):
        with pytest.raises(ProblemError, match="stop the job"):
            await client.stop([1], None, kill=False)
    async with serving(always(answer(200))) as server, connected(server.url) as (client, _, _clock):
        await client.stop([1], None, kill=True)
        await client.stop([1, 2], None, kill=False)
        assert [json.loads(request.body) for request in server.requests] == [
            {"strategy": "Kill"},
            {"jobIds": [1, 2], "strategy": "SoftStop"},
        ]


async def test_a_refused_token_is_a_sign_in_error() -> None:
    async with serving(always(answer(401, {"message": "no"}))) as server, connected(server.url) as (client, _, _clock):
        with pytest.raises(SignInError):
            await client.job(JOB_ID, None)
        assert [request.method for request in server.requests] == ["GET", "POST"]
