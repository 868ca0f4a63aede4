"""How a session opens: environment, named profile, half-done setup, current profile, or the empty form."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from tui import paths
from tui.errors import UsageError
from tui.flow.event import ProfileChosen, SignInSubmitted
from tui.flow.ways import ByApplication, Pasted
from tui.keeping import Keeping
from tui.profile import Profile
from tui.runtime.opening import Opening, opening
from tui.settings import Settings
from tui.store.profiles import load_profiles, save_profile, save_unfinished
from tui.system.environment import SECRETS

OURS = "https://orchestrator.example.test"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile file of one's own, and an environment that says nothing."""
    path = tmp_path / "profiles.toml"
    monkeypatch.setattr(paths, "profiles_file", lambda: path)
    names = ("URL", "URI", "ORGANIZATION", "TENANT", "FOLDER_PATH", "FOLDER_KEY", "CLIENT_ID", "IDENTITY_URI")
    for name in (*SECRETS, *(f"UIPATH_{each}" for each in names)):
        monkeypatch.delenv(name, raising=False)
    return path


def profile(name: str = "default", *, keeping: Keeping = Keeping.FILE, **more: Any) -> Profile:
    credential = f"{name}-0001" if keeping.lasts else ""
    return Profile(**({"name": name, "deployment": "cloud-2019", "keeping": keeping, "credential": credential} | more))


def opened(*, setup: bool = False, settings: Settings | None = None, **arguments: str) -> Opening:
    return opening(argparse.Namespace(**arguments), settings or Settings(), setup=setup)


def test_the_first_time_there_is_an_empty_form_for_the_default_profile() -> None:
    found = opened()
    assert (found.state.answers.save_as, found.state.answers.profile, found.state.opening) == ("default", None, False)
    assert found.first() is None


def test_the_current_profile_opens_by_itself(file: Path) -> None:
    save_profile(file, profile("other"))
    save_profile(file, profile())
    found = opened()
    assert found.state.opening
    assert found.state.answers.resuming
    event = found.first()
    assert isinstance(event, ProfileChosen)
    assert (event.profile.name, event.keep) == ("default", True)


def test_a_profile_without_a_kept_secret_shows_its_answers(file: Path) -> None:
    save_profile(file, profile(keeping=Keeping.SESSION))
    found = opened()
    assert not found.state.opening
    assert found.state.answers.profile == load_profiles(file).named("default")


def test_a_half_done_setup_goes_on_where_it_was(file: Path) -> None:
    save_profile(file, profile())
    save_unfinished(file, profile("new", way="browser"))
    event = opened().first()
    assert isinstance(event, ProfileChosen)
    assert event.profile.name == "new"
    assert opened(setup=True).state.answers.save_as == "default", "a setup begins with what is proven"


def test_a_named_profile_is_opened_and_an_unknown_one_is_refused(file: Path) -> None:
    save_profile(file, profile("other"))
    save_profile(file, profile())
    event = opened(profile="other").first()
    assert isinstance(event, ProfileChosen)
    assert event.profile.name == "other"
    with pytest.raises(UsageError, match="the profiles here are") as caught:
        opened(profile="nobody")
    assert "setup --profile" in str(caught.value)
    assert opened(profile="nobody", setup=True).state.answers.save_as == "nobody"


def test_setup_offers_the_answers_and_signs_in_with_nothing(file: Path) -> None:
    save_profile(file, profile(way="browser", account="acme", instance="main"))
    found = opened(setup=True)
    answers = found.state.answers
    assert (answers.save_as, answers.way, answers.resuming) == ("default", "browser", False)
    assert found.first() is None


def test_another_place_on_the_command_line_leaves_the_profile_alone(file: Path) -> None:
    save_profile(file, profile())
    elsewhere = Settings(deployment="automation-cloud")
    found = opened(settings=elsewhere, deployment="automation-cloud")
    assert found.state.answers.save_as == "default-2"
    assert found.state.answers.deployment == "automation-cloud"
    same = opened(settings=Settings(deployment="cloud-2019"), deployment="cloud-2019")
    assert same.state.answers.save_as == "default"


@pytest.mark.parametrize(
    ("variables", "way"),
    [
        ({"UIPATH_TUI_TOKEN": "an-invented-token-77"}, Pasted),
        ({"UIPATH_CLIENT_ID": "an-id", "UIPATH_CLIENT_SECRET": "an-invented-secret"}, ByApplication),
    ],
)
def test_the_environment_comes_before_the_current_profile(
    variables: dict[str, str], way: type, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_profile(file, profile())
    for name, value in {**variables, "UIPATH_URL": f"{OURS}/acme/main"}.items():
        monkeypatch.setenv(name, value)
    found = opened()
    event = found.first()
    assert isinstance(event, SignInSubmitted)
    assert isinstance(event.way, way)
    assert event.target.keeping is Keeping.ENVIRONMENT
    assert (event.target.base_url, event.target.account, event.target.instance) == (OURS, "acme", "main")
    assert found.state.answers.save_as == "", "nothing of it is kept"
    assert "invented" not in repr(found.state)


def test_a_named_profile_comes_before_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(file, profile())
    for arguments in ({"profile": "default"}, {"setup": True}):
        monkeypatch.setenv("UIPATH_TUI_TOKEN", "an-invented-token-77")
        found = opened(**arguments)  # pyright: ignore[reportArgumentType]
        assert found.state.answers.save_as == "default"


def test_an_address_alone_fills_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UIPATH_URL", f"{OURS}/acme/main")
    found = opened()
    assert (found.state.answers.deployment, found.state.answers.base_url) == ("automation-suite", OURS)
    assert found.state.names == {"automation-suite": ("acme", "main")}


def test_what_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UIPATH_CLIENT_SECRET", "an-invented-secret")
    found = opened()
    assert any("UIPATH_CLIENT_ID is missing" in note for note in found.notes)
    assert not any("invented" in note for note in found.notes)
