"""What is taken away before anything else runs, and what libraries may still log afterwards."""

import subprocess
import sys

import pytest

from tui.secret import fingerprint
from tui.system.hardening import CHATTY, KEY_LOG_IGNORED, before_anything

TOKEN = "8xNotAToken0fAnybody-only_long_and_mixed_42"


@pytest.mark.parametrize(
    "name",
    [
        "TEXTUAL",
        "TEXTUAL_DEBUG",
        "TEXTUAL_DEVTOOLS_HOST",
        "TEXTUAL_DEVTOOLS_PORT",
        "TEXTUAL_DRIVER",
        "TEXTUAL_LOG",
        "TEXTUAL_PRESS",
        "TEXTUAL_SCREENSHOT",
        "TEXTUAL_SCREENSHOT_FILENAME",
        "TEXTUAL_SCREENSHOT_LOCATION",
        "TEXTUAL_SHOW_RETURN",
        "PYTHONASYNCIODEBUG",
    ],
)
def test_what_would_give_something_away_is_gone(name: str) -> None:
    environment = {name: "1", "TEXTUAL_FPS": "30", "TERM": "xterm"}
    assert before_anything(environment) == ()
    assert environment == {"TEXTUAL_FPS": "30", "TERM": "xterm"}


def test_the_key_log_is_gone_and_told() -> None:
    environment = {"SSLKEYLOGFILE": "/keys"}
    assert before_anything(environment) == (KEY_LOG_IGNORED,)
    assert environment == {}
    assert before_anything(environment) == ()


def python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)


LOGGING = f"""
import logging
logging.basicConfig(level=logging.DEBUG)
import httpx, httpcore
logging.getLogger("httpcore.http11").debug("before")
from tui.system.hardening import once_open
once_open()
once_open()
for name in ({", ".join(repr(each) for each in CHATTY)}, "httpcore.http11", "httpcore.connection"):
    logging.getLogger(name).debug("debug of %s", name)
    logging.getLogger(name).info("info of %s", name)
    logging.getLogger(name).warning("warning of %s {TOKEN}", name)
other = logging.getLogger("other")
other.info("quiet")
other.warning("Bearer %s", "{TOKEN}")
other.error("%d", "not a number")
try:
    raise ValueError("no {TOKEN}")
except ValueError:
    other.exception("failed")
logging.getLogger("asyncio").warning("Executing took")
"""


def test_libraries_log_nothing_and_others_no_secret() -> None:
    told = python(LOGGING).stderr
    assert "DEBUG:httpcore.http11:before" in told, "the handler is there"
    assert TOKEN not in told
    assert f"WARNING:other:Bearer {fingerprint(TOKEN)}" in told
    assert "ERROR:other:a record that does not fit its arguments" in told
    assert f"ValueError: no {fingerprint(TOKEN)}" in told
    for absent in ("httpx", "debug of", "info of", "warning of", "quiet", "took"):
        assert absent not in told


def test_a_thread_that_fails_repeats_no_value() -> None:
    code = f"""
import threading
from tui.system.hardening import once_open
once_open()
def fail():
    held = "{TOKEN}"
    raise ValueError("no " + held)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""
    told = python(code).stderr
    assert f"ValueError: no {fingerprint(TOKEN)}" in told
    assert TOKEN not in told


def test_no_core_is_written() -> None:
    resource = pytest.importorskip("resource")
    code = """
import resource
from tui.system.hardening import before_anything
before_anything({})
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
    assert python(code).stdout == "(0, 0)\n"
    assert resource.RLIMIT_CORE is not None


def test_it_loads_nothing_of_weight() -> None:
    code = """
import sys, typing
before = set(sys.modules)
from tui.system.hardening import before_anything
before_anything({})
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("tui")))
"""
    assert set(python(code).stdout.split()) <= {"resource", "__future__"}
