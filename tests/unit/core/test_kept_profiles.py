"""Profiles and their secrets on a real disk: kept together, tidied together, and never a secret in the profile file."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.keeping import Keeping
from tui.profile import Profile
from tui.runtime.kept_profiles import KeptProfiles
from tui.secret import Secret
from tui.store.credentials import CredentialStore
from tui.store.profiles import load_profiles, save_profile

RECORD = SignInRecord("user key", Tokens(Secret("an-invented-access-token-77")), Application("an-id"))


@pytest.fixture
def store(tmp_path: Path) -> CredentialStore:
    return CredentialStore(tmp_path / "credentials")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "profiles.toml"


def profile(name: str = "default", credential: str = "", **more: str) -> Profile:
    keeping = Keeping.FILE if credential else Keeping.SESSION
    return Profile(name=name, deployment="cloud-2019", keeping=keeping, credential=credential, **more)  # pyright: ignore[reportArgumentType]


async def kept(store: CredentialStore, credential: str) -> str:
    await store.save(credential, Keeping.FILE, RECORD)
    return credential


async def test_a_profile_is_kept_for_its_owner_alone(store: CredentialStore, path: Path) -> None:
    profiles = KeptProfiles(store, path)
    news = await profiles.save(profile(release_key="8d2f0c11"), unfinished=False)
    assert news.failure is None
    assert news.saved is not None
    assert news.here.book == load_profiles(path)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


async def test_the_old_secret_stays_until_the_new_profile_is_proven(store: CredentialStore, path: Path) -> None:
    profiles = KeptProfiles(store, path)
    old, new = await kept(store, "default-0001"), await kept(store, "default-0002")
    await profiles.save(profile(credential=old), unfinished=False)
    await profiles.save(profile(credential=new), unfinished=True)
    assert await store.load(old, Keeping.FILE) == RECORD, "half-way nothing is taken away"
    news = await profiles.save(profile(credential=new), unfinished=False)
    assert await store.load(old, Keeping.FILE) is None
    assert await store.load(new, Keeping.FILE) == RECORD
    assert news.here.book.unfinished is None


async def test_the_old_secret_goes_although_nobody_has_looked_around_yet(store: CredentialStore, path: Path) -> None:
    """The profile may be saved before the key store, which may be slow, has answered."""
    old, new = await kept(store, "default-0001"), await kept(store, "default-0002")
    save_profile(path, profile(credential=old))
    await KeptProfiles(store, path).save(profile(credential=new), unfinished=False)
    assert await store.load(old, Keeping.FILE) is None


async def test_a_secret_that_another_profile_names_stays(store: CredentialStore, path: Path) -> None:
    shared, new = await kept(store, "default-0001"), await kept(store, "default-0002")
    for name in ("default", "copied-by-hand"):
        save_profile(path, profile(name, shared))
    await KeptProfiles(store, path).save(profile("default", new), unfinished=False)
    assert await store.load(shared, Keeping.FILE) == RECORD


async def test_a_profile_that_another_program_added_meanwhile_stays(store: CredentialStore, path: Path) -> None:
    profiles = KeptProfiles(store, path)
    await profiles.look()
    theirs = await kept(store, "theirs-0001")
    save_profile(path, profile("theirs", theirs))
    news = await profiles.save(profile("ours"), unfinished=False)
    assert {each.name for each in news.here.book.profiles} == {"theirs", "ours"}
    assert await store.load(theirs, Keeping.FILE) == RECORD


async def test_a_file_that_cannot_be_written_is_told_and_loses_nothing(store: CredentialStore, path: Path) -> None:
    old, new = await kept(store, "default-0001"), await kept(store, "default-0002")
    save_profile(path, profile(credential=old))
    text = path.read_text().replace("[profiles.default]", "[profiles.default")
    path.write_text(text)
    news = await KeptProfiles(store, path).save(profile(credential=new), unfinished=False)
    assert news.saved is None
    assert news.failure is not None
    assert "profiles" in str(news.failure)
    assert path.read_text() == text
    assert await store.load(old, Keeping.FILE) == RECORD


async def test_looking_around_tells_what_is_damaged(store: CredentialStore, path: Path) -> None:
    os.makedirs(path.parent)
    path.write_text("version = ")
    news = await KeptProfiles(store, path).look()
    assert news.here.looked
    assert news.failure is not None
    assert news.here.book.profiles == ()


async def test_what_is_kept_in_quick_succession_is_kept_in_order(store: CredentialStore, path: Path) -> None:
    """A person may be through step 2 before the half-done setup is on the disk: it must not come back afterwards."""
    profiles = KeptProfiles(store, path)
    for _ in range(12):
        half_way = profiles.save(profile(), unfinished=True)
        proven = profiles.save(profile(), unfinished=False)
        await asyncio.gather(half_way, proven)
        assert load_profiles(path).unfinished is None
