"""Variables and settings that would make the program, its libraries or Python write what it handles: none does."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.clients.tls_front import tls_front
from tests.e2e.leaks.sweeper import secrets_of, sweeper
from tests.e2e.twin.running import INTAKE, Ran, isolated, place, run, token
from tui.errors import Exit
from tui.secret import fingerprint
from tui.simulator.server import SimulatorServer
from tui.system.hardening import KEY_LOG_IGNORED

LOGGING = """
import logging, os
logging.basicConfig(level=logging.DEBUG, filename=os.environ["PROBE_LOG"])
logging.getLogger("httpx").addHandler(logging.FileHandler(os.environ["PROBE_LOG"]))
logging.getLogger("httpcore").addHandler(logging.FileHandler(os.environ["PROBE_LOG"]))
logging.getLogger("probe").debug("this file is written")
"""
BREAKING = """
import os
import tui.runtime.performer

async def perform(self, effect):
    held_in_a_variable = os.environ["PROBE_TOKEN"]
    raise ValueError("no way with " + held_in_a_variable)

tui.runtime.performer.Runtime.perform = perform
"""


def customised(folder: Path, code: str) -> dict[str, str]:
    """Return an environment in which Python runs ``code`` before the program."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code)
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


def start(home: Path, env: dict[str, str], *, over_tls: bool = False) -> Ran:
    """Run the twin until the job is started; ``PROBE_TOKEN`` becomes the token it is given."""
    with SimulatorServer(("happy",), speed=1.0) as server:
        given = token(server.summary, today=False)
        env = {name: given if name == "PROBE_TOKEN" else value for name, value in env.items()}

        def go(arguments: list[str]) -> Ran:
            done = run(
                ["start", *arguments, "--token-stdin", "--release", INTAKE, "--no-follow"], home, stdin=given, env=env
            )
            code, out, err = done.returncode, done.stdout, done.stderr
            return Ran(code, out, err, tuple(server.journal), server.summary, server.world)

        if not over_tls:
            return go(place(server.summary, today=False))
        port = urlsplit(server.summary["base_url"]).port or 0
        with tls_front(port, home, "localhost") as (tls_port, authority):
            env["SSL_CERT_FILE"] = str(authority)
            return go(place({**server.summary, "base_url": f"https://localhost:{tls_port}"}, today=False))


def test_the_keys_of_a_connection_are_not_written(tmp_path: Path) -> None:
    keys = tmp_path / "keys.log"
    ran = start(tmp_path, {"SSLKEYLOGFILE": str(keys)}, over_tls=True)
    assert ran.code == Exit.UNFINISHED, ran.err
    assert len(ran.starts) == 1, "over real TLS"
    assert not keys.exists()
    assert ran.err == f"uipath-tui: {KEY_LOG_IGNORED}\n"


def test_logging_set_up_by_others_gets_nothing(tmp_path: Path) -> None:
    log = tmp_path / "probe.log"
    ran = start(tmp_path, {**customised(tmp_path / "custom", LOGGING), "PROBE_LOG": str(log)})
    assert ran.code == Exit.UNFINISHED, ran.err
    written = log.read_text()
    assert "DEBUG:probe:this file is written" in written
    for absent in ("HTTP Request", "httpcore", "httpx", "send_request_headers", "set-cookie"):
        assert absent not in written
    assert sweeper(secrets_of(ran.world, ran.journal)).leaks("everything", written + ran.out + ran.err) == []


def test_the_debug_mode_of_asyncio_repeats_no_arguments(tmp_path: Path) -> None:
    ran = start(tmp_path, {"PYTHONASYNCIODEBUG": "1"})
    assert (ran.code, ran.err) == (Exit.UNFINISHED, "")


def test_a_defect_of_the_twin_is_told_without_values(tmp_path: Path) -> None:
    env = {**customised(tmp_path / "custom", BREAKING), "PROBE_TOKEN": ""}
    ran = start(tmp_path, env)
    given = token(ran.summary, today=False)
    assert ran.code == Exit.INTERNAL
    assert "Traceback (most recent call last):" in ran.err
    assert "in perform\n" in ran.err
    last = ran.err.splitlines()[-1]
    assert last.startswith("uipath-tui stopped over a defect of its own: ValueError: no way with …")
    assert fingerprint(given) in last
    assert sweeper({given}).leaks("said", ran.out + ran.err) == []


VARIABLES = {
    "TEXTUAL": "debug,devtools",
    "TEXTUAL_DEBUG": "1",
    "TEXTUAL_DEVTOOLS": "1",
    "TEXTUAL_DEVTOOLS_HOST": "127.0.0.1",
    "TEXTUAL_DEVTOOLS_PORT": "9",
    "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
    "TEXTUAL_LOG": "typed.log",
    "TEXTUAL_PRESS": "ctrl+q",
    "TEXTUAL_SCREENSHOT": "1",
    "TEXTUAL_SCREENSHOT_FILENAME": "shot.svg",
    "TEXTUAL_SCREENSHOT_LOCATION": ".",
    "TEXTUAL_SHOW_RETURN": "1",
    "TEXTUAL_SLOW_THRESHOLD": "1",
    "TEXTUAL_ALLOW_SIGNALS": "1",
    "PYTHONASYNCIODEBUG": "1",
    "SSLKEYLOGFILE": "keys.log",
}


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_no_variable_makes_the_session_write_a_file(tmp_path: Path) -> None:
    from tests.e2e.terminal.terminal import terminal

    with terminal("demo", home=tmp_path, env=VARIABLES) as shown:
        shown.wait("is filled in")
        shown.press("f1")
        shown.wait("Step 1")
        shown.press("escape")
        shown.wait("is filled in")
        shown.press("ctrl+q")
        shown.ended()
    isolated(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    assert KEY_LOG_IGNORED.encode() in shown.stream
