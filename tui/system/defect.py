"""A defect of this program, told without the values of its variables. Loaded only when there is something to tell.

Messages of exceptions may repeat a value, so whatever looks like a secret is replaced there by its fingerprint.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Final, cast

from tui.errors import Exit, Failure
from tui.exchanges.redaction.redact import Redactor
from tui.secret import fingerprint
from tui.text import clean

LONGEST_MESSAGE: Final = 2_000
LONGEST_REPORT: Final = 40_000
_SCHEME: Final = re.compile(r"(?i)\b((?:bearer|basic)[\s:=]+)(?!…)([^\s\"',;)}\]]+)")
_NAMED: Final = re.compile(
    r"(?i)((?:token|secret|passw(?:or)?d|passphrase|verifier|assertion|api[_-]?key)['\"]?\s*[:=]\s*['\"]?)"
    r"(?!…)([^\s'\",;&}\])]+)"
)
_USER_INFO: Final = re.compile(r"(?<=://)(?!…)[^\s/@\"'?#]+(?=@)")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_+=~/-]{20,}")
_PART: Final = re.compile(r"[A-Za-z0-9_+=~-]{12,}")
_LONG: Final = 20
_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def report_defect(error: BaseException) -> str:
    """Return the places that ``error`` passed, its messages without secrets, and last what to do, in one line."""
    failure = Failure(
        title="uipath-tui stopped over a defect of its own",
        cause=clean(_named(_innermost(error)), limit=300),
        next_step="Report it with the lines above.",
        exit=Exit.INTERNAL,
    )
    return f"{lines_of(error)}\n{failure}"


def lines_of(error: BaseException) -> str:
    """Return a traceback of ``error`` and of what it was raised from: places and messages, no values, no secrets."""
    return clean("\n".join(_lines(error, set())), multiline=True, limit=LONGEST_REPORT)


def without_secrets(text: str) -> str:
    """Return ``text`` with everything that looks like a secret replaced: by its form, its name, or its length."""
    text = Redactor().text(text)
    for pattern in (_SCHEME, _NAMED):
        text = pattern.sub(lambda match: f"{match[1]}{fingerprint(match[2])}", text)
    text = _USER_INFO.sub(lambda match: fingerprint(match[0]), text)
    return _OPAQUE.sub(_opaque, text)


def _opaque(match: re.Match[str]) -> str:
    """Replace a long run of letters and digits; a path keeps its short parts, a GUID is nobody's secret."""
    run = match[0]
    if _GUID.fullmatch(run) or not _is_mixed(run):
        return run
    if "/" in run and _is_path(match.string, match.start()):
        return _PART.sub(lambda part: fingerprint(part[0]) if _is_random(part[0]) else part[0], run)
    return fingerprint(run)


def _is_path(text: str, start: int) -> bool:
    return text[start] in "/~" or text[max(start - 1, 0)] in "./\\:"


def _is_random(part: str) -> bool:
    """Tell whether a part of a path may be one of a secret with slashes in it."""
    return _is_mixed(part) and (len(part) >= _LONG or not (part.islower() or part.isupper()))


def _is_mixed(run: str) -> bool:
    return any(each.isdigit() for each in run) and any(each.isalpha() for each in run)


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to:" if error.__cause__ else "while that was handled:"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield _named(error)
    yield from (without_secrets(str(note)) for note in getattr(error, "__notes__", ()))
    if isinstance(error, BaseExceptionGroup):
        for each in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            if id(each) not in seen:
                yield "one of them:"
                yield from _lines(each, seen)


def _innermost(error: BaseException) -> BaseException:
    """Return what a group holds when it holds one thing: that is the cause, not the group."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    held = cast("BaseExceptionGroup[BaseException]", error).exceptions
    return _innermost(held[0]) if len(held) == 1 else cast("BaseException", error)


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a report must not fail over a broken exception
        message = "a message that can't be read"
    # Replaced before it is cut: a secret cut short could not be told any more.
    message = without_secrets(message)
    shown = message[:LONGEST_MESSAGE] + "…" if len(message) > LONGEST_MESSAGE else message
    return f"{name}: {shown}" if shown else name
