"""How each way in is gone in the terminal, and the browser that some of them need."""

import contextlib
import http.client
import json
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.terminal.terminal import Terminal
from tui.simulator.server import SimulatorServer

PASTE = "\x1b[200~{}\x1b[201~"
BACK_TAB, LEFT, RIGHT, F9 = "\x1b[Z", "\x1b[D", "\x1b[C", "\x1b[20~"
CLOUD, CLOUD_2019, STANDALONE = "automation-cloud", "cloud-2019", "standalone"
READY = "Signed in as"


def fetch(address: str, body: str | None = None) -> tuple[str, str]:
    """Ask for an address (or send a form) without following redirects; return where it sends to, and the page."""
    parts = urllib.parse.urlsplit(address)
    target = f"{parts.path or '/'}?{parts.query}"
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request("POST" if body else "GET", target, body, headers)
        answer = connection.getresponse()
        return answer.headers.get("location", ""), answer.read().decode()


@dataclass
class Visit:
    """One session: the terminal, the server it talks to, and the secrets that were typed or pasted."""

    shown: Terminal
    server: SimulatorServer
    typed: set[str] = field(default_factory=set[str])

    @property
    def today(self) -> dict[str, Any]:
        return self.server.summary["automation_cloud"]

    def paste(self, secret: str) -> None:
        """Paste a secret into the field that has the keys; of an address its code is the secret."""
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(secret).query).get("code")
        self.typed.add(code[0] if code else secret)
        self.shown.press(PASTE.format(secret))

    def press(self, *keys: str) -> None:
        """Press keys one by one, as a person does: each when the screen has come to rest after the one before."""
        for key in keys:
            self.shown.press(key)
            until, before = time.monotonic() + 5, -1
            while len(self.shown.stream) != before and time.monotonic() < until:
                before = len(self.shown.stream)
                self.shown.read(0.25)

    def choose_way(self, *keys: str) -> None:
        """Move to the ways in, choose by arrow keys, and go on to the first field."""
        self.shown.wait("stays hidden")
        self.shown.wait("Profile")
        self.press(BACK_TAB, *keys, "enter")

    def fill(self, *texts: str) -> None:
        """Type texts into one field after the other and hand them over."""
        for place, text in enumerate(texts):
            self.press(*(["tab"] if place else []), PASTE.format(text))
        self.press("enter")

    def name_the_tenant(self) -> None:
        """Type organization and tenant, which the server does not list for this sign-in."""
        self.shown.wait("Type the organization and the tenant")
        self.press(str(self.today["organization"]), "enter", str(self.today["tenant"]), "enter")

    def take_the_folder(self) -> None:
        """Take the marked folder."""
        self.shown.wait("Which folder?")
        self.shown.press("enter")

    def address(self) -> str:
        """Return the address of the sign-in page as the screen shows it."""
        self.shown.wait("Sign in there.")
        lines = [line.strip() for line in self.shown.text.splitlines()]
        first = next(place for place, line in enumerate(lines) if line.startswith("http"))
        last = next(place for place in range(first, len(lines)) if not lines[place])
        return "".join(lines[first:last])

    def token(self, **form: str) -> dict[str, Any]:
        """Ask the token endpoint of today as another program would."""
        url = f"{self.server.base_url}/identity_/connect/token"
        found: dict[str, Any] = json.loads(fetch(url, urllib.parse.urlencode(form))[1])
        return found


def landing(address: str) -> str:
    """Sign in on the page as a browser does and return the address on which it ends, without going there."""
    end, _ = fetch(address)
    assert end, "the page did not send the browser on"
    return end


def user_key(at: Visit) -> None:
    """2019: three key presses after the paste."""
    at.shown.wait("stays hidden")
    at.paste(str(at.server.summary["cloud_2019"]["user_key"]))
    at.shown.wait("A user key")
    at.shown.press("enter")
    at.shown.wait("Which account?")
    at.shown.press("down", "enter")
    at.shown.wait("Which service instance")
    at.shown.press("enter")


