"""How long and how much a call may take: every number in one place. Standard library only."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds are of a whole try (connect, headers and body together); bytes are decoded body bytes."""

    connect: float = 10.0
    get: float = 30.0
    token: float = 30.0
    start: float = 60.0
    body: int = 8 * MEBIBYTE
    list_body: int = 32 * MEBIBYTE
    tries: int = 3
    first_wait: float = 0.5
    longest_wait: float = 30.0
    pages: int = 200
    items: int = 50_000
