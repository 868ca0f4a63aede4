"""What the line-by-line twin says about the server's check of a start. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import Exit
from tui.flow.states import PreparingStart, State
from tui.flow.verdict import reasons
from tui.narration import Line

if TYPE_CHECKING:
    from tui.api.models import ValidationResult


def checked(state: State) -> tuple[tuple[Line, ...], Exit] | None:
    """Return how a check without a start ends: what to say and the exit code; ``None`` while there is no verdict."""
    if not isinstance(state, PreparingStart) or state.verdict is None:
        return None
    verdict: ValidationResult = state.verdict
    preview = state.preview
    data: dict[str, object] = {"valid": verdict.is_valid}
    data |= {"codes": list(verdict.error_codes), "errors": list(verdict.errors)}
    if preview is not None:
        data["body"] = preview.body.decode("utf-8", "replace")
    if verdict.is_valid:
        return (Line("check", "The server would take this start. Nothing was started.", data),), Exit.SUCCESSFUL
    text = f"This start would not run now. Nothing was started. {' '.join(_sentences(reasons(verdict)))}"
    return (Line("check", text, data, error=True),), Exit.REFUSED


def _sentences(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)
