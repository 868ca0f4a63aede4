"""Sign-ins kept in a file or for the session: names, places in words, and renewals of many processes at once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.errors import Exit
from tui.keeping import Keeping
from tui.secret import Secret
from tui.store.credentials import CredentialStore, new_name
from tui.store.errors import StoreError

NAME = "prod-0123456789abcdef"
RECORD = SignInRecord("browser", Tokens(Secret("fake-1"), refresh=Secret("fake-refresh-1")), Application("fake-client"))
NEWER = RECORD.with_tokens(Tokens(Secret("fake-2"), refresh=Secret("fake-refresh-2")))


@pytest.fixture
def store(tmp_path: Path) -> CredentialStore:
    return CredentialStore(tmp_path / "state" / "credentials", patience=0.3)


@pytest.mark.parametrize("keeping", [Keeping.FILE, Keeping.SESSION, Keeping.ENVIRONMENT])
async def test_a_sign_in_is_kept_renewed_and_forgotten(store: CredentialStore, keeping: Keeping) -> None:
    assert await store.load(NAME, keeping) is None
    await store.forget(NAME, keeping)
    await store.save(NAME, keeping, RECORD)
    assert await store.load(NAME, keeping) == RECORD
    keeper = store.keeper(NAME, keeping)
    async with keeper.locked():
        assert await keeper.load() == RECORD
        await keeper.save(NEWER)
    assert await store.load(NAME, keeping) == NEWER
    await store.forget(NAME, keeping)
    assert await store.load(NAME, keeping) is None


async def test_only_a_file_outlives_the_session(store: CredentialStore, tmp_path: Path) -> None:
    await store.save(NAME, Keeping.SESSION, RECORD)
    assert not list(tmp_path.rglob("*"))
    await store.save(NAME, Keeping.FILE, NEWER)
    later = CredentialStore(tmp_path / "state" / "credentials")
    assert await later.load(NAME, Keeping.SESSION) is None
    assert await later.load(NAME, Keeping.FILE) == NEWER


@pytest.mark.parametrize("keeping", [Keeping.FILE, Keeping.SESSION])
async def test_one_renewal_at_a_time(store: CredentialStore, keeping: Keeping) -> None:
    inside: list[int] = []

    async def renew() -> None:
        async with store.keeper(NAME, keeping).locked():
            inside.append(1)
            assert len(inside) == 1
            await asyncio.sleep(0.01)
            inside.pop()

    await asyncio.gather(*(renew() for _ in range(5)))


async def test_forgetting_waits_for_a_renewal(store: CredentialStore) -> None:
    await store.save(NAME, Keeping.FILE, RECORD)
    async with store.keeper(NAME, Keeping.FILE).locked():
        with pytest.raises(StoreError, match="in use"):
            await store.forget(NAME, Keeping.FILE)
    await store.forget(NAME, Keeping.FILE)


@pytest.mark.parametrize("milliseconds", [0, 1, 2, 4, 8, 16])
async def test_a_cancelled_save_has_ended_before_its_lock_is_given_back(
    store: CredentialStore, milliseconds: int
) -> None:
    await store.save(NAME, Keeping.FILE, RECORD)
    large = SignInRecord("x" * 3_000_000, NEWER.tokens)
    keeper = store.keeper(NAME, Keeping.FILE)

    async def renew() -> None:
        async with keeper.locked():
            await keeper.save(large)

    renewing = asyncio.ensure_future(renew())
    await asyncio.sleep(milliseconds / 1000)
    renewing.cancel()
    await asyncio.wait([renewing])
    async with keeper.locked():
        found = await keeper.load()
        await asyncio.sleep(0.1)
        assert await keeper.load() == found


def test_names_are_made_of_the_profiles_and_never_twice_the_same() -> None:
    assert {new_name("Prod EU")[:-16] for _ in range(50)} == {"prod-eu-"}
    assert len({new_name("a") for _ in range(50)}) == 50
    assert new_name("../../etc/passwd").startswith("etc-passwd-")
    for name in ("", "...", "日本語", "\x1b[31m", "x" * 300):
        CredentialStore(Path("nowhere")).where(new_name(name), Keeping.FILE)


HOSTILE = ["", "..", "../up", "a/b", "a\\b", "/etc/passwd", "C:x", "a\nb", "A", "a.json", "a\x00", "x" * 62, "-a", "é"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
async def test_a_name_from_elsewhere_reaches_no_file(store: CredentialStore, tmp_path: Path, name: str) -> None:
    actions = [
        lambda: store.load(name, Keeping.FILE),
        lambda: store.save(name, Keeping.FILE, RECORD),
        lambda: store.forget(name, Keeping.FILE),
        lambda: store.load(name, Keeping.KEY_STORE),
    ]
    for action in actions:
        with pytest.raises(StoreError) as caught:
            await action()
        assert caught.value.failure.exit is Exit.SIGN_IN
    with pytest.raises(StoreError):
        store.keeper(name, Keeping.FILE)
    assert not list(tmp_path.rglob("*"))


def test_the_place_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    store = CredentialStore(tmp_path / "state")
    file = Path("~") / "state" / f"{NAME}.json"
    assert store.where(NAME, Keeping.FILE) == f"in the file {file} (readable only by you)"
    assert store.where(NAME, Keeping.SESSION) == "in this session only"
    assert store.where(NAME, Keeping.ENVIRONMENT) == "in the environment"
    assert store.where(NAME, Keeping.KEY_STORE).startswith("in the OS key store (")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfefake-refresh", "it is not text"), (b"", "it is not JSON"), (b'{"version": 9}', "newer version")],
)
async def test_a_damaged_file_is_explained(store: CredentialStore, tmp_path: Path, content: bytes, said: str) -> None:
    await store.save(NAME, Keeping.FILE, RECORD)
    path = tmp_path / "state" / "credentials" / f"{NAME}.json"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=said) as caught:
        await store.load(NAME, Keeping.FILE)
    assert f"{NAME}.json" in caught.value.failure.cause
    assert "fake-refresh" not in str(caught.value)
    await store.save(NAME, Keeping.FILE, RECORD)
    assert await store.load(NAME, Keeping.FILE) == RECORD


ROTATOR = """
import asyncio, json, os, sys
from pathlib import Path
from tui.api.sign_in.token_set import SignInRecord, Tokens
from tui.keeping import Keeping
from tui.secret import Secret
from tui.store.credentials import CredentialStore

