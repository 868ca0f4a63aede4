"""What happens to the start form beside typing: filled from what is remembered, kept as a preset, checked.

Imports types only; `tui.flow.events` offers these too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.event import Answer, Event

if TYPE_CHECKING:
    from tui.api.models import ValidationResult
    from tui.errors import Failure
    from tui.remembered import Memory


@dataclass(frozen=True, kw_only=True)
class DefaultsTaken(Event):
    """Begin anew with the release's own inputs and plain options."""


@dataclass(frozen=True, kw_only=True)
class LastTaken(Event):
    """Fill in the inputs of the last start."""


@dataclass(frozen=True, kw_only=True)
class PresetTaken(Event):
    """Fill in the inputs and options of a preset."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PresetSaved(Event):
    """Keep the inputs and options of now under ``name``."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PresetDeleted(Event):
    """Forget a preset."""

    name: str


@dataclass(frozen=True, kw_only=True)
class CarrierChosen(Event):
    """Let this input argument carry the mark of every start of the release; ``""`` for none."""

    argument: str


@dataclass(frozen=True, kw_only=True)
class StartRemembered(Event):
    """What is remembered of the service instance at ``base`` now; ``None`` where that is known for this session only.

    ``failure`` tells why it could not be written down.
    """

    base: str
    memory: Memory | None = None
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class DryRunRequested(Event):
    """Let the server check the start."""


@dataclass(frozen=True, kw_only=True)
class StartValidated(Answer):
    """What the server thinks of the start; ``None`` where it can't check one."""

    verdict: ValidationResult | None
