"""Runs ``doctor`` as its users do: a process in a home of its own, with or without a kept profile."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.e2e.twin.running import run
from tui.api.sign_in.scopes import DEFAULT_SCOPES
from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.keeping import Keeping
from tui.profile import Profile
from tui.secret import Secret
from tui.simulator.journal import ReceivedRequest
from tui.simulator.server import SimulatorServer
from tui.simulator.world import World
from tui.store.credentials import CredentialStore
from tui.store.profiles import save_profile

NO_KEY_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
"""The same on every machine: a backend that keeps nothing, and is refused."""
CREDENTIAL = "default-0123456789abcdef"
NO_RELEASE = {"key": "00000000-0000-4000-8000-000000000000", "name": "Invoice Intake"}
ENDED = Secret("eyJhbGciOiJub25lIn0.eyJleHAiOjF9.an-access-token-that-has-ended")


@dataclass(frozen=True)
class Examined:
    """One finished run, and what the server received meanwhile."""

    code: int
    out: str
    err: str
    journal: Sequence[ReceivedRequest] = ()
    world: World | None = None
    home: Path = field(default_factory=Path)

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON object on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        """The checks by name."""
        return {check["name"]: check for check in self.answer["checks"]}

    def statuses(self, *names: str) -> list[str]:
        """Return the statuses of these checks."""
        return [self.checks[name]["status"] for name in names]


def profiles_file(home: Path) -> Path:
    return home / "config" / "uipath-tui" / "profiles.toml"


def store(home: Path) -> CredentialStore:
    return CredentialStore(home / "state" / "uipath-tui" / "credentials")


def keep(home: Path, profile: Profile, record: SignInRecord) -> None:
    """Keep a profile and its secret in files, as a setup does."""
    asyncio.run(store(home).save(CREDENTIAL, Keeping.FILE, record))
    save_profile(profiles_file(home), replace(profile, keeping=Keeping.FILE, credential=CREDENTIAL))


def in_2019(summary: Mapping[str, Any]) -> Profile:
    account = summary["cloud_2019"]["accounts"][0]
    release = next(iter(summary["releases"]), NO_RELEASE)
    return Profile(
        deployment="cloud-2019",
        base_url=summary["base_url"],
        account=account["logical_name"],
        instance=account["instances"][0],
        release_key=release["key"],
        release_name=release["name"],
    )


def today(summary: Mapping[str, Any]) -> Profile:
    cloud = summary["automation_cloud"]
    release = next(iter(summary["releases"]), NO_RELEASE)
    return Profile(
        deployment="automation-cloud",
        base_url=summary["base_url"],
        account=cloud["organization"],
        instance=cloud["tenant"],
        folder_key=cloud["folders"][0]["key"],
        folder_path=cloud["folders"][0]["path"],
        release_key=release["key"],
        release_name=release["name"],
    )


def user_key(summary: Mapping[str, Any]) -> SignInRecord:
    cloud = summary["cloud_2019"]
    tokens = Tokens(ENDED, refresh=Secret(cloud["user_key"]), expires_at=datetime.now(UTC) - timedelta(hours=1))
    return SignInRecord("user key", tokens, Application(cloud["client_id"]))


def personal_token(summary: Mapping[str, Any]) -> SignInRecord:
    return SignInRecord("personal access token", Tokens(Secret(summary["automation_cloud"]["personal_access_token"])))


def application(summary: Mapping[str, Any], scopes: str = DEFAULT_SCOPES) -> SignInRecord:
    """An application whose last token has ended: it signs in by itself again."""
    cloud = summary["automation_cloud"]
    own = Application(cloud["client_id"], Secret(cloud["client_secret"]), scopes)
    tokens = Tokens(ENDED, expires_at=datetime.now(UTC) - timedelta(hours=1))
    return SignInRecord("application", tokens, own, own_grant=True)


def examine(
    home: Path, *arguments: str, stdin: str = "", server: SimulatorServer | None = None, env: Mapping[str, str] = {}
) -> Examined:
    """Run ``doctor --json``."""
    home.mkdir(parents=True, exist_ok=True)
    done = run(["doctor", "--json", *arguments], home, stdin=stdin, env={**NO_KEY_STORE, **env})
    journal = tuple(server.journal) if server is not None else ()
    world = server.world if server is not None else None
    return Examined(done.returncode, done.stdout, done.stderr, journal, world, home)


@contextmanager
def page_server(*, date: datetime | None = None, body: bytes = b"<!doctype html><p>Welcome") -> Iterator[str]:
    """Serve one page at every address, with any date. Gives its base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if body.startswith(b"<") else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(date.timestamp() if date is not None else timestamp)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
