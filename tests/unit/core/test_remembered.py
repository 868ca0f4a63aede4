"""What is remembered of starts: changes, limits, and what is never remembered."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tui.flow.start_options import StartOptions
from tui.remembered import (
    MOST_PRESETS,
    MOST_RELEASES,
    Memory,
    Preset,
    PresetDropped,
    PresetKept,
    Remembered,
    Started,
    StartedUnseen,
    of_release,
    without_secrets,
)

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
TYPES = (("in_Key", "System.Security.SecureString"), ("in_Who", "System.Management.Automation.PSCredential"))


def started(key: str, inputs: str = "", minutes: int = 0, folder: str = "f") -> Started:
    return Started(folder=folder, release_key=key, inputs=inputs, at=NOW + timedelta(minutes=minutes))


def test_a_start_replaces_the_last_one_of_its_release_and_comes_first() -> None:
    memory: Memory = ()
    for change in (started("a", "1"), started("b", "2"), started("a", "3", 1), started("a", "4", folder="other")):
        memory = change.applied(memory)
    assert [(each.folder, each.release_key, each.inputs) for each in memory] == [
        ("other", "a", "4"),
        ("f", "a", "3"),
        ("f", "b", "2"),
    ]


def test_presets_are_kept_by_name_whatever_their_case_and_outlive_starts() -> None:
    options = StartOptions(jobs_count=3)
    memory = PresetKept(folder="f", release_key="a", preset=Preset("Month", "1")).applied(())
    memory = PresetKept(folder="f", release_key="a", preset=Preset("month", "2", options)).applied(memory)
    memory = started("a").applied(memory)
    known = of_release(memory, "f", "a")
    assert known.presets == (Preset("month", "2", options),)
    assert known.preset(" MONTH ") == Preset("month", "2", options)
    memory = PresetDropped(folder="f", release_key="a", name="month").applied(memory)
    assert of_release(memory, "f", "a") == Remembered("f", "a", NOW)


def test_what_has_neither_start_nor_preset_is_not_remembered() -> None:
    memory = PresetKept(folder="f", release_key="a", preset=Preset("x")).applied(())
    assert PresetDropped(folder="f", release_key="a", name="x").applied(memory) == ()


def test_the_oldest_give_way_those_with_presets_last() -> None:
    memory = PresetKept(folder="f", release_key="named", preset=Preset("x")).applied(())
    for number in range(MOST_RELEASES + 5):
        memory = started(str(number), minutes=number).applied(memory)
    assert len(memory) == MOST_RELEASES
    assert memory[0].release_key == str(MOST_RELEASES + 4)
    assert memory[-1].release_key == "named"


def test_presets_of_one_release_are_limited_and_the_newest_is_among_them() -> None:
    memory: Memory = ()
    for number in range(MOST_PRESETS + 5):
        memory = PresetKept(folder="f", release_key="a", preset=Preset(f"{number:03}")).applied(memory)
    known = of_release(memory, "f", "a")
    assert len(known.presets) == MOST_PRESETS
    assert known.preset(f"{MOST_PRESETS + 4:03}") is not None


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ("", ""),
        ("[1]", ""),
        ("{", ""),
        ("[" * 100_000, ""),
        ('{"a": 1.50}', '{"a": 1.50}'),
        ('{"in_ApiKey": "x", "n": "é"}', '{"n":"é"}'),
        ('{"in_Key": "x"}', ""),
        ('{"in_Who": {"u": 1}, "n": null}', '{"n":null}'),
        ('{"in_Config": {"Url": "u", "Password": "p"}}', '{"in_Config":{"Url":"u"}}'),
        ('{"in_Rows": [{"token": "t", "n": 1}]}', '{"in_Rows":[{"n":1}]}'),
    ],
)
def test_inputs_are_remembered_without_secrets(inputs: str, expected: str) -> None:
    assert without_secrets(inputs, TYPES) == expected


def test_values_that_stay_are_equal() -> None:
    text = '{"a":[1,2.5,null,true,"x"],"b":{"c":"d"}}'
    assert json.loads(without_secrets(text)) == json.loads(text)


def test_a_start_that_came_through_late_is_recent_and_takes_nobodys_inputs() -> None:
    late = StartedUnseen(folder="f", release_key="a", at=NOW)
    assert of_release(late.applied(()), "f", "a") == Remembered("f", "a", NOW)
    newer = started("a", "kept", 5).applied(())
    assert late.applied(newer) == newer
    older = started("a", "kept", -5).applied(())
    assert of_release(late.applied(older), "f", "a") == Remembered("f", "a", NOW, "kept")
