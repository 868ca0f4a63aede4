"""Says what a pasted text is: a user key, a token, an address, or none of these. Asks nobody; standard library only.

No sentence here ever holds the pasted value.
"""

import re
from datetime import datetime
from typing import Final

from tui.api.deployments import Generation
from tui.api.sign_in.pasted_addresses import recognise_landing, recognised_address
from tui.api.sign_in.pasted_text import fault_of, unwrapped
from tui.api.sign_in.token_kinds import WANTED, Recognised, TokenKind, unknown
from tui.api.sign_in.token_set import NOTHING
from tui.api.sign_in.token_shapes import recognised_answer, recognised_word

__all__ = ["NOTHING", "Recognised", "TokenKind", "recognise", "recognise_landing"]

_HOST: Final = re.compile(r"(?:https?://)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE)
_PARAMETERS: Final = re.compile(r"[?&#]?(?:code|error|errorCode)=[^&\s]+(?:&|\Z)")


def recognise(text: str, generation: Generation, *, now: datetime | None = None) -> Recognised:
    """Say what ``text`` is and whether it signs in on ``generation``. Never raises.

    ``Bearer``, headers, commands and shell lines around a token, quotes, spaces and newlines around (and, in a token
    wrapped over lines, within) are dropped. With ``now`` a token that says it has ended is not usable.
    """
    bare = unwrapped(text)
    if bare.fault:
        return unknown(bare.fault, wanted=generation)
    if not bare.text:
        return Recognised(TokenKind.EMPTY, NOTHING, f"Nothing pasted yet. {WANTED[generation]}.")
    if bare.text.startswith("{"):
        return recognised_answer(bare.text, generation, now)
    is_host = _HOST.match(bare.text) and "/" in bare.text and not bare.text.startswith("eyJ")
    if "://" in bare.text or is_host or _PARAMETERS.match(bare.text):
        return recognised_address(bare.text, generation)
    if fault := fault_of(bare.text):
        return unknown(fault, bare.text)
    return recognised_word(bare.text, generation, now, bare.name)
