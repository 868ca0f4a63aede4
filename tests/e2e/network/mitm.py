"""mitmproxy as the proxy of an organization that reads secure connections, in an environment of its own."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

VERSION = "mitmproxy==11.0.2"
"""The newest that runs on every Python this project runs on; .ci/run fetches the same."""
SECONDS = 30.0
_LISTENING = re.compile(r"listening at 127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Mitm:
    """A running proxy. ``authority`` is the file of the authority that signs what it shows."""

    port: int
    authority: Path


def mitmdump() -> list[str]:
    """Return the command, from what uv has already fetched; the test is skipped without one."""
    found = shutil.which("mitmdump")
    if found:
        return [found]
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        pytest.skip("neither mitmdump nor uv is here")
    command = [uv, "tool", "run", "--offline", "--quiet", "--from", VERSION, "mitmdump"]
    done = subprocess.run([*command, "--version"], capture_output=True, timeout=SECONDS)
    if done.returncode:
        pytest.skip(f"mitmproxy has not been fetched: uv tool run --from {VERSION} mitmdump --version")
    return command


@contextlib.contextmanager
def mitm(
    folder: Path, origin_port: int, origin_authority: Path, credentials: str, seconds: float = SECONDS
) -> Iterator[Mitm]:
    """Serve a proxy that asks for ``credentials`` (``user:password``) and sends everything to ``origin_port``."""
    options = {
        "confdir": folder / "conf",
        "origin_port": origin_port,
        "proxyauth": credentials,
        "ssl_verify_upstream_trusted_ca": origin_authority,
        "flow_detail": 0,
    }
    command = [*mitmdump(), "--listen-host", "127.0.0.1", "--listen-port", "0"]
    command += ["--scripts", str(Path(__file__).with_name("elsewhere.py"))]
    for name, value in options.items():
        command += ["--set", f"{name}={value}"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": ""}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield Mitm(_port(process), folder / "conf" / "mitmproxy-ca-cert.pem")
    finally:
        timer.cancel()
        process.terminate()
        process.communicate()


def _port(process: "subprocess.Popen[str]") -> int:
    """Wait until the proxy says where it listens; take the rest of what it says out of its way."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if found := _LISTENING.search(line):
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return int(found[1])
    raise RuntimeError(f"mitmproxy on {sys.platform} ended:\n{''.join(said)}")


def _drain(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    with contextlib.suppress(ValueError, OSError):
        for _ in process.stdout:
            pass
