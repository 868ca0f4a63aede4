"""Scenario names, the command's arguments, and how little importing them loads."""

import argparse
import subprocess
import sys

import pytest

from tui.simulator.command import add_arguments
from tui.simulator.scenarios import SCENARIOS, parse_scenarios
from tui.simulator.world import World


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("happy", ("happy",)),
        ("throttled,faulted", ("throttled", "faulted")),
        (" Faulted , ,throttled,faulted", ("faulted", "throttled")),
        ("", ("happy",)),
    ],
)
def test_parsing(text: str, expected: tuple[str, ...]) -> None:
    assert parse_scenarios(text) == expected


def test_a_near_miss_is_named() -> None:
    with pytest.raises(ValueError, match=r"no scenario `throtled`. Did you mean `throttled`\?"):
        parse_scenarios("happy,throtled")


def test_a_far_miss_lists_everything() -> None:
    with pytest.raises(ValueError, match="Choose from: happy, faulted"):
        parse_scenarios("zzzzzz")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="simulator")
    add_arguments(made)
    return made


def test_help_lists_every_scenario() -> None:
    text = parser().format_help()
    for name, line in SCENARIOS.items():
        assert name in text
        assert line in text


def test_defaults() -> None:
    args = parser().parse_args([])
    assert (args.port, args.scenario, args.speed, args.json) == (0, ("happy",), 1.0, False)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scenario", "hapy"], "Did you mean `happy`"),
        (["--port", "70000"], "is not a port"),
        (["--port", "x"], "is not a port"),
        (["--speed", "0"], "is not a speed"),
        (["--speed", "nan"], "is not a speed"),
        (["--speed", "fast"], "is not a speed"),
    ],
)
def test_wrong_arguments_end_with_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(arguments)
    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_arguments_load_no_server() -> None:
    code = (
        "import sys, tui.simulator, tui.simulator.command, tui.simulator.scenarios;"
        "print([name for name in ('starlette', 'uvicorn', 'odata_query', 'httpx', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_server_loads_nothing_of_the_client() -> None:
    code = (
        "import sys, tui.simulator.server;"
        "print([n for n in sys.modules if n in ('httpx', 'textual', 'rich', 'pydantic')"
        " or n.startswith('tui.') and not n.startswith('tui.simulator')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_world_wants_a_speed() -> None:
    with pytest.raises(ValueError, match="above 0"):
        World(speed=0)
