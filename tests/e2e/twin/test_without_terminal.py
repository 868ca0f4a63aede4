"""Every command where there is no terminal: it ends by itself, in words, with a code; nothing hangs."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.e2e.twin.running import PROGRAM, RUN_SECONDS, isolated, run, several
from tui.errors import EXIT_MEANINGS

SCRIPT = Path(sys.executable).with_name("uipath-tui")


def test_the_session_needs_a_terminal(tmp_path: Path) -> None:
    done = run([], tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "needs a terminal" in done.stderr
    assert "uipath-tui start" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closes its streams the way of POSIX")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_were_closed_before_it_began_are_no_defect(tmp_path: Path, closed: str) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *PROGRAM, "profiles", "list"]
    done = subprocess.run(command, env=isolated(tmp_path), capture_output=True, text=True, timeout=RUN_SECONDS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not SCRIPT.exists(), reason="the console script is not installed here")
def test_the_console_script_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [SCRIPT, "--version"], env=isolated(tmp_path), capture_output=True, text=True, timeout=RUN_SECONDS
    )
    assert (done.returncode, done.stdout.strip()) == (0, f"uipath-tui {version('uipath-tui')}")


DEMOS = {
    "2019": (("--speed", "30"), 0, "Successful"),
    "today": (("--speed", "30", "--deployment", "automation-cloud"), 0, "Successful"),
    "faulted": (("faulted", "--speed", "30"), 10, "Faulted"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], "subprocess.CompletedProcess[str]"]]:
    """Each demo, told once; one of them with every warning an error."""
    folder = tmp_path_factory.mktemp("demos")

    def tell(name: str) -> "subprocess.CompletedProcess[str]":
        home = folder / name
        home.mkdir()
        return run(["demo", *DEMOS[name][0]], home, env={"PYTHONWARNINGS": "error"} if name == "today" else None)

    with several({name: partial(tell, name) for name in DEMOS}) as result:
        yield result


@pytest.mark.parametrize("name", DEMOS)
def test_the_demo_tells_its_story_in_lines(
    told: Callable[[str], "subprocess.CompletedProcess[str]"], name: str
) -> None:
    _arguments, code, says = DEMOS[name]
    done = told(name)
    assert (done.returncode, done.stderr) == (code, ""), "no warning either"
    assert done.stdout.startswith("sign-in")
    assert says in done.stdout.splitlines()[-1]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("arguments", [("no-such-scenario",), ("--speed", "0"), ("--deployment", "standalone")])
def test_a_demo_that_cannot_be_shown_says_why(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(["demo", *arguments], tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "The demo can't be shown" in done.stderr


@pytest.mark.parametrize("command", [(), ("start",), ("demo",), ("simulator",)])
def test_help_is_for_every_command(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run([*command, "--help"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: uipath-tui")


def test_help_lists_every_exit_code(tmp_path: Path) -> None:
    shown = run(["start", "--help"], tmp_path).stdout
    for code, meaning in EXIT_MEANINGS.items():
        assert f"{code.value:>3}  {meaning}" in shown


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "xterm-256color", "NO_COLOR": "1"}])
def test_nobody_is_asked_for_a_token_without_a_terminal(environment: Mapping[str, str], tmp_path: Path) -> None:
    done = run(["start"], tmp_path, env=environment)
    assert done.returncode == 2
    assert "There is no token" in done.stderr


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    """``uipath-tui demo | head -1``: the reader goes away in the middle."""
    with subprocess.Popen(
        [*PROGRAM, "demo", "--speed", "30"],
        env=isolated(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("sign-in")
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(RUN_SECONDS)
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors
