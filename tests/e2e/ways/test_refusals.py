"""What is wrong at sign-in is told in place, with what to do now; the way that is right then works."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.ways.person import Person, browse, person, profile_file
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.pages import REFUSE
from tui.simulator.sign_in.tokens import LOCKED_USERNAME

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

CLOUD, CLOUD_2019, STANDALONE = "automation-cloud", "cloud-2019", "standalone"
WRONG_SECRET = "An_Invented-Secret.that-opens_nothing-77"


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[tuple[str, ...]], SimulatorServer]]:
    """One server for each set of scenarios, started when it is needed."""
    running: dict[tuple[str, ...], SimulatorServer] = {}

    def server(scenarios: tuple[str, ...]) -> SimulatorServer:
        if scenarios not in running:
            running[scenarios] = SimulatorServer(scenarios, speed=50).start()
        return running[scenarios]

    yield server
    for each in running.values():
        each.stop()


@dataclass(frozen=True)
class Refused:
    """What is done wrong, and the sentences that are then shown."""

    kind: str
    play: Callable[[Person], None]
    words: tuple[str, ...]
    scenarios: tuple[str, ...] = ("happy",)
    base_url: str | None = None
    env: dict[str, str] = field(default_factory=dict[str, str])


def pasted(text: Callable[[Person], str]) -> Callable[[Person], None]:
    def play(who: Person) -> None:
        who.shown.wait("Keep it in")
        who.secret(text(who))
        who.settle()
        who.press("enter")

    return play


def applied(client_id: str, secret: str, scopes: str = "") -> Callable[[Person], None]:
    def play(who: Person) -> None:
        facts = who.server.summary["automation_cloud"]
        who.choose_way("application")
        who.shown.press(*(client_id or facts["client_id"]))
        who.go_to("Client secret")
        who.secret(secret or facts["client_secret"])
        if scopes:
            who.type_in("Scopes", scopes)
        who.settle()
        who.press("enter")

    return play


def logged_in(user: str, password: str) -> Callable[[Person], None]:
    def play(who: Person) -> None:
        who.choose_way("password")
        who.shown.press(*user)
        who.go_to("Password")
        who.secret(password or who.server.summary["standalone"]["password"])
        who.settle()
        who.press("enter")

    return play


def at_the_page(client_id: str, then: Callable[[Person], None]) -> Callable[[Person], None]:
    def play(who: Person) -> None:
        who.choose_way("browser")
        who.shown.press(*(client_id or who.server.summary["automation_cloud"]["public_client_id"]))
        who.settle()
        who.press("enter")
        who.shown.wait("Sign in there.")
        then(who)

    return play


def refused_on_the_page(who: Person) -> None:
    browse(who.address_to_open(), REFUSE, to_the_end=True)


def at_the_end(who: Person) -> None:
    who.secret(browse(who.address_to_open())[0])
    who.settle()
    who.press("enter")


def ended_on(address: str) -> Callable[[Person], None]:
    def play(who: Person) -> None:
        who.choose_way("browser")
        who.shown.wait("Paste the address on which it ends")
        who.secret(address)
        who.settle()
        who.press("enter")

    return play


def id_token(who: Person) -> str:
    tokens = who.server.world.tokens
    return str(tokens._modern_answer("t", ("openid",), "family", "nonce", first_party=True)["id_token"])


def personal(who: Person) -> str:
    return str(who.server.summary["automation_cloud"]["personal_access_token"])


def display_name(who: Person) -> None:
    pasted(personal)(who)
    who.shown.wait("Type the organization and the tenant")
    who.settle()
    who.press(*"Lighthouse Logistics", "enter")
    who.settle()
    who.press(*"DefaultTenant", "enter")


CASES = {
    "revoked user key": Refused(
        CLOUD_2019,
        pasted(lambda who: who.server.summary["cloud_2019"]["user_key"]),
        ("the user key", "Revoke Access"),
        ("revoked",),
    ),
    "a user key of nobody": Refused(CLOUD_2019, pasted(lambda _: WRONG_SECRET), ("user key",)),
    "an id token": Refused(CLOUD, pasted(id_token), ("✘ Not sent.", "This is an ID token")),
    "an id of an application": Refused(
        CLOUD, pasted(lambda who: who.server.summary["automation_cloud"]["client_id"]), ("Not sent", "id of an")
    ),
    "wrong application id": Refused(
        CLOUD, applied("00000000-0000-4000-8000-00000000dead", ""), ("does not know the application id",)
    ),
    "unknown scope": Refused(CLOUD, applied("", "", "OR.Nothing"), ("OR.Nothing",)),
    "locked user": Refused(STANDALONE, logged_in(LOCKED_USERNAME, ""), ("locked",)),
    "refused on the page": Refused(CLOUD, at_the_page("", refused_on_the_page), ("refused on the page",)),
    "wrong id in the browser": Refused(
        CLOUD, at_the_page("00000000-0000-4000-8000-00000000dead", at_the_end), ("its id is wrong",)
    ),
    "an address of an error": Refused(
        CLOUD_2019,
        ended_on("https://account.uipath.com/portal_/unhandlederror?error=access_denied&error_description=No"),
        ("refused",),
    ),
    "a code of nobody": Refused(CLOUD_2019, ended_on("Code-of-nobody_0123456789abcdef"), ("code",)),
    "display name for the organization": Refused(CLOUD, display_name, ("Lighthouse Logistics", "logical name")),
    "no server there": Refused(CLOUD, pasted(personal), ("Type the organization",), base_url="http://127.0.0.1:9"),
    "no server there, 2019": Refused(
        CLOUD_2019, pasted(lambda _: WRONG_SECRET), ("127.0.0.1:9",), base_url="http://127.0.0.1:9"
    ),
    "tenants can't be listed": Refused(
        CLOUD, pasted(lambda who: token_of_a_person(who.server)), ("Type the organization",), ("listing-refused",)
    ),
}


def token_of_a_person(server: SimulatorServer) -> str:
    return str(server.world.tokens._modern_answer("t", (), "family", None, first_party=True)["access_token"])


SAMPLE = {
    "revoked user key",
    "an id token",
    "wrong application id",
    "refused on the page",
    "an address of an error",
    "display name for the organization",
    "no server there",
    "tenants can't be listed",
}
"""The cases that every run makes; the others differ from them in a sentence."""


@pytest.mark.parametrize(
    "name", [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.full) for name in CASES]
)
def test_what_is_wrong_is_told(
    name: str, servers: Callable[[tuple[str, ...]], SimulatorServer], tmp_path: Path
) -> None:
    case = CASES[name]
    env = {"UIPATH_TUI_REDIRECT_URI": "http://127.0.0.1:0/"}
    with person(servers(case.scenarios), tmp_path, kind=case.kind, base_url=case.base_url, env=env) as who:
        case.play(who)
        for words in case.words:
            who.shown.wait(lambda text, words=words: words in " ".join(text.split()), 8)
        who.leave()
        who.assert_nothing_leaked(tmp_path)
    assert not profile_file(tmp_path).exists()
