"""``uipath-tui doctor`` as its users run it: what it finds, what it says to do, and what it never does."""

import json
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.doctor.patients import (
    CREDENTIAL,
    ENDED,
    NO_KEY_STORE,
    Examined,
    application,
    examine,
    in_2019,
    keep,
    page_server,
    personal_token,
    profiles_file,
    today,
    user_key,
)
from tests.e2e.leaks.sweeper import secrets_of, sweeper
from tests.e2e.twin.running import PROGRAM, RUN_SECONDS, isolated, place, run, several, token
from tui.errors import Exit
from tui.simulator.server import SimulatorServer

LOCAL = ("settings folder", "state folder", "profiles", "kept log", "key store", "environment", "proxy", "certificates")
REACHED = ("network", "clock")
ACCESS = ("sign-in", "instance", "folder")
RIGHTS = ("releases", "jobs", "robot log", "start", "last release")
EVERY = (*LOCAL, *REACHED, *ACCESS, *RIGHTS)
READING_JOBS = "OR.Execution.Read OR.Jobs.Read OR.Monitoring.Read OR.Folders.Read"
EMPTY_FOLDER = "00000000-0000-4000-8000-000000000000"


def kept(scenario: str, who: str, home: Path, **change: str) -> Examined:
    """Examine a kept profile: ``who`` is the platform of 2019, a personal token of today, or an application."""
    home.mkdir(parents=True)
    with SimulatorServer(scenario.split(","), speed=10) as server:
        summary = server.summary
        profile = in_2019(summary) if who == "2019" else today(summary)
        scopes = change.pop("scopes", "")
        records = {"2019": user_key, "today": personal_token}
        record = records[who](summary) if who in records else application(summary, *([scopes] if scopes else []))
        keep(home, replace(profile, **change), record)
        return examine(home, server=server)


def piped(scenario: str, home: Path, *, is_today: bool, named: bool = True) -> Examined:
    """Examine a token from standard input, without a profile."""
    home.mkdir(parents=True)
    with SimulatorServer((scenario,)) as server:
        where = place(server.summary, today=is_today)
        where = where if named else where[:4]
        return examine(home, *where, "--token-stdin", stdin=token(server.summary, today=is_today), server=server)


def by_environment(home: Path) -> Examined:
    with SimulatorServer(("no-monitoring",)) as server:
        cloud = server.summary["automation_cloud"]
        variables = {
            "UIPATH_PAT": cloud["personal_access_token"],
            "UIPATH_URL": f"{server.base_url}/{cloud['organization']}/{cloud['tenant']}/orchestrator_",
            "UIPATH_FOLDER_PATH": cloud["folders"][0]["path"],
            "SSLKEYLOGFILE": str(home / "keys"),
        }
        return examine(home, server=server, env=variables)


def nobody(home: Path) -> Examined:
    with SimulatorServer() as server:
        where = ("--deployment", "automation-suite", "--base-url", server.base_url)
        return examine(home, *where, server=server)


def dead_network(home: Path) -> Examined:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home.mkdir(parents=True)
    with SimulatorServer() as server:
        keep(home, replace(today(server.summary), base_url=f"http://127.0.0.1:{port}"), personal_token(server.summary))
    return examine(home)


def wrong_address(home: Path) -> Examined:
    home.mkdir(parents=True)
    with SimulatorServer() as server, page_server() as elsewhere:
        keep(home, replace(today(server.summary), base_url=elsewhere), personal_token(server.summary))
        return examine(home)


def wrong_clock(home: Path) -> Examined:
    with page_server(date=datetime.now(UTC) - timedelta(hours=2), body=b'{"version": "25.10"}') as server:
        return examine(home, "--deployment", "automation-suite", "--base-url", server)


def bad_proxy(home: Path) -> Examined:
    return examine(home, env={"HTTPS_PROXY": "ftp://ada:fake-proxy-password@proxy.invalid"})


def broken_profiles(home: Path) -> Examined:
    profiles_file(home).parent.mkdir(parents=True)
    profiles_file(home).write_text("version = 1\n[profiles.work\n", encoding="utf-8")
    with SimulatorServer() as server:
        return examine(home, "--deployment", "automation-suite", "--base-url", server.base_url, server=server)


def broken_settings(home: Path) -> Examined:
    settings = home / "config" / "uipath-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('base_url = "https://nowhere.invalid"\ntheme = 7\n', encoding="utf-8")
    with SimulatorServer() as server:
        return examine(home, "--deployment", "automation-suite", "--base-url", server.base_url, server=server)


