"""The way to the clipboard: only text a person asked for, made harmless first."""

from typing import Any, Final

from textual.app import App

from tui.text import clean, size

COPY_LIMIT: Final = 1_000_000
"""Characters handed to the terminal at once: most terminals drop longer clipboard sequences without a word."""


def copy_text(app: App[Any], text: str) -> str:
    """Send ``text`` to the terminal's clipboard and return the sentence that says so.

    Control characters other than newlines become visible symbols, since what is pasted into a shell runs; lone
    surrogates are replaced. Terminals may ignore the request (OSC 52) and never answer, so the sentence claims no more
    than "sent".
    """
    if not text:
        return "Nothing to copy"
    cut = len(text) > COPY_LIMIT
    safe = clean(text[:COPY_LIMIT], multiline=True, limit=COPY_LIMIT)
    app.copy_to_clipboard(safe)
    sent = f"Sent {size(len(safe.encode()))} to the clipboard"
    return f"{sent}, cut from {len(text):,} characters" if cut else f"{sent} (if your terminal allows it)"
