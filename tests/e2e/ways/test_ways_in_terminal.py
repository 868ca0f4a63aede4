"""Every way in, in a real terminal to the list of releases; and afterwards its secrets are nowhere."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.leaks.sweeper import Sweeper, secrets_of, sweeper
from tests.e2e.terminal.terminal import terminal
from tests.e2e.twin.running import several
from tests.e2e.ways.playing import READY, WAYS, Visit
from tui.simulator.server import SimulatorServer
from tui.simulator.tokens import USER_KEY
from tui.store.profiles import load_profiles

pytestmark = [
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
    pytest.mark.timeout(180),
]


@dataclass(frozen=True)
class Seen:
    """What one session left behind."""

    sweeper: Sweeper
    screen: str
    stream: str
    home: Path
    cmdline: str
    code: int


def session(name: str, home: Path) -> Seen:
    """Go one way in and collect all it left behind."""
    deployment, play = WAYS[name]
    variables = {"UIPATH_TUI_REDIRECT_URI": "http://127.0.0.1:0/"}
    if name == "environment":
        variables["UIPATH_TUI_TOKEN"] = USER_KEY
    with SimulatorServer(speed=20.0) as server:
        place = ("--deployment", deployment, "--base-url", server.base_url)
        with terminal(*place, home=home, env=variables) as shown:
            at = Visit(shown, server)
            play(at)
            shown.wait(READY)
            shown.wait(lambda text: "release" in text and "›" in text)
            screen = shown.text
            cmdline = (Path("/proc") / str(shown.pid) / "cmdline").read_text() if sys.platform == "linux" else ""
            shown.press("ctrl+q")
            code = shown.ended()
            stream = bytes(shown.stream).decode("utf-8", "replace")
        secrets = secrets_of(server.world, server.journal) | at.typed
        return Seen(sweeper(secrets), screen, stream, home, cmdline, code)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Seen]]:
    """Every way, gone once."""
    folder = tmp_path_factory.mktemp("ways")
    with several({name: partial(session, name, folder / name.replace(" ", "-")) for name in WAYS}) as result:
        yield result


@pytest.mark.parametrize("name", WAYS)
def test_the_way_leads_to_the_releases_and_leaks_nothing(seen: Callable[[str], Seen], name: str) -> None:
    done = seen(name)
    assert done.code == 0, done.stream[-3000:]
    found = done.sweeper.leaks("the terminal's stream", done.stream)
    found += done.sweeper.leaks("the screen", done.screen.replace("\n", ""))
    found += done.sweeper.leaks("the command line", done.cmdline)
    found += done.sweeper.leaks_below(done.home)
    assert found == []


@pytest.mark.parametrize("name", WAYS)
def test_the_answers_are_kept_as_a_profile_and_nothing_of_the_environment_is(
    seen: Callable[[str], Seen], name: str
) -> None:
    done = seen(name)
    file = done.home / "config" / "uipath-tui" / "profiles.toml"
    if name == "environment":
        assert not file.exists()
        assert "from environment" in done.screen
        return
    profile = load_profiles(file).named("default")
    assert profile is not None
    assert (profile.deployment, profile.keeping.value) == (WAYS[name][0], "session")
    assert profile.instance
    assert file.stat().st_mode & 0o777 == 0o600
