"""The full-screen program in a real terminal: driven by keyboard to the end, and the terminal given back as it was."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.terminal.terminal import Terminal, from_accounts_to_the_job, terminal, to_the_job, to_the_start_form
from tui.simulator.server import SimulatorServer

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

SIZES = [(120, 36), (80, 24), (60, 15)]
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Open the demo; it is closed when the test ends."""
    opened: list[Terminal] = []

    def open_demo(*arguments: str, columns: int = 100, rows: int = 30) -> Terminal:
        opened.append(Terminal(("demo", "--speed", "20", *arguments), tmp_path, columns=columns, rows=rows))
        return opened[-1]

    yield open_demo
    for each in opened:
        each.close()


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_job_is_started_and_followed_by_keyboard(demo: Callable[..., Terminal], columns: int, rows: int) -> None:
    shown = demo(columns=columns, rows=rows)
    to_the_job(shown)
    shown.wait("SUCCESSFUL")
    assert all(len(line) == columns for line in shown.screen.display)
    shown.press("ctrl+q")
    assert shown.ended() == 0
    shown.assert_restored()
    summary = shown.left_behind().strip().splitlines()
    assert len(summary) == 2
    for line in summary:
        assert line.startswith("end       Invoice Intake · job ")
        assert "· Successful after" in line


def test_at_the_speed_of_the_manual(demo: Callable[..., Terminal]) -> None:
    """``uipath-tui demo --speed 5`` on today's cloud: the folder is asked for, and every state is shown."""
    shown = demo("--speed", "5", "--deployment", "automation-cloud")
    shown.wait("is filled in")
    shown.press("enter")
    shown.wait("Organization")
    assert "Traceback" not in shown.text


def test_leaving_at_once_leaves_nothing(demo: Callable[..., Terminal]) -> None:
    shown = demo()
    shown.wait("is filled in")
    assert shown.modes()["1049"] is True
    shown.press("ctrl+q")
    assert shown.ended() == 0
    shown.assert_restored()
    assert shown.left_behind().strip() == ""


def test_a_faulted_job_is_the_exit_code(demo: Callable[..., Terminal]) -> None:
    shown = demo("faulted")
    to_the_job(shown)
    shown.wait("FAULTED")
    shown.press("ctrl+q")
    assert shown.ended() == 10
    shown.assert_restored()
    assert "· Faulted" in shown.left_behind()


def test_leaving_a_running_job_asks_and_says_that_it_goes_on(demo: Callable[..., Terminal]) -> None:
    shown = demo("pending")
    to_the_job(shown)
    shown.wait("PENDING")
    shown.press("ctrl+q")
    shown.wait("will go on without this program")
    shown.press("escape")
    shown.wait(lambda text: "will go on without" not in text and "Enter leaves" not in text)
    shown.press("ctrl+q")
    shown.wait("Enter leaves")
    shown.press("enter")
    assert shown.ended() == 12
    shown.assert_restored()
    assert "· Pending" in shown.left_behind()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_and_restores_the_terminal(demo: Callable[..., Terminal], number: signal.Signals) -> None:
    shown = demo()
    shown.wait("is filled in")
    shown.kill(number)
    assert shown.ended() == 128 + number
    shown.assert_restored()
    assert "Traceback" not in shown.left_behind()


def test_a_signal_while_watching_restores_the_terminal(demo: Callable[..., Terminal]) -> None:
    shown = demo("pending")
    to_the_job(shown)
    shown.wait("PENDING")
    shown.kill(signal.SIGTERM)
    assert shown.ended() == 128 + signal.SIGTERM
    shown.assert_restored()


def test_a_closed_window_ends_the_program(demo: Callable[..., Terminal]) -> None:
    shown = demo()
    shown.wait("is filled in")
    pid = shown.pid
    shown.hang_up()
    assert _gone(pid)


def test_being_continued_while_the_window_closes_keeps_nothing_waiting(demo: Callable[..., Terminal]) -> None:
    shown = demo()
    shown.wait("is filled in")
    pid = shown.pid
    for _ in range(3):
        shown.kill(signal.SIGCONT)
        shown.read(0.1)
    shown.press(*"typed into the token's field")
    shown.hang_up()
    for _ in range(20):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    assert _gone(pid)


