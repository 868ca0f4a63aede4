"""Access that ends in the middle: renewed without a word, or, where it is refused, signed in anew and gone on with."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.ways.person import F2, F5, F9, Person, person
from tui.errors import Exit
from tui.simulator.server import SimulatorServer

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

CLOUD_2019 = "cloud-2019"
RELEASE = "Invoice Intake"
REFUSED = "signs in again"


@contextmanager
def revoked(server: SimulatorServer) -> Iterator[None]:
    """The server takes no token that it gave out, and renews none."""
    tokens = server.world.tokens
    before = tokens.scenarios
    tokens.scenarios = before | {"revoked"}
    for token in list(tokens._grants):
        tokens._grants[token].expires_at = server.world.now()
    try:
        yield
    finally:
        tokens.scenarios = before


def to_the_releases(who: Person) -> None:
    who.shown.wait("Keep it in")
    who.secret(who.server.summary["cloud_2019"]["user_key"])
    who.shown.wait("A user key")
    who.press("enter")
    who.shown.wait("Which account?")
    who.press("enter")
    who.shown.wait("11 releases")
    who.settle()


def to_the_form(who: Person, release: str = RELEASE) -> None:
    to_the_releases(who)
    who.press(*release)
    who.shown.wait(f"› {release}")
    who.press("enter")
    who.shown.wait(f"Start {release}")
    who.settle()


def to_the_job(who: Person) -> None:
    to_the_form(who)
    who.press(F5)
    who.shown.wait("starts it, once")
    who.settle()
    who.press("enter")


def sign_in_again(who: Person) -> None:
    """Press F9 and paste the key once more; nothing else is asked where the instance is the same."""
    who.press(F9)
    who.shown.wait("Where does your UiPath run?")
    who.settle()
    who.secret(who.server.summary["cloud_2019"]["user_key"])
    who.shown.wait("A user key")
    who.press("enter")
    who.settle()
    if "Which account?" in who.shown.text:
        who.press("enter")


@pytest.mark.parametrize("scenario", ["expired", pytest.param("short", marks=pytest.mark.full)])
def test_a_watch_goes_on_while_access_is_renewed(scenario: str, tmp_path: Path) -> None:
    with SimulatorServer((scenario, "pending"), speed=20) as server, person(server, tmp_path, kind=CLOUD_2019) as who:
        to_the_job(who)
        who.shown.wait("PENDING")
        renewals = server.world.tokens.counts.calls
        before = renewals["refresh_token"]
        until = time.monotonic() + 60.0
        while renewals["refresh_token"] == before and time.monotonic() < until:
            who.press("c")  # the program keeps to its pace, however often it is asked to look
            who.shown.read(1.0)
            time.sleep(0.5)
        assert renewals["refresh_token"] > before
        who.shown.wait("PENDING")
        assert REFUSED not in who.shown.text
        assert who.leave() == int(Exit.UNFINISHED)
        who.assert_nothing_leaked(tmp_path)
    assert server.world.started_count == 1


def test_a_watch_that_was_refused_goes_on_after_f9_with_its_history(tmp_path: Path) -> None:
    with SimulatorServer(("pending",), speed=20) as server, person(server, tmp_path, kind=CLOUD_2019) as who:
        to_the_job(who)
        who.shown.wait("PENDING")
        who.settle()
        created = next(line.split()[1] for line in who.shown.text.splitlines() if line.strip().startswith("Created"))
        with revoked(server):
            who.press("c")
            who.shown.wait("SIGN-IN REFUSED")
            who.shown.wait(REFUSED)
            assert "user key" in who.shown.text
            who.settle()
            asked = len(server.journal)
            who.shown.read(2.0)
            assert len(server.journal) == asked, "nothing is asked before the person wants it"
        sign_in_again(who)
        who.shown.wait(lambda text: "PENDING" in text and REFUSED not in text)
        assert created in who.shown.text
        assert "✓ Start" in who.shown.text
        who.press("c")
        who.shown.wait(lambda text: "checked 0 s ago" in text or "checked 1 s ago" in text)
        who.leave()
        who.assert_nothing_leaked(tmp_path)
    assert server.world.started_count == 1


def test_the_list_of_releases_is_read_after_a_new_sign_in(tmp_path: Path) -> None:
    with SimulatorServer(speed=20) as server, person(server, tmp_path, kind=CLOUD_2019) as who:
        to_the_releases(who)
        with revoked(server):
            who.press(*"zzqqxx", "enter")
            who.shown.wait(REFUSED)
            who.press(F2)
            who.settle()
            assert REFUSED in who.shown.text
        sign_in_again(who)
        who.shown.wait(lambda text: REFUSED not in text and "✓ Service instance" in text)
        assert "zzqqxx" in who.shown.text, "the search goes on"
        who.leave()
        who.assert_nothing_leaked(tmp_path)


def test_the_form_keeps_its_inputs_over_a_new_sign_in(tmp_path: Path) -> None:
    with SimulatorServer(speed=20) as server, person(server, tmp_path, kind=CLOUD_2019) as who:
        to_the_form(who, "Argument Showroom")
        who.shown.wait("Content-Length")
        who.settle()
        who.press(*"Kept over it")
        who.shown.wait("Kept over it")
        with revoked(server):
            who.press(F5)
            who.shown.wait(REFUSED)
        sign_in_again(who)
        who.shown.wait(lambda text: "Start Argument Showroom" in text or "starts it, once" in text)
        who.settle()
        assert "Kept over it" in who.shown.text
        who.leave()
        who.assert_nothing_leaked(tmp_path)
    assert server.world.started_count == 0


def test_escape_from_a_new_sign_in_goes_back_to_what_was_being_done(tmp_path: Path) -> None:
    with SimulatorServer(("pending",), speed=20) as server, person(server, tmp_path, kind=CLOUD_2019) as who:
        to_the_job(who)
        who.shown.wait("PENDING")
        who.press(F9)
        who.shown.wait("Where does your UiPath run?")
        who.settle()
        who.press("escape")
        who.shown.wait("PENDING")
        who.leave()
    assert server.world.started_count == 1
