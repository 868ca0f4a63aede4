"""The profile file: what is read from it, what survives a change, and what is said about a wrong one."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.errors import Exit
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook
from tui.store.errors import StoreError
from tui.store.profile_fields import check_name
from tui.store.profiles import (
    forget_profile,
    load_profiles,
    mark_production,
    save_profile,
    save_unfinished,
    use_profile,
)

PROD = Profile(
    "prod", account="acme", account_name="ACME", release_name="Intake", keeping=Keeping.FILE, credential="prod-1"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "uipath-tui" / "profiles.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_is_an_empty_book(file: Path) -> None:
    assert load_profiles(file) == ProfileBook()
    save_unfinished(file, None)
    assert not file.parent.exists()


def test_profiles_are_saved_used_marked_and_forgotten(file: Path) -> None:
    save_profile(file, PROD)
    save_profile(file, Profile("test"), make_current=False)
    assert load_profiles(file) == ProfileBook((PROD, Profile("test")), "prod")
    use_profile(file, "test")
    mark_production(file, "prod", True)
    marked = replace(PROD, production=True)
    assert load_profiles(file) == ProfileBook((marked, Profile("test")), "test")
    mark_production(file, "prod", False)
    forget_profile(file, "test")
    assert load_profiles(file) == ProfileBook((PROD,))
    forget_profile(file, "prod")
    assert load_profiles(file) == ProfileBook()
    assert file.read_text(encoding="utf-8").startswith("version = 1\n")


def test_an_unfinished_setup_is_kept_beside_the_profiles(file: Path) -> None:
    save_unfinished(file, PROD)
    assert load_profiles(file) == ProfileBook(unfinished=PROD)
    save_profile(file, Profile("test"))
    half = Profile("half", deployment="standalone", base_url="https://orchestrator.example.com")
    save_unfinished(file, half)
    assert load_profiles(file) == ProfileBook((Profile("test"),), "test", half)
    save_unfinished(file, None)
    assert load_profiles(file) == ProfileBook((Profile("test"),), "test")


def test_empty_fields_are_left_out(file: Path) -> None:
    save_profile(file, PROD)
    save_profile(file, Profile("prod", instance="Default"))
    table = tomllib.loads(file.read_text(encoding="utf-8"))["profiles"]["prod"]
    assert table == {"deployment": "automation-cloud", "instance": "Default", "keeping": "session"}


MINE = """# My profiles: keep tidy

current = "prod"   # the real one
colour = "blue"

[profiles.prod]  # do not touch
# the account of the finance department
account = "acme" # not acme-test
mood = ["fine", 1]

[other.table]
when = 2026-11-24T10:00:00Z

