"""Owns how values look on the wire: JSON bytes, timestamps, case-insensitive members. Knows no endpoint."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, TypeAlias, cast

Row: TypeAlias = dict[str, Any]
"""One entity as JSON sends it: PascalCase property → value."""

MAX_FRACTION_DIGITS = 7
"""Orchestrator's clock counts 100 ns ticks, so a fraction of a second has up to seven digits."""


def wire_time(moment: datetime | None, digits: int = MAX_FRACTION_DIGITS) -> str | None:
    """Return ``moment`` as UiPath writes it (``2019-06-12T09:28:12.9207318Z``), or None."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    fraction = f"{utc.microsecond:06d}{utc.microsecond % 9 + 1}"[:digits]
    return f"{utc:%Y-%m-%dT%H:%M:%S}{'.' + fraction if fraction else ''}Z"


def to_json(value: object) -> bytes:
    """Return compact UTF-8 JSON; text that UTF-8 cannot carry (lone surrogates) is escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def folded(value: object) -> dict[str, Any] | None:
    """Return a JSON object with lower-case member names, or None when ``value`` is no object.

    The service binds property names without regard to case: UiPath's TypeScript SDK sends ``startInfo.releaseKey``,
    the definitions say ``ReleaseKey``.
    """
    if not isinstance(value, Mapping):
        return None
    return {str(name).lower(): member for name, member in cast("Mapping[object, Any]", value).items()}


def seeded_uuid(random: Random) -> str:
    """Return a random version 4 guid from ``random``."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def named_uuid(*names: str) -> str:
    """Return the same guid for the same names, in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("simulator", *names))))
