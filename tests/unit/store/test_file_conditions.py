"""What a file may meet, times four files: all end closed to others or refused in words, none by a crash."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.store.ground import IS_ROOT, Ground, can_mount, closed, everything, full_disk, ground, mode
from tui.api.sign_in.token_set import SignInRecord, Tokens
from tui.keeping import Keeping
from tui.profile import Profile
from tui.secret import Secret
from tui.store import files, locks
from tui.store.credentials import CredentialStore
from tui.store.errors import StoreError
from tui.store.profiles import load_profiles, save_profile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners, modes and pipes of POSIX")

RECORD = SignInRecord("user key", Tokens(Secret("fake-access"), refresh=Secret("fake-refresh-token-of-nobody")))


@dataclass(frozen=True)
class Kept:
    """One file of the program: where it is, how it is written and what reading it gives."""

    path: Callable[[Path], Path]
    write: Callable[[Path], None]
    read: Callable[[Path], object]
    content: bytes
    linked: bool = False


def _lock(path: Path) -> None:
    files.make_folder(path.parent)
    with locks.held(path, "lock", patience=0.1):
        pass


def _private(path: Path) -> None:
    files.make_folder(path.parent)
    files.write_private(path, b"something private")


def _credential(path: Path) -> None:
    asyncio.run(CredentialStore(path.parent).save(path.stem, Keeping.FILE, RECORD))


FILES = {
    "profiles": Kept(
        lambda home: home / ".config" / "uipath-tui" / "profiles.toml",
        lambda path: save_profile(path, Profile("prod", account="acme")),
        lambda path: load_profiles(path).named("prod"),
        b'current = "old"\n[profiles.old]\naccount = "before"\n',
        linked=True,
    ),
    "credential": Kept(
        lambda home: home / ".local" / "state" / "uipath-tui" / "credentials" / "prod-0123456789abcdef.json",
        _credential,
        lambda path: asyncio.run(CredentialStore(path.parent).load(path.stem, Keeping.FILE)),
        b'{"version": 1, "kind": "old", "tokens": {"access": "before"}}',
    ),
    "lock": Kept(
        lambda home: home / ".local" / "state" / "uipath-tui" / "credentials" / "prod-0123456789abcdef.lock",
        _lock,
        _lock,
        b"",
    ),
    "other": Kept(
        lambda home: home / ".local" / "state" / "uipath-tui" / "other",
        _private,
        files.read_private,
        b"before",
    ),
}


@pytest.fixture
def made() -> Iterator[Ground]:
    with ground() as here:
        yield here


@pytest.fixture(params=FILES)
def kept(request: pytest.FixtureRequest) -> Kept:
    return FILES[request.param]


def place(made: Ground, kept: Kept) -> Path:
    """Return the path of the file below a home, its folders made."""
    path = kept.path(made.folder / "home")
    with made.unprivileged():
        files.make_folder(path.parent)
    return path


def lay(made: Ground, path: Path, content: bytes, permissions: int = 0o600) -> None:
    path.write_bytes(content)
    path.chmod(permissions)
    made.own(path)


def refused(made: Ground, action: Callable[[Path], object], path: Path) -> str:
    with made.unprivileged(), pytest.raises(StoreError) as caught:
        action(path)
    failure = caught.value.failure
    assert path.name in failure.cause
    assert failure.next_step
    return failure.cause


def nothing_left(path: Path) -> bool:
    return not [other for other in path.parent.iterdir() if other.name.endswith(".tmp")]


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777], ids="umask {:03o}".format)
def test_umask(made: Ground, kept: Kept, mask: int) -> None:
    home = made.folder / "home"
    path = kept.path(home)
    with made.unprivileged():
        before = os.umask(mask)
        try:
            kept.write(path)
            kept.write(path)
            assert kept.read(path) == kept.read(path)
        finally:
            os.umask(before)
    assert path.is_file()
    assert closed(made.folder)


def test_a_link(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    target = made.folder / "elsewhere"
    lay(made, target, kept.content, 0o644)
    path.symlink_to(target)
    if kept.linked:
        with made.unprivileged():
            kept.write(path)
            assert kept.read(path)
        assert mode(target) == 0o600
        assert b"before" in target.read_bytes()
    else:
        assert "is a link" in refused(made, kept.read, path)
        assert "is a link" in refused(made, kept.write, path)
        assert target.read_bytes() == kept.content
        assert mode(target) == 0o644
    assert path.is_symlink()


def test_a_pipe(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    os.mkfifo(path)
    made.own(path)
    assert "is neither file nor folder" in refused(made, kept.read, path)
    assert "is neither file nor folder" in refused(made, kept.write, path)
    assert path.is_fifo()


def test_a_folder_in_its_place(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    path.mkdir()
    made.own(path)
    assert "is a folder" in refused(made, kept.read, path)
    assert "is a folder" in refused(made, kept.write, path)
    assert path.is_dir()
    assert nothing_left(path)


def test_a_second_name(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    other = made.folder / "other-name"
    lay(made, other, kept.content, 0o644)
    path.hardlink_to(other)
    assert "second name" in refused(made, kept.read, path)
    assert "second name" in refused(made, kept.write, path)
    assert other.read_bytes() == kept.content
    assert mode(other) == 0o644


@pytest.mark.skipif(not IS_ROOT, reason="only root can make a file of another user")
def test_another_owner(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    path.write_bytes(kept.content)
    path.chmod(0o666)
    assert "belongs to another user" in refused(made, kept.read, path)
    assert "belongs to another user" in refused(made, kept.write, path)
    assert path.read_bytes() == kept.content


def test_readable_by_others(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    lay(made, path, kept.content, 0o644)
    path.parent.chmod(0o755)
    with made.unprivileged():
        kept.read(path)
        assert mode(path) == (0o644 if kept.linked else 0o600)
        kept.write(path)
    assert closed(made.folder)


def test_a_folder_that_can_not_be_written(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    path.parent.chmod(0o500)
    assert "is closed to you" in refused(made, kept.write, path)
    assert everything(path.parent) == []


@pytest.mark.skipif(not can_mount(), reason="mounting a small disk is not permitted here")
def test_a_full_disk(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    with ExitStack() as stack:
        fill = stack.enter_context(full_disk(made, path.parent))
        lay(made, path, kept.content)
        fill()
        if kept is FILES["lock"]:
            with made.unprivileged():
                kept.write(path)
        else:
            assert "the disk is full" in refused(made, kept.write, path)
        assert path.read_bytes() == kept.content
        assert nothing_left(path)
        assert mode(path) == 0o600


def test_a_home_that_can_not_be_written(made: Ground, kept: Kept) -> None:
    home = made.folder / "home"
    home.mkdir()
    home.chmod(0o555)
    made.own(home)
    with made.unprivileged():
        with pytest.raises(StoreError, match="closed to you"):
            kept.write(kept.path(home))
        if kept is not FILES["lock"]:
            assert not kept.read(kept.path(home))
    assert everything(home) == []


def test_a_link_to_a_folder_in_the_place_of_ours(made: Ground, kept: Kept) -> None:
    path = place(made, kept)
    elsewhere = made.folder / "elsewhere"
    elsewhere.mkdir(0o755)
    made.own(elsewhere)
    path.parent.rmdir()
    path.parent.symlink_to(elsewhere)
    if kept.linked:
        with made.unprivileged():
            kept.write(path)
        assert mode(elsewhere / path.name) == 0o600
        assert mode(elsewhere) == 0o755
    else:
        with made.unprivileged(), pytest.raises(StoreError, match="is a link"):
            kept.write(path)
        assert everything(elsewhere) == []
