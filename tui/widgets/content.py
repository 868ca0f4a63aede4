"""Server words as styled content: job states and HTTP statuses. Text becomes content here, never markup.

Owns looks only: which states exist and which are final is the workflow's knowledge.
"""

from typing import Final, NamedTuple

from textual.content import Content
from textual.widgets import Static

from tui.text import clean


class Look(NamedTuple):
    """How a word is drawn: a glyph one cell wide in every terminal, and a theme colour."""

    glyph: str
    style: str


_UNKNOWN: Final = Look("?", "$text-warning")

# No glyph here has an emoji form: terminals draw those two cells wide.
_STATES: Final[dict[str, Look]] = {
    "pending": Look("◌", "$foreground-muted"),
    "running": Look("▸", "$text-primary"),
    "resumed": Look("▸", "$text-primary"),
    "suspended": Look("◫", "$text-warning"),
    "stopping": Look("□", "$text-warning"),
    "terminating": Look("□", "$text-warning"),
    "successful": Look("✓", "$text-success"),
    "faulted": Look("✘", "$text-error"),
    "stopped": Look("■", "$text-warning"),
}


def state_look(state: str) -> Look:
    """Return the glyph and colour of a job state, in any case; an unknown word gets ``?``."""
    return _STATES.get(state.strip().lower(), _UNKNOWN)


def state_content(state: str) -> Content:
    """Return glyph + word of a job state: ``▸ Running``. The word is the server's own, cleaned."""
    look = state_look(state)
    return Content.styled(f"{look.glyph} {clean(state) or 'unknown'}", look.style)


def plain(text: str, style: str = "", *, multiline: bool = False) -> Content:
    """Return server text as content: cleaned, in one style, brackets and all."""
    return Content.styled(clean(text, multiline=multiline), style)


def labelled(label: str, value: str, style: str = "") -> Content:
    """Return ``label value`` with a muted label."""
    return Content.assemble((f"{label} ", "$foreground-muted"), (clean(value), style))


def status_failed(status: int | None) -> bool:
    """Say whether an HTTP status, or the lack of one, counts as a failure in the log."""
    return status is None or status >= 400


def status_text(status: int | None) -> str:
    """Return a status in five cells: ``✓ 201``, ``✘ 404``, ``✘ –`` when no answer came. Never colour alone."""
    if status is None:
        return "✘ –"
    return f"{'✘' if status_failed(status) else '→' if 300 <= status < 400 else '✓'} {status}"


def status_style(status: int | None) -> str:
    """Return the theme colour of an HTTP status."""
    if status_failed(status):
        return "$text-error"
    return "$text-warning" if status is not None and not 200 <= status < 300 else "$text-success"


def status_content(status: int | None, reason: str = "") -> Content:
    """Return ``✓ 201 Created``, ``✘ 409 Conflict``, or ``✘ no answer``."""
    if status is None:
        return Content.styled("✘ no answer", "$text-error")
    words = clean(reason, limit=60)
    return Content.styled(f"{status_text(status)} {words}".rstrip(), status_style(status))


def renew(line: Static, content: Content) -> None:
    """Show ``content`` of the same size in place of what ``line`` shows; the same words and styles paint nothing."""
    shown = line.content
    if not (isinstance(shown, Content) and shown.is_same(content)):
        line.update(content, layout=False)
