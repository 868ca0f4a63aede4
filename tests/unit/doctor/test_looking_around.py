"""The checks of this computer and of the clock, on real folders, real environments and real servers."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import cast

import pytest

from tests.unit.api.raw_servers import ManualClock, always, answer, serving
from tui import paths
from tui.api.deployments import deployment
from tui.api.models import Account, Folder
from tui.api.sign_in.claims import read_scopes
from tui.doctor import local
from tui.doctor.finding import Finding, Status
from tui.doctor.naming import UNNAMED, account_names, chosen, matching_folder, typed_folder
from tui.doctor.network import Network
from tui.doctor.subject import Subject
from tui.errors import Exit, Failure
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook
from tui.runtime.keeping_log import kept_log, log_file
from tui.settings import Settings
from tui.simulator.sign_in.jwts import make_jwt
from tui.store.backends import trouble
from tui.store.errors import KeyStoreProblem
from tui.store.keystore import KeyStore
from tui.system import hardening
from tui.system.environment import EnvironmentSignIn, take_from

NOBODY = Subject(
    settings=Settings(),
    place=deployment("automation-cloud"),
    misplaced=None,
    book=ProfileBook(),
    unread=None,
    profile=None,
    environment=None,
    way=None,
    keeping=None,
    account="",
    instance="",
    folder="",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable, name in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path


def make(path: Path, mode: int) -> None:
    path.mkdir(parents=True)
    path.chmod(mode)


def as_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")


def as_link(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "elsewhere").mkdir()
    path.symlink_to(path.parent / "elsewhere")


@pytest.mark.skipif(sys.platform != "linux", reason="where folders are is set by XDG variables")
def keep_session(path: Path, profile: str) -> None:
    path.touch(0o600)
    store = ExchangeStore.open(path, version="0", profile=profile, complain=pytest.fail)
    assert store is not None
    now = datetime(2019, 6, 12, tzinfo=UTC)
    found = Exchange(1, now, Purpose.WATCH, 1, "GET", "https://x.example/odata/Jobs(1)", (), Body(), 200)
    assert store.keep(found, Entry.of(found))
    store.close()


class TestFolders:
    @pytest.mark.parametrize(
        ("prepare", "status", "says"),
        [
            (lambda path: make(path, 0o700), Status.OK, "yours alone, writable"),
            (lambda path: make(path, 0o750), Status.WARN, "could be read by other users"),
            (lambda path: make(path, 0o770), Status.WARN, "could be changed by other users"),
            (as_file, Status.FAIL, "is not a folder"),
            (as_link, Status.FAIL, "is a link"),
        ],
    )
    @pytest.mark.parametrize("inside", ["", "credentials"])
    def test_the_state_folder(
        self, home: Path, inside: str, prepare: Callable[[Path], None], status: Status, says: str
    ) -> None:
        if inside:
            make(paths.state_folder(), 0o700)
        prepare(paths.state_folder() / inside)
        before = sorted(home.rglob("*"))
        found = local.folders(NOBODY)[1]
        assert found.status is status
        assert says in found.words
        assert bool(found.next_step) == (status is not Status.OK)
        assert found.exit is (Exit.USAGE if status is Status.FAIL else Exit.SUCCESSFUL)
        assert sorted(home.rglob("*")) == before, "nothing is made or left behind"

    def test_a_folder_that_does_not_exist_is_not_made(self, home: Path) -> None:
        assert {found.status for found in local.folders(NOBODY)} == {Status.OK}
        assert all("is made when something is kept" in found.words for found in local.folders(NOBODY))
        assert list(home.iterdir()) == []

    def test_the_kept_log_is_counted_and_stays_as_it_is(self, home: Path) -> None:
        found = local.kept_log()
        assert (found.status, found.details["sessions"]) == (Status.OK, 0)
        assert "nothing is kept yet" in found.words
        assert list(home.iterdir()) == []
        make(paths.state_folder(), 0o700)
        for profile in ("work", "home", "home"):
            keep_session(log_file(), profile)
        found = local.kept_log()
        assert (found.status, found.details["sessions"]) == (Status.OK, 3)
        assert found.details["size"] >= log_file().stat().st_size > 0
        assert "3 sessions" in found.words
        assert "log prune" in found.words
        assert [kept_log(name).sessions for name in ("work", "home", "", None)] == [1, 2, 0, 3]
        log_file().write_bytes(b"no database" * 1_000)
        found = local.kept_log()
        assert found.status is Status.WARN
        assert found.next_step

    @pytest.mark.usefixtures("home")
    @pytest.mark.parametrize(("mode", "status"), [(0o755, Status.OK), (0o775, Status.WARN), (0o777, Status.WARN)])
    def test_the_settings_folder_may_be_read_and_not_changed(self, mode: int, status: Status) -> None:
        make(paths.settings_file().parent, mode)
        assert local.folders(NOBODY)[0].status is status

    @pytest.mark.usefixtures("home")
    def test_a_linked_settings_folder_is_as_good(self) -> None:
        as_link(paths.settings_file().parent)
        assert local.folders(NOBODY)[0].status is Status.OK

    @pytest.mark.usefixtures("home")
    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
    def test_what_can_not_be_written(self) -> None:
        make(paths.state_folder(), 0o500)
        found = local.folders(NOBODY)[1]
        assert (found.status, found.exit) == (Status.FAIL, Exit.USAGE)
        assert "can't be written" in found.words

    def test_what_can_never_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paths, "state_folder", lambda: Path(f"/proc/{os.getpid()}"))
        found = local.folders(NOBODY)[1]
        assert found.status is Status.FAIL
        assert "can't be written" in found.words


class Broken(KeyStore):
    """A key store that is locked, as the real one says it: no desktop here can be."""

    async def get(self, name: str) -> None:  # noqa: ARG002
        raise trouble(KeyStoreProblem.LOCKED, "Secret Service", "Secret Service is locked", "Unlock it and try again.")


@pytest.mark.parametrize(
    ("keeping", "status", "code"),
    [
        (None, Status.WARN, Exit.SUCCESSFUL),
        (Keeping.FILE, Status.WARN, Exit.SUCCESSFUL),
        (Keeping.KEY_STORE, Status.FAIL, Exit.SIGN_IN),
    ],
)
async def test_a_locked_key_store_matters_when_the_secret_is_there(
    keeping: Keeping | None, status: Status, code: Exit
) -> None:
    found = await local.key_store(Broken(), replace(NOBODY, keeping=keeping))
    assert (found.status, found.details["problem"]) == (status, "locked")
    assert found.exit is code
    assert "is locked" in found.words
    assert found.next_step == "Unlock it and try again."


def environment_of(values: dict[str, str]) -> Finding:
    found = take_from(dict(values))
    keeping = Keeping.ENVIRONMENT if found is not None and found.signs_in else None
    return local.environment(replace(NOBODY, environment=found, keeping=keeping))


def test_the_environment_is_told_by_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UIPATH_TUI_THEME", "dracula")
    found = environment_of({"UIPATH_PAT": "rt_0123456789abcdef-1", "UIPATH_TENANT": "Default"})
    assert found.status is Status.OK
    assert found.words == "signs in by UIPATH_PAT, UIPATH_TENANT; settings from UIPATH_TUI_THEME"
    assert "not used to sign in: UIPATH_TENANT" in environment_of({"UIPATH_TENANT": "Default"}).words


def test_what_is_ignored_in_the_environment_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    found = environment_of({"UIPATH_CLIENT_ID": "fake"})
    assert (found.status, bool(found.next_step)) == (Status.WARN, True)
    assert "UIPATH_CLIENT_SECRET is missing" in found.words
    monkeypatch.setattr(hardening, "TAKEN_AWAY", ["TEXTUAL_LOG"])
    assert environment_of({}).words == "ignored: TEXTUAL_LOG"
    assert environment_of({}).status is Status.OK
    monkeypatch.setattr(hardening, "TAKEN_AWAY", ["SSLKEYLOGFILE"])
    assert environment_of({}).status is Status.WARN


def test_hardening_remembers_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardening, "TAKEN_AWAY", [])
    monkeypatch.setenv("TEXTUAL_LOG", "/nowhere")
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    hardening.before_anything({"TEXTUAL_DEBUG": "1"})
    assert hardening.TAKEN_AWAY == []
    hardening.before_anything()
    assert hardening.TAKEN_AWAY == ["SSLKEYLOGFILE", "TEXTUAL_LOG"]


def test_a_proxy_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:fake-proxy-password@proxy.example.com:3128")
    found = local.proxy(NOBODY)
    assert found.words == "calls go through http://proxy.example.com:3128"
    monkeypatch.setenv("HTTPS_PROXY", "ftp://ada:fake-proxy-password@proxy.example.com")
    found = local.proxy(NOBODY)
    assert (found.status, found.exit) == (Status.FAIL, Exit.USAGE)
    assert "fake-proxy-password" not in str(found)
    assert local.proxy(replace(NOBODY, place=None)).status is Status.SKIP


def test_certificates_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import trustme

    named = tmp_path / "authority.pem"
    trustme.CA().cert_pem.write_to_path(named)
    monkeypatch.setenv("SSL_CERT_FILE", str(named))
    assert "authority.pem" in local.certificates().words
    named.write_text("no certificate", encoding="utf-8")
    found = local.certificates()
    assert (found.status, bool(found.next_step)) == (Status.FAIL, True)


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({}, Status.SKIP, "no profile yet"),
        ({"book": ProfileBook((Profile("b"),))}, Status.SKIP, "1 profile for this server"),
        ({"book": ProfileBook((Profile("b"),)), "profile": Profile("b")}, Status.OK, "examining “b”"),
        ({"profile": Profile("half")}, Status.OK, "a setup left half-way"),
        ({"unread": Failure("Bad", "line 3", "Correct it", exit=Exit.USAGE)}, Status.FAIL, "line 3"),
        ({"way": object(), "keeping": Keeping.ENVIRONMENT}, Status.OK, "from the environment"),
        ({"way": object()}, Status.OK, "from standard input"),
    ],
)
def test_which_profile_is_examined(change: dict[str, object], status: Status, says: str) -> None:
    found = local.profiles(replace(NOBODY, **cast("dict[str, str]", change)))
    assert found.status is status
    assert says in found.words


class OnTime(ManualClock):
    """A clock that differs from the server's by so many seconds."""

    def __init__(self, ahead: float) -> None:
        super().__init__()
        self.start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=ahead)