def _gone(pid: int) -> bool:
    """Wait for our child's end."""
    for _ in range(200):
        found, _status = os.waitpid(pid, os.WNOHANG)
        if found == pid:
            return True
        signal.sigtimedwait([signal.SIGCHLD], 0.05)
    return False


def test_a_terminal_too_small_asks_for_room_and_goes_on(demo: Callable[..., Terminal]) -> None:
    shown = demo()
    shown.wait("is filled in")
    shown.resize(30, 8)
    shown.wait(lambda text: "filled in" not in text and bool(text.strip()))
    for columns, rows in ((200, 50), (41, 11), (8, 3), (100, 30)):
        shown.resize(columns, rows)
    to_the_job(shown)
    shown.wait("SUCCESSFUL")
    shown.press("ctrl+q")
    assert shown.ended() == 0
    shown.assert_restored()


@pytest.fixture
def signed_in(tmp_path: Path) -> Iterator[tuple[Terminal, SimulatorServer]]:
    """A session with a server of ours, whose jobs never leave the queue."""
    with SimulatorServer(("pending",)) as server:
        place = ("--deployment", "cloud-2019", "--base-url", server.base_url)
        with terminal(*place, home=tmp_path, columns=100, rows=30) as shown:
            shown.wait("stays hidden")
            shown.press(f"\x1b[200~{server.summary['cloud_2019']['user_key']}\x1b[201~")
            shown.wait("A user key")
            shown.press("enter")
            yield shown, server


def test_keys_pressed_twice_start_once(signed_in: tuple[Terminal, SimulatorServer]) -> None:
    shown, server = signed_in
    from_accounts_to_the_job(shown)
    shown.press("enter", "enter", "enter", "f5", "enter")
    shown.wait("PENDING")
    shown.press("f5", "ctrl+q")
    shown.wait("Enter leaves")
    shown.press("enter")
    assert shown.ended() == 12
    assert server.world.started_count == 1
    assert sum(request.path.endswith("StartJobs") for request in server.journal) == 1


def test_keys_typed_ahead_do_not_confirm_the_start(signed_in: tuple[Terminal, SimulatorServer]) -> None:
    shown, server = signed_in
    to_the_start_form(shown)
    shown.press("\r\r\x1b[15~\r\r\r")
    shown.wait("starts it, once")
    shown.press("escape")
    shown.wait(lambda text: "starts it, once" not in text)
    assert server.world.started_count == 0


def test_a_key_typed_ahead_does_not_answer_the_question_before_leaving(
    signed_in: tuple[Terminal, SimulatorServer],
) -> None:
    shown, _server = signed_in
    from_accounts_to_the_job(shown)
    shown.wait("PENDING")
    shown.press("\r\x11")
    shown.wait("Enter leaves", 5)


@pytest.mark.parametrize("terminal_type", ["dumb", ""])
def test_a_terminal_that_cannot_draw_is_refused(terminal_type: str, tmp_path: Path) -> None:
    with terminal(home=tmp_path, env={"TERM": terminal_type}) as shown:
        assert shown.ended(10) == 2
        assert "needs a terminal" in bytes(shown.stream).decode()
        assert b"\x1b" not in shown.stream


@pytest.mark.parametrize("variable", ["TEXTUAL_SCREENSHOT", "TEXTUAL_PRESS", "TEXTUAL_LOG", "TEXTUAL_DEBUG"])
def test_the_toolkits_own_variables_do_nothing(variable: str, tmp_path: Path) -> None:
    value = {"TEXTUAL_SCREENSHOT": "1", "TEXTUAL_PRESS": "ctrl+q"}.get(variable, str(tmp_path / "keys.log"))
    with terminal("demo", home=tmp_path, env={variable: value}) as shown:
        shown.wait("is filled in")
        shown.press("x")
        shown.wait("is filled in")
        shown.press("ctrl+q")
        shown.ended()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
