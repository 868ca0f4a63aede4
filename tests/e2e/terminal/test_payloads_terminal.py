"""Thirty attacks, each in every word of a server, on four screens in a real terminal: none is obeyed, none ends it."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

import tui.simulator.hostile
from tests.e2e.hostile.payloads import PAYLOADS
from tests.e2e.terminal.attacks import attacks
from tests.e2e.terminal.terminal import Terminal, terminal
from tui.simulator.server import SimulatorServer
from tui.simulator.wire import named_uuid

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

PASTE = "\x1b[200~{}\x1b[201~"
RELEASE_KEY = named_uuid("release", "Invoice Intake")
SCREENS = ("accounts", "releases", "start", "job")
NAMES = [f"{number:02d}" for number in range(len(PAYLOADS))]
SAMPLE = (0, 5, 19)


def unharmed(shown: Terminal, payload: str, screen: str) -> None:
    """Fail when the terminal got anything of the attack; what was sent so far counts."""
    stream = bytes(shown.stream)
    assert attacks(stream) == [], screen
    if not payload.isprintable():
        assert payload.encode("utf-8", "surrogatepass") not in stream, screen


def walk(shown: Terminal, payload: str, key: str) -> list[str]:
    """Sign in, choose, start and follow a job; return the screens on which the attack was met."""
    seen: list[str] = []

    def met(screen: str) -> None:
        unharmed(shown, payload, screen)
        seen.append(screen)

    shown.wait("stays hidden")
    shown.press(PASTE.format(key))
    shown.wait("A user key")
    shown.press("enter")
    shown.wait("Which account?")
    met("accounts")
    shown.press("enter")
    shown.wait("11 releases")
    met("releases")
    shown.press(RELEASE_KEY)
    shown.wait("1 of 11")
    shown.press("enter")
    shown.wait("F5 asks")
    shown.press("f5")
    shown.wait("starts it, once")
    met("start")
    shown.press("enter")
    shown.wait("SUCCESSFUL")
    met("job")
    return seen


def attacked(payload: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.simulator.hostile, "PAYLOADS", (payload,) * 14)
    with SimulatorServer(("hostile",), speed=40.0) as server:
        key = str(server.summary["cloud_2019"]["user_key"])
        place = ("--deployment", "cloud-2019", "--base-url", server.base_url)
        with terminal(*place, home=home, columns=120, rows=36) as shown:
            assert walk(shown, payload, key) == list(SCREENS)
            shown.press("ctrl+q")
            assert shown.ended() == 0
            shown.assert_restored()


def test_there_are_120_cases() -> None:
    assert len(PAYLOADS) * len(SCREENS) == 120


@pytest.mark.parametrize("number", SAMPLE)
def test_an_attack_in_every_word_is_not_obeyed(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attacked(PAYLOADS[number], tmp_path, monkeypatch)


@pytest.mark.full
@pytest.mark.parametrize("number", range(len(PAYLOADS)), ids=NAMES)
def test_each_attack_in_every_word_is_not_obeyed(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attacked(PAYLOADS[number], tmp_path, monkeypatch)