@pytest.mark.parametrize(
    ("ahead", "status", "says"),
    [
        (0, Status.OK, "agrees"),
        (59, Status.OK, "agrees"),
        (-59, Status.OK, "agrees"),
        (90, Status.WARN, "1 min 30 s ahead of the server"),
        (-120, Status.WARN, "2 min 00 s behind the server"),
        (3600, Status.WARN, "tokens seem to have ended too early"),
        (-86_400, Status.WARN, "tokens seem to be good for longer than they are"),
    ],
)
async def test_the_clock_is_compared_with_the_servers(ahead: int, status: Status, says: str) -> None:
    clock = OnTime(ahead)
    date = format_datetime(clock.start - timedelta(seconds=ahead), usegmt=True)
    async with serving(always(answer(200, {"version": "25.10"}, extra=f"Date: {date}\r\n"))) as server:
        network = Network(replace(NOBODY, place=deployment("automation-suite", server.url)), clock)
        (reached,) = await network.reach()
        found = network.clock()
    assert reached.status is Status.OK
    assert "version 25.10" in reached.words
    assert (found.status, found.details["seconds_ahead"]) == (status, ahead)
    assert says in found.words
    assert bool(found.next_step) == (status is Status.WARN)


@pytest.mark.parametrize("extra", ["", "Date: yesterday\r\n", "Date: Tue, 99 Foo 2019 09:28:00 GMT\r\n"])
async def test_a_server_without_a_clock(extra: str) -> None:
    async with serving(always(answer(200, {"version": "25.10"}, extra=extra))) as server:
        network = Network(replace(NOBODY, place=deployment("automation-suite", server.url)), OnTime(0))
        await network.reach()
        assert network.clock().status is Status.SKIP


