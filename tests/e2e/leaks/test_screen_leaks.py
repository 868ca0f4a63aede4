"""After a session on the screen no token is anywhere: not in what the terminal got, on the disk, or in ``/proc``."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.leaks.sweeper import Sweeper, secrets_of, sweeper
from tests.e2e.terminal.terminal import Terminal, from_accounts_to_the_job, terminal
from tests.e2e.twin.running import several
from tui.simulator.server import SimulatorServer

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

PASTE = "\x1b[200~{}\x1b[201~"
WRONG = "Some_User_Key-of_nobody-that_is_long_enough"


@dataclass(frozen=True)
class Seen:
    """What one session left behind."""

    sweeper: Sweeper
    stream: str
    screens: str
    home: Path
    processes: dict[str, str]
    code: int


def whole_job(shown: Terminal, key: str) -> None:
    """Paste the user key, look at every part of the log, and follow a job to its end."""
    shown.wait("stays hidden")
    shown.press(PASTE.format(key))
    shown.wait("A user key")
    shown.press("ctrl+c", "enter")
    from_accounts_to_the_job(shown)
    shown.wait("SUCCESSFUL")


def typed(shown: Terminal, key: str) -> None:
    """Type a wrong user key, letter by letter, and be refused."""
    shown.wait("stays hidden")
    shown.press(*key)
    shown.wait("A user key")
    shown.press("enter")
    shown.wait(lambda text: "403" in text or ("sign in" in text.lower() and "refused" in text.lower()))


def closed_in_the_middle(shown: Terminal, key: str) -> None:
    """Paste a key and leave without sending it."""
    shown.wait("stays hidden")
    shown.press(PASTE.format(key))
    shown.wait("A user key")


SESSIONS: dict[str, tuple[Callable[[Terminal, str], None], str | None]] = {
    "whole job": (whole_job, None),
    "refused": (typed, WRONG),
    "closed": (closed_in_the_middle, None),
}


def session(name: str, home: Path) -> Seen:
    """Make one session and collect all it left behind."""
    play, given = SESSIONS[name]
    with SimulatorServer(speed=20.0) as server:
        key = given or str(server.summary["cloud_2019"]["user_key"])
        place = ("--deployment", "cloud-2019", "--base-url", server.base_url)
        with terminal(*place, home=home, columns=120, rows=36) as shown:
            play(shown, key)
            screens = shown.text
            processes = {
                part: (Path("/proc") / str(shown.pid) / part).read_bytes().decode("latin-1")
                for part in ("cmdline", "environ")
                if sys.platform.startswith("linux")
            }
            shown.press("ctrl+q")
            code = shown.ended()
            stream = bytes(shown.stream).decode("utf-8", "replace")
        looking = sweeper(secrets_of(server.world, server.journal) | {key})
        return Seen(looking, stream, screens, home, processes, code)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Seen]]:
    """Every session, made once."""
    folder = tmp_path_factory.mktemp("screens")
    with several({name: partial(session, name, folder / name.replace(" ", "-")) for name in SESSIONS}) as result:
        yield result
    assert threading.active_count() < 50


@pytest.mark.parametrize("name", SESSIONS)
def test_nothing_reaches_the_terminal(seen: Callable[[str], Seen], name: str) -> None:
    done = seen(name)
    assert len(done.stream) > 2000
    assert done.sweeper.leaks("the terminal's stream", done.stream) == []
    assert done.sweeper.leaks("the screen", done.screens.replace("\n", "")) == []


@pytest.mark.parametrize("name", SESSIONS)
def test_nothing_is_on_the_disk(seen: Callable[[str], Seen], name: str) -> None:
    done = seen(name)
    assert done.sweeper.leaks_below(done.home) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
@pytest.mark.parametrize("name", SESSIONS)
def test_nothing_is_in_proc(seen: Callable[[str], Seen], name: str) -> None:
    done = seen(name)
    for part, content in done.processes.items():
        assert done.sweeper.leaks(part, content) == []


def test_the_session_was_a_real_one(seen: Callable[[str], Seen]) -> None:
    assert seen("whole job").code == 0
    assert "Successful" in seen("whole job").stream
