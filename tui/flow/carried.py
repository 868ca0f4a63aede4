"""What answers given earlier take along of now when a person returns to them. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.flow.state import Answers


def carried(kept: Answers, of_now: Answers) -> Answers:
    """Return ``kept`` with what is true of the session whatever is looked at: who is signed in, what was started."""
    return replace(
        kept,
        intents=of_now.intents,
        identity=of_now.identity,
        here=of_now.here,
        memory=of_now.memory,
        carriers=of_now.carriers,
        profile=of_now.profile,
        started=of_now.started,
        started_looked=of_now.started_looked,
        started_trouble=of_now.started_trouble,
    )
