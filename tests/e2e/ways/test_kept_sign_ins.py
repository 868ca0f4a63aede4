"""Profiles from one session to the next in a real terminal: kept, resumed, changed, switched, and left no secret."""

import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.keyring.conftest import NEEDED, Desktop, made
from tests.e2e.twin.running import run
from tests.e2e.ways.person import F5, LEFT, PALETTE, RIGHT, Person, person, profile_file
from tui.errors import Exit
from tui.keeping import Keeping
from tui.profile import Profile
from tui.simulator.server import SimulatorServer
from tui.store.profiles import load_profiles, mark_production

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

CLOUD_2019 = "cloud-2019"
RELEASES = "11 releases"
RELEASE = "Invoice Intake"
BUS = "DBUS_SESSION_BUS_ADDRESS"


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(speed=50) as server:
        yield server


@pytest.fixture(scope="module")
def key_store() -> Iterator[Desktop]:
    """A key store in a home of its own, unlocked."""
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        pytest.skip(f"{' and '.join(missing)} not installed")
    with made() as desktop:
        desktop.start_bus()
        desktop.unlock()
        yield desktop


def paste_key(who: Person, *, file: bool = False) -> None:
    """Paste the user key; keep it in a plain file, after the word that agrees to it."""
    who.shown.wait("No OS key store" if file else "Keep it in")
    who.secret(who.server.summary["cloud_2019"]["user_key"])
    who.shown.wait("A user key")
    if file:
        who.go_to_places()
        who.press(RIGHT)
        who.settle()
        who.press("tab")
        who.settle()
        who.press(*"file")
        who.settle()
    who.press("enter")
    who.shown.wait("Which account?")


def set_up(who: Person, *, file: bool = False) -> None:
    paste_key(who, file=file)
    who.press("enter")
    who.shown.wait(RELEASES)
    who.shown.wait("✓ Signed in as")
    who.settle()


def profile(home: Path, name: str = "default") -> Profile:
    found = load_profiles(profile_file(home)).named(name)
    assert found is not None
    return found


def secret_file(home: Path, kept: Profile) -> Path:
    (found,) = home.rglob(f"{kept.credential}.json")
    return found


def choose_release(who: Person) -> None:
    who.press(*RELEASE)
    who.shown.wait(f"› {RELEASE}")
    who.press("enter")
    who.shown.wait(f"Start {RELEASE}")
    who.settle()


def marked(who: Person) -> str:
    return next((line for line in who.shown.text.splitlines() if line.strip().startswith("› ")), "")


