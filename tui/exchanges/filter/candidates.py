"""What a filter could ask of a log at hand: the methods, statuses and jobs that stand in it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.exchanges.model import Entry

LOOKED_AT: Final = 2_000
"""Of the newest exchanges: enough for what a person may have in mind, and done within a frame."""


def known_values(entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """Return values by the name of their term, those of the newest exchanges first."""
    methods: dict[str, None] = {}
    statuses: dict[str, None] = {}
    jobs: dict[str, None] = {}
    for index in range(len(entries) - 1, max(-1, len(entries) - 1 - LOOKED_AT), -1):
        entry = entries[index]
        methods[entry.method.upper()] = None
        if entry.status is not None:
            statuses[str(entry.status)] = None
        for job in entry.job.split():
            jobs[job] = None
    return {"method": tuple(methods), "status": tuple(statuses), "job": tuple(jobs)}
