"""What the line-by-line twin is asked to do: who signs in, where, and what is read for it."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from tui import paths
from tui.cli import options
from tui.errors import UsageError
from tui.flow.event import ProfileChosen, SignInSubmitted
from tui.flow.ways import ByApplication, Pasted
from tui.keeping import Keeping
from tui.profile import Profile
from tui.settings import Settings
from tui.store.profiles import save_profile, use_profile
from tui.system.environment import SECRETS
from tui.twin.orders import Order, order, read_inputs, read_token

TOKEN = "an-invented-token-77"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile file of one's own, an environment that says nothing, and nobody at the keyboard."""
    path = tmp_path / "profiles.toml"
    monkeypatch.setattr(paths, "profiles_file", lambda: path)
    names = ("URL", "URI", "ORGANIZATION", "TENANT", "FOLDER_PATH", "FOLDER_KEY", "CLIENT_ID", "IDENTITY_URI")
    for name in (*SECRETS, *(f"UIPATH_{each}" for each in names)):
        monkeypatch.delenv(name, raising=False)
    given(monkeypatch, b"")
    return path


def given(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put ``content`` on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def ordered(*arguments: str, **settings: Any) -> Order:
    return order(options.parser().parse_args(["start", "--release", "Intake", *arguments]), Settings(**settings))


def profile(name: str = "default", **more: Any) -> Profile:
    kept: dict[str, Any] = {"keeping": Keeping.FILE, "credential": f"{name}-0001", "deployment": "cloud-2019"}
    names = {"account": "acme", "instance": "main", "account_name": "Acme", "folder_key": "k", "folder_path": "Finance"}
    values: dict[str, Any] = {"name": name} | kept | names | more
    return Profile(**values)


def test_a_piped_token_comes_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(file, profile())
    monkeypatch.setenv("UIPATH_TUI_TOKEN", "another-invented-token")
    given(monkeypatch, TOKEN.encode())
    event = ordered("--token-stdin", "--account", "acme", "--instance", "main").first
    assert isinstance(event, SignInSubmitted)
    assert isinstance(event.way, Pasted)
    assert event.way.text.reveal() == TOKEN
    assert (event.target.account, event.target.instance, event.target.keeping) == ("acme", "main", None)
    assert event.target.save_as == "", "nothing given in lines is kept"


def test_the_environment_comes_before_the_current_profile(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(file, profile())
    monkeypatch.setenv("UIPATH_CLIENT_ID", "an-id")
    monkeypatch.setenv("UIPATH_CLIENT_SECRET", "an-invented-secret")
    monkeypatch.setenv("UIPATH_URL", "https://cloud.uipath.com/acme/main/orchestrator_")
    monkeypatch.setenv("UIPATH_FOLDER_PATH", "Shared")
    found = ordered("--instance", "other")
    assert isinstance(found.first, SignInSubmitted)
    assert isinstance(found.first.way, ByApplication)
    target = found.first.target
    assert (target.account, target.instance, target.keeping) == ("acme", "other", Keeping.ENVIRONMENT)
    assert found.wishes.folder == "Shared"
    named = ordered("--profile", "default")
    assert isinstance(named.first, ProfileChosen), "a named profile wins"
    assert named.wishes.folder == ""


def test_the_current_profile_signs_in(file: Path) -> None:
    save_profile(file, profile("other"))
    save_profile(file, profile())
    use_profile(file, "other")
    event = ordered().first
    assert isinstance(event, ProfileChosen)
    assert (event.profile.name, event.keep) == ("other", True)


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (("--account", "ACME", "--instance", "Main", "--folder", "finance"), {}),
        (("--folder", "Shared"), {"folder_key": "", "folder_path": "Shared"}),
        (
            ("--instance", "other"),
            {"instance": "other", "account_name": "", "instance_name": "", "folder_key": "", "folder_path": ""},
        ),
    ],
)
def test_what_is_named_wins_over_the_profile_and_is_not_kept(
    arguments: tuple[str, ...], changed: dict[str, str], file: Path
) -> None:
    kept = profile()
    save_profile(file, kept)
    event = ordered(*arguments).first
    assert isinstance(event, ProfileChosen)
    for name, value in changed.items():
        assert getattr(event.profile, name) == value
    assert (event.profile == kept) is event.keep is (not changed)


def test_a_profile_of_elsewhere_is_not_used_for_another_place(file: Path) -> None:
    save_profile(file, profile())
    with pytest.raises(UsageError, match="There is no token"):
        ordered("--deployment", "automation-cloud", deployment="automation-cloud")


def test_a_profile_without_a_secret_says_where_and_the_token_is_given(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_profile(file, profile(keeping=Keeping.SESSION, credential=""))
    given(monkeypatch, TOKEN.encode())
    found = ordered("--profile", "default", "--token-stdin")
    assert isinstance(found.first, SignInSubmitted)
    target = found.first.target
    assert (target.deployment, target.account, target.instance) == ("cloud-2019", "acme", "main")
    assert found.state.answers.production is False


def test_production_is_known_where_the_token_is_given(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(file, profile(keeping=Keeping.SESSION, credential="", production=True))
    given(monkeypatch, TOKEN.encode())
    assert ordered("--profile", "default", "--token-stdin").state.answers.production


def test_an_unknown_profile_and_no_jobs_are_refused() -> None:
    with pytest.raises(UsageError, match="no profile “nobody”"):
        ordered("--profile", "nobody")
    with pytest.raises(UsageError, match="--count"):
        ordered("--count", "0")


@pytest.mark.parametrize(
    "content",
    [TOKEN.encode(), f"\n {TOKEN}\r\n".encode(), f"\ufeff{TOKEN}".encode(), TOKEN.encode("utf-16")],
    ids=["plain", "lines", "mark", "utf-16"],
)
def test_a_piped_token_is_read_as_shells_write_it(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, content)
    assert read_token("start", from_stdin=True).reveal() == TOKEN


def test_no_token_is_refused_with_the_way_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, b" \n")
    with pytest.raises(UsageError, match="no token") as caught:
        read_token("start", from_stdin=True)
    assert "--token-stdin < FILE" in str(caught.value)


def test_inputs_are_read_from_a_file_and_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "inputs.json"
    path.write_text('\ufeff{"n": 1}', encoding="utf-8")
    assert read_inputs(f"@{path}") == '{"n":1}'
    for wrong in ("[1]", "{", '{"a": "\\ud800"}', f"@{tmp_path}/nobody"):
        with pytest.raises(UsageError, match="--input can't be used"):
            read_inputs(wrong)
