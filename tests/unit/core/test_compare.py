"""Two runs side by side: what differs is marked, what is named like a secret is never shown."""

import json
from typing import Any

import pytest

from tui.api.models import Job
from tui.compare import ABSENT, HIDDEN, Difference, compared, is_secret_name


def run(number: int, inputs: Any = None, outputs: Any = None) -> Job:
    return Job(
        id=number,
        input_arguments="" if inputs is None else json.dumps(inputs),
        output_arguments="" if outputs is None else json.dumps(outputs),
    )


def test_every_argument_of_both_runs_is_there_in_the_later_order() -> None:
    found = compared(run(1, {"a": 1, "gone": True}, {"out": "x"}), run(2, {"new": None, "a": 1}, {"out": "y"}))
    assert found.inputs == (
        Difference("new", ABSENT, "null", changed=True),
        Difference("a", "1", "1", changed=False),
        Difference("gone", "true", ABSENT, changed=True),
    )
    assert found.outputs == (Difference("out", "x", "y", changed=True),)
    assert found.changes == 3
    assert found.summary == "3 values differ"


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        (1, True, True),
        (1, 1.0, True),
        ("1", 1, True),
        (None, "", True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1, 2], [2, 1], True),
        ("", "", False),
    ],
)
def test_values_are_the_same_only_when_the_process_gets_the_same(before: Any, now: Any, changed: bool) -> None:
    (found,) = compared(run(1, {"v": before}), run(2, {"v": now})).inputs
    assert found.changed is changed


@pytest.mark.parametrize(
    "name",
    ["in_Password", "Passwort", "userPwd_pwd", "API_KEY", "apikey", "in_AccessToken", "clientSecret", "db_pin", "OTP"],
)
def test_what_is_named_like_a_secret_stays_hidden(name: str) -> None:
    (found,) = compared(run(1, {name: "swordfish"}), run(2, {name: "marlin"})).inputs
    assert found == Difference(name, HIDDEN, HIDDEN, changed=True)
    nested = compared(run(1, {"v": {"deep": [{name: "swordfish"}]}}), run(2, {"v": {"deep": [{name: "marlin"}]}}))
    assert "swordfish" not in repr(nested.inputs)
    assert "marlin" not in repr(nested.inputs)
    assert nested.changes == 1


@pytest.mark.parametrize("name", ["in_Month", "shipping", "Opinion", "Author", "spinner"])
def test_other_names_are_not(name: str) -> None:
    assert not is_secret_name(name)


def test_server_text_is_made_harmless_and_short() -> None:
    (found,) = compared(run(1), run(2, {"\x1b[31mred": "\x1b]0;owned\x07" + "x" * 9000})).inputs
    assert "\x1b" not in found.name + found.now
    assert len(found.now) < 3000


def test_nothing_to_compare() -> None:
    assert compared(run(1), run(2, {}, {})).summary == "nothing differs"


def test_what_is_no_object_is_compared_as_it_is() -> None:
    before, now = Job(id=1, output_arguments="plain"), Job(id=2, output_arguments="other")
    assert compared(before, now).outputs == (Difference("", "plain", "other", changed=True),)