[profiles."test.eu"]
account = 'old'
"""


def test_what_a_person_wrote_survives_every_change(file: Path) -> None:
    written(file, MINE)
    save_profile(file, Profile("prod", account="acme", instance="Default"), make_current=False)
    save_profile(file, Profile("new"))
    save_unfinished(file, PROD)
    save_unfinished(file, None)
    mark_production(file, "test.eu", True)
    use_profile(file, "test.eu")
    forget_profile(file, "new")
    after = file.read_text(encoding="utf-8")
    for line in MINE.splitlines():
        assert line.replace('current = "prod"', 'current = "test.eu"') in after
    assert load_profiles(file).named("prod") == Profile("prod", account="acme", instance="Default")
    assert load_profiles(file).named("test.eu") == Profile("test.eu", account="old", production=True)


def test_lines_of_windows_and_a_byte_order_mark_are_read(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b'\xef\xbb\xbfcurrent = "a"\r\n[profiles.a]\r\naccount = "acme"\r\n')
    use_profile(file, "a")
    save_profile(file, Profile("b"))
    assert load_profiles(file) == ProfileBook((Profile("a", account="acme"), Profile("b")), "b")
    assert b'account = "acme"\r\n' in file.read_bytes()


LAYOUTS = {
    "inline": 'profiles = {a = {account = "x"}, b = {account = "y"}}\n',
    "inline below": '[profiles]\na = {account = "x"}\nb = {account = "y"}\n',
    "dotted below": '[profiles]\na.account = "x"\nb.account = "y"\n',
    "scattered": '[profiles.a]\naccount = "x"\n[other]\nz = 1\n[profiles.b]\naccount = "y"\n[last]\n',
    "between arrays": '[[other]]\n[profiles.a]\naccount = "x"\n[[other]]\n[profiles.b]\naccount = "y"\n',
    "deeper tables": '[profiles.a]\naccount = "x"\n[profiles.b.deep]\nz = 1\n[profiles.b]\naccount = "y"\n',
    "no last line end": '[profiles.a]\naccount = "x"\n[profiles.b]\naccount = "y"',
    "not a number": 'odd = nan\n[profiles.a]\naccount = "x"\n[profiles.b]\naccount = "y"\n',
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_way_to_write_them_can_be_changed(file: Path, layout: str) -> None:
    a, b, half = Profile("a", account="x"), Profile("b", account="y"), Profile("half")
    written(file, LAYOUTS[layout])
    assert load_profiles(file) == ProfileBook((a, b))
    save_profile(file, replace(a, instance="Default"))
    save_profile(file, PROD, make_current=False)
    save_unfinished(file, half)
    mark_production(file, "b", True)
    found = load_profiles(file)
    assert {each.name: each for each in found.profiles} == {
        "a": replace(a, instance="Default"),
        "b": replace(b, production=True),
        "prod": PROD,
    }
    assert (found.current, found.unfinished) == ("a", half)
    for name in ("a", "b", "prod"):
        forget_profile(file, name)
    assert load_profiles(file) == ProfileBook(unfinished=half)


def test_what_can_not_be_changed_safely_is_left_alone(file: Path) -> None:
    text = 'profiles.a.account = "x"\nprofiles.b.account = "y"\n'
    written(file, text)
    with pytest.raises(StoreError, match=r"can't be changed safely.*\[profiles\.NAME\]"):
        save_profile(file, PROD)
    assert file.read_text(encoding="utf-8") == text
    assert len(load_profiles(file).profiles) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("current = \n", "is not TOML .*line 1"),
        ('a = 1\nb = "\n', "is not TOML .*line 2"),
        ("x = " + "[" * 100_000, "is not TOML"),
        ("version = 2\n", "newer uipath-tui .version 2"),
        ('version = "1"\n', "sets “version” to something else than 1"),
        ("version = true\n", "sets “version”"),
        ("current = 3\n", "sets “current” to something that is not text"),
        ('current = "prud"\n[profiles.prod]\n', "makes “prud” current.*Did you mean “prod”"),
        ("profiles = 3\n", "in the place of “profiles” that is not a table"),
        ("[profiles]\nprod = 3\n", "in the place of profile “prod” that is not a table"),
        ("unfinished = 3\n", "in the place of “unfinished” that is not a table"),
        ("[unfinished]\nname = 3\n", "no usable “name” in “unfinished”"),
        ("[profiles.prod]\naccount = 3\n", "sets “account” of profile “prod” to something that is not text"),
        ("[profiles.prod]\nproduction = 1\n", "sets “production” of profile “prod” to something that"),
        ('[profiles.prod]\nkeeping = "drawer"\n', "sets “keeping” of profile “prod” to “drawer”"),
        ("[unfinished]\nkeeping = 1\n", "sets “keeping” of “unfinished” to something that is not text"),
        ('[profiles."a b"]\n', "calls a profile “a b”"),
        ('[profiles."\\u001b[31m"]\n', "calls a profile “␛"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_wrong_file_is_explained_and_never_overwritten(file: Path, text: str, said: str) -> None:
    written(file, text)
    actions: list[Any] = [
        lambda: load_profiles(file),
        lambda: save_profile(file, PROD),
        lambda: save_unfinished(file, PROD),
        lambda: forget_profile(file, "prod"),
    ]
    for action in actions:
        with pytest.raises(StoreError, match=f"(?s){said}") as caught:
            action()
        assert "profiles.toml" in caught.value.failure.cause
        assert caught.value.failure.next_step
        assert "\x1b" not in str(caught.value)
        assert file.read_text(encoding="utf-8") == text


def test_a_file_that_is_not_text_is_explained(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(StoreError, match="line 2 is not UTF-8"):
        load_profiles(file)


@pytest.mark.parametrize(
    ("name", "near"),
    [("my prod", "my-prod"), ("a/b", "a-b"), ("", "default"), ("ä", "default"), ("x" * 41, "x" * 40), ("a\nb", "a-b")],
)
def test_a_name_that_does_not_fit_is_answered_with_one_that_does(file: Path, name: str, near: str) -> None:
    with pytest.raises(StoreError, match=f"“{near}”") as caught:
        save_profile(file, Profile(name))
    assert caught.value.failure.exit is Exit.USAGE
    assert check_name(near) == near
    assert not file.exists()


@pytest.mark.parametrize("action", [use_profile, forget_profile, lambda file, name: mark_production(file, name, True)])
def test_a_profile_that_does_not_exist_is_answered_with_the_nearest(file: Path, action: Any) -> None:
    with pytest.raises(StoreError, match="There is none yet"):
        action(file, "prud")
    save_profile(file, PROD)
    with pytest.raises(StoreError, match="Did you mean “prod”") as caught:
        action(file, "prud")
    assert caught.value.failure.exit is Exit.NOT_FOUND
    with pytest.raises(StoreError, match="There are prod"):
        action(file, "zzz")


def test_text_that_no_file_can_hold_is_refused(file: Path) -> None:
    with pytest.raises(StoreError, match="“account_name” holds characters"):
        save_profile(file, Profile("prod", account_name="\ud800"))


words = st.text(max_size=60)
profiles = st.builds(
    Profile,
    name=st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True),
    **{field.name: words for field in fields(Profile) if field.name not in ("name", "production", "keeping")},
    production=st.booleans(),
    keeping=st.sampled_from(Keeping),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(profiles, min_size=1, max_size=4, unique_by=lambda profile: profile.name), st.none() | profiles)
def test_every_profile_comes_back_as_it_was(file: Path, some: list[Profile], left: Profile | None) -> None:
    file.unlink(missing_ok=True)
    for profile in some:
        save_profile(file, profile)
    save_unfinished(file, left)
    # An empty deployment is left out like every empty field, and then is the default.
    filled = [replace(profile, deployment=profile.deployment or "automation-cloud") for profile in some]
    left = left and replace(left, deployment=left.deployment or "automation-cloud")
    assert load_profiles(file) == ProfileBook(tuple(filled), some[-1].name, left)
    for profile in some[:-1]:
        forget_profile(file, profile.name)
    assert load_profiles(file) == ProfileBook((filled[-1],), some[-1].name, left)


SAVER = """
import sys
from pathlib import Path
from tui.profile import Profile
from tui.store.profiles import save_profile
for number in range(8):
    save_profile(Path(sys.argv[1]), Profile(f"{sys.argv[2]}-{number}"))
"""


def test_processes_that_save_at_once_lose_nothing(file: Path) -> None:
    savers = [subprocess.Popen([sys.executable, "-c", SAVER, str(file), name]) for name in "abcd"]
    assert [saver.wait(60) for saver in savers] == [0] * 4
    assert {profile.name for profile in load_profiles(file).profiles} == {f"{a}-{n}" for a in "abcd" for n in range(8)}


def test_a_link_is_written_through_and_stays(tmp_path: Path, file: Path) -> None:
    target = tmp_path / "dotfiles" / "profiles"
    written(target, "# shared by my machines\n")
    file.parent.mkdir()
    file.symlink_to(target)
    save_profile(file, PROD)
    assert file.is_symlink()
    assert load_profiles(file).named("prod") == PROD
    assert target.read_text(encoding="utf-8").startswith("# shared by my machines\n")


def test_nothing_is_written_when_nothing_changes(file: Path) -> None:
    save_profile(file, PROD)
    before = file.stat()
    save_profile(file, PROD)
    assert file.stat().st_ino == before.st_ino
