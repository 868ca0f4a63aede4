"""``uipath-tui profiles`` on a real disk: what it prints, what it changes, and that it never prints a secret."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui import paths
from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.cli import options
from tui.cli.profiles import run
from tui.errors import UsageError
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.keeping import Keeping
from tui.profile import Profile
from tui.runtime.keeping_log import log_file
from tui.secret import Secret
from tui.store.credentials import CredentialStore
from tui.store.profiles import load_profiles, save_profile, save_unfinished

SECRET = "an-invented-refresh-token-77"
Command = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of one's own, and no key store."""
    monkeypatch.setattr(paths, "profiles_file", lambda: tmp_path / "profiles.toml")
    monkeypatch.setattr(paths, "credentials_folder", lambda: tmp_path / "credentials")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    return tmp_path


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; gives what it printed."""

    def ran(*arguments: str) -> str:
        capsys.readouterr()
        assert run(options.parser().parse_args(["profiles", *arguments])) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert SECRET not in said.out
        return said.out

    return ran


def keep(home: Path, name: str = "default", **more: Any) -> Profile:
    """Keep a profile with its secret in a file."""
    values: dict[str, Any] = {"deployment": "cloud-2019", "account": "acme", "instance": "main", "who": "ada"} | more
    profile = Profile(name=name, keeping=Keeping.FILE, credential=f"{name}-0001", fingerprint="…a3f1", **values)
    record = SignInRecord("user key", Tokens(Secret(""), refresh=Secret(SECRET)), Application("an-id"))
    asyncio.run(CredentialStore().save(profile.credential, Keeping.FILE, record))
    save_profile(home / "profiles.toml", profile)
    return profile


def test_the_log_of_a_forgotten_profile_stays_and_is_named(
    home: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "state_folder", lambda: home)
    keep(home, "other")
    assert "log" not in command("forget", "other")
    keep(home)
    log_file().touch(0o600)
    store = ExchangeStore.open(log_file(), version="0", profile="default", complain=pytest.fail)
    assert store is not None
    found = Exchange(
        1, datetime(2019, 6, 12, tzinfo=UTC), Purpose.WATCH, 1, "GET", "https://x.example", (), Body(), 200
    )
    assert store.keep(found, Entry.of(found))
    store.close()
    said = command("forget", "default")
    assert "The log of 1 session with it stays" in said
    assert str(log_file()) in said
    assert "log remove ID" in said
    keep(home)
    log_file().write_bytes(b"no database" * 1_000)
    assert "is forgotten" in command("forget", "default")


def secrets(home: Path) -> list[str]:
    return sorted(path.stem for path in (home / "credentials").glob("*.json"))


def test_nothing_is_set_up_yet(command: Command) -> None:
    assert "No profile has been set up here yet" in command("list")
    assert json.loads(command("list", "--json")) == {"profiles": [], "unfinished": None}


def test_the_list_names_who_and_where_and_marks_production(home: Path, command: Command) -> None:
    keep(home, "other", production=True)
    keep(home)
    said = command("list")
    assert said.splitlines()[0].startswith("* default")
    assert "PRODUCTION" in next(line for line in said.splitlines() if "other" in line)
    assert "acme / main" in said
    rows = json.loads(command("list", "--json"))["profiles"]
    assert [(row["name"], row["current"]) for row in rows] == [("default", True), ("other", False)]


def test_hostile_names_of_an_edited_file_do_nothing(home: Path, command: Command) -> None:
    keep(home, who="\x1b]0;gotcha\x07ada\u202e")
    assert not {"\x1b", "\x07", "\u202e"} & set(command("list"))


def test_where_tells_every_place(home: Path, command: Command) -> None:
    keep(home)
    save_profile(home / "profiles.toml", Profile(name="session", deployment="cloud-2019", keeping=Keeping.SESSION))
    said = command("where")
    assert str(home / "profiles.toml") in said
    assert "default-0001.json" in said
    assert "readable only by you" in said
    assert "nowhere: it is given in each session" in said
    assert "session" not in command("where", "default").splitlines()[1]


def test_use_makes_it_the_one_that_opens(home: Path, command: Command) -> None:
    keep(home)
    keep(home, "other")
    command("use", "default")
    assert load_profiles(home / "profiles.toml").current == "default"


def test_forget_takes_the_secret_and_the_half_done_setup_with_it(home: Path, command: Command) -> None:
    keep(home)
    other = keep(home, "other")
    save_unfinished(home / "profiles.toml", Profile(name="other", deployment="standalone", keeping=Keeping.SESSION))
    assert secrets(home) == ["default-0001", "other-0001"]
    said = command("forget", other.name)
    assert "still accepts that secret" in said
    book = load_profiles(home / "profiles.toml")
    assert ([each.name for each in book.profiles], book.unfinished) == (["default"], None)
    assert secrets(home) == ["default-0001"]


def test_a_setup_left_half_way_can_be_forgotten(home: Path, command: Command) -> None:
    save_unfinished(home / "profiles.toml", Profile(name="new", deployment="standalone", keeping=Keeping.SESSION))
    assert "left half-way" in command("list")
    command("forget", "new")
    assert load_profiles(home / "profiles.toml").unfinished is None


def test_a_secret_that_another_profile_names_stays(home: Path, command: Command) -> None:
    first = keep(home)
    copied = Profile(name="copied", deployment="cloud-2019", keeping=Keeping.FILE, credential=first.credential)
    save_profile(home / "profiles.toml", copied)
    command("forget", "copied")
    assert secrets(home) == ["default-0001"]


def test_production_is_marked_and_taken_back(home: Path, command: Command) -> None:
    keep(home)
    assert "asks once more" in command("production", "default")
    with pytest.raises(UsageError, match="already marked"):
        command("production", "default")
    command("production", "default", "off")
    found = load_profiles(home / "profiles.toml").named("default")
    assert found is not None
    assert not found.production


@pytest.mark.parametrize("arguments", [("use", "x"), ("forget", "x"), ("where", "x"), ("production", "x")])
def test_an_unknown_name_is_refused(arguments: tuple[str, ...], home: Path, command: Command) -> None:
    keep(home)
    with pytest.raises(UsageError, match="the profiles here are default"):
        command(*arguments)
