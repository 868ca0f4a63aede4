"""Real TLS with throw-away authorities, and proxies: whom the client trusts, and what leaves before it does."""

import ssl
from pathlib import Path

import pytest
import trustme

from tests.unit.api.raw_servers import (
    ACCESS,
    JOB,
    JOB_ID,
    QUICK,
    STARTED,
    Request,
    Writer,
    always,
    answer,
    connected,
    serving,
)
from tui.api.failures import CallError
from tui.api.outcome import Accepted, NotSent, Unknown
from tui.api.proxies import proxy_for
from tui.api.start import StartInfo
from tui.api.tls import tls_context
from tui.errors import UsageError
from tui.exchanges.reasons import Reason

INFO = StartInfo(release_key="key")


def server_context(authority: trustme.CA, *names: str, expired: bool = False) -> ssl.SSLContext:
    from datetime import UTC, datetime

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = datetime(2020, 1, 1, tzinfo=UTC) if expired else None
    authority.issue_cert(*(names or ("localhost", "127.0.0.1")), not_after=end).configure_cert(context)
    return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority this computer trusts for the length of a test."""
    found = trustme.CA()
    found.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return found


async def test_a_trusted_authority_is_accepted(authority: trustme.CA) -> None:
    context = server_context(authority)
    async with serving(always(answer(201, STARTED)), context) as server, connected(server.url) as (client, conn, _):
        assert isinstance(await client.start(INFO, None), Accepted)
        assert conn.log[0].timing.tls is not None


@pytest.mark.parametrize(
    ("names", "expired", "own", "reason"),
    [
        ((), False, False, Reason.UNKNOWN_AUTHORITY),
        ((), True, True, Reason.CERTIFICATE_EXPIRED),
        (("elsewhere.example",), False, True, Reason.WRONG_HOST),
    ],
)
async def test_a_bad_certificate_gets_no_byte(
    authority: trustme.CA, names: tuple[str, ...], expired: bool, own: bool, reason: Reason
) -> None:
    context = server_context(authority if own else trustme.CA(), *names, expired=expired)
    async with serving(always(answer(200, JOB)), context) as server, connected(server.url) as (client, _, clock):
        with pytest.raises(CallError) as error:
            await client.job(JOB_ID, None)
        outcome = await client.start(INFO, None)
        assert error.value.reason is reason
        assert not error.value.sent
        assert isinstance(outcome, NotSent)
        assert server.raw_bytes == 0
        assert clock.slept == []


async def test_no_tls_at_the_other_end(authority: trustme.CA) -> None:
    async with (
        serving(always(answer(200, JOB))) as server,
        connected(server.url.replace("http://127.0.0.1", "https://localhost"), limits=QUICK) as (client, _, _clock),
    ):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, NotSent)
        assert server.requests == []


def test_the_key_log_is_taken_out_of_the_environment() -> None:
    environment = {"SSLKEYLOGFILE": "/keys"}
    context = tls_context(needed=True, environment=environment)
    assert environment == {}
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert tls_context(needed=False, environment={}).verify_mode == ssl.CERT_REQUIRED


def test_a_missing_certificate_file_is_said() -> None:
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        tls_context(needed=True, environment={"SSL_CERT_FILE": "/nowhere/ca.pem"})


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def test_which_proxy(proxies: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://cloud.uipath.com") == ""
    proxies.setenv("HTTPS_PROXY", "http://user:pw@proxy.example:8080")
    assert proxy_for("https://cloud.uipath.com") == "http://user:pw@proxy.example:8080"
    assert proxy_for("https://127.0.0.1:5") == ""
    proxies.setenv("NO_PROXY", "uipath.com")
    assert proxy_for("https://cloud.uipath.com") == ""
    proxies.setenv("NO_PROXY", "")
    proxies.setenv("HTTPS_PROXY", "proxy.example:8080")
    assert proxy_for("https://cloud.uipath.com") == "http://proxy.example:8080"


@pytest.mark.parametrize("value", ["http://:pw-in-clear@:x", "http://[::1", "ftp://p:1", "socks5://p:1", "http://"])
async def test_a_bad_proxy_setting_is_one_sentence(proxies: pytest.MonkeyPatch, value: str) -> None:
    proxies.setenv("HTTPS_PROXY", value)
    async with connected("https://orchestrator.invalid") as (client, _, _clock):
        with pytest.raises(UsageError, match="proxy"):
            await client.job(JOB_ID, None)
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, NotSent)
        assert "pw-in-clear" not in str(outcome)


def proxy_respond(status: int, *, drop: bool = False) -> tuple[list[Request], object]:
    seen: list[Request] = []

    async def respond(writer: Writer, request: Request) -> None:
        seen.append(request)
        if drop:
            writer.transport.abort()
            return
        writer.write(f"HTTP/1.1 {status} Proxy\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return seen, respond


@pytest.mark.parametrize(("status", "drop"), [(407, False), (403, False), (502, False), (200, True)])
async def test_a_proxy_that_refuses_means_nothing_was_sent(
    proxies: pytest.MonkeyPatch, authority: trustme.CA, status: int, drop: bool
) -> None:
    seen, respond = proxy_respond(status, drop=drop)
    async with serving(respond) as proxy:  # type: ignore[arg-type]
        proxies.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://user:proxy-password@"))
        async with connected("https://orchestrator.invalid") as (client, connection, _):
            outcome = await client.start(INFO, None)
            assert isinstance(outcome, NotSent), outcome
            assert connection.proxies == (proxy.url,)
            assert [request.method for request in seen] == ["CONNECT"]
            kept = repr(list(connection.log)) + str(outcome)
            assert "proxy-password" not in kept
            assert ACCESS not in kept


async def test_a_tunnel_that_breaks_after_the_request_is_unknown(
    proxies: pytest.MonkeyPatch, authority: trustme.CA
) -> None:
    import asyncio

    async def vanish(writer: Writer, _: Request) -> None:
        writer.transport.abort()

    async with serving(vanish, server_context(authority, "orchestrator.invalid")) as origin:

        async def tunnel(reader: asyncio.StreamReader, writer: Writer) -> None:
            await reader.readuntil(b"\r\n\r\n")
            there, back = await asyncio.open_connection("127.0.0.1", origin.port)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

            async def copy(source: asyncio.StreamReader, target: Writer) -> None:
                try:
                    while data := await source.read(65536):
                        target.write(data)
                        await target.drain()
                except ConnectionError:
                    pass
                finally:
                    target.close()

            await asyncio.gather(copy(reader, back), copy(there, writer))

        proxy = await asyncio.start_server(tunnel, "127.0.0.1", 0)
        proxies.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        async with connected("https://orchestrator.invalid") as (client, _, _clock):
            outcome = await client.start(INFO, None)
            assert isinstance(outcome, Unknown), outcome
            assert len(origin.posts()) == 1
        proxy.close()
        await asyncio.sleep(0.05)