@pytest.mark.parametrize(
    ("reply", "key", "status", "says"),
    [
        (answer(404, b"<html>", "text/html"), "cloud-2019", Status.OK, "answered"),
        (answer(405), "cloud-2019", Status.OK, "answered"),
        (answer(404, b"<html>", "text/html"), "automation-suite", Status.WARN, "not as Orchestrator does"),
        (answer(200, b"<html>", "text/html"), "standalone", Status.WARN, "not as Orchestrator does"),
        (answer(200, b"[]"), "standalone", Status.WARN, "not as Orchestrator does"),
        (
            answer(302, extra="Location: https://login.example.com/x\r\n"),
            "standalone",
            Status.WARN,
            "login.example.com",
        ),
        (answer(503), "standalone", Status.WARN, "the server failed (status 503)"),
        (answer(200, {}), "standalone", Status.OK, "version not told"),
        (b"what is this\r\n\r\n", "standalone", Status.FAIL, "not HTTP"),
    ],
)
async def test_what_answers_there(reply: bytes, key: str, status: Status, says: str) -> None:
    async with serving(always(reply, close=True)) as server:
        network = Network(replace(NOBODY, place=deployment(key, server.url)), OnTime(0))
        (found,) = await network.reach()
        told = [each for each in server.requests if each.method != "GET" or "authorization" in each.headers]
    assert found.status is status
    assert says in found.words
    assert network.reached == (status is not Status.FAIL)
    assert bool(found.next_step) == (status is not Status.OK)
    assert told == []


