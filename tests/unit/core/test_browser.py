"""Opening the person's browser: a real program plays it, and it gets neither our terminal nor our patience."""

import os
import sys
import time
from pathlib import Path

import pytest

from tui.system.browser import PATIENCE, has_screen, open_browser

posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script plays the browser")
ADDRESS = "https://account.example.test/authorize?state=made-up&scope=openid+profile"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, False),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, False),
        ({}, sys.platform in ("win32", "darwin")),
    ],
)
def test_a_screen_is_expected_where_there_is_one(environment: dict[str, str], expected: bool) -> None:
    if sys.platform in ("win32", "darwin") and "SSH_CONNECTION" not in environment and "SSH_TTY" not in environment:
        expected = True
    assert has_screen(environment) is expected


def playing(folder: Path, script: str, name: str = "browser") -> dict[str, str]:
    """Return an environment whose browser is a shell script."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "DISPLAY": ":77", "BROWSER": f"{program} %s"}


@posix
async def test_the_browser_is_given_the_address(tmp_path: Path) -> None:
    environment = playing(tmp_path, f'printf %s "$1" > "{tmp_path}/opened"')
    assert await open_browser(ADDRESS, environment)
    assert (tmp_path / "opened").read_text() == ADDRESS


@posix
async def test_a_browser_that_writes_and_stays_neither_draws_nor_holds_up(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = playing(tmp_path, f'echo noise; echo noise >&2; touch "{tmp_path}/started"; sleep 3')
    began = time.monotonic()
    assert await open_browser(ADDRESS, environment)
    assert time.monotonic() - began < PATIENCE + 1
    assert (tmp_path / "started").exists()
    assert capfd.readouterr() == ("", "")


@posix
async def test_a_browser_that_fails_was_not_asked(tmp_path: Path) -> None:
    assert not await open_browser(ADDRESS, playing(tmp_path, "exit 3"))


@posix
async def test_a_browser_of_the_terminal_is_not_asked(tmp_path: Path) -> None:
    environment = playing(tmp_path, f'touch "{tmp_path}/started"', "w3m")
    assert not await open_browser(ADDRESS, environment)
    assert not (tmp_path / "started").exists()


async def test_nothing_is_opened_where_there_is_no_screen() -> None:
    assert not await open_browser(ADDRESS, {"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"})
