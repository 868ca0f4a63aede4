"""Which jobs an exchange is about: read from its address, for a start from its answer. Pure."""

import re
from typing import Any, Final, cast
from urllib.parse import unquote

_GUID: Final = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_IN_ADDRESS: Final = re.compile(
    r"/Jobs\((?P<path>\d+)\)"
    r"|\bId (?:eq (?P<one>\d+)|in \((?P<many>[\d, ]+)\)|ge (?P<first>\d{1,18}) and Id le (?P<last>\d{1,18}))"
    rf"|\bJobKey eq '?(?P<key>{_GUID})"
)
_NUMBER: Final = re.compile(r"\d+")
MOST: Final = 200
"""Jobs of one exchange that are named at most."""


def jobs_of(url: str, started: bytes = b"") -> str:
    """Return ids and keys of the jobs that the address names or the answer to a start holds, separated by spaces."""
    found: list[str] = []
    if "Job" in url:
        text = unquote(url.replace("+", " ")) if "Jobs(" not in url else url
        # Releases and robots have an Id as well.
        if "/Jobs" in text or "/RobotLogs" in text:
            found = [name for match in _IN_ADDRESS.finditer(text) for name in _names(match)]
    if started:
        found += _started(started)
    return " ".join(tuple(dict.fromkeys(found))[:MOST])


def _names(match: re.Match[str]) -> list[str]:
    many = match["many"]
    if match["first"]:  # ids that follow each other
        first, last = int(match["first"]), int(match["last"])
        return [str(each) for each in range(first, min(last, first + MOST) + 1)]
    return _NUMBER.findall(many) if many else [match["path"] or match["one"] or match["key"].lower()]


def _started(data: bytes) -> list[str]:
    import json

    try:
        answer: Any = json.loads(data)
    except (ValueError, RecursionError):
        return []
    rows = cast("dict[str, Any]", answer).get("value") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return []
    jobs = [cast("dict[str, Any]", row) for row in cast("list[Any]", rows) if isinstance(row, dict)]
    named = [(job.get("Id"), job.get("Key")) for job in jobs]
    return [
        name
        for number, key in named
        for name in (
            *((str(number),) if isinstance(number, int) else ()),
            *((key.lower(),) if isinstance(key, str) and re.fullmatch(_GUID, key) else ()),
        )
    ]
