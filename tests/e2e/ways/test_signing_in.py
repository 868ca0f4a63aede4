"""The ways in at their edges: few keys, the code alone, a port that is taken, and every kind of environment."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.ways.person import Person, person, profile_file
from tui.simulator.server import SimulatorServer

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

CLOUD, CLOUD_2019, STANDALONE = "automation-cloud", "cloud-2019", "standalone"
PICKER = "type to filter, or paste a release key"


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(speed=50) as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def redirect_to(port: int) -> dict[str, str]:
    return {"UIPATH_TUI_REDIRECT_URI": f"http://127.0.0.1:{port}/"}


def access_token(server: SimulatorServer) -> str:
    """Return an access token of today as another tool would have got it: one of a person."""
    tokens = server.world.tokens
    return str(tokens._modern_answer("another-tool", (), "family", None, first_party=True)["access_token"])


def first_folder(who: Person) -> None:
    who.shown.wait("Finance/Month End")
    who.press("enter")


def to_releases_of_2019(who: Person) -> None:
    who.shown.wait("Which account?")
    who.press("enter")


def user_key(who: Person) -> None:
    who.shown.wait("stays hidden")
    who.secret(who.server.summary["cloud_2019"]["user_key"])
    who.shown.wait("A user key")
    who.press("enter")
    to_releases_of_2019(who)


def browser_of_2019(who: Person, what: Callable[[str], str]) -> None:
    who.shown.wait("stays hidden")
    who.choose_way("browser")
    who.shown.wait("Paste the address on which it ends")
    who.secret(what(who.landed()))
    who.shown.wait("may be the code")
    who.press("enter")
    to_releases_of_2019(who)


def code_of(address: str) -> str:
    return address.partition("code=")[2].partition("&")[0]


def to_the_page_of_today(who: Person) -> None:
    who.shown.wait("stays hidden")
    who.choose_way("browser")
    who.shown.press(*who.server.summary["automation_cloud"]["public_client_id"])
    who.settle()
    who.press("enter")


def test_the_code_alone_signs_in(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019) as who:
        browser_of_2019(who, code_of)
        who.shown.wait(PICKER)
        who.shown.wait("✓ Signed in as")
        assert "(browser …" in who.shown.text
        assert "The secret is in this session only" in who.shown.text
        assert who.leave() == 0
        who.shown.assert_restored()
        who.assert_nothing_leaked(tmp_path)
    assert 'way = "browser"' in profile_file(tmp_path).read_text()


def test_a_pasted_user_key_is_three_keys_from_the_releases(server: SimulatorServer, tmp_path: Path) -> None:
    with person(server, tmp_path, kind=CLOUD_2019, size=(80, 24)) as who:
        user_key(who)
        who.shown.wait("11 releases")
        assert who.keys <= 3
        assert who.keys == 2


def test_where_the_port_is_taken_the_address_is_pasted(server: SimulatorServer, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with person(server, tmp_path, kind=CLOUD, env=redirect_to(port)) as who:
            to_the_page_of_today(who)
            who.shown.wait("Paste the address on which it ends")
            who.shown.wait("can't come back")
            assert f"port {port}" in who.shown.text
            who.secret(who.landed())
            who.settle()
            who.press("enter")
            who.shown.wait("Staging")
            who.press("enter")
            first_folder(who)
            who.shown.wait(PICKER)
            who.assert_nothing_leaked(tmp_path)


def environments(server: SimulatorServer) -> dict[str, tuple[str, dict[str, str]]]:
    today = server.summary["automation_cloud"]
    base = f"{server.base_url}/{today['organization']}/{today['tenant']}"
    where = {"UIPATH_URL": base, "UIPATH_FOLDER_PATH": today["folders"][0]["path"]}
    return {
        "token": (CLOUD_2019, {"UIPATH_TUI_TOKEN": server.summary["cloud_2019"]["user_key"]}),
        "access token": ("", where | {"UIPATH_ACCESS_TOKEN": access_token(server)}),
        "application": (
            "",
            where | {"UIPATH_CLIENT_ID": today["client_id"], "UIPATH_CLIENT_SECRET": today["client_secret"]},
        ),
    }


@pytest.mark.parametrize("name", ["token", "access token", "application"])
def test_the_environment_signs_in_and_is_not_kept(name: str, server: SimulatorServer, tmp_path: Path) -> None:
    kind, env = environments(server)[name]
    with person(server, tmp_path, kind=kind, env=env) as who:
        who.given |= {value for key, value in env.items() if key.endswith(("TOKEN", "SECRET"))}
        if kind == CLOUD_2019:
            to_releases_of_2019(who)
        who.shown.wait(PICKER)
        assert "from environment" in who.shown.text
        assert who.keys == (1 if kind else 0)
        assert who.leave() == 0
        who.assert_nothing_leaked(tmp_path)
    assert not profile_file(tmp_path).exists()


def test_user_and_password_typed_in_one_go_come_into_their_fields(server: SimulatorServer, tmp_path: Path) -> None:
    """As a password manager types them: the password must never come into the field that shows it."""
    with person(server, tmp_path, kind=STANDALONE) as who:
        who.shown.wait("stays hidden")
        who.choose_way("password")
        facts = server.summary["standalone"]
        who.given.add(facts["password"])
        who.press(f"{facts['username']}\t{facts['password']}\r")
        first_folder(who)
        who.shown.wait(PICKER)
        who.assert_nothing_leaked(tmp_path)
