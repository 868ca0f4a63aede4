"""Who is signed in: against the simulated service, with a real listener and a real browser's connections."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tui.api.sign_in.token_set import Application
from tui.clock import SystemClock
from tui.errors import SignInError, UiPathTuiError, UsageError
from tui.exchanges.log import ExchangeLog
from tui.flow import effects as fx
from tui.flow.ways import ByApplication, ByKept, ByRedirect, Pasted, Target
from tui.keeping import Keeping
from tui.profile import Profile
from tui.runtime.session import Session
from tui.secret import Secret
from tui.settings import Settings
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.tokens import CLIENT_ID, CLIENT_SECRET, PUBLIC_CLIENT_ID, USER_KEY
from tui.store.credentials import CredentialStore

PUBLIC = Application(PUBLIC_CLIENT_ID)


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(speed=50) as server:
        yield server


@asynccontextmanager
async def session(server: SimulatorServer, store: CredentialStore | None = None, **more: str) -> AsyncIterator[Session]:
    settings = replace(Settings(open_browser="never", redirect_uri="http://127.0.0.1:0/"), **more)
    opened = Session(settings=settings, log=ExchangeLog(), clock=SystemClock(), store=store)
    try:
        yield opened
    finally:
        await opened.aclose()


def target(server: SimulatorServer, kind: str = "cloud-2019", **more: object) -> Target:
    return replace(Target(deployment=kind, base_url=server.base_url), **more)  # pyright: ignore[reportArgumentType]


def browser(server: SimulatorServer, ticket: int = 1) -> fx.BeginBrowser:
    return fx.BeginBrowser(ticket=ticket, application=PUBLIC, target=target(server, "automation-cloud"))


async def come_back(address: str) -> str:
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        return (await browser.get(address)).text


async def test_a_comment_in_the_log_keeps_no_secret(server: SimulatorServer) -> None:
    log = ExchangeLog()
    opened = Session(settings=Settings(), log=log, clock=SystemClock())
    try:
        ask = fx.SignIn(ticket=1, way=Pasted(Secret(USER_KEY)), target=target(server))
        await opened.sign_in(ask)
        log.marks.set(1, f"sent {USER_KEY}, see there")
        assert log.marks[1] == f"sent {Secret(USER_KEY).fingerprint}, see there"
    finally:
        await opened.aclose()


async def test_the_browser_that_comes_back_signs_in(server: SimulatorServer) -> None:
    async with session(server) as opened:
        begun = await opened.begin_browser(browser(server))
        assert begun.caught
        waiting = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=2, begun=browser(server))))
        assert "your terminal" in await come_back(begun.address)
        signed = await waiting
        assert signed.identity.who == "ada.harbour@example.com" or signed.identity.who.startswith("user ")
        assert [each.logical_name for each in signed.instances or ()] == ["DefaultTenant", "Staging"]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")
async def test_the_browser_comes_back_to_the_address_that_is_registered(server: SimulatorServer) -> None:
    async with session(server, redirect_uri="http://[::1]:0/") as opened:
        begun = await opened.begin_browser(browser(server))
        assert begun.redirect_uri.startswith("http://[::1]:")
        waiting = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=2, begun=browser(server))))
        assert "your terminal" in await come_back(begun.address)
        assert (await waiting).accounts


async def test_a_new_attempt_is_waited_for_although_the_old_one_ends_late(server: SimulatorServer) -> None:
    """Browsers keep idle connections open: ending the old listener then takes a while."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    async with session(server, redirect_uri=f"http://127.0.0.1:{port}/") as opened:
        await opened.begin_browser(browser(server))
        old = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=2, begun=browser(server))))
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.05)
        old.cancel()
        begun = await opened.begin_browser(browser(server, 3))
        assert begun.caught, begun.failure
        again = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=4, begun=browser(server, 3))))
        await asyncio.wait({old})
        assert "your terminal" in await come_back(begun.address)
        assert (await again).accounts
        for _, writer in idle:
            writer.close()


async def test_an_old_attempt_that_ends_behind_a_new_one_leaves_its_listener_alone(server: SimulatorServer) -> None:
    async with session(server) as opened:
        first = await opened.begin_browser(browser(server))
        old = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=2, begun=browser(server))))
        port = urlsplit(first.redirect_uri).port
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.05)
        old.cancel()
        begun = await opened.begin_browser(browser(server, 3))
        assert begun.caught, begun.failure
        await asyncio.wait({old})
        for _, writer in idle:
            writer.close()
        again = asyncio.ensure_future(opened.await_redirect(fx.AwaitRedirect(ticket=4, begun=browser(server, 3))))
        assert "your terminal" in await come_back(begun.address)
        assert (await again).accounts


