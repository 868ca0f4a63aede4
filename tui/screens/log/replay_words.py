"""What the screen of an earlier session says: which one it is, as of when, what a call told, what is unknown. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.exchanges.model import EXPLANATIONS
from tui.replay.folding import time_of
from tui.text import clean, clock_time, day_and_time, duration

if TYPE_CHECKING:
    from tui.exchanges.kept.archive import KeptSession
    from tui.exchanges.model import Entry
    from tui.replay.folding import Moment

HELP: Final = (
    "The calls of an earlier session, as they were kept. Above them stands what the job screen knew at the call under "
    "the cursor: go up and down in the log to go back and forth in time, or from one state of the job to the next.\n"
    "Nothing can be sent from here. Calls can be opened, filtered, marked, copied and exported as always."
)
_DOTS: Final = Content.styled("  ·  ", "$text-muted")
_DOT: Final = Content.styled(" · ", "$text-muted")


def title(kept: KeptSession) -> Content:
    """Return which session it is."""
    lasted = duration((kept.ended_at - kept.started_at).total_seconds())
    what = Content.assemble(("READ-ONLY", "bold $warning"), f" session {kept.id}")
    names = [Content(clean(text)) for text in (kept.profile, kept.place) if text]
    return _DOTS.join([what, Content(f"{day_and_time(kept.started_at)}, {lasted}"), *names])


def as_of(entry: Entry, last: int, look: int, moment: Moment, job: int) -> Content:
    """Return at which call of how many the job is shown, and what speaks against trusting it.

    ``look`` is the call that read the state last, 0 for none.
    """
    parts: list[Content] = []
    if moment.stale:
        parts.append(Content.styled(" STALE ", "bold reverse $error"))
    if moment.unknown_of(job):
        parts.append(Content.styled(" NOT ALL IS KNOWN ", "bold reverse $warning"))
    at = clock_time(time_of(entry.started_at, entry.total))
    parts.append(Content(f"as of call {entry.id} of {last}, {at}"))
    if look and look != entry.id:
        parts.append(Content(f"read by call {look}"))
    return _DOT.join(parts)


def no_job(entry: Entry, change: int | None, *, reading: bool) -> Content:
    """Return that there is no job yet, and the call that tells of the first one: ``change``, ``None`` for none."""
    known = Content.styled(f"No job is known at call {entry.id}, {clock_time(entry.started_at)}.", "bold")
    if reading:
        return known
    further = "No later call tells of one."
    if change is not None:
        further = f"Call {change} tells of the first: the key . goes there."
    return Content("\n").join([known, Content(further)])


def reading(entry: Entry, last: int, *, glanced: bool) -> Content:
    """Return how far the answers are read; ``glanced`` when a few later ones told what is shown."""
    only = " The last answers told what is shown; what came before is not known yet." if glanced else ""
    return Content.styled(f"Reading what the answers told … {100 * entry.id // max(1, last)} %.{only}", "$warning")


def told(entry: Entry, moment: Moment, job: int) -> Content:
    """Return what the call told, and what can't be known any more of ``job``."""
    said = moment.said if moment.call == entry.id else ""
    words = f"told: {clean(said, limit=300)}" if said else f"told nothing new. {EXPLANATIONS[entry.purpose]}"
    warnings = (f"The last look failed: {moment.stale}." if moment.stale else "", moment.unknown_of(job))
    marked = [Content.assemble(("! ", "bold $warning"), clean(text, limit=400)) for text in warnings if text]
    return Content("\n").join([Content.assemble((f"Call {entry.id} ", "bold"), words), *marked])
