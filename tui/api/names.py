"""Names in two forms: the text of a `CleanName` is harmless to a terminal, its ``raw`` is what the server calls it.

A server's name is shown, compared and kept as the text; what goes back to the server is `raw_of` of it, because a name
may rightly hold what a terminal must not get (the joiners of an emoji or of Persian, a soft hyphen). Only the names
that differ carry a ``raw``: every other one is a plain `str`. Any new text made of a name (``strip``, ``casefold``, an
f-string) is a plain `str` too, so a name that is to be sent back is passed on as it came. Standard library only.
"""

from tui.text import LINE_LIMIT, clean


class CleanName(str):
    """A cleaned name with the name that the server knows. Equal to any text that looks the same."""

    __slots__ = ("raw",)
    raw: str


def clean_name(raw: str, *, limit: int = LINE_LIMIT) -> str:
    """Return ``raw`` as one harmless line, from which `raw_of` gives ``raw`` again."""
    raw = raw_of(raw)
    shown = clean(raw, limit=limit)
    if shown == raw:
        return shown
    name = CleanName(shown)
    name.raw = raw
    return name


def raw_of(name: str) -> str:
    """Return the name that the server knows: what was received, or ``name`` itself when nothing had to be cleaned."""
    return name.raw if isinstance(name, CleanName) else name
