"""``uipath-tui jobs``: what its arguments ask of the line-by-line twin. Starts nothing."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.api.guids import is_guid
from tui.cli.options import parser
from tui.errors import Exit, Failure, UsageError
from tui.flow.job_list import UNFINISHED
from tui.flow.outcome import MEANINGS
from tui.twin.choices_jobs import JobsWish
from tui.twin.orders import Order, order

if TYPE_CHECKING:
    from tui.settings import Settings

MOST: Final = 100
"""Jobs that are listed at most: one page."""


def jobs_order(arguments: argparse.Namespace, settings: Settings) -> Order:
    """Return the order that the arguments of ``jobs`` make. Raises `UsageError`; the token is read last."""
    wish = _wish(arguments)
    # Where and how to sign in is read as for a start; what a start alone needs is as if nothing were given.
    start = parser().parse_args(["start"])
    given = argparse.Namespace(**{**vars(start), **vars(arguments)})
    found = order(given, settings)
    return replace(found, wishes=replace(found.wishes, jobs=wish))


def _wish(arguments: argparse.Namespace) -> JobsWish:
    named = (arguments.watch or arguments.compare).strip().strip("{}").lower()
    if not 1 <= arguments.limit <= MOST:
        raise _wrong("--limit", f"one request lists up to {MOST} jobs", f"Give a number from 1 to {MOST}.")
    job_id, key = 0, ""
    if is_guid(named):
        key = named
    elif named.isascii() and named.isdecimal() and int(named) > 0:
        job_id = int(named)
    elif named or arguments.watch or arguments.compare:
        option = "--watch" if arguments.watch else "--compare"
        raise _wrong(option, f"“{named[:60]}” is neither", "Give the job's number, or its key (a GUID).")
    return JobsWish(_state(arguments.state.strip()), arguments.limit, job_id, key, bool(arguments.compare))


def _state(name: str) -> str:
    known = {state.casefold(): state for state in (*MEANINGS, UNFINISHED)}
    if name and name.casefold() not in known:
        raise _wrong("--state", f"“{name[:60]}” is no state of a job", f"Give one of {', '.join(known.values())}.")
    return known[name.casefold()] if name else ""


def _wrong(option: str, cause: str, next_step: str) -> UsageError:
    return UsageError(Failure(f"{option} can't be used", cause, next_step, exit=Exit.USAGE))
