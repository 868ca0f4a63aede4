"""The guard in a real terminal: every byte that the program writes is read back."""

import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="needs a pseudo-terminal")

PROGRAM = """
from textual.app import App
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from tui.widgets.guard import TerminalGuard

TEXT = ("\\x1b]0;OWNED\\x07 \\x1b]52;c;T1dORUQ=\\x1b\\\\ \\x9b31m \\x1b[6n \\x1bPtmux;x\\x1b\\\\ \\x1bc \\u202e "
        "\\x1b]8;;http://owned\\x1b\\\\x \\x0e \\x08")

class Careless(App[None]):
    guard = TerminalGuard()
    def get_line_filters(self):
        return [*super().get_line_filters(), self.guard]
    def compose(self):
        yield Static(Content(TEXT))
        yield Static(TEXT, markup=False)
        yield Input(value=TEXT)
        yield OptionList(Content(TEXT))
        yield Static("the end")
    def on_ready(self):
        self.set_timer(0.3, self.exit)

Careless().run()
"""
BANNED = [
    b"\x1b]0;OWNED",
    b"\x1b]52;",
    b"\xc2\x9b",
    b"\x1b[6n",
    b"\x1bPtmux",
    b"\x1bc",
    b"\xe2\x80\xae",
    b"owned\x1b",
    b"\x0e",
]


def test_no_hostile_byte_reaches_a_terminal(tmp_path: Path) -> None:
    program = tmp_path / "careless.py"
    program.write_text(PROGRAM, encoding="utf-8")
    child = pexpect.spawn(
        sys.executable, [str(program)], dimensions=(40, 120), timeout=30, env={"TERM": "xterm-256color"}
    )
    child.expect(pexpect.EOF)
    written = child.before
    child.close()
    assert child.exitstatus == 0
    assert b"the end" in written
    assert "␛]0;OWNED".encode() in written
    assert [banned for banned in BANNED if banned in written] == []
