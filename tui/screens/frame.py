"""What the frame of every step says: the names of the steps, and who is signed in where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.keeping import Keeping
from tui.text import clock_time
from tui.widgets.rows import cut

if TYPE_CHECKING:
    from textual.events import Resize

    from tui.flow.state import Answers, Identity

STEPS: Final = ("Sign in", "Service instance", "Release", "Start", "Job")
LEAST_WHO: Final = 12
"""Cells that are left of who is signed in, however narrow the terminal is."""
BETWEEN: Final = Content.styled("  ·  ", "$text-muted")


class PlaceLine(Static):
    """The line over the whole width that says who is signed in, and where."""

    class Fitted(Message):
        """The line, and with it all of the screen, was laid out for another width."""

    _width = 0

    def on_resize(self, event: Resize) -> None:
        """Tell another width; the screen's own Resize comes before its widgets are laid out."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.post_message(self.Fitted())


def place(answers: Answers, width: int = 0) -> Content:
    """Return who is signed in, and in which account, instance and folder.

    Where is told before who, and who before how: what was given at the sign-in is left out where ``width`` is too small
    for all, and then who is cut.
    """
    if answers.identity is None:
        return _unsigned(answers)
    whole = _signed(answers, answers.identity, brief=False)
    if not width or whole.cell_length <= width:
        return whole
    brief = _signed(answers, answers.identity, brief=True)
    who = answers.identity.who or answers.identity.kind
    room = max(LEAST_WHO, Content(who).cell_length - max(0, brief.cell_length - width))
    return _signed(answers, replace(answers.identity, who=cut(who, room).rstrip()), brief=True)


def _signed(answers: Answers, identity: Identity, *, brief: bool) -> Content:
    given = "" if brief and identity.who else f" ({identity.kind} {identity.fingerprint})"
    parts = [Content.assemble(identity.who or identity.kind, (given, "$text-muted"))]
    if answers.production and answers.profile is not None:
        parts.insert(0, Content.styled(f" PRODUCTION {answers.profile.name} ", "bold $background on $error"))
    if answers.account is not None and answers.instance is not None:
        parts.append(Content(f"{answers.account.name} / {answers.instance.name}"))
    if answers.folder is not None:
        parts.append(Content(answers.folder.path))
    if identity.expires_at is not None and not identity.renewable:
        parts.append(Content.styled(f"access ends {clock_time(identity.expires_at)}", "$text-muted"))
    if identity.keeping is Keeping.ENVIRONMENT:
        parts.append(Content.styled("from environment", "$text-muted"))
    if identity.warning:
        parts.append(Content.styled("! sign-in not saved", "bold $warning"))
    return BETWEEN.join(parts)


def _unsigned(answers: Answers) -> Content:
    profile = answers.profile
    if profile is None or not profile.name:
        return Content.styled("Not signed in", "$text-muted")
    return Content.styled(f"Profile {profile.name}, not signed in yet", "$text-muted")
