"""One decision of a person to start a job, and what has become of it. Types and data only; standard library.

A start is written down as an `Intent` before it is sent, so that neither a lost answer nor a killed program can make
anybody start it twice unknowingly.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job

REFERENCE: Final = "uipath-tui/"
"""What every reference begins with; the intent's id follows, and behind a space what the person gave."""


STAND_IN: Final = f"{REFERENCE}new-at-each-start"
"""What stands for a reference until the start is asked for: no start ever has it."""


class IntentState(StrEnum):
    """How far a start has come, and what is known of it."""

    PREPARED = "PREPARED"
    SENDING = "SENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    NOT_SENT = "NOT_SENT"
    UNKNOWN = "UNKNOWN"
    LIKELY = "LIKELY"
    ASK_USER = "ASK_USER"
    NOT_FOUND = "NOT_FOUND"
    CLOSED = "CLOSED"


_S = IntentState
_JUDGED: Final = frozenset({_S.ACCEPTED, _S.LIKELY, _S.ASK_USER, _S.NOT_FOUND, _S.CLOSED, _S.UNKNOWN})
OPEN: Final = frozenset({_S.PREPARED, _S.SENDING, _S.UNKNOWN, _S.LIKELY, _S.ASK_USER, _S.NOT_FOUND})
"""While a start of a release is in one of these, no other start of it is sent."""
ON_ITS_WAY: Final = frozenset({_S.PREPARED, _S.SENDING})
MOVES: Final = {
    _S.PREPARED: frozenset({_S.SENDING, _S.NOT_SENT}),
    # A second try of the same decision stays SENDING; another process may call it UNKNOWN before its sender knows more.
    _S.SENDING: frozenset({_S.SENDING, _S.ACCEPTED, _S.REJECTED, _S.NOT_SENT, _S.UNKNOWN}),
    _S.UNKNOWN: _JUDGED | {_S.REJECTED, _S.NOT_SENT},
    _S.LIKELY: _JUDGED,
    _S.ASK_USER: _JUDGED,
    _S.NOT_FOUND: _JUDGED,
    # Closed by the person who started again: its job may still turn up, or one that fits.
    _S.CLOSED: frozenset({_S.ACCEPTED, _S.LIKELY, _S.ASK_USER}),
    _S.ACCEPTED: frozenset[IntentState](),
    _S.REJECTED: frozenset[IntentState](),
    _S.NOT_SENT: frozenset[IntentState](),
}
"""The arrows: what may follow each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One start. ``tenant`` is where, ``folder`` its path for people; inputs and body are kept as hashes alone.

    ``release_name`` is the server's own spelling.

    ``count`` is how many jobs were asked for, 0 where only the server knows. ``fence`` is the newest job before it.
    Times are the server's. ``jobs`` are the ids that are proven or adopted, ``denied`` those the person says are not
    of this start. ``again`` tells that the person gave it up for another start although it is not proven absent.
    ``carrier`` is the input argument that carries ``reference`` where the server keeps none with a job, ``""`` where it
    does. ``busy`` tells that another running program is at it; it is not written down.
    """

    id: str
    tenant: str
    release_key: str
    release_name: str
    folder: str = ""
    strategy: str = ""
    count: int = 0
    robot_ids: tuple[int, ...] = ()
    fence: int = 0
    body_hash: str = ""
    inputs_hash: str = ""
    reference: str = ""
    state: IntentState = IntentState.PREPARED
    tries: int = 0
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    cause: str = ""
    jobs: tuple[int, ...] = ()
    denied: tuple[int, ...] = ()
    again: bool = False
    carrier: str = ""
    busy: bool = False

    @property
    def exact(self) -> bool:
        """Whether its jobs carry a mark that proves whose they are."""
        return self.reference.partition(" ")[0] == REFERENCE + self.id

    @property
    def open(self) -> bool:
        """Whether another start of the release has to wait for the outcome of this one."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Group:
    """Newer jobs of the release that one call made. ``misfits`` says what speaks against them."""

    jobs: tuple[Job, ...]
    misfits: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against these jobs."""
        return not self.misfits
