"""The clipboard over real programs: an X display, tmux, a program that keeps what it gets, and the file at the end."""

import base64
import os
import re
import shutil
import stat
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.share.clipboards import Tmux, x_display
from tui import paths
from tui.system.clipboard import TERMINAL_LIMIT, copy, programs, sequence

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs of POSIX systems")
TEXT = "curl 'https://x.example/é' \\\n  --data-raw '{\"a\":\"日本\"}'"


def empty_path(folder: Path, *names: str) -> str:
    """Return a search path that holds only these programs."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).symlink_to(shutil.which(name) or "/nonexistent")
    return str(folder)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.mark.parametrize("name", ["xclip", "xsel"])
def test_a_program_of_the_display_gets_the_text(name: str, tmp_path: Path) -> None:
    import subprocess

    if not shutil.which(name):
        pytest.skip(f"{name} is not here")
    with x_display() as display:
        environ = {"PATH": empty_path(tmp_path / "bin", name), "DISPLAY": display, "HOME": str(tmp_path)}
        assert copy(TEXT, write=None, environ=environ) == f"Copied {len(TEXT.encode())} B to the clipboard (by {name})"
        paste = ["xclip", "-o", "-selection", "clipboard"] if name == "xclip" else ["xsel", "-b", "-o"]
        # One that stays behind to serve the text takes hold of it a moment after its parent has ended.
        pasted = b""
        for _ in range(40):
            done = subprocess.run(paste, env={**os.environ, "DISPLAY": display}, capture_output=True, timeout=20)
            pasted = done.stdout
            if pasted:
                break
            time.sleep(0.05)
        assert pasted.decode() == TEXT


def keeping_program(folder: Path, name: str) -> str:
    """Make a program that keeps what it reads beside itself."""
    folder.mkdir(exist_ok=True)
    kept = folder / "kept"
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport sys\nopen({str(kept)!r}, 'wb').write(sys.stdin.buffer.read())\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("wl-copy", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("termux-clipboard-set", {"TERMUX_VERSION": "0.118"}),
        ("clip.exe", {"WSL_DISTRO_NAME": "Debian"}),
    ],
)
def test_each_system_has_its_program(name: str, also: dict[str, str], tmp_path: Path) -> None:
    environ = {"PATH": keeping_program(tmp_path / "bin", name), **also}
    assert copy(TEXT, write=None, environ=environ).endswith(f"to the clipboard (by {name})")
    kept = (tmp_path / "bin" / "kept").read_bytes()
    assert kept.decode("utf-16" if name == "clip.exe" else "utf-8") == TEXT


def test_over_ssh_no_clipboard_of_this_machine_is_touched(tmp_path: Path) -> None:
    path = keeping_program(tmp_path / "bin", "wl-copy")
    environ = {"PATH": path, "WAYLAND_DISPLAY": "wayland-0", "SSH_CONNECTION": "1 2 3 4", "TERM": "xterm-256color"}
    written: list[str] = []
    assert "terminal's clipboard" in copy(TEXT, write=written.append, environ=environ)
    assert written == [f"\x1b]52;c;{base64.b64encode(TEXT.encode()).decode()}\x07"]
    assert not (tmp_path / "bin" / "kept").exists()


def test_a_program_that_fails_or_hangs_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.system.clipboard.SECONDS", 0.3)
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, does in (("xclip", "exit 1"), ("xsel", "exec sleep 60")):
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    environ = {"PATH": f"{folder}:/bin:/usr/bin", "DISPLAY": ":77", "TERM": "xterm"}
    assert [command[0] for command in programs(environ)] == ["xclip", "xsel"]
    written: list[str] = []
    assert "terminal's clipboard" in copy(TEXT, write=written.append, environ=environ)
    assert len(written) == 1


@pytest.mark.parametrize("way", ["load-buffer", "sequence"])
def test_tmux_keeps_what_is_copied_inside_it(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    tmux = Tmux(tmp_path)
    code = tmp_path / "copies.py"
    environ = "dict(os.environ)" if way == "load-buffer" else "{**os.environ, 'PATH': ''}"
    code.write_text(
        "import os, sys\n"
        "from tui.system.clipboard import copy\n"
        "def write(text):\n    sys.stdout.write(text)\n    sys.stdout.flush()\n"
        f"copy({TEXT!r}, write=write, environ={environ})\n"
        "sys.stdin.read()\n"
    )
    try:
        tmux.start(f"sh -c 'sleep 0.3; exec env DISPLAY= {sys.executable} {code}'")
        tmux.command("set-option", "-s", "set-clipboard", "on" if way == "sequence" else "external")
        assert tmux.buffer() == TEXT
    finally:
        tmux.end()


def test_the_sequence_is_wrapped_for_what_is_around_it() -> None:
    data = TEXT.encode() * 20
    plain = sequence(data, {"TERM": "xterm"})
    wrapped = sequence(data, {"TERM": "screen-256color", "STY": "1.x"})
    assert "".join(re.findall(r"(?s)\x1bP(.*?)\x1b\\", wrapped)) == plain
    assert all(len(piece) <= 240 for piece in re.findall(r"(?s)\x1bP(.*?)\x1b\\", wrapped))
    inside = sequence(data, {"TERM": "tmux-256color", "TMUX": "/x,1,0"})
    assert inside == plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


@pytest.mark.parametrize("term", ["xterm", "linux", "dumb"])
def test_what_no_clipboard_takes_goes_to_a_file_of_its_owner(term: str, tmp_path: Path) -> None:
    text = "x" * TERMINAL_LIMIT if term == "xterm" else TEXT
    said = copy(text, write=lambda _: pytest.fail("nothing is to be written"), environ={"PATH": "", "TERM": term})
    path = paths.copied_file()
    assert str(path) in said
    assert path.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Wrote" in copy("new", write=None, environ={"PATH": ""})
    assert path.read_text(encoding="utf-8") == "new"


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    path = paths.copied_file()
    path.parent.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    path.symlink_to(precious)
    assert copy(TEXT, write=None, environ={"PATH": ""}).startswith("Not copied: no clipboard was found, and ")
    assert precious.read_text() == "precious"


def test_a_copy_is_harmless(tmp_path: Path) -> None:
    environ = {"PATH": keeping_program(tmp_path / "bin", "wl-copy"), "WAYLAND_DISPLAY": "w"}
    copy("a\x1b[31m\ud800\nb", write=None, environ=environ)
    assert (tmp_path / "bin" / "kept").read_text(encoding="utf-8") == "a␛[31m<U+D800>\nb"
    assert copy("", write=None, environ=environ) == "Nothing to copy"
