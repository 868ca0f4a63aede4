"""A server whose every word attacks the terminal, in a real terminal: no byte of it arrives as a command."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.terminal.terminal import Terminal, terminal
from tui.simulator.hostile import PAYLOADS
from tui.simulator.wire import named_uuid

RELEASE_KEY = named_uuid("release", "Invoice Intake")
"""Names are attacked, keys are not."""
_COMMAND = re.compile(rb"\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\|(?=\x1b))")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_OURS = re.compile(r"0;[^\x00-\x1f\x7f-\x9f]*|22;[a-z-]*")
"""The window's title, and the shape of the mouse pointer."""


def attacks(stream: bytes) -> list[str]:
    """Return what in ``stream`` a terminal would obey and this program never sends."""
    found = [f"OSC {body[:40]!r}" for body in _COMMAND.findall(stream) if not _is_our_title(body)]
    found += ["DCS" for _ in re.findall(rb"\x1bP", stream)]
    found += ["RIS" for _ in re.findall(rb"\x1bc", stream)]
    found += [f"C1 {match!r}" for match in _C1.findall(stream)]
    found += ["erase" for _ in re.findall(rb"\x1b\[2J\x1b\[H\x1b\[31m", stream)]
    found += [f"control {byte!r}" for byte in re.findall(rb"[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", stream)]
    text = stream.decode("utf-8", "replace")
    found += [f"U+{ord(letter):04X}" for letter in re.findall("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text)]
    found += ["bell" for _ in re.findall(rb"(?:OWNED-TITLE|C1-TITLE|cm0gLXJmIH4=)\x07", stream)]
    return found


def _is_our_title(body: bytes) -> bool:
    return _OURS.fullmatch(body.decode("utf-8", "replace")) is not None and b"OWNED" not in body[:8]


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
