"""Owns reading timestamps to the precision the service keeps: 100 ns ticks, which `datetime` cannot hold."""

import re
from datetime import UTC, datetime, timedelta

_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE | re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ticks(text: str) -> int | None:
    """Return the 100 ns ticks since 1970 of an ISO 8601 timestamp, or None when ``text`` is none."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    day, minutes, seconds, fraction, zone = match.groups()
    offset = "+00:00" if zone is None or zone in "Zz" else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{minutes}:{seconds or '00'}{offset}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1) * 10_000_000 + int(f"{fraction or '0':0<7}"[:7])
