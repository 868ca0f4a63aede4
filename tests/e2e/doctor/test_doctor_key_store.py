"""``doctor`` and a secret in the operating system's key store: while it is open, and when it is gone."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.doctor.patients import CREDENTIAL, Examined, application, keep, profiles_file, today
from tests.e2e.keyring.conftest import made
from tests.e2e.twin.running import PROGRAM, RUN_SECONDS, isolated
from tui.simulator.server import SimulatorServer

ROOT = Path(__file__).parents[3]
MOVE = f"""
import asyncio
from tui.keeping import Keeping
from tui.store.credentials import CredentialStore

async def move():
    store = CredentialStore()
    await store.save({CREDENTIAL!r}, Keeping.KEY_STORE, await store.load({CREDENTIAL!r}, Keeping.FILE))
    await store.forget({CREDENTIAL!r}, Keeping.FILE)

asyncio.run(move())
"""


@dataclass(frozen=True)
class Both:
    """The same profile with its key store open, and gone."""

    opened: Examined
    gone: Examined


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with made() as desktop, SimulatorServer() as server:
        desktop.start_bus()
        desktop.unlock()
        environment = {**isolated(desktop.home), **desktop.environment}
        keep(desktop.home, today(server.summary), application(server.summary))
        subprocess.run([sys.executable, "-c", MOVE], env=environment, cwd=ROOT, check=True, timeout=RUN_SECONDS)
        file = profiles_file(desktop.home)
        file.write_text(file.read_text(encoding="utf-8").replace('"file"', '"key-store"'), encoding="utf-8")

        def run() -> Examined:
            done = subprocess.run(
                [*PROGRAM, "doctor", "--json"],
                env=environment,
                cwd=desktop.home,
                capture_output=True,
                text=True,
                timeout=RUN_SECONDS,
            )
            return Examined(done.returncode, done.stdout, done.stderr)

        opened = run()
        assert desktop.keyring is not None
        desktop.stop(desktop.keyring)
        yield Both(opened, run())


def test_with_its_key_store_nothing_is_wrong(both: Both) -> None:
    done = both.opened
    assert (done.code, done.err) == (0, "")
    assert {check["status"] for check in done.answer["checks"]} == {"OK"}
    assert done.checks["key store"]["store"] == "Secret Service"
    assert "in the OS key store (Secret Service)" in done.checks["sign-in"]["finding"]


def test_without_it_the_sign_in_is_out_of_reach(both: Both) -> None:
    done = both.gone
    assert (done.code, done.err) == (3, "")
    assert done.statuses("key store", "sign-in", "instance") == ["FAIL", "FAIL", "SKIP"]
    assert done.checks["sign-in"]["next_step"] == done.checks["key store"]["next_step"].rstrip(".")
