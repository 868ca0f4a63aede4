"""Text that is safe and short enough for a terminal. Owns `clean` and the formats of durations, sizes and times."""

import re
import unicodedata
from datetime import datetime
from typing import Final

LINE_LIMIT: Final = 4_000
"""Characters kept of one name, message or header: more is cut and marked."""

_COMBINING_LIMIT: Final = 4
_MARKED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SGR: Final = re.compile(r"\x1b\[[0-9;:]*m")


class _Visible(dict[int, str]):
    """Code point → what to show for it, filled as code points are met."""

    def __missing__(self, code: int) -> str:
        if code < 0x20:
            shown = chr(0x2400 + code)
        elif code == 0x7F:
            shown = "␡"
        elif unicodedata.category(chr(code)) in _MARKED_CATEGORIES:
            shown = f"<U+{code:04X}>"
        else:
            shown = chr(code)
        self[code] = shown
        return shown


_ONE_LINE: Final = _Visible({0x09: "    "})
_MANY_LINES: Final = _Visible({0x09: "    ", 0x0A: "\n"})


def _thin_combining(text: str) -> str:
    """Keep at most four combining marks on one base character."""
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _COMBINING_LIMIT:
            kept.append(character)
    return "".join(kept)


def clean(text: str, *, multiline: bool = False, limit: int = LINE_LIMIT) -> str:
    """Make server text harmless to a terminal, with nothing hidden.

    Control characters become their pictures (``␛``), invisible and direction-changing ones become ``<U+202E>``, tabs
    become spaces, more than four combining marks on one character and everything past ``limit`` are dropped (the cut
    is marked with ``…``). Newlines stay only with ``multiline``. Markup is *not* touched: widgets take the result as
    content, never as markup.
    """
    if len(text) > limit:
        text = text[:limit] + "…"
    if text.isascii() and text.isprintable():
        return text
    if multiline:
        text = text.replace("\r\n", "\n")
    shown = text.translate(_MANY_LINES if multiline else _ONE_LINE)
    return shown if shown.isascii() else _thin_combining(shown)


def without_colours(text: str) -> str:
    """Drop complete colour sequences (SGR), which robots' programs print; every other control character stays."""
    return _SGR.sub("", text) if "\x1b" in text else text


def duration(seconds: float) -> str:
    """Return a duration in at most two units: ``87 ms``, ``4.2 s``, ``3 min 05 s``, ``2 h 10 min``."""
    if seconds < 0:
        seconds = 0.0
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600:02d} h"


def short_duration(seconds: float) -> str:
    """Return a duration in whole units for a live counter: ``4 s``, ``3 min 05 s``."""
    return f"{max(0, round(seconds))} s" if seconds < 59.5 else duration(seconds)


def size(count: int) -> str:
    """Return a byte count: ``812 B``, ``4.7 kB``, ``31.2 MB``."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1_000_000:.1f} MB"


def clock_time(moment: datetime | None) -> str:
    """Return the local time of day ``09:28:12``, or ``–`` for none."""
    return "–" if moment is None else moment.astimezone().strftime("%H:%M:%S")


def day_and_time(moment: datetime | None) -> str:
    """Return local day and time ``12 Jun 09:28``, or ``–`` for none."""
    return "–" if moment is None else moment.astimezone().strftime("%d %b %H:%M")


def counted(count: int, one: str, many: str = "") -> str:
    """Return ``1 job``, ``2 jobs``; ``many`` when the plural is not ``one`` + s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
