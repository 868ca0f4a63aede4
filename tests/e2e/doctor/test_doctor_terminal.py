"""What ``doctor`` looks like in a terminal of 80 columns: nothing wider, and a word about what takes long."""

import sys

import pytest

from tests.e2e.doctor.patients import NO_KEY_STORE, keep, personal_token, today
from tests.e2e.twin.running import PROGRAM, RUN_SECONDS, isolated
from tui.simulator.server import SimulatorServer

if sys.platform == "win32":
    pytest.skip("a terminal of POSIX", allow_module_level=True)

import pexpect
import pyte

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

COLUMNS, ROWS = 80, 60
NAME_WIDTH = 17


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """Everything that was sent to the terminal, and the lines it shows in the end."""
    home = tmp_path_factory.mktemp("terminal")
    with SimulatorServer(("slow", "no-monitoring"), speed=2) as server:
        keep(home, today(server.summary), personal_token(server.summary))
        child = pexpect.spawn(
            PROGRAM[0],
            [*PROGRAM[1:], "doctor"],
            env={**isolated(home), **NO_KEY_STORE, "TERM": "xterm"},
            cwd=str(home),
            dimensions=(ROWS, COLUMNS),
            timeout=RUN_SECONDS,
        )
        sent = child.read()
        child.close()
    assert child.exitstatus == 0
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(screen).feed(sent)
    return sent.decode(), [line.rstrip() for line in screen.display]


def test_a_slow_check_says_what_it_is_doing_and_leaves_no_trace(shown: tuple[str, list[str]]) -> None:
    sent, lines = shown
    assert "Reaching the server …" in sent
    assert "Signing in …" in sent
    assert not any("…" in line and "…e9a8" not in line for line in lines)


def test_words_are_broken_into_an_aligned_column(shown: tuple[str, list[str]]) -> None:
    _, lines = shown
    *body, last = [line for line in lines if line]
    assert last == "3 warnings. 1 check was skipped."
    for line in body:
        head, gap = line[: 5 + NAME_WIDTH], line[5 + NAME_WIDTH : 6 + NAME_WIDTH]
        assert gap in ("", " ")
        assert not head.strip() or line.startswith(("OK  ", "WARN", "SKIP"))
    nexts = [line.strip() for line in body if line.strip().startswith("Next: ")]
    assert len(nexts) == 3


def test_there_is_no_colour(shown: tuple[str, list[str]]) -> None:
    assert "\x1b" not in shown[0]


def test_no_line_was_wrapped_by_the_terminal(shown: tuple[str, list[str]]) -> None:
    written = [line.rpartition("\r")[2] for line in shown[0].replace("\r\n", "\n").split("\n")]
    assert not [line for line in written if len(line) > COLUMNS - 1]
