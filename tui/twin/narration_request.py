"""What the line-by-line twin says where the request of a start is wanted instead of the start. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import Exit
from tui.exchanges.share.asked import asked
from tui.exchanges.share.copy_as import copy_as
from tui.flow.states import PreparingStart, State
from tui.narration import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = "request"
"""The step whose text is printed as it is, to be pasted or piped."""


def written(state: State, form: str) -> tuple[tuple[Line, ...], Exit] | None:
    """Return the request in ``form`` as lines, and the exit code; ``None`` while it is not made."""
    if not isinstance(state, PreparingStart) or state.preview is None or state.pending:
        return None
    preview = state.preview
    copied = copy_as(asked(preview.method, preview.url, preview.headers, preview.body), form)
    if copied.refused:
        return (Line("refused", f"{copied.refused} Nothing was started.", error=True),), Exit.USAGE
    return tuple(_lines(copied.text, copied.notes, form)), Exit.SUCCESSFUL


def _lines(text: str, notes: tuple[str, ...], form: str) -> Iterator[Line]:
    yield Line(REQUEST, text, {"form": form})
    for note in (*notes, "Nothing was started."):
        yield Line("note", note, error=True)
