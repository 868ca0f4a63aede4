"""The file of remembered starts: what is written is read, whatever else lies there is told and left alone."""

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.flow.start_options import StartOptions
from tui.remembered import CarrierKept, Memory, Preset, PresetKept, Remembered, Started
from tui.store.errors import StoreError
from tui.store.inputs import MOST_BYTES, InputStore

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
BASE = "https://orchestrator.example.test/acme/default"
OPTIONS = StartOptions(strategy="Specific", robot_ids=(3, 5), jobs_count=2, priority="High", runtime_type="Unattended")
START = Started(folder="Finance", release_key="r-1", inputs='{"n":"é\\u202e"}', at=NOW)
PRESET = PresetKept(folder="Finance", release_key="r-1", preset=Preset("Month end", '{"n":1.50}', OPTIONS))


@pytest.fixture
def store(tmp_path: Path) -> InputStore:
    return InputStore(tmp_path / "state")


def test_what_is_remembered_is_read_by_the_next_program(store: InputStore, tmp_path: Path) -> None:
    assert store.recall(BASE) == ()
    store.update(BASE, START.applied)
    memory = store.update(BASE, PRESET.applied)
    again = InputStore(tmp_path / "state")
    assert again.recall(BASE) == memory == (Remembered("Finance", "r-1", NOW, START.inputs, (PRESET.preset,)),)
    assert again.recall("https://elsewhere.example.test") == ()
    if sys.platform != "win32":
        assert store.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("argument", ["in_Note", ""])
def test_the_argument_that_carries_the_mark_is_read_by_the_next_program(store: InputStore, argument: str) -> None:
    store.update(BASE, START.applied)
    store.update(BASE, CarrierKept(folder="Finance", release_key="r-1", argument=argument).applied)
    store.update(BASE, CarrierKept(folder="", release_key="r-2", argument=argument).applied)
    kept = InputStore(store.path.parent).recall(BASE)
    assert [(each.release_key, each.carrier, each.inputs) for each in kept] == [
        ("r-2", argument, ""),
        ("r-1", argument, START.inputs),
    ]
    store.update(BASE, START.applied)
    assert InputStore(store.path.parent).recall(BASE)[0].carrier == argument, "a later start leaves it as it is"


def test_windows_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def keep(number: int) -> None:
        change = Started(folder="", release_key=f"r-{number}", at=NOW)
        InputStore(tmp_path).update(BASE, change.applied)

    windows = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert {each.release_key for each in InputStore(tmp_path).recall(BASE)} == {f"r-{number}" for number in range(8)}


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"\xff\xfe", b'{"version": 2, "instances": {}}', b'{"version": 1, "instances": []}']
)
def test_a_file_that_cannot_be_read_is_told_and_not_overwritten(store: InputStore, content: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    store.path.chmod(0o600)
    for attempt in (lambda: store.recall(BASE), lambda: store.update(BASE, START.applied)):
        with pytest.raises(StoreError, match="inputs of earlier starts can't be read"):
            attempt()
    assert store.path.read_bytes() == content


def test_rows_that_say_nothing_usable_are_passed_over(store: InputStore) -> None:
    good = {"release": "r", "at": NOW.isoformat(), "inputs": "{}", "presets": [1, {"name": 3}, {"name": "x"}]}
    odd = [good, 7, {"release": 1}, {"release": "s", "at": "yesterday"}, {"release": "t", "at": "2026-01-01T00:00:00"}]
    store.path.parent.mkdir()
    store.path.write_text(json.dumps({"version": 1, "instances": {BASE: odd, "b": 5}}))
    store.path.chmod(0o600)
    assert store.recall(BASE) == (Remembered("", "r", NOW, "{}", (Preset("x"),)),)
    assert store.recall("b") == ()


def test_the_file_stays_small_and_the_newest_stay_in_it(store: InputStore) -> None:
    big = "x" * 10_000

    def many(memory: Memory) -> Memory:
        presets = tuple(Preset(f"{number}", big) for number in range(30))
        return (*(Remembered("", f"r-{number}", NOW, big, presets) for number in range(40)), *memory)

    store.update(BASE, many)
    store.update("https://b.example.test", START.applied)
    assert store.path.stat().st_size <= MOST_BYTES
    assert store.recall("https://b.example.test") != ()
    assert store.recall(BASE)[0].release_key == "r-0"