def test_a_file_is_kept_after_the_word_and_opens_with_no_key(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        set_up(who, file=True)
        assert "readable only by you" in " ".join(who.shown.text.split()).replace("▌ ", "")
        choose_release(who)
        who.press(F5)
        who.shown.wait("starts it, once")
        who.settle()
        who.press("enter")
        who.shown.wait("SUCCESSFUL")
        who.leave()
        kept = profile(tmp_path)
        file = secret_file(tmp_path, kept)
        assert (kept.keeping, kept.release_name) == (Keeping.FILE, RELEASE)
        assert {path.stat().st_mode & 0o777 for path in (file, profile_file(tmp_path))} == {0o600}
        who.assert_nothing_leaked(tmp_path, allowed=[file])
        assert who.given.pop() in file.read_text(), "the one place that was agreed to"
    with person(server, tmp_path) as who:
        who.shown.wait(RELEASES)
        who.settle()
        assert who.keys == 0
        assert RELEASE in marked(who), "the release of last time is marked"
        who.leave()
        who.assert_nothing_leaked(tmp_path, allowed=[file])


def test_the_key_store_keeps_it_and_no_file_does(key_store: Desktop, server: SimulatorServer, tmp_path: Path) -> None:
    env = {BUS: key_store.environment[BUS]}
    with person(server, tmp_path, kind=CLOUD_2019, env=env) as who:
        who.shown.wait("● OS key store")
        set_up(who)
        assert "in the OS key store" in " ".join(who.shown.text.split()).replace("▌ ", "")
        who.leave()
        who.assert_nothing_leaked(tmp_path)
        who.assert_nothing_leaked(key_store.home)
    assert profile(tmp_path).keeping is Keeping.KEY_STORE
    with person(server, tmp_path, env=env) as who:
        who.shown.wait(RELEASES)
        assert who.keys == 0
        who.leave()
        who.assert_nothing_leaked(tmp_path)
    with person(server, tmp_path, env={BUS: f"unix:path={tmp_path}/nobody"}) as who:
        who.shown.wait(lambda text: "Where does your UiPath run?" in text and "✗" in text)
        assert "key store" in who.shown.text
        who.leave()
    told = run(["profiles", "where"], tmp_path, env=env)
    assert "in the OS key store" in told.stdout
    done = run(["profiles", "forget", "default"], tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert load_profiles(profile_file(tmp_path)).profiles == ()


def test_a_setup_killed_at_step_two_resumes_there(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        paste_key(who, file=True)
        who.settle()
        book = load_profiles(profile_file(tmp_path))
        assert (book.profiles, book.unfinished and book.unfinished.name) == ((), "default")
        who.shown.kill(signal.SIGKILL)
    with person(server, tmp_path) as who:
        who.shown.wait("Which account?")
        assert who.keys == 0
        who.press("enter")
        who.shown.wait(RELEASES)
        who.settle()
        who.leave()
    book = load_profiles(profile_file(tmp_path))
    assert book.unfinished is None
    assert secret_file(tmp_path, profile(tmp_path)).exists()


@pytest.mark.full
def test_setup_keeps_the_sign_in_and_moves_it_where_it_is_asked_to(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        set_up(who, file=True)
        who.leave()
    before = profile(tmp_path)
    with person(server, tmp_path, "setup") as who:
        who.shown.wait("is kept: Enter uses it")
        who.settle()
        who.press("enter")
        who.shown.wait("Which account?")
        who.press("enter")
        who.shown.wait(RELEASES)
        who.settle()
        who.leave()
    assert profile(tmp_path).credential == before.credential
    with person(server, tmp_path, "setup") as who:
        who.shown.wait("is kept: Enter uses it")
        who.go_to_places()
        who.press(LEFT)
        who.settle()
        who.press(F5)
        who.shown.wait("Which account?")
        assert secret_file(tmp_path, before).exists(), "the old secret stays until the new profile is proven"
        who.press("enter")
        who.shown.wait("in this session only")
        who.settle()
        who.leave()
        who.assert_nothing_leaked(tmp_path)
    assert profile(tmp_path).keeping is Keeping.SESSION
    assert not list(tmp_path.rglob(f"{before.credential}.json"))


def test_a_new_key_replaces_the_old_secret_only_once_it_is_proven(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        set_up(who, file=True)
        who.leave()
    old = profile(tmp_path)
    with person(server, tmp_path, "setup") as who:
        who.shown.wait("is kept: Enter uses it")
        who.secret("A_user_key-of-nobody-0123456789")
        who.press("enter")
        who.shown.wait("the user key is wrong or was revoked")
        assert (profile(tmp_path), secret_file(tmp_path, old).exists()) == (old, True)
        who.secret(server.summary["cloud_2019"]["user_key"])
        who.settle()
        who.press("enter")
        who.shown.wait("Which account?")
        who.settle()
        assert (profile(tmp_path), secret_file(tmp_path, old).exists()) == (old, True)
        who.press("enter")
        who.shown.wait(RELEASES)
        who.settle()
        who.leave()
    new = profile(tmp_path)
    assert new.credential != old.credential
    assert secret_file(tmp_path, new).exists()
    assert not list(tmp_path.rglob(f"{old.credential}.json"))


def test_other_profiles_by_name_and_from_the_palette(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        set_up(who, file=True)
        who.leave()
    with person(server, tmp_path, "setup", "--profile", "other", kind=CLOUD_2019) as who:
        paste_key(who, file=True)
        who.press("down", "enter")
        who.shown.wait("Which service instance")
        who.settle()
        who.press("enter")
        who.shown.wait(RELEASES)
        who.settle()
        assert "uipath-tui --profile other" in " ".join(who.shown.text.split()).replace("▌ ", "")
        who.leave()
    assert load_profiles(profile_file(tmp_path)).current == "other"
    with person(server, tmp_path, "--profile", "default") as who:
        who.shown.wait(RELEASES)
        assert "Harbour Bakery /" in who.shown.text
        who.settle()
        who.press(PALETTE)
        who.settle()
        who.press(*"other")
        who.shown.wait("Open profile other")
        who.settle()
        who.press("enter")
        who.shown.wait("Paper Kite Studio /")
        who.shown.wait(RELEASES)
        who.leave()
    assert {each.name for each in load_profiles(profile_file(tmp_path)).profiles} == {"default", "other"}
    refused = run(["--profile", "nobody"], tmp_path)
    assert refused.returncode == 2


def test_production_is_asked_twice_and_wants_its_word_in_lines(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        set_up(who, file=True)
        who.leave()
    assert run(["profiles", "production", "default"], tmp_path).returncode == 0
    before = server.world.started_count
    with person(server, tmp_path) as who:
        who.shown.wait("PRODUCTION default")
        who.shown.wait(RELEASES)
        choose_release(who)
        who.shown.press(F5)
        who.shown.wait("starts it, once")
        who.press("enter", "enter")
        who.settle()
        assert server.world.started_count == before, "two Enters in a row do not start"
        who.leave()
    arguments = ["start", "--release", RELEASE, "--no-follow"]
    refused = run(arguments, tmp_path)
    assert refused.returncode != 0
    assert "--production" in refused.stderr
    assert server.world.started_count == before
    started = run([*arguments, "--production"], tmp_path)
    assert started.returncode == int(Exit.UNFINISHED), started.stderr
    assert server.world.started_count == before + 1
    mark_production(profile_file(tmp_path), "default", False)


def test_a_folder_is_kept_by_key_and_path_and_never_by_number(server: SimulatorServer, tmp_path: Path) -> None:
    facts = server.summary["automation_cloud"]
    folder = facts["folders"][0]
    with person(server, tmp_path, kind="automation-cloud") as who:
        who.shown.wait("Keep it in")
        who.secret(facts["personal_access_token"])
        who.settle()
        who.type_in("Organization", facts["organization"])
        who.type_in("Tenant", facts["tenant"])
        who.settle()
        who.press("enter")
        who.shown.wait("Finance/Month End")
        who.settle()
        who.press(*folder["path"])
        who.shown.wait(f"› {folder['path']}")
        who.settle()
        who.press("enter")
        who.shown.wait("type to filter, or paste a release key")
        who.settle()
        who.leave()
    kept = profile(tmp_path)
    assert kept.folder_path.startswith(folder["path"])
    assert kept.folder_key
    assert str(folder["id"]) not in profile_file(tmp_path).read_text()
