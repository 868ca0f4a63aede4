"""What the process itself must not give away: its memory, the keys of its connections, what is typed, library logs.

Standard library only, and cheap: `before_anything` runs before any other import of weight, `once_open` as soon as
something is on the screen and before a token is read.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import logging
    from collections.abc import MutableMapping

KEY_LOG: Final = "SSLKEYLOGFILE"
KEY_LOG_IGNORED: Final = f"{KEY_LOG} was ignored: it would write the keys of every connection to a file"
TOOLKIT_VARIABLES: Final = tuple(
    f"TEXTUAL_{name}" for name in ("LOG", "DEBUG", "DEVTOOLS", "SCREENSHOT", "PRESS", "DRIVER", "SHOW_RETURN")
)
"""Beginnings of the names that would make the toolkit log keys, press keys or write screenshots."""
CHATTY: Final = ("httpx", "httpcore", "h11", "urllib3", "keyring", "filelock")
"""Libraries whose records may hold query strings, Set-Cookie, or where a secret is kept."""
TAKEN_AWAY: Final[list[str]] = []
"""The names that `before_anything` took from this process's own environment, for showing."""
_DUMPABLE: Final = 4
"""``PR_SET_DUMPABLE`` of Linux."""


def before_anything(environment: MutableMapping[str, str] | None = None) -> tuple[str, ...]:
    """Take away what has to be gone before anything else is loaded; return sentences that the person should see.

    The environment loses the key log of TLS, the toolkit's own variables and asyncio's debug mode, whose warnings
    repeat the arguments of callbacks. No core is written from here on.
    """
    environment = os.environ if environment is None else environment
    before = set(environment)
    notices = (KEY_LOG_IGNORED,) if environment.pop(KEY_LOG, "") else ()
    for name in list(environment):
        if name == "TEXTUAL" or name.startswith(TOOLKIT_VARIABLES):
            del environment[name]
    if environment is os.environ:
        TAKEN_AWAY[:] = sorted(before - set(environment))
    environment.pop("PYTHONASYNCIODEBUG", None)
    _write_no_core()
    return notices


def once_open() -> None:
    """Close the process to others of the same user, and keep secrets out of what libraries log and report.

    What costs more than the first paint may wait for stands here (ctypes, about 2 ms). May run in any thread.
    """
    _close_memory()
    _quiet_libraries()
    _report_threads()


def _write_no_core() -> None:
    try:
        import resource
    except ImportError:  # Windows has no limits of this kind, and writes no core
        return
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return


def _close_memory() -> None:
    """Make ``/proc/PID/environ`` and ``mem`` unreadable and tracing impossible for the same user, on Linux.

    A limit of zero does not stop a core that is piped to a program, as systemd has it; this does.
    """
    if sys.platform != "linux":
        return
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
    except (OSError, AttributeError):  # a C library without it: nothing to be done, and no reason to stop
        return


def _quiet_libraries() -> None:
    """Let nothing below a warning be logged, whoever asked for it, and no secret in what is."""
    import logging

    logging.disable(logging.INFO)
    for name in CHATTY:
        logger = logging.getLogger(name)
        logger.disabled = True
        logger.propagate = False
        # Without one the loggers below it would write warnings to the terminal.
        logger.handlers[:] = [logging.NullHandler()]
    # In debug mode its warnings hold the arguments of callbacks, cut short, so that no secret can be told in them.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    if getattr(logging.getLogRecordFactory(), "__module__", "") != __name__:
        logging.setLogRecordFactory(_harmless_record)


def _harmless_record(*arguments: object, **more: object) -> logging.LogRecord:
    import logging

    from tui.system.defect import lines_of, without_secrets

    record = logging.LogRecord(*arguments, **more)  # pyright: ignore[reportArgumentType] - handed through as they are
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = "a record that does not fit its arguments"
    record.msg, record.args = without_secrets(text), None
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text, record.exc_info = lines_of(record.exc_info[1]), None
    return record


def _report_threads() -> None:
    """Print what ends a thread as `tui.system.defect` tells it."""
    import threading

    def report(ended: threading.ExceptHookArgs) -> None:
        from tui.system.defect import lines_of

        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit) and sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] - None without a console
            sys.stderr.write(lines_of(ended.exc_value) + "\n")

    threading.excepthook = report