async def test_a_port_that_is_taken_is_told_and_the_address_may_be_pasted(server: SimulatorServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        async with session(server, redirect_uri=f"http://127.0.0.1:{port}/") as opened:
            begun = await opened.begin_browser(browser(server))
            assert not begun.caught
            assert begun.failure is not None
            assert str(port) in begun.failure.cause
            async with httpx.AsyncClient() as client:
                answer = await client.get(begun.address)
            assert answer.next_request is not None
            end = str(answer.next_request.url)
            assert urlsplit(end).port == port
            pasted = fx.SignIn(ticket=5, way=ByRedirect(Secret(end)), target=target(server, "automation-cloud"))
            assert (await opened.sign_in(pasted)).accounts
            with pytest.raises(SignInError, match="used already"):
                await opened.sign_in(pasted)


async def test_a_redirect_address_of_elsewhere_is_refused(server: SimulatorServer) -> None:
    async with session(server, redirect_uri="https://example.test/") as opened:
        with pytest.raises(UsageError, match="redirect address"):
            await opened.begin_browser(browser(server))


async def test_what_cannot_be_kept_stays_in_this_session_and_says_so(server: SimulatorServer, tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("in the way")
    where = target(server, keeping=Keeping.FILE, save_as="default")
    async with session(server, CredentialStore(blocked / "credentials")) as opened:
        signed = await opened.sign_in(fx.SignIn(way=Pasted(Secret(USER_KEY)), target=where))
        assert signed.identity.keeping is Keeping.SESSION
        assert signed.identity.warning
        assert USER_KEY not in signed.identity.warning
        assert signed.identity.credential == ""


async def kept_in_a_file(server: SimulatorServer, store: CredentialStore) -> Profile:
    where = target(server, keeping=Keeping.FILE, save_as="default")
    async with session(server, store) as opened:
        signed = await opened.sign_in(fx.SignIn(way=Pasted(Secret(USER_KEY)), target=where))
    assert signed.identity.keeping is Keeping.FILE
    return Profile(
        name="default",
        deployment="cloud-2019",
        base_url=server.base_url,
        keeping=Keeping.FILE,
        credential=signed.identity.credential,
    )


def again(server: SimulatorServer, profile: Profile, keeping: Keeping) -> fx.SignIn:
    return fx.SignIn(way=ByKept(), target=target(server, keeping=keeping, save_as="default"), profile=profile)


async def test_a_kept_sign_in_is_used_again_in_its_place(server: SimulatorServer, tmp_path: Path) -> None:
    store = CredentialStore(tmp_path / "credentials")
    profile = await kept_in_a_file(server, store)
    if sys.platform != "win32":
        (file,) = (tmp_path / "credentials").glob("*.json")
        assert file.stat().st_mode & 0o777 == 0o600
    async with session(server, store) as opened:
        signed = await opened.sign_in(again(server, profile, Keeping.FILE))
    assert signed.identity.credential == profile.credential
    assert "readable only by you" in signed.identity.kept


async def test_a_kept_sign_in_moves_where_it_is_asked_to(server: SimulatorServer, tmp_path: Path) -> None:
    """``setup`` with another place and no new secret: what is kept until then is the profile's to tidy away."""
    store = CredentialStore(tmp_path / "credentials")
    profile = await kept_in_a_file(server, store)
    async with session(server, store) as opened:
        signed = await opened.sign_in(again(server, profile, Keeping.SESSION))
    assert signed.identity.keeping is Keeping.SESSION
    assert signed.identity.credential == ""
    assert await store.load(profile.credential, Keeping.FILE) is not None, "until the new answers are proven"


async def test_a_kept_sign_in_that_is_gone_is_told(server: SimulatorServer, tmp_path: Path) -> None:
    profile = Profile(name="default", deployment="cloud-2019", keeping=Keeping.FILE, credential="default-0001")
    async with session(server, CredentialStore(tmp_path)) as opened:
        with pytest.raises(SignInError, match="is gone"):
            await opened.sign_in(again(server, profile, Keeping.FILE))


async def test_a_refused_sign_in_leaves_the_old_one_in_use(server: SimulatorServer) -> None:
    async with session(server) as opened:
        await opened.sign_in(fx.SignIn(way=Pasted(Secret(USER_KEY)), target=target(server)))
        before = opened.signed_in
        with pytest.raises(UiPathTuiError):
            await opened.sign_in(fx.SignIn(way=Pasted(Secret("A-user-key-of-nobody-at-all")), target=target(server)))
        assert opened.signed_in == before
        assert (await opened.fetch_accounts(fx.FetchAccounts(ticket=9))).accounts


async def test_an_application_has_a_name_and_never_a_stored_secret_without_a_place(server: SimulatorServer) -> None:
    way = ByApplication(Application(CLIENT_ID, Secret(CLIENT_SECRET)))
    async with session(server) as opened:
        signed = await opened.sign_in(fx.SignIn(way=way, target=target(server, "automation-cloud")))
    assert signed.identity.who == f"application {CLIENT_ID}"
    assert signed.identity.renewable
    assert signed.accounts == ()
    assert signed.reason
