"""The line-by-line twin signs in in every way that it has, and its secrets are nowhere: lines, log, disk."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.e2e.leaks.sweeper import Sweeper, sweeper
from tests.e2e.twin.running import run, several
from tests.e2e.ways.person import all_secrets, profile_file
from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.keeping import Keeping
from tui.profile import Profile
from tui.secret import Secret
from tui.simulator.server import SimulatorServer
from tui.simulator.sign_in.tokens import CLIENT_ID, CLIENT_SECRET, USER_KEY
from tui.store.credentials import CredentialStore
from tui.store.profiles import load_profiles, save_profile

RELEASE = "Invoice Intake"
CREDENTIAL = "default-0001"


@dataclass(frozen=True)
class Done:
    """One run and what it left behind."""

    ran: "CompletedProcess[str]"
    home: Path
    sweeper: Sweeper
    allowed: frozenset[str] = frozenset()


def today(server: SimulatorServer) -> dict[str, str]:
    """Return variables that name where: server, organization, tenant and folder."""
    facts = server.summary["automation_cloud"]
    base = f"{server.base_url}/{facts['organization']}/{facts['tenant']}/orchestrator_"
    return {"UIPATH_URL": base, "UIPATH_FOLDER_PATH": facts["folders"][0]["path"]}


def by_application(server: SimulatorServer) -> tuple[list[str], dict[str, str]]:
    return [], today(server) | {"UIPATH_CLIENT_ID": CLIENT_ID, "UIPATH_CLIENT_SECRET": CLIENT_SECRET}


def by_access_token(server: SimulatorServer) -> tuple[list[str], dict[str, str]]:
    tokens = server.world.tokens
    token = tokens._modern_answer("another-tool", (), "family", None, first_party=True)["access_token"]
    return [], today(server) | {"UIPATH_ACCESS_TOKEN": str(token)}


def by_own_variable(server: SimulatorServer) -> tuple[list[str], dict[str, str]]:
    return account(server), {"UIPATH_TUI_TOKEN": USER_KEY}


def by_profile(server: SimulatorServer) -> tuple[list[str], dict[str, str]]:
    return [], {}


def account(server: SimulatorServer) -> list[str]:
    first = server.summary["cloud_2019"]["accounts"][0]
    place = ["--deployment", "cloud-2019", "--base-url", server.base_url]
    return [*place, "--account", first["logical_name"], "--instance", first["instances"][0]]


WAYS: dict[str, Callable[[SimulatorServer], tuple[list[str], dict[str, str]]]] = {
    "application": by_application,
    "access token": by_access_token,
    "variable": by_own_variable,
    "profile": by_profile,
}


def session(name: str, home: Path) -> Done:
    """Start one job by one way in, with the log written."""
    home.mkdir()
    with SimulatorServer(speed=60) as server:
        arguments, variables = WAYS[name](server)
        allowed: frozenset[str] = frozenset()
        if name == "profile":
            run(["profiles"], home)  # makes the folders
            keep(server, home)
            allowed = frozenset({str(path.relative_to(home)) for path in home.rglob(f"{CREDENTIAL}.json")})
            assert len(allowed) == 1
        command = ["start", *arguments, "--release", RELEASE, "--log", "exchange.jsonl"]
        ran = run(command, home, env=variables)
        secrets = all_secrets(server) | {value for key, value in variables.items() if "URL" not in key}
        given = {each for each in secrets if each and each != CLIENT_ID and "/" not in each and len(each) >= 12}
        return Done(ran, home, sweeper(given), allowed)


def keep(server: SimulatorServer, home: Path) -> None:
    """Keep a sign-in as the full-screen program does after the typed consent."""
    first = server.summary["cloud_2019"]["accounts"][0]
    application = Application(server.summary["cloud_2019"]["client_id"])
    record = SignInRecord("user key", Tokens(Secret(""), refresh=Secret(USER_KEY)), application)
    place = home / "state" / "uipath-tui" / "credentials"
    asyncio.run(CredentialStore(place).save(CREDENTIAL, Keeping.FILE, record))
    profile = Profile(
        name="default",
        deployment="cloud-2019",
        base_url=server.base_url,
        account=first["logical_name"],
        instance=first["instances"][0],
        keeping=Keeping.FILE,
        credential=CREDENTIAL,
    )
    save_profile(profile_file(home), profile)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Done]]:
    """Every way, gone once."""
    folder = tmp_path_factory.mktemp("twin-ways")
    with several({name: partial(session, name, folder / name.replace(" ", "-")) for name in WAYS}) as result:
        yield result


@pytest.mark.parametrize("name", WAYS)
def test_the_way_starts_the_job_and_leaks_nothing(done: Callable[[str], Done], name: str) -> None:
    seen = done(name)
    assert seen.ran.returncode == 0, seen.ran.stderr
    found = seen.sweeper.leaks("standard output", seen.ran.stdout)
    found += seen.sweeper.leaks("standard error", seen.ran.stderr)
    found += [leak for leak in seen.sweeper.leaks_below(seen.home) if leak.partition(": ")[0] not in seen.allowed]
    assert found == []
    rows = [json.loads(line) for line in (seen.home / "exchange.jsonl").read_text().splitlines()]
    assert rows, "the log that was swept holds the calls"


def test_nothing_is_kept_of_what_was_given_in_lines(done: Callable[[str], Done]) -> None:
    for name in WAYS:
        seen = done(name)
        assert [each.name for each in load_profiles(profile_file(seen.home)).profiles] == (
            ["default"] if name == "profile" else []
        )


def test_the_profile_keeps_what_was_started(done: Callable[[str], Done]) -> None:
    profile = load_profiles(profile_file(done("profile").home)).named("default")
    assert profile is not None
    assert (profile.release_name, profile.credential) == (RELEASE, CREDENTIAL)
