"""A request as text for another program: which forms there are, and what a person has to know beside the text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.exchanges.share.asked import NotCopyableError, Placeholder
from tui.exchanges.share.joget import joget
from tui.exchanges.share.scripts import powershell, python
from tui.exchanges.share.shells import curl, httpie
from tui.intent import STAND_IN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.exchanges.share.asked import Asked, Pieces

    Form = Callable[[Asked], str]


def plain_request(asked: Asked) -> str:
    """Return the request as it stands in the log: first line, headers, body; secrets as the names of variables."""
    head = [f"{asked.method} {_named(asked.url)}", *(f"{name}: {_named(value)}" for name, value in asked.headers)]
    return "\n".join([*head, "", _named(asked.body)])


FORMS: Final[dict[str, tuple[str, Form]]] = {
    "curl": ("curl", curl),
    "httpie": ("HTTPie", httpie),
    "python": ("Python (httpx)", python),
    "powershell": ("PowerShell", powershell),
    "joget": ("Joget JSON Tool", joget),
    "plain": ("Plain text", plain_request),
}
"""Form → its title, and what writes it; that raises `NotCopyableError` where the form has no way to say it."""

_SETTING: Final = {
    "curl": "Set {names} in the shell first (export)",
    "httpie": "Set {names} in the shell first (export)",
    "python": "Set {names} in the environment first",
    "powershell": "Set {names} first ($env:…)",
    "joget": "Make {names} an environment variable of the Joget app (or use #variable.…# of the process)",
    "plain": "{names} stands for a secret",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """The text in one form, or ``refused``: the sentence why there is none. ``notes`` are to know beside it."""

    text: str = ""
    notes: tuple[str, ...] = ()
    refused: str = ""


def copy_as(asked: Asked, form: str) -> Copied:
    """Return ``asked`` in one of `FORMS`."""
    title, write = FORMS[form]
    try:
        text = write(asked)
    except NotCopyableError as error:
        return Copied(refused=f"Not as {title}: {error}.")
    notes: list[str] = []
    if asked.secrets:
        notes.append(_SETTING[form].format(names=", ".join(asked.secrets)) + ".")
    if asked.in_body:
        how = "percent-encoded" if "x-www-form-urlencoded" in asked.content_type.lower() else "JSON-escaped"
        notes.append(f"In the body it stands {how}; a token is the same either way, a password may not be.")
    if STAND_IN in text:
        notes.append(f"{STAND_IN} stands for the mark that each start gets: put a text of your own there.")
    return Copied(text, tuple(notes))


def _named(pieces: Pieces) -> str:
    return "".join(
        f"${piece.name}" if isinstance(piece, Placeholder) else piece.decode("utf-8", "backslashreplace")
        for piece in pieces
    )