def no_secret(home: Path) -> Examined:
    """A profile whose secret is gone."""
    home.mkdir(parents=True)
    with SimulatorServer() as server:
        keep(home, today(server.summary), personal_token(server.summary))
        (home / "state" / "uipath-tui" / "credentials" / f"{CREDENTIAL}.json").unlink()
        return examine(home, server=server)


RUNS: dict[str, Callable[[Path], Examined]] = {
    "2019": partial(kept, "happy", "2019"),
    "today": partial(kept, "happy", "today"),
    "application": partial(kept, "happy", "application"),
    "may not start": partial(kept, "happy", "application", scopes=READING_JOBS),
    "may not read jobs": partial(kept, "happy", "application", scopes="OR.Execution.Read OR.Folders.Read"),
    "revoked 2019": partial(kept, "revoked", "2019"),
    "revoked today": partial(kept, "revoked", "today"),
    "read-only": partial(kept, "read-only", "today"),
    "no-monitoring": partial(kept, "no-monitoring", "today"),
    "folder-hidden": partial(kept, "folder-hidden", "today"),
    "folder-hidden, none named": partial(kept, "folder-hidden", "today", folder_key="", folder_path=""),
    "forbidden 2019": partial(kept, "forbidden", "2019"),
    "forbidden today": partial(kept, "forbidden", "today"),
    "slow": partial(kept, "slow", "2019"),
    "hostile": partial(kept, "hostile", "today"),
    "empty": partial(kept, "empty", "today"),
    "release gone": partial(kept, "happy", "today", release_key=EMPTY_FOLDER),
    "folder gone": partial(kept, "happy", "today", folder_key=EMPTY_FOLDER),
    "no folder": partial(kept, "happy", "today", folder_key="", folder_path=""),
    "wrong instance": partial(kept, "happy", "today", instance="Nowhere"),
    "piped 2019": partial(piped, "happy", is_today=False),
    "piped, first of several": partial(piped, "happy", is_today=False, named=False),
    "piped today": partial(piped, "happy", is_today=True),
    "piped, not named": partial(piped, "happy", is_today=True, named=False),
    "environment": by_environment,
    "nobody": nobody,
    "dead network": dead_network,
    "wrong address": wrong_address,
    "wrong clock": wrong_clock,
    "bad proxy": bad_proxy,
    "broken profiles": broken_profiles,
    "broken settings": broken_settings,
    "secret gone": no_secret,
}
ENDS = {
    "may not start": Exit.REFUSED,
    "may not read jobs": Exit.REFUSED,
    "revoked 2019": Exit.SIGN_IN,
    "revoked today": Exit.SIGN_IN,
    "folder gone": Exit.NOT_FOUND,
    "wrong instance": Exit.NOT_FOUND,
    "dead network": Exit.NETWORK,
    "wrong address": Exit.NETWORK,
    "bad proxy": Exit.USAGE,
    "broken profiles": Exit.USAGE,
    "broken settings": Exit.USAGE,
    "secret gone": Exit.SIGN_IN,
}
"""The exit codes; every other run finds no failure."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Examined]]:
    """Every run, made once."""
    folder = tmp_path_factory.mktemp("doctor")
    jobs = {name: partial(job, folder / re.sub(r"\W+", "-", name)) for name, job in RUNS.items()}
    with several(jobs) as result:
        yield result


Ran = Callable[[str], Examined]


@pytest.mark.parametrize("name", RUNS)
def test_the_first_failure_decides_the_exit_code(ran: Ran, name: str) -> None:
    done = ran(name)
    assert done.code == ENDS.get(name, Exit.SUCCESSFUL), done.out + done.err
    assert done.answer["ok"] is (name not in ENDS)
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", RUNS)
def test_every_check_is_there_once_and_says_what_to_do(ran: Ran, name: str) -> None:
    done = ran(name)
    assert set(done.answer) == {"checks", "ok"}
    assert [check["name"] for check in done.answer["checks"]] == list(EVERY)
    for check in done.answer["checks"]:
        assert {"name", "status", "finding", "next_step"} <= set(check)
        assert check["status"] in ("OK", "WARN", "FAIL", "SKIP")
        assert check["finding"].strip()
        assert check["next_step"].strip() or check["status"] in ("OK", "SKIP")


@pytest.mark.parametrize("name", RUNS)
def test_nothing_is_started_or_changed(ran: Ran, name: str) -> None:
    done = ran(name)
    changing = [(request.method, request.path) for request in done.journal if request.method != "GET"]
    assert {path for _, path in changing} <= {"/oauth/token", "/identity_/connect/token"}
    if done.world is not None:
        assert done.world.started_count == 0


@pytest.mark.parametrize("name", RUNS)
def test_no_secret_is_told(ran: Ran, name: str) -> None:
    done = ran(name)
    secrets = {ENDED.reveal(), "fake-proxy-password"}
    if done.world is not None:
        secrets |= secrets_of(done.world, done.journal)
    sweep = sweeper(secrets)
    assert sweep.leaks("standard output", done.out) + sweep.leaks("standard error", done.err) == []


@pytest.mark.parametrize("name", ["2019", "today", "application", "slow"])
def test_a_healthy_profile_has_nothing_wrong(ran: Ran, name: str) -> None:
    done = ran(name)
    assert set(done.statuses(*(set(EVERY) - {"key store", "sign-in", "start"}))) == {"OK"}
    assert done.statuses("key store", "sign-in") == ["WARN", "WARN"]
    assert done.checks["sign-in"]["kept"] == "file"
    assert done.checks["last release"]["release"] == "Invoice Intake"


def test_who_is_signed_in_is_told(ran: Ran) -> None:
    old, new = ran("2019").checks["sign-in"], ran("today").checks["sign-in"]
    assert (old["who"], old["kind"], old["renewable"]) == ("ada.harbour@example.com", "user key", True)
    assert (new["kind"], new["renewable"], new["expires_at"]) == ("personal access token", False, None)
    assert "UiPath does not say which" in new["finding"]


def test_the_server_is_described(ran: Ran) -> None:
    done = ran("today")
    assert done.checks["network"]["version"] == done.checks["instance"]["version"] == "25.10.0"
    assert done.checks["network"]["connect_seconds"] >= 0
    assert done.checks["folder"]["path"] == "Finance"
    assert ran("2019").checks["instance"]["version"] == "API 4.0"
    assert ran("slow").checks["network"]["answer_seconds"] >= 0.1


def test_a_renewed_token_is_kept(ran: Ran) -> None:
    done = ran("application")
    path = done.home / "state" / "uipath-tui" / "credentials" / f"{CREDENTIAL}.json"
    access = json.loads(path.read_bytes())["tokens"]["access"]
    assert access != ENDED.reveal()
    assert [request.path for request in done.journal].count("/identity_/connect/token") == 1
    assert f"Bearer {access}" in {request.headers.get("authorization") for request in done.journal}


def test_the_profile_file_stays_as_it_was(ran: Ran) -> None:
    done = ran("2019")
    profile = tomllib.loads(profiles_file(done.home).read_text(encoding="utf-8"))["profiles"]["default"]
    assert profile["credential"] == CREDENTIAL
    assert "who" not in profile


def test_whether_a_start_is_allowed_is_read_off_the_token(ran: Ran) -> None:
    assert ran("application").statuses("start") == ["OK"]
    refused = ran("may not start").checks["start"]
    assert (refused["status"], refused["scope"]) == ("FAIL", "OR.Jobs")
    assert "OR.Jobs as an application scope" in refused["next_step"]
    for name in ("2019", "today", "read-only"):
        check = ran(name).checks["start"]
        assert check["status"] == "SKIP"
        assert "can't be known without starting a job" in check["finding"]


@pytest.mark.parametrize("name", ["revoked 2019", "revoked today", "secret gone"])
def test_a_refused_sign_in_skips_what_needs_one(ran: Ran, name: str) -> None:
    done = ran(name)
    assert done.statuses("sign-in", "instance", "folder", *RIGHTS) == ["FAIL", *["SKIP"] * 7]
    assert "`uipath-tui setup --profile default`" in done.checks["sign-in"]["next_step"]
    assert "watched" not in done.checks["sign-in"]["next_step"]


def test_a_missing_scope_is_told_from_a_missing_role(ran: Ran) -> None:
    log = ran("no-monitoring").checks["robot log"]
    assert (log["status"], log["lacks"], log["scope"]) == ("WARN", "scope", "OR.Monitoring.Read")
    assert "new personal access token that has OR.Monitoring.Read" in log["next_step"]
    folder = ran("forbidden today").checks["folder"]
    assert (folder["status"], folder["lacks"]) == ("WARN", "role")
    assert "Units.View or SubFolders.View" in folder["next_step"]
    jobs = ran("may not read jobs").checks["jobs"]
    assert (jobs["status"], jobs["lacks"], jobs["scope"]) == ("FAIL", "scope", "OR.Jobs.Read")
    old = ran("forbidden 2019").checks["robot log"]
    assert (old["status"], old["lacks"], old["permission"]) == ("WARN", "role", "Logs.View")
    assert "scope" not in old["finding"] + old["next_step"]


def test_a_folder_that_is_not_listed_is_used_as_it_is_named(ran: Ran) -> None:
    done = ran("folder-hidden")
    assert done.statuses("folder", "releases", "jobs", "robot log", "last release") == ["WARN", *["OK"] * 4]
    unnamed = ran("folder-hidden, none named")
    assert unnamed.statuses("folder", "releases", "jobs", "robot log", "last release") == ["WARN", *["SKIP"] * 4]
    assert "--folder" in unnamed.checks["folder"]["next_step"]


def test_what_is_gone_is_told(ran: Ran) -> None:
    assert ran("release gone").statuses("last release") == ["WARN"]
    gone = ran("folder gone")
    assert gone.statuses("folder", "releases", "last release") == ["FAIL", "SKIP", "SKIP"]
    assert "Finance" in gone.checks["folder"]["finding"]
    assert ran("empty").statuses("releases", "last release") == ["WARN", "WARN"]


def test_a_wrong_instance_leaves_the_token_unproven(ran: Ran) -> None:
    done = ran("wrong instance")
    assert done.statuses("sign-in", "instance", "folder") == ["WARN", "FAIL", "SKIP"]
    assert "not proven" in done.checks["sign-in"]["finding"]


def test_what_nobody_chose_is_the_first_of_its_list(ran: Ran) -> None:
    done = ran("piped, first of several")
    assert "the first of several" in done.checks["instance"]["finding"]
    assert "none is chosen" in ran("no folder").checks["folder"]["finding"]
    unnamed = ran("piped, not named")
    assert unnamed.statuses("sign-in", "instance") == ["WARN", "SKIP"]
    assert "--account" in unnamed.checks["instance"]["next_step"]


def test_a_piped_token_is_kept_nowhere(ran: Ran) -> None:
    done = ran("piped today")
    assert done.statuses(*ACCESS, "releases") == ["OK"] * 4
    assert done.checks["sign-in"]["kept"] is None
    assert [path for path in done.home.rglob("*") if path.is_file() and "cache" not in path.parts] == []


def test_the_environment_signs_in(ran: Ran) -> None:
    done = ran("environment")
    found = done.checks["environment"]
    assert found["sign_in"] == ["UIPATH_PAT", "UIPATH_URL", "UIPATH_FOLDER_PATH"]
    assert (found["status"], found["ignored"]) == ("WARN", ["SSLKEYLOGFILE"])
    assert not (done.home / "keys").exists()
    assert done.statuses(*ACCESS, "releases") == ["OK"] * 4
    assert done.checks["robot log"]["next_step"].endswith("then give it in UIPATH_PAT")


def test_without_a_profile_the_rest_is_examined(ran: Ran) -> None:
    done = ran("nobody")
    assert done.statuses("profiles", *REACHED, "sign-in") == ["SKIP", "OK", "OK", "SKIP"]
    assert "`uipath-tui setup`" in done.checks["profiles"]["next_step"]
    assert "`uipath-tui setup`" in done.checks["sign-in"]["next_step"]
    assert len(done.journal) == 1


def test_a_dead_network_skips_what_needs_it(ran: Ran) -> None:
    done = ran("dead network")
    assert done.statuses("network", "clock", *ACCESS, *RIGHTS) == ["FAIL", *["SKIP"] * 9]
    assert "the connection was refused" in done.checks["network"]["finding"]


def test_a_server_that_is_none_is_told_apart(ran: Ran) -> None:
    done = ran("wrong address")
    assert done.statuses("network", "sign-in", "instance") == ["WARN", "WARN", "FAIL"]
    for name in ("network", "instance"):
        assert "base address" in done.checks[name]["next_step"]


def test_a_wrong_clock_is_told_with_what_it_breaks(ran: Ran) -> None:
    clock = ran("wrong clock").checks["clock"]
    assert clock["status"] == "WARN"
    assert 7_190 < clock["seconds_ahead"] < 7_290
    assert "tokens seem to have ended too early" in clock["finding"]


def test_a_proxy_that_can_not_be_used_stops_the_calls(ran: Ran) -> None:
    done = ran("bad proxy")
    assert done.statuses("proxy", "network", "clock", "sign-in") == ["FAIL", "SKIP", "SKIP", "SKIP"]


def test_a_broken_profile_file_does_not_end_the_examination(ran: Ran) -> None:
    done = ran("broken profiles")
    assert done.statuses("profiles", "network", "sign-in") == ["FAIL", "OK", "SKIP"]
    assert "line 2" in done.checks["profiles"]["finding"]


def test_settings_that_can_not_be_used_do_not_end_the_examination(ran: Ran) -> None:
    done = ran("broken settings")
    assert done.statuses("settings folder", "network", "sign-in") == ["FAIL", "OK", "SKIP"]
    assert "sets “theme” to something that is not text" in done.checks["settings folder"]["finding"]


def test_an_unknown_profile_is_a_wrong_argument(tmp_path: Path) -> None:
    done = run(["doctor", "--profile", "nope"], tmp_path)
    assert done.returncode == Exit.USAGE
    assert "no profile “nope”" in done.stderr
    assert done.stdout == ""


def test_an_empty_pipe_is_a_wrong_argument(tmp_path: Path) -> None:
    done = run(["doctor", "--token-stdin"], tmp_path)
    assert done.returncode == Exit.USAGE
    assert "uipath-tui doctor --token-stdin" in done.stderr


def test_text_is_one_line_a_check_and_one_a_next_step(tmp_path: Path) -> None:
    with SimulatorServer(("no-monitoring",)) as server:
        keep(tmp_path, today(server.summary), personal_token(server.summary))
        done = run(["doctor"], tmp_path, env=NO_KEY_STORE)
    assert done.returncode == Exit.SUCCESSFUL
    assert done.stderr == ""
    *lines, empty, last = done.stdout.splitlines()
    checks = [line for line in lines if not line.startswith(" ")]
    assert [line[6:22].strip() for line in checks] == list(EVERY)
    assert {line[:6] for line in checks} == {"OK    ", "WARN  ", "SKIP  "}
    assert [line for line in lines if line.startswith(" ")] == [line for line in lines if line[:29].strip() == "Next:"]
    assert (empty, last) == ("", "3 warnings. 1 check was skipped.")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of POSIX")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_reader_who_leaves_early_changes_nothing(tmp_path: Path, form: tuple[str, ...]) -> None:
    with SimulatorServer(("revoked",)) as server:
        keep(tmp_path, today(server.summary), personal_token(server.summary))
        with subprocess.Popen(
            [*PROGRAM, "doctor", *form],
            env={**isolated(tmp_path), **NO_KEY_STORE},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            errors = process.stderr.read()
            assert process.wait(RUN_SECONDS) == Exit.SIGN_IN
    assert errors == b""


def test_a_secret_that_soon_ends_and_is_not_renewed_is_a_warning(tmp_path: Path) -> None:
    with SimulatorServer() as server:
        record = personal_token(server.summary)
        soon = replace(record.tokens, expires_at=datetime.now(UTC) + timedelta(minutes=5, seconds=20))
        keep(tmp_path, today(server.summary), replace(record, kind="access token", tokens=soon))
        done = examine(tmp_path, server=server)
    found = done.checks["sign-in"]
    assert (found["status"], found["renewable"]) == ("WARN", False)
    assert "in 5 min" in found["finding"]
    assert "Before it ends" in found["next_step"]


def test_a_profile_that_keeps_no_secret_says_how_to_give_it(tmp_path: Path) -> None:
    with SimulatorServer() as server:
        profiles_file(tmp_path).parent.mkdir(parents=True)
        keep(tmp_path, today(server.summary), personal_token(server.summary))
        text = profiles_file(tmp_path).read_text(encoding="utf-8")
        profiles_file(tmp_path).write_text(text.replace('keeping = "file"', 'keeping = "session"'), encoding="utf-8")
        done = examine(tmp_path, server=server)
    assert done.statuses("profiles", "sign-in") == ["OK", "SKIP"]
    assert "--token-stdin" in done.checks["sign-in"]["next_step"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with SimulatorServer(("slow",), speed=0.05) as server:
        keep(tmp_path, in_2019(server.summary), user_key(server.summary))
        with subprocess.Popen(
            [*PROGRAM, "doctor"],
            env={**isolated(tmp_path), **NO_KEY_STORE},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            while "certificates" not in process.stdout.readline():
                pass
            process.send_signal(number)
            _, errors = process.communicate(timeout=RUN_SECONDS)
    assert process.returncode == Exit.INTERRUPTED
    assert errors == "uipath-tui: Interrupted.\n"
