"""What stands above the start form: the release, what may surprise, where the inputs are from, the server's check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.flow.marking import trouble
from tui.flow.memory import OWN
from tui.flow.verdict import reasons
from tui.screens.release_detail import flags, warnings
from tui.text import clean

if TYPE_CHECKING:
    from tui.api.models import Release
    from tui.flow.states import PreparingStart

SHOWN: Final = 6
"""Reasons of the server that are shown: the form has to stay in sight."""
LONGEST: Final = 300


def start_title(release: Release, state: PreparingStart, *, starting: bool) -> Content:
    """Return the lines above the form."""
    mark = flags(release)
    parts = [
        Content.assemble(
            ("Starting " if starting else "Start ", ""),
            (release.name, "bold $primary"),
            f" {release.process_version}",
            (f"  {mark}" if mark else "", "$warning"),
            (f"  {release.key}", "$text-muted"),
        )
    ]
    unresolved = release.key in state.answers.unresolved
    parts += [Content.styled(f"! {warning}", "$warning") for warning in warnings(release, unresolved=unresolved)]
    if (missing := trouble(state.answers)) and not starting:
        parts.append(Content.styled(f"! {missing}", "$warning"))
    if state.filled and not starting:
        own = "" if state.filled.startswith(OWN) else " · Ctrl+B takes the release's own"
        parts.append(Content.assemble("Filled in from ", (state.filled, "bold"), (own, "$text-muted")))
    return Content("\n").join([*parts, *_verdict(state)])


def _verdict(state: PreparingStart) -> list[Content]:
    verdict = state.verdict
    if verdict is None:
        return []
    if verdict.is_valid:
        return [Content.styled("✔ The server would take this start. Nothing was started.", "$success")]
    found = [Content.styled("✘ This start would not run now. Nothing was started.", "bold $error")]
    every = reasons(verdict)
    found += [Content(f"  {clean(reason, limit=LONGEST)}") for reason in every[:SHOWN]]
    if len(every) > SHOWN:
        found.append(Content(f"  … and {len(every) - SHOWN} more: the log has them all"))
    return found
