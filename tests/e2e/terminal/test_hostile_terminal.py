"""A server whose every word attacks the terminal, in a real terminal: no byte of it arrives as a command."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.terminal.attacks import attacks
from tests.e2e.terminal.terminal import Terminal, terminal
from tui.simulator.hostile import PAYLOADS
from tui.simulator.wire import named_uuid

RELEASE_KEY = named_uuid("release", "Invoice Intake")
"""Names are attacked, keys are not."""


@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if not payload.isprintable()])
def test_the_check_finds_each_attack(payload: str) -> None:
    if payload.startswith(("lone", "line")) or "👩" in payload:
        payload += "\x00"
    assert attacks(b"words " + payload.encode("utf-8", "surrogatepass") + b" words") != []


def test_the_check_knows_our_own_title() -> None:
    assert attacks("\x1b]0;uipath-tui · Job 7 läuft\x07".encode()) == []


@pytest.fixture(params=[(120, 36), (60, 15)], ids=["large", "small"])
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """The demo with a server that attacks."""
    columns, rows = request.param
    with terminal("demo", "hostile", "--speed", "20", home=tmp_path, columns=columns, rows=rows) as shown:
        yield shown


def test_no_word_of_the_server_is_obeyed(hostile: Terminal) -> None:
    hostile.wait("is filled in")
    hostile.press("enter")
    hostile.wait("Which account?")
    hostile.press("enter")
    hostile.wait(lambda text: "11 releases" in text or "Could not" in text)
    hostile.press("f8", "f8", "ctrl+q")
    hostile.ended()
    hostile.assert_restored()
    assert attacks(bytes(hostile.stream)) == []
    assert b"@click=app.quit" in hostile.stream, "the words are shown"


def test_a_job_can_be_started_all_the_same(hostile: Terminal) -> None:
    hostile.wait("is filled in")
    hostile.press("enter")
    hostile.wait("Which account?")
    hostile.press("enter")
    hostile.wait(lambda text: "11 releases" in text or "Could not" in text)
    assert "11 releases" in hostile.text
    hostile.press(RELEASE_KEY)
    hostile.wait("1 of 11")
    hostile.press("enter")
    hostile.wait("F5 asks")
    hostile.press("f5")
    hostile.wait("Start this job?")
    if hostile.screen.columns < 80:
        hostile.wait("Too small: enlarge the window to confirm")
        hostile.press("enter")
        hostile.resize(120, 36)
    hostile.wait("starts it, once")
    assert b"SUCCESSFUL" not in hostile.stream, "nothing starts from a question that is not seen whole"
    hostile.press("enter")
    hostile.wait("SUCCESSFUL")
    hostile.press("ctrl+q")
    assert hostile.ended() == 0
    hostile.assert_restored()
    assert attacks(bytes(hostile.stream)) == []
