"""On Linux, nobody but root reads the memory or the environment of a running program, and it leaves no core."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("only Linux shows processes as files", allow_module_level=True)

from tests.e2e.terminal import terminal as terminals
from tests.e2e.twin.running import PROGRAM, isolated

NOBODY = 65534
SECONDS = 20.0
TOKEN = "Some_User_Key-of_nobody-that_is_long_enough_0123"
FILES = ("environ", "mem", "maps")
LOOK = """
import sys
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            file.read(0 if path.endswith("mem") else -1)
        print("read")
    except PermissionError:
        print("refused")
"""


def as_somebody() -> list[str]:
    """Return what runs a command without the rights of root: nothing is hidden from root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root sees everything, and setpriv is not here to be somebody else")
    command = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if subprocess.run([*command, *PROGRAM, "--help"], capture_output=True).returncode:
        pytest.skip("nobody else may run this interpreter")
    return command


@pytest.fixture
def somebody() -> list[str]:
    """How to be somebody without rights."""
    return as_somebody()


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that belongs to them: pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="closed-") as name:
        folder = Path(name) / "home"
        isolated(folder)
        if os.geteuid() == 0:
            Path(name).chmod(0o755)
            for path in (folder, *folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        yield folder


def seen_by(somebody: list[str], pid: int) -> list[str]:
    """Return what a process of the same person may read of another."""
    paths = [f"/proc/{pid}/{name}" for name in FILES]
    done = subprocess.run([*somebody, sys.executable, "-c", LOOK, *paths], capture_output=True, text=True, check=True)
    return done.stdout.split()


def until(fulfilled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not fulfilled():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextlib.contextmanager
def twin(somebody: list[str], home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the twin against a server that never answers, with the token in its environment."""
    arguments = ["start", "--deployment", "cloud-2019", "--base-url", f"http://127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*somebody, *PROGRAM, *arguments, "--release", "Demo"],
        env={**isolated(home), "UIPATH_TUI_TOKEN": TOKEN},
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_look_sees_what_is_open(somebody: list[str], home: Path) -> None:
    command = [*somebody, sys.executable, "-c", "print('up', flush=True); input()"]
    with subprocess.Popen(command, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        assert seen_by(somebody, process.pid) == ["read"] * len(FILES)
        process.communicate(b"\n")


def test_nobody_reads_the_twin(somebody: list[str], home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, twin(somebody, home, server.getsockname()[1]) as process:
        server.settimeout(SECONDS)
        waiting, _ = server.accept()
        with waiting:
            assert seen_by(somebody, process.pid) == ["refused"] * len(FILES)
            assert process.poll() is None
            limits = Path(f"/proc/{process.pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]


def test_nobody_reads_the_session(somebody: list[str], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "PROGRAM", (*somebody, *PROGRAM))
    with terminals.terminal(home=home) as shown:
        shown.wait("Sign in")
        until(lambda: shown.read(0.01) and seen_by(somebody, shown.pid) == ["refused"] * len(FILES))
        shown.press("ctrl+q")
        shown.ended()
