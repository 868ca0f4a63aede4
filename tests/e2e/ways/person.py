"""A person at the sign-in form: fills it in by keys, plays the browser, and sweeps up after the session."""

import base64
import html
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from tests.e2e.leaks.sweeper import secrets_of, sweeper
from tests.e2e.terminal.terminal import Terminal, terminal
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.pages import SIGN_IN

LEFT, RIGHT, BACKTAB = "\x1b[D", "\x1b[C", "\x1b[Z"
F2, F5, F6, F9, PALETTE = "\x1bOQ", "\x1b[15~", "\x1b[17~", "\x1b[20~", "\x10"
CLEAR = "\x15"
WAYS = ("token", "browser", "application", "password")
_COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)")


def paste(text: str) -> str:
    """Return what a terminal sends for a paste."""
    return f"\x1b[200~{text}\x1b[201~"


class Person:
    """Somebody at one terminal, with one server. ``keys`` counts key presses, a paste as none."""

    def __init__(self, shown: Terminal, server: SimulatorServer) -> None:
        self.shown = shown
        self.server = server
        self.given: set[str] = set()
        self.keys = 0

    def press(self, *keys: str) -> None:
        """Press keys and count them."""
        self.keys += len(keys)
        self.shown.press(*keys)

    def secret(self, text: str) -> None:
        """Paste a secret into the field in focus; it is swept for at the end, of an address its code."""
        fields = dict(parse_qsl(urlsplit(text).query)) if "://" in text else {"code": text}
        self.given |= {fields[name] for name in ("code",) if name in fields}
        self.shown.press(paste(text))

    def choose_way(self, way: str) -> None:
        """From the token field, choose another way in and go to its first field."""
        self.shown.wait("Keep it in")
        for key in (BACKTAB, *[RIGHT] * WAYS.index(way), "enter"):
            self.press(key)
            self.settle()

    def type_in(self, field: str, text: str) -> None:
        """Go to a field by its label and replace what is in it."""
        self.go_to(field)
        self.press("\x05", CLEAR)
        self.settle()
        self.shown.press(paste(text))

    def go_to(self, field: str) -> None:
        """Press Tab until the cursor is in the row of ``field``."""
        for _ in range(16):
            if self.row().startswith(field):
                return
            self.press("tab")
            self.settle()
        raise AssertionError(f"Tab never comes to {field}:\n{self.shown.text}")

    def go_to_places(self) -> None:
        """Go to the places where the secret can be kept, which show no cursor: they stand before the profile's name."""
        self.go_to("Profile")
        self.press(BACKTAB)
        self.settle()
        if self.row().startswith("Type file"):
            self.press(BACKTAB)
            self.settle()

    def row(self) -> str:
        """Return the row of the terminal's cursor: of the text field in focus, or of the last one that had it."""
        return self.shown.screen.display[self.shown.screen.cursor.y].strip()

    def settle(self) -> None:
        """Take what is drawn until nothing comes any more."""
        before = -1
        while len(self.shown.stream) != before:
            before = len(self.shown.stream)
            self.shown.read(0.3)

    def address_to_open(self) -> str:
        """Return the address of the sign-in page, as F6 copies it."""
        before = len(self.shown.stream)
        self.press(F6)
        self.shown.wait(lambda _text: _COPIED.search(self.shown.stream, before) is not None)
        found = _COPIED.search(self.shown.stream, before)
        assert found
        return base64.b64decode(found[1]).decode()

    def landed(self, decision: str = SIGN_IN) -> str:
        """Sign in on the page as a browser does, without going where it ends; return that address."""
        return browse(self.address_to_open(), decision)[-1]

    def leave(self) -> int:
        """Quit; a question before it is answered with yes."""
        self.shown.press("ctrl+q")
        while self.shown.read(0.2):
            if "Enter leaves" in self.shown.text:
                self.shown.press("enter")
        return self.shown.ended()

    def assert_nothing_leaked(self, home: Path, *, allowed: Iterable[Path] = ()) -> None:
        """No secret may be in what the terminal got, on the disk or in ``/proc``; only files ``allowed`` may hold some.

        Called while the program runs or after it.
        """
        looking = sweeper(all_secrets(self.server) | self.given)
        stream = _COPIED.sub(lambda copied: base64.b64decode(copied[1]), bytes(self.shown.stream)).decode(
            "utf-8", "replace"
        )
        found = looking.leaks("the terminal's stream", stream)
        found += looking.leaks("the screen", self.shown.text.replace("\n", ""))
        names = {str(path.relative_to(home)) for path in allowed}
        found += [leak for leak in looking.leaks_below(home) if leak.partition(": ")[0] not in names]
        command = Path("/proc") / str(self.shown.pid) / "cmdline"
        if sys.platform.startswith("linux") and command.exists():
            found += looking.leaks("cmdline", command.read_bytes().decode("latin-1"))
        assert found == [], found


def all_secrets(server: SimulatorServer) -> set[str]:
    """Return what the server issued, accepted or was shown, the proofs of browser sign-ins included."""
    found = secrets_of(server.world, server.journal)
    for request in server.journal:
        if request.path.endswith(("/token", "/oauth/token")):
            fields = dict(parse_qsl(request.body.decode("utf-8", "replace")))
            found |= {fields[name] for name in ("code_verifier", "code") if name in fields}
            found |= set(re.findall(r'"code_verifier": ?"([^"]+)"', request.body.decode("utf-8", "replace")))
    return found


def browse(address: str, decision: str = SIGN_IN, *, to_the_end: bool = False) -> list[str]:
    """Open ``address``, submit the page's form, and return the addresses on the way; the last is only opened
    ``to_the_end``.
    """
    seen: list[str] = []
    with httpx.Client(headers={"Accept": "text/html"}, timeout=20) as browser:
        page = browser.get(address)
        while page.next_request is not None:
            seen.append(str(page.next_request.url))
            page = browser.send(page.next_request)
        if "<form" not in page.text:
            return seen
        assert decision in html.unescape(page.text)
        answer = browser.post(str(page.url), data={"decision": decision})
        while answer.next_request is not None:
            seen.append(str(answer.next_request.url))
            if not to_the_end and parse_qs(urlsplit(seen[-1]).query).keys() & {"code", "error", "errorCode"}:
                return seen
            answer = browser.send(answer.next_request)
        seen.append(answer.text)
    return seen


@contextmanager
def person(
    server: SimulatorServer,
    home: Path,
    *arguments: str,
    kind: str = "",
    base_url: str | None = None,
    size: tuple[int, int] = (120, 36),
    env: Mapping[str, str] | None = None,
) -> Iterator[Person]:
    """Open the program for one kind of server; ``kind`` empty leaves the place to profile, environment or settings."""
    place = ("--deployment", kind, "--base-url", base_url or server.base_url) if kind else ()
    with terminal(*arguments, *place, home=home, columns=size[0], rows=size[1], env=env) as shown:
        yield Person(shown, server)


def profile_file(home: Path) -> Path:
    """Return where the profiles are kept."""
    return home / "config" / "uipath-tui" / "profiles.toml"


def credential_files(home: Path) -> list[Path]:
    """Return the plain files that hold secrets, wherever they are."""
    return [path for path in home.rglob("*.json") if "credential" in str(path.parent)]