# A server whose refresh tokens are used once: it knows the one that is good, and writes down each use of another.
server = Path(sys.argv[2])

def rotate(refresh):
    good = int(server.read_text())
    if refresh != str(good):
        with server.with_suffix(".reused").open("a") as reused:
            reused.write(refresh + "\\n")
    server.write_text(str(good + 1))
    return str(good + 1)

async def main():
    keeper = CredentialStore(Path(sys.argv[1])).keeper(sys.argv[3], Keeping.FILE)
    for _ in range(12):
        async with keeper.locked():
            record = await keeper.load()
            fresh = rotate(record.tokens.refresh.reveal())
            await keeper.save(record.with_tokens(Tokens(Secret("fake"), refresh=Secret(fresh))))

asyncio.run(main())
"""


async def test_six_processes_renew_one_token_and_none_is_used_twice(store: CredentialStore, tmp_path: Path) -> None:
    server = tmp_path / "server"
    server.write_text("0")
    await store.save(NAME, Keeping.FILE, RECORD.with_tokens(Tokens(Secret("fake"), refresh=Secret("0"))))
    folder = tmp_path / "state" / "credentials"
    command = [sys.executable, "-c", ROTATOR, str(folder), str(server), NAME]
    rotators = [subprocess.Popen(command) for _ in range(6)]
    assert [rotator.wait(90) for rotator in rotators] == [0] * 6
    assert not server.with_suffix(".reused").exists()
    kept = await store.load(NAME, Keeping.FILE)
    assert kept is not None
    assert kept.tokens.refresh.reveal() == server.read_text() == "72"


async def test_what_is_written_says_its_version_and_no_more_than_the_sign_in(
    store: CredentialStore, tmp_path: Path
) -> None:
    await store.save(NAME, Keeping.FILE, RECORD)
    folder = tmp_path / "state" / "credentials"
    assert os.listdir(folder) == [f"{NAME}.json"]
    values = json.loads((folder / f"{NAME}.json").read_bytes())
    assert set(values) == {"version", "kind", "own_grant", "tokens", "application", "login"}
    assert values["version"] == 1
