"""Ground to keep files on: a folder of a user without privileges, who the test then is, and a disk that is full."""

from __future__ import annotations

import codecs
import os
import shutil
import stat
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import tomlkit

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534
# Loaded while everything can still be read: the user without privileges may not read the installation.
LOADED = (tomllib, filelock.FileLock, tomlkit.parse(""), codecs.lookup("utf-8-sig"), ThreadPoolExecutor)


@dataclass(frozen=True)
class Ground:
    """A folder that belongs to the user without privileges."""

    folder: Path

    @contextmanager
    def unprivileged(self) -> Iterator[None]:
        """Be that user, for whom permissions hold."""
        if not IS_ROOT:
            yield
            return
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)

    def own(self, path: Path) -> None:
        """Give to that user what the test made."""
        if IS_ROOT:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


@contextmanager
def ground() -> Iterator[Ground]:
    folder = Path(tempfile.mkdtemp(prefix="uipath-tui-ground-")).resolve()
    made = Ground(folder)
    made.own(folder)
    try:
        yield made
    finally:
        for path in folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(folder)


@contextmanager
def full_disk(made: Ground, folder: Path) -> Iterator[Callable[[], None]]:
    """Mount a real disk of 64 KiB at ``folder``; calling what is yielded fills it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", str(folder)], check=True)
    try:
        made.own(folder)

        def fill() -> None:
            with (folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
                while ballast.write(b"x" * 1024):
                    pass
            made.own(folder / "ballast")

        yield fill
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def can_mount() -> bool:
    if not IS_ROOT or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def closed(folder: Path) -> bool:
    """Whether every file below is 0600 and every folder 0700."""
    return all(
        mode(path) == (0o700 if path.is_dir() else 0o600) for path in everything(folder) if not path.is_symlink()
    )


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))