async def test_sign_in_and_platform_on_two_hosts_are_two_findings() -> None:
    async with serving(always(answer(405))) as accounts, serving(always(answer(404))) as platform:
        place = replace(deployment("cloud-2019"), sign_in_host=accounts.url, platform_host=platform.url)
        network = Network(replace(NOBODY, place=place), OnTime(0))
        findings = await network.reach()
        assert [request.path for request in (*accounts.requests, *platform.requests)] == ["/oauth/token", "/"]
    assert [(found.name, found.status) for found in findings] == [
        ("network, sign-in", Status.OK),
        ("network, platform", Status.OK),
    ]
    assert network.reached


async def test_only_the_platform_is_needed_to_go_on() -> None:
    async with serving(always(answer(405))) as there:
        gone = replace(deployment("cloud-2019"), sign_in_host=there.url, platform_host="http://127.0.0.1:1")
        network = Network(replace(NOBODY, place=gone), OnTime(0))
        assert [found.status for found in await network.reach()] == [Status.OK, Status.FAIL]
        assert not network.reached
        network = Network(
            replace(NOBODY, place=replace(gone, sign_in_host=gone.platform_host, platform_host=there.url)), OnTime(0)
        )
        assert [found.status for found in await network.reach()] == [Status.FAIL, Status.OK]
        assert network.reached


async def test_an_address_that_is_none_is_a_failure() -> None:
    wrong = Failure("The base address can't be used", "It names no host", "Give one", exit=Exit.USAGE)
    network = Network(replace(NOBODY, place=None, misplaced=wrong), OnTime(0))
    (found,) = await network.reach()
    assert (found.status, found.exit, network.reached) == (Status.FAIL, Exit.USAGE, False)
    assert network.clock().words == "the server was not reached"


FOLDERS = (
    Folder(id=1, key="9f2c1a55-6a6e-5f3e-9d4f-2b86f7d7a001", fully_qualified_name="Finance"),
    Folder(id=2, key="9f2c1a55-6a6e-5f3e-9d4f-2b86f7d7a002", fully_qualified_name="Finance/Month End"),
)


def test_a_folder_is_found_by_its_key_or_path() -> None:
    assert matching_folder(FOLDERS, FOLDERS[1].key.upper()) == FOLDERS[1]
    assert matching_folder(FOLDERS, "finance") == FOLDERS[0]
    assert matching_folder(FOLDERS, "Elsewhere") is None
    assert typed_folder(FOLDERS[0].key).key == FOLDERS[0].key
    assert typed_folder("Finance").path == "Finance"


def test_a_name_is_found_in_any_letter_case_or_not_at_all() -> None:
    accounts = [Account(account_logical_name=name, account_name=name.upper()) for name in "abcdefg"]
    assert chosen(accounts, "", account_names) == accounts[0]
    assert chosen(accounts, "C", account_names) == accounts[2]
    assert chosen([], "x", account_names) is UNNAMED
    missing = chosen(accounts, "x", account_names)
    assert isinstance(missing, Failure)
    assert missing.exit is Exit.NOT_FOUND
    assert missing.cause == "this sign-in may use a, b, c, d, e, …"


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": ["OR.Jobs", "openid"]}, {"OR.Jobs", "openid"}),
        ({"scope": "OR.Jobs openid"}, {"OR.Jobs", "openid"}),
        ({"scope": [1, None]}, set[str]()),
        ({"scope": {"OR.Jobs": 1}}, set[str]()),
        ({}, set[str]()),
    ],
)
def test_scopes_are_read_off_a_token(claims: dict[str, object], scopes: set[str]) -> None:
    assert read_scopes(make_jwt(claims)) == scopes
    assert read_scopes("rt_0123456789abcdef-1") == frozenset()


def test_a_new_sign_in_is_given_where_the_old_one_came_from() -> None:
    found = EnvironmentSignIn(names=("UIPATH_PAT", "UIPATH_TENANT"))
    from_there = replace(NOBODY, environment=found, keeping=Keeping.ENVIRONMENT)
    assert from_there.with_another == "give it in UIPATH_PAT"
    assert replace(NOBODY, way=cast("None", object())).with_another == "pipe it in"
    kept = replace(NOBODY, profile=Profile("work"), keeping=Keeping.FILE)
    assert kept.with_another == "sign in again: `uipath-tui setup --profile work`"


def test_looking_needs_no_running_loop_twice() -> None:
    assert asyncio.run(Network(replace(NOBODY, place=None), OnTime(0)).reach())[0].status is Status.SKIP
