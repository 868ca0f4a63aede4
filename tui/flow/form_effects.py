"""What the start form asks the outside world to do beside starting: remember, and a check by the server.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.flow.effects import Effect

if TYPE_CHECKING:
    from tui.api.models import Folder
    from tui.api.start import StartInfo
    from tui.remembered import Change


@dataclass(frozen=True, kw_only=True)
class RememberStart(Effect):
    """Change what is remembered of a release in the service instance at ``base``."""

    cancellable = False
    awaited = False
    base: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class ValidateStart(Effect):
    """Let the server check a start without making it."""

    doing = "Letting the server check the start"
    info: StartInfo
    folder: Folder | None
