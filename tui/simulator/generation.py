"""Owns the name of the two services that are simulated. Standard library only."""

from enum import StrEnum


class Generation(StrEnum):
    """Which of the two services a token or a tenant belongs to."""

    CLASSIC = "2019"
    MODERN = "today"
