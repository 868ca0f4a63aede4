"""The way to the clipboard, whatever the machine has: a program of the system, the terminal, or else a private file.

Says which it was. Knows no toolkit: who calls gives the way to write to the terminal. Takes only texts without secrets,
which are the only ones the rest of the program has.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.text import clean, size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SECONDS: Final = 3.0
"""How long a program may take: one that waits for a dead display is left."""
TERMINAL_LIMIT: Final = 74_994
"""Characters of base64 in one sequence: the least that terminals with OSC 52 are known to take."""
TEXT_LIMIT: Final = 20_000_000
"""Characters of one copy, whatever the way."""
_SCREEN_PIECE: Final = 240
"""Bytes that `screen` passes on in one piece."""

Command = tuple[str, ...]


def copy(text: str, *, write: Callable[[str], None] | None, environ: Mapping[str, str] = os.environ) -> str:
    """Copy ``text``, made harmless, and return the sentence that says where it went. Raises nothing.

    ``write`` writes to the terminal, ``None`` where there is none. May take `SECONDS`: call it in a thread.
    """
    if not text:
        return "Nothing to copy"
    cut = f", cut from {len(text):,} characters" if len(text) > TEXT_LIMIT else ""
    safe = clean(text[:TEXT_LIMIT], multiline=True, limit=TEXT_LIMIT)
    data = safe.encode("utf-8", "replace")
    count = f"{size(len(data))}{cut}"
    for command in programs(environ):
        if _given_to(command, data, environ):
            if command[0] == "tmux":
                return f"Copied {count} to tmux's buffer, and from there to the terminal's clipboard if it allows it"
            return f"Copied {count} to the clipboard (by {command[0]})"
    if write is not None and len(data) * 4 // 3 <= TERMINAL_LIMIT and speaks_osc52(environ):
        write(sequence(data, environ))
        return f"Sent {count} to the terminal's clipboard (if your terminal allows it)"
    return _into_file(data, count)


def programs(environ: Mapping[str, str]) -> list[Command]:
    """Return the programs that reach this person's clipboard, the best first, and only those that are here.

    Over SSH the clipboard of this machine is somebody else's: only a forwarded X display leads back.
    """
    remote = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    wanted: list[Command] = []
    if not remote:
        if sys.platform == "darwin":
            wanted.append(("pbcopy",))
        if sys.platform == "win32" or environ.get("WSL_DISTRO_NAME"):
            wanted.append(("clip.exe",))
        if environ.get("TERMUX_VERSION"):
            wanted.append(("termux-clipboard-set",))
        if environ.get("WAYLAND_DISPLAY"):
            wanted.append(("wl-copy", "--type", "text/plain;charset=utf-8"))
    if environ.get("DISPLAY"):
        wanted += [("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input")]
    if environ.get("TMUX"):
        wanted.append(("tmux", "load-buffer", "-w", "-"))
    return [command for command in wanted if shutil.which(command[0], path=environ.get("PATH"))]


def speaks_osc52(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal may know the sequence; a console and a dumb one print it or drop it."""
    return environ.get("TERM", "") not in ("", "dumb", "linux", "unknown")


def sequence(data: bytes, environ: Mapping[str, str]) -> str:
    """Return the sequence (OSC 52) that sets the terminal's clipboard, wrapped for tmux or screen around it."""
    plain = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environ.get("TMUX"):
        # Both forms: tmux takes the first itself with set-clipboard on, passes the second on with allow-passthrough.
        escaped = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{escaped}\x1b\\"
    if environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        pieces = [plain[at : at + _SCREEN_PIECE] for at in range(0, len(plain), _SCREEN_PIECE)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return plain


def _given_to(command: Sequence[str], data: bytes, environ: Mapping[str, str]) -> bool:
    """Tell whether the program took ``data``. Some stay behind to serve it, so nobody waits for their output."""
    given = "\ufeff".encode("utf-16-le") + data.decode().encode("utf-16-le") if command[0] == "clip.exe" else data
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command line, found on the path of this person
            [shutil.which(command[0], path=environ.get("PATH")) or command[0], *command[1:]],
            input=given,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env=dict(environ),
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _into_file(data: bytes, count: str) -> str:
    from tui.exchanges.share.private_file import open_private, write_all
    from tui.paths import copied_file

    path = copied_file()
    try:
        Path(path.parent).mkdir(parents=True, exist_ok=True, mode=0o700)
        with open_private(str(path)) as file:
            write_all(file, data)
    except OSError as error:
        return f"Not copied: no clipboard was found, and {path} can't be written ({error.strerror})"
    return f"Wrote {count} to {path}, readable by you alone: no clipboard takes it from here"
