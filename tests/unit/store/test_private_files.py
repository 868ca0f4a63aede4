"""Private files replaced whole or not at all, and what is refused about them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.errors import Exit
from tui.store import files
from tui.store.errors import StoreError, shown

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


def test_what_was_written_is_read_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "kept"
    assert files.read_private(path) is None
    files.make_folder(path.parent)
    files.write_private(path, b"one\r\n\x1a\x00")
    files.write_private(path, b"two\r\n\x1a\x00")
    assert files.read_private(path) == b"two\r\n\x1a\x00"
    assert [each.name for each in path.parent.iterdir()] == ["kept"]
    files.remove_private(path)
    files.remove_private(path)
    assert files.read_private(path) is None


@posix
@pytest.mark.parametrize("permissions", [0o620, 0o602, 0o666])
def test_a_secret_that_others_could_write_is_refused(tmp_path: Path, permissions: int) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"planted")
    path.chmod(permissions)
    with pytest.raises(StoreError, match="could be written by others") as caught:
        files.read_private(path)
    assert caught.value.failure.exit is Exit.USAGE
    assert "chmod 600" in caught.value.failure.next_step


@posix
@pytest.mark.parametrize(("permissions", "fine"), [(0o644, True), (0o664, True), (0o666, False), (0o602, False)])
def test_what_holds_no_secret_must_not_be_everyones_to_write(tmp_path: Path, permissions: int, fine: bool) -> None:
    path = tmp_path / "open"
    path.write_bytes(b"text")
    path.chmod(permissions)
    if fine:
        assert files.read_open(path) == b"text"
    else:
        with pytest.raises(StoreError, match="could be written by anyone"):
            files.read_open(path)


def test_a_file_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(files.MOST + 1)
    path.chmod(0o600)
    with pytest.raises(StoreError, match="larger than 4 MB"):
        files.read_private(path)


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="is a plain file"):
        files.make_folder(tmp_path / "file")
    with pytest.raises(StoreError, match="is not a folder"):
        files.make_folder(tmp_path / "file" / "below")
    with pytest.raises(StoreError, match="is not a folder"):
        files.read_private(tmp_path / "file" / "below")


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    old, young, other = (tmp_path / name for name in (".kept.1.tmp", ".kept.2.tmp", ".other.1.tmp"))
    for left in (old, young, other):
        left.write_bytes(b"left by a killed process")
    for left in (old, other):
        os.utime(left, (1, 1))
    files.write_private(path, b"new")
    assert not old.exists()
    assert young.exists()
    assert other.exists()
    files.remove_private(path)
    assert [each.name for each in tmp_path.iterdir()] == [".other.1.tmp"]


WRITER = """
import sys
from pathlib import Path
from tui.store import files
path = Path(sys.argv[1])
letter = b"ab"
number = 0
while True:
    files.write_private(path, letter[number % 2 : number % 2 + 1] * 50_000)
    number += 1
    if number == 1:
        print("writing", flush=True)
"""


@posix
def test_a_killed_writer_leaves_one_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    files.write_private(path, b"a" * 50_000)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            for _ in range(20):
                content = files.read_private(path)
                assert content in (b"a" * 50_000, b"b" * 50_000)
            writer.send_signal(signal.SIGKILL)
        assert files.read_private(path) in (b"a" * 50_000, b"b" * 50_000)
    assert all(each.stat().st_mode & 0o077 == 0 for each in tmp_path.iterdir())


def test_paths_are_shown_as_people_write_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert shown(tmp_path / "a") == str(Path("~") / "a")
    assert shown(Path("/elsewhere")) == str(Path("/elsewhere"))
    assert "\x1b" not in shown(tmp_path / "\x1b[31m")
