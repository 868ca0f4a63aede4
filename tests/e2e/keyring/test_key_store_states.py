"""The key store in each state it can be in: it keeps what it is given, or says why not, soon and in words."""

from __future__ import annotations

import json
import signal

import pytest

from tests.e2e.keyring.conftest import Desktop
from tui.store.keystore import LIMIT

LONG = 64 * 1024
NAME = "prod-0123456789abcdef"
SECRET = "fake-secret-that-must-not-be-on-disk"
PROMPT = 8.0
"""Seconds in which a refusal must be told: fewer than the limit of a call."""


def test_unlocked_it_keeps_values_between_processes_and_restarts(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    kept = desktop.ask(["probe"], ["set", "a", SECRET, 1], ["set", "b", "x", LONG], ["delete", "nothing"])
    assert [told.error for told in kept] == [None] * 4
    assert kept[0].result == {"usable": True, "name": "Secret Service", "why": "", "problem": None}
    found = desktop.ask(["get", "a"], ["get", "b"], ["get", "c"], ["raw", "b"])
    assert [told.result for told in found] == [SECRET, "x" * LONG, None, "x" * LONG]
    assert desktop.keyring
    desktop.stop(desktop.keyring)
    desktop.unlock()
    after = desktop.ask(["get", "a"], ["set", "a", "other", 1], ["get", "a"], ["delete", "a"], ["get", "a"])
    assert [told.result for told in after] == [SECRET, None, "other", None, None]
    assert not [path for path in desktop.files() if SECRET.encode() in path.read_bytes()]


def test_a_sign_in_is_kept_between_processes(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    saved, again = desktop.ask(["sign_in", "save", NAME])[0], desktop.ask(["sign_in", "load", NAME])[0]
    for told in (saved, again):
        assert told.result == {"same": True, "where": "in the OS key store (Secret Service)"}
    assert desktop.ask(["sign_in", "forget", NAME])[0].result["same"] is False
    assert not [path for path in desktop.files() if b"fake-refresh" in path.read_bytes()]


@pytest.mark.parametrize("activation", [False, True], ids=["plain bus", "bus that starts services"])
def test_locked_it_says_so_at_once(desktop: Desktop, activation: bool) -> None:
    desktop.start_bus(activation=activation)
    desktop.unlock()
    assert desktop.ask(["set", "a", SECRET, 1])[0].error is None
    assert desktop.keyring
    desktop.stop(desktop.keyring)
    desktop.unlock("not-the-password")
    probed, got, kept = desktop.ask(["probe"], ["get", "a"], ["set", "a", "other", 1])
    assert probed.result["problem"] == got.problem == kept.problem == "LOCKED"
    assert "Secret Service is locked. Unlock it" in probed.result["why"]
    assert max(told.seconds for told in (probed, got, kept)) < PROMPT


def test_a_daemon_that_died_is_named(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    assert desktop.keyring
    desktop.stop(desktop.keyring)
    # Told to use this very store, keyring does not look for another one.
    told = desktop.ask(["get", "a"], ["probe"], PYTHON_KEYRING_BACKEND="keyring.backends.SecretService.Keyring")
    assert told[0].problem == "ABSENT"
    assert told[1].result["usable"] is False
    assert max(each.seconds for each in told) < PROMPT


def test_a_daemon_that_dies_between_two_calls_is_named(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    assert desktop.keyring
    before, _, after = desktop.ask(
        ["set", "a", SECRET, 1], ["kill", desktop.keyring.pid, signal.SIGKILL], ["get", "a"], limit=5
    )
    assert before.error is None
    assert after.problem == "ABSENT"
    assert "no key store can be reached" in (after.error or "")


def test_a_daemon_that_hangs_is_given_up_once_and_holds_up_nobody(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    assert desktop.keyring
    stop, go_on = (["kill", desktop.keyring.pid, number] for number in (signal.SIGSTOP, signal.SIGCONT))
    limit = 2.0
    _, _, _, hung, *told = desktop.ask(
        *(["set", "a", SECRET, 1], ["limited", limit], stop, ["get", "a"]),
        *(["get", "a"], ["set", "a", "other", 1], ["probe"], ["threads"]),
        *(go_on, ["idle"], ["limited", 20.0], ["get", "a"], ["idle"], ["threads"]),
        *(["limited", limit], stop, ["get", "a"]),
    )
    assert hung.problem == "HUNG"
    assert "did not answer within 2 s" in (hung.error or "")
    assert limit <= hung.seconds < limit + 3
    assert [each.problem for each in told[:2]] == ["HUNG", "HUNG"]
    assert told[2].result["problem"] == "HUNG"
    assert max(each.seconds for each in told[:3]) < 0.5
    assert told[3].result == 1
    assert (told[7].result, told[9].result) == (SECRET, 0)
    assert told[12].problem == "HUNG"
    # It ends although a call is still out.
    assert desktop.took < hung.seconds + sum(each.seconds for each in told) + PROMPT


def test_a_daemon_that_hangs_from_the_start_is_given_up(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    assert desktop.keyring
    desktop.keyring.send_signal(signal.SIGSTOP)
    told = desktop.ask(["probe"], ["get", "a"], limit=2.0)
    assert told[0].result["problem"] == told[1].problem == "HUNG"
    assert desktop.took < 2 + PROMPT


def test_a_call_whose_caller_went_away_is_waited_for(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    assert desktop.keyring
    stop = ["kill", desktop.keyring.pid, signal.SIGSTOP]
    _, _, cancelled, *told = desktop.ask(
        *(["set", "a", SECRET, 1], ["limited", 2.0], ["cancelled", "a", 0.0], ["get", "a"]),
        *(stop, ["cancelled", "a", 0.1], ["get", "a"], ["get", "a"], ["threads"]),
    )
    assert cancelled.result is told[2].result is True
    assert told[0].result == SECRET
    assert told[3].problem == told[4].problem == "HUNG"
    assert told[3].seconds >= 1.8
    assert told[4].seconds < 0.5
    assert told[5].result == 1


def test_the_limit_of_a_call_is_ten_seconds() -> None:
    assert LIMIT == 10


def test_without_a_bus_there_is_none(desktop: Desktop) -> None:
    told = desktop.ask(["probe"], ["set", "a", SECRET, 1])
    assert told[0].result["usable"] is False
    assert told[0].result["why"]
    assert told[1].problem in ("ABSENT", "REFUSED")
    assert not [path for path in desktop.files() if path.stat().st_size]


CHAIN = "keyring.backends.chainer.ChainerBackend"
PLAIN = "keyrings.alt.file.PlaintextKeyring"


@pytest.mark.parametrize(
    ("backend", "bus", "problem"),
    [
        ("keyring.backends.null.Keyring", True, "REFUSED"),
        ("keyring.backends.fail.Keyring", True, "REFUSED"),
        (PLAIN, True, "REFUSED"),
        (PLAIN, False, "REFUSED"),
        # A chain is as good as its best member, which is then used alone.
        (CHAIN, True, None),
        (CHAIN, False, "REFUSED"),
        ("nowhere.to.be.Found", False, "ABSENT"),
        ("keyring.backends.SecretService.Missing", False, "ABSENT"),
        ("nonsense", False, "ABSENT"),
    ],
)
def test_what_protects_nothing_is_refused(desktop: Desktop, backend: str, bus: bool, problem: str | None) -> None:
    if bus:
        desktop.start_bus()
        desktop.unlock()
    told = desktop.ask(["probe"], ["set", "a", SECRET, 1], ["get", "a"], PYTHON_KEYRING_BACKEND=backend)
    assert [told[0].result["problem"], told[1].problem, told[2].problem] == [problem] * 3
    if problem == "ABSENT":
        assert "PYTHON_KEYRING_BACKEND" in told[0].result["why"]
    assert not [path for path in desktop.files() if path.suffix == ".cfg" or SECRET.encode() in path.read_bytes()]


def test_a_choice_in_keyrings_own_file_is_refused_too(desktop: Desktop) -> None:
    desktop.start_bus()
    desktop.unlock()
    folder = desktop.home / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n")
    told = desktop.ask(["set", "a", SECRET, 1])
    assert told[0].problem == "REFUSED"
    assert "keyrings.alt.file.PlaintextKeyring" in (told[0].error or "")
    assert not [path for path in desktop.files() if path.name == "keyring_pass.cfg"]


def head_of(desktop: Desktop, name: str) -> tuple[str, dict[str, object]]:
    text = desktop.ask(["raw", name])[0].result
    mark, _, head = text.rpartition(" {")
    return mark, json.loads("{" + head)


def test_a_long_value_lives_in_parts_that_follow_its_changes(desktop: Desktop) -> None:
    """The parts of Windows, which takes 2,560 bytes an entry, in a store that can be looked into."""
    desktop.start_bus()
    desktop.unlock()
    told = desktop.ask(["set", "a", "x", 5_000], ["get", "a"], part=1_200)
    assert told[1].result == "x" * 5_000
    mark, head = head_of(desktop, "a")
    assert head["count"] == 5
    first = [f"a/{head['generation']}/{number}" for number in range(5)]
    parts = desktop.ask(*(["raw", name] for name in first))
    assert [len(part.result) for part in parts] == [1_200] * 4 + [200]
    told = desktop.ask(["set", "a", "y", 2_500], ["get", "a"], *(["raw", name] for name in first), part=1_200)
    assert [each.result for each in told[1:]] == ["y" * 2_500, *[None] * 5]
    told = desktop.ask(["set", "a", "short", 1], ["get", "a"], ["raw", "a"], part=1_200)
    assert [each.result for each in told[1:]] == ["short", "short"]
    # A value that looks like a head is not taken for one.
    told = desktop.ask(["set", "a", f"{mark} {{}}", 1], ["get", "a"], part=1_200)
    assert told[1].result == f"{mark} {{}}"
    mark, head = head_of(desktop, "a")
    told = desktop.ask(["delete", "a"], ["get", "a"], ["raw", f"a/{head['generation']}/0"])
    assert [each.result for each in told] == [None, None, None]


@pytest.mark.parametrize("harm", ["missing", "changed", "digest", "not JSON", "no table", "count", "generation"])
def test_a_damaged_value_is_named_and_can_be_replaced(damaging: Desktop, harm: str) -> None:
    kept, harming = ["set", NAME, "x", 3_000], ["harm", NAME, harm]
    told = damaging.ask(
        *(kept, harming, ["get", NAME], ["sign_in", "load", NAME]),
        *(["set", NAME, "z", 3_000], ["get", NAME], ["delete", NAME], ["get", NAME]),
        *(kept, harming, ["delete", NAME], ["get", NAME]),
        part=1_200,
    )
    for each in told[2:4]:
        assert each.problem == "DAMAGED"
        assert each.error == (
            "Secret Service can't be used: the sign-in kept in Secret Service is damaged: "
            "parts of it are missing or changed. Sign in again."
        )
    assert [each.result for each in told[4:8]] == [None, "z" * 3_000, None, None]
    assert [each.error for each in told[8:]] == [None] * 4
    assert told[11].result is None
