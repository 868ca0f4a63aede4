"""The list of jobs in a real terminal: from a finished job to the list, to an earlier job, and to its comparison."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.e2e.terminal.terminal import terminal, to_the_job

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

HERE = "• "


def test_an_earlier_job_is_watched_from_the_list_and_compared(tmp_path: Path) -> None:
    with terminal("demo", "--speed", "20", home=tmp_path, columns=80, rows=24) as shown:
        to_the_job(shown)
        shown.wait("SUCCESSFUL")
        shown.press("f7")
        shown.wait(f"› {HERE}1")
        assert "Invoice Intake" in shown.text
        shown.wait(lambda text: "f1 Help ^q Quit" in text.splitlines()[-1])
        shown.press("up", "enter")
        shown.wait("final, read at")
        shown.press("d")
        shown.wait("Compared with the run before")
        shown.press("escape")
        shown.wait(lambda text: "Compared" not in text)
        shown.press("ctrl+q")
        assert shown.ended() == 0
        shown.assert_restored()
