"""A real key store of its own for each test: a bus and a gnome-keyring that never see the person's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
PASSWORD = "fake-password-of-the-test"
ROOT = Path(__file__).parents[3]
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class Told:
    """What came of one step in the asking process."""

    result: Any
    error: str | None
    problem: str | None
    seconds: float


@dataclass
class Desktop:
    """A home with a bus and, once unlocked, a key store. ``environment`` is all its processes get."""

    home: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    keyring: subprocess.Popen[bytes] | None = None
    took: float = 0.0

    def start_bus(self, *, activation: bool = False) -> None:
        """Start a bus; with ``activation`` it starts a key store itself when one is asked for, as a desktop's does."""
        socket = self.home / "bus"
        config = self.home / "bus.conf"
        services = "<standard_session_servicedirs/>" if activation else ""
        config.write_text(BUS.format(socket=socket, services=services), encoding="utf-8")
        self.start("dbus-daemon", "--nofork", "--nosyslog", f"--config-file={config}")
        until(socket.exists)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"

    def unlock(self, password: str = PASSWORD) -> None:
        """Start the key store and unlock it, the first time with a new password."""
        self.keyring = self.start("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
        assert self.keyring.stdin
        self.keyring.stdin.write(password.encode())
        self.keyring.stdin.close()
        command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]
        command += ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
        until(lambda: b"true" in subprocess.run(command, env=self.environment, capture_output=True).stdout)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.running.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            process.kill()
        if process.stdin:
            process.stdin.close()
        process.wait(20)

    def ask(self, *steps: list[Any], limit: float = 10, part: int | None = None, **variables: str) -> list[Told]:
        """Take the steps in a process of its own and return what came of each; ``took`` is how long it lived."""
        began = time.monotonic()
        order = json.dumps({"steps": steps, "limit": limit, "part": part})
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.keyring.asking", order],
            env={**self.environment, **variables},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.took = time.monotonic() - began
        crashed = self.keyring is not None and self.keyring.poll() not in (None, -signal.SIGKILL)
        assert not (done.returncode and crashed), "the key store's daemon crashed: not within what is tested here"
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return [Told(**json.loads(line)) for line in done.stdout.splitlines()]

    def files(self) -> list[Path]:
        return [path for path in self.home.rglob("*") if path.is_file()]


def until(true: Any) -> None:
    give_up = time.monotonic() + 20
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


@contextmanager
def made() -> Iterator[Desktop]:
    """A home without a bus. Its path is short, because a socket's must be."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed")
    home = Path(tempfile.mkdtemp(prefix="ui-key-"))
    (home / "run").mkdir(mode=0o700)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "error",
    }
    desktop = Desktop(home, environment)
    try:
        yield desktop
    finally:
        for process in reversed(desktop.running):
            desktop.stop(process)
        shutil.rmtree(home)


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with made() as desktop:
        yield desktop


@pytest.fixture
def damaging() -> Iterator[Desktop]:
    """One with its key store unlocked."""
    with made() as desktop:
        desktop.start_bus()
        desktop.unlock()
        yield desktop