def browser_2019(at: Visit) -> None:
    """2019: the browser ends elsewhere, so its address is pasted back; one of another sign-in is refused first."""
    at.choose_way(RIGHT)
    end = landing(at.address())
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(end).query)["state"][0]
    at.paste(end.replace(state, "Of_another_sign-in-000"))
    at.shown.press("enter")
    at.shown.wait("another sign-in")
    at.paste(end)
    at.shown.wait("The address where the browser sign-in ended")
    at.shown.press("enter")
    at.shown.wait("Which account?")
    at.shown.press("enter")


def personal_access_token(at: Visit) -> None:
    """Today: it can't list tenants, so they are typed."""
    at.shown.wait("stays hidden")
    at.paste(str(at.today["personal_access_token"]))
    at.shown.wait("A personal access token")
    at.shown.press("enter")
    at.name_the_tenant()
    at.take_the_folder()


def access_token(at: Visit) -> None:
    """Today: a token that another program got; it says what it is and when it ends."""
    client = {"client_id": str(at.today["client_id"]), "client_secret": str(at.today["client_secret"])}
    scopes = "OR.Execution.Read OR.Jobs OR.Monitoring.Read OR.Folders.Read"
    found = at.token(grant_type="client_credentials", scope=scopes, **client)
    at.shown.wait("stays hidden")
    at.paste(str(found["access_token"]))
    at.shown.wait("it ends")
    at.shown.press("enter")
    at.name_the_tenant()
    at.take_the_folder()


def application(at: Visit) -> None:
    """Today: client credentials; a wrong secret is refused first and the id stays."""
    at.choose_way(RIGHT, RIGHT)
    at.shown.wait("Client secret")
    at.fill(str(at.today["client_id"]), "a-wrong-secret-of-nobody")
    at.shown.wait("Sign-in refused")
    at.typed |= {"a-wrong-secret-of-nobody", str(at.today["client_secret"])}
    at.fill(str(at.today["client_secret"]))
    at.name_the_tenant()
    at.take_the_folder()


def browser(at: Visit) -> None:
    """Today: the browser comes back by itself."""
    at.choose_way(RIGHT)
    at.fill(str(at.today["public_client_id"]))
    at.shown.wait("This goes on by itself")
    end = landing(at.address())
    at.typed.add(urllib.parse.parse_qs(urllib.parse.urlsplit(end).query)["code"][0])
    _, page = fetch(end)
    assert "terminal" in page
    assert not any(secret in page for secret in at.typed)
    at.shown.wait("Which service instance")
    at.shown.press("enter")
    at.take_the_folder()


def browser_elsewhere(at: Visit) -> None:
    """Today, over SSH: the page can't come back, its address is pasted."""
    at.choose_way(RIGHT)
    at.fill(str(at.today["public_client_id"]))
    end = landing(at.address())
    at.paste(end)
    at.shown.press("enter")
    at.shown.wait("Which service instance")
    at.shown.press("enter")
    at.take_the_folder()


def password(at: Visit) -> None:
    """Standalone: a wrong password is refused, the user name stays."""
    at.choose_way(LEFT)
    at.shown.wait("Password")
    standalone = at.server.summary["standalone"]
    at.fill(str(standalone["username"]), "a-wrong-password-of-nobody")
    at.shown.wait("the user, the password or the tenant is wrong")
    at.typed |= {"a-wrong-password-of-nobody", str(standalone["password"])}
    at.fill(str(standalone["password"]))
    at.take_the_folder()


def from_environment(at: Visit) -> None:
    """A variable signs in; the screen says so."""
    at.shown.wait("Which account?")
    assert "from environment" in at.shown.text
    at.shown.press("enter")


WAYS: dict[str, tuple[str, Callable[[Visit], None]]] = {
    "user key": (CLOUD_2019, user_key),
    "browser of 2019": (CLOUD_2019, browser_2019),
    "personal access token": (CLOUD, personal_access_token),
    "access token": (CLOUD, access_token),
    "application": (CLOUD, application),
    "browser": (CLOUD, browser),
    "browser elsewhere": (CLOUD, browser_elsewhere),
    "password": (STANDALONE, password),
    "environment": (CLOUD_2019, from_environment),
}
"""Way → deployment and how it is gone to the list of releases."""
