"""One exchange as one row of text: which columns fit, and what each says. Pure: no widget, no style."""

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from rich.cells import cell_len, set_cell_size

from tui.exchanges.model import Entry
from tui.text import clean, clock_time, duration, size
from tui.widgets.content import status_failed, status_text

Kind = Literal["mark", "number", "time", "method", "path", "query", "fold", "ok", "other", "failed", "size", "duration"]
Part = tuple[str, Kind]

_NAMESPACE: Final = re.compile(r"(?<=/)(?:[A-Za-z_]\w{0,60}\.){2,8}(?=\w)")
"""``UiPath.Server.Configuration.OData.`` before the name of an OData action."""

_SERVICE: Final = re.compile(r"^/.{1,300}?(?=/odata/|(?<=/orchestrator_)/)")
"""What every path of a session begins with: organization and service instance."""

_SIZE_FROM: Final = 90
_TIME_FROM: Final = 66
_DURATION_FROM: Final = 44
_SHOWN_URL: Final = 1_000
_QUERY_ROOM: Final = 8
MARK: Final = "◆"


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns in cells, 0 for a column that is left out; ``path`` takes what is left."""

    number: int
    time: int
    method: int
    path: int
    status: int = 5
    size: int = 8
    duration: int = 7

    @classmethod
    def fit(cls, width: int, *, count: int = 0, method: int = 4) -> "Columns":
        """Return the columns of a list ``width`` cells wide that holds ``count`` exchanges."""
        number = max(2, len(str(count)))
        time = 8 if width >= _TIME_FROM else 0
        size_ = 8 if width >= _SIZE_FROM else 0
        duration_ = 7 if width >= _DURATION_FROM else 0
        taken = sum(part + 2 for part in (number, time, method, 5, size_, duration_) if part)
        return cls(number, time, method, max(4, width - taken - 2), size=size_, duration=duration_)


def target(url: str) -> tuple[str, str]:
    """Return path and query of ``url`` for reading: no host, no service instance, decoded, OData names shortened."""
    shown = url[:_SHOWN_URL]
    start = shown.find("://")
    if start >= 0:
        slash = shown.find("/", start + 3)
        shown = shown[slash:] if slash >= 0 else "/"
    path, mark, query = shown.partition("?")
    path = clean(unquote(path, errors="backslashreplace"))
    query = clean(unquote(query, errors="backslashreplace"))
    return _SERVICE.sub("…", _NAMESPACE.sub("…", path)), mark + query


def keep_end(text: str, width: int) -> str:
    """Crop ``text`` to ``width`` cells at its start, at a slash where there is one: ``…/Jobs(123)``."""
    if cell_len(text) <= width:
        return text
    if width < 2:
        return "…"[:width]
    kept = text[-(width - 1) :]
    while cell_len(kept) > width - 1:
        kept = kept[1:]
    slash = kept.find("/")
    return "…" + (kept[slash:] if 0 < slash < len(kept) // 2 else kept)


def keep_start(text: str, width: int) -> str:
    """Crop ``text`` to ``width`` cells at its end: ``$filter=Key…``."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]


def row_parts(entry: Entry, count: int, columns: Columns, mark: str | None = None) -> list[Part]:
    """Return the texts of a row with their kinds, each padded to its column.

    ``count`` exchanges are folded into it; ``mark`` is the comment of a marked one, ``None`` for no mark.
    """
    parts: list[Part] = [(" " if mark is None else MARK, "mark"), (f"{entry.id:>{columns.number}}  ", "number")]
    if columns.time:
        parts.append((f"{clock_time(entry.started_at)}  ", "time"))
    method = keep_start(clean(entry.method), columns.method)
    parts.append((f"{method:<{columns.method}}  ", "method"))
    parts.extend(_target_parts(entry, count, mark or "", columns.path))
    kind: Kind = "failed" if status_failed(entry.status) else "ok" if 200 <= (entry.status or 0) < 300 else "other"
    parts.append((f"  {status_text(entry.status):<{columns.status}}", kind))
    if columns.size:
        known = size(entry.response_size) if entry.status is not None else "–"
        parts.append((f"  {known:>{columns.size}}", "size"))
    if columns.duration:
        parts.append((f"  {_short(entry.total):>{columns.duration}}", "duration"))
    parts.append((" ", "duration"))
    return parts


def _note(entry: Entry, count: int, comment: str, path: str, width: int) -> str:
    """Return what stands behind the path: folded calls or the try, then a comment in half the room, or what is left."""
    note = f" ×{count}" if count > 1 else f" try {entry.attempt}" if entry.attempt > 1 else ""
    note = note if len(note) < width // 2 else ""
    if comment:
        room = max(width // 2, width - cell_len(path)) - len(note)
        note += keep_start(f"  “{clean(comment, limit=200)}”", room)
    return note


def _target_parts(entry: Entry, count: int, comment: str, width: int) -> list[Part]:
    path, query = target(entry.url)
    note = _note(entry, count, comment, path, width)
    room = width - cell_len(note)
    path = keep_end(path, room)
    parts: list[Part] = [(path, "path")]
    left = room - cell_len(path)
    query = keep_start(query, left) if left >= min(_QUERY_ROOM, cell_len(query)) else ""
    if query:
        parts.append((query, "query"))
    if note:
        parts.append((note, "fold"))
    blank = left - cell_len(query)
    if blank > 0:
        parts.append((" " * blank, "path"))
    return parts


def _short(seconds: float) -> str:
    """Return a duration in at most seven cells."""
    return duration(seconds) if seconds < 59.95 else f"{seconds / 60:.0f} min"
