"""Serving: readiness, ports, the journal, the process with its one JSON line, signals."""

import json
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from tests.e2e.simulator.wire import modern
from tui.simulator.scenarios import SCENARIOS
from tui.simulator.server import SimulatorServer


def test_it_is_ready_when_start_returns_and_gone_after_stop() -> None:
    server = SimulatorServer()
    with pytest.raises(RuntimeError, match="not been started"):
        _ = server.base_url
    with server:
        base_url = server.base_url
        assert httpx.get(f"{base_url}/api/status/version").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/api/status/version")
    server.stop()


def test_a_server_stops_while_a_client_keeps_its_connection_open() -> None:
    server = SimulatorServer().start()
    with httpx.Client(base_url=server.base_url) as client:
        assert client.get("/api/status/version").status_code == 200
        server.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "simulator"]


def test_two_servers_are_two_worlds() -> None:
    with SimulatorServer() as first, SimulatorServer() as second:
        assert first.port != second.port
        client = modern(first)
        client.start()
        assert (first.world.started_count, second.world.started_count) == (1, 0)


def test_a_taken_port_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}: .* Choose another port"):
            SimulatorServer(port=port).start()


def test_the_journal_keeps_what_was_received(happy: SimulatorServer) -> None:
    happy.journal.clear()
    client = modern(happy)
    client.http.get("/odata/Jobs?$top=1", headers={"X-Trace": "7"})
    client.start(Reference="r")
    read, started = happy.journal
    assert (read.method, read.path, read.query) == ("GET", f"{client.base}/odata/Jobs", "$top=1")
    assert read.headers["x-trace"] == "7"
    assert json.loads(started.body)["startInfo"]["Reference"] == "r"
    assert len(happy.journal) == 2
    assert happy.journal[:1] == [read]


def test_the_summary_has_the_documented_members(happy: SimulatorServer) -> None:
    summary = happy.summary
    assert list(summary) == ["base_url", "cloud_2019", "automation_cloud", "standalone", "releases"]
    assert list(summary["cloud_2019"]) == ["user_key", "client_id", "redirect_uris", "accounts"]
    assert list(summary["cloud_2019"]["accounts"][0]) == ["logical_name", "instances"]
    assert list(summary["automation_cloud"]) == [
        *("organization", "tenant", "personal_access_token", "client_id", "client_secret", "public_client_id"),
        *("redirect_uris", "scopes", "folders"),
    ]
    assert list(summary["standalone"]) == ["tenancy_name", "username", "password", "locked_username"]
    assert summary["cloud_2019"]["redirect_uris"][1] == f"{happy.base_url}/mobile"
    assert list(summary["automation_cloud"]["folders"][0]) == ["id", "key", "path"]
    assert [list(item) for item in summary["releases"][:1]] == [["name", "key", "long_running"]]
    assert {item["long_running"] for item in summary["releases"]} == {True, False}
    assert summary["releases"][0]["long_running"] is False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to a process")
def test_the_process_prints_one_line_and_ends_with_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tui.simulator", "--json", "--scenario", "faulted,slow", "--speed", "50"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        summary = json.loads(process.stdout.readline())
        assert httpx.get(f"{summary['base_url']}/api/status/version").status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


def test_the_process_tells_a_person_what_to_use() -> None:
    command = [sys.executable, "-u", "-m", "tui.simulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Press Ctrl+C"):
            lines.append(process.stdout.readline())
        base_url = lines[0].split(" on ")[1].split()[0]
        wrong = {"grant_type": "client_credentials", "client_id": "nobody"}
        httpx.post(f"{base_url}/identity_/connect/token", data=wrong)
        process.terminate()
        end, _ = process.communicate(timeout=30)
    assert (process.returncode, end) == (
        0,
        "Token calls: client_credentials 1; refused: 1; refresh tokens reused: 0\n",
    )
    text = "".join(lines)
    for word in ("http://127.0.0.1:", "rt_", "harbourbakery", "client secret", "Invoice Intake", "runs until stopped"):
        assert word in text
    for word in ("public client", "/mobile", "offline_access", "simulated-password", "locked.out"):
        assert word in text


def test_the_demos_help_lists_every_scenario() -> None:
    done = subprocess.run([sys.executable, "-m", "tui", "demo", "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for name, line in SCENARIOS.items():
        assert any(row.split(maxsplit=1) == [name, line] for row in done.stdout.splitlines()), name


def test_the_process_says_when_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "tui.simulator", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr.startswith("The simulator cannot listen on")
    assert len(done.stderr.splitlines()) == 1
