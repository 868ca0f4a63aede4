"""What a real terminal is told beside the screen: the window's title, progress (OSC 9;4), and that news are stale."""

import re
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.terminal.terminal import Terminal, terminal, to_the_job

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

_TITLE, _PROGRESS = re.compile(rb"\x1b\]0;(.*?)\x07"), re.compile(rb"\x1b\]9;4;(\d;\d+)\x07")
KEPT, RESTORED = b"\x1b[22;0t", b"\x1b[23;0t"
NONE, WAITING, BUSY, GOOD = "0;0", "4;50", "3;0", "1;100"


def told(shown: Terminal, pattern: "re.Pattern[bytes]") -> list[str]:
    """Return what the terminal was told, in order, repetitions left out."""
    found = [each.decode() for each in pattern.findall(bytes(shown.stream))]
    return [each for number, each in enumerate(found) if not number or each != found[number - 1]]


def test_title_and_progress_follow_the_jobs_and_end_with_the_program(tmp_path: Path) -> None:
    switched_on = {"UIPATH_TUI_ANNOUNCE_PROGRESS": "on"}
    with terminal("demo", "--speed", "3", home=tmp_path, columns=100, rows=30, env=switched_on) as shown:
        to_the_job(shown)
        shown.wait_for_bytes(b"2/2 ended")
        shown.press("ctrl+q")
        assert shown.ended() == 0
    titles, progress = told(shown, _TITLE), told(shown, _PROGRESS)
    assert titles[0] == "uipath-tui"
    assert set(titles[1:]) <= {f"{number}/2 ended · uipath-tui" for number in range(3)}
    assert (titles[1][:3], titles[-1][:3]) == ("0/2", "2/2")
    assert progress == [WAITING, BUSY, GOOD, NONE]
    assert len(_PROGRESS.findall(bytes(shown.stream))) == 4, "told once each"
    sent = bytes(shown.stream)
    assert (sent.count(KEPT), sent.count(RESTORED)) == (1, 1)
    assert sent.index(KEPT) < sent.index(b"\x1b]0;")
    assert sent.rindex(RESTORED) > sent.rindex(b"\x1b]0;"), "the window has its own title again"


@pytest.mark.full
def test_a_look_without_an_answer_is_marked_until_one_comes(tmp_path: Path) -> None:
    with terminal("demo", "pending,outage", home=tmp_path, columns=100, rows=30) as shown:
        to_the_job(shown)
        shown.wait("PENDING")
        shown.wait(" STALE  checked ", 60)
        assert "PENDING" in shown.text, "what was known last stays"
        shown.wait(lambda text: "STALE" not in text and "PENDING" in text, 60)
        assert told(shown, _PROGRESS) == [], "a terminal that is not known to show progress is told nothing"
