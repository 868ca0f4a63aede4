"""What a pasted address is: where a browser sign-in ended, a tenant's, or another. Standard library only."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from tui.api.deployments import Generation
from tui.api.guids import is_guid
from tui.api.sign_in.landing import Landing, landing_of
from tui.api.sign_in.token_kinds import WANTED, Recognised, TokenKind, unknown
from tui.api.sign_in.token_set import NOTHING
from tui.api.sign_in.token_shapes import PUBLIC_CLIENT_IDS
from tui.secret import Secret

SHORTEST_CODE: Final = 8
"""Characters that every code has; those of either generation have far more."""
_PLACE: Final = re.compile(r".*@|(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,6}\Z")
"""An e-mail address, or the name of a host."""


def recognised_address(bare: str, generation: Generation) -> Recognised:
    """Say what an address is, where a token is wanted."""
    landing = landing_of(bare)
    if landing is not None and (landing.code or landing.failure or landing.is_sign_in_page):
        return _redirect(landing, generation)
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    except ValueError:
        return unknown("This address can't be read.", bare, wanted=generation)
    names = [segment for segment in segments[:2] if not segment.endswith("_") and segment.lower() != "odata"]
    if not names:
        return unknown("This is an address, not a token.", wanted=generation)
    return Recognised(
        TokenKind.TENANT_ADDRESS,
        NOTHING,
        f"The address of a tenant: kept for the next step. {WANTED[generation]}.",
        organization=names[0],
        tenant=names[1] if len(names) > 1 else "",
    )


def recognise_landing(text: str) -> Recognised:
    """Say whether ``text`` ends a browser sign-in that was begun here: its address, a part of it, or the bare code.

    ``secret`` is the whole text: `tui.api.sign_in.pkce.code_from` finds the code in it and checks whose it is.
    """
    bare = "".join(text.split())
    kind, secret = TokenKind.REDIRECT_ADDRESS, Secret(text.strip())
    if not bare:
        return Recognised(TokenKind.EMPTY, NOTHING, "Nothing pasted yet. Paste the address where the browser ended.")
    landing = landing_of(bare)
    if landing is not None and landing.failure is not None:
        return Recognised(kind, NOTHING, f"The sign-in failed on the page: {landing.failure.cause}.")
    if landing is not None and landing.code:
        state = "" if landing.state else " It doesn't say which sign-in it belongs to."
        return Recognised(kind, secret, f"The address where the browser sign-in ended.{state}", usable=True)
    if landing is not None and landing.is_sign_in_page:
        return Recognised(kind, NOTHING, "This is where the sign-in begins. Sign in there, then paste where it ends.")
    if bare.startswith(("eyJ", "rt_")):
        return unknown("This is a token, not the end of a browser sign-in. Choose the way “Paste a token” for it.")
    if "/" in bare or ":" in bare or len(text.split()) > 1 or not bare.isascii():
        return unknown("There is no code in this. Copy the whole address that the browser shows after the sign-in.")
    if len(bare) < SHORTEST_CODE:
        return unknown("This is too short to be a code. Copy the whole address that the browser shows in the end.")
    if _PLACE.match(bare) or bare in PUBLIC_CLIENT_IDS or is_guid(bare):
        return unknown("This is no code: a name or an id. Copy the whole address that the browser shows in the end.")
    return Recognised(kind, secret, "It may be the code of a browser sign-in.", usable=True)


def _redirect(landing: Landing, generation: Generation) -> Recognised:
    if landing.failure is not None:
        sentence = f"The browser sign-in failed at this address: {landing.failure.cause}. {WANTED[generation]}."
    elif landing.code:
        sentence = (
            "The address where the browser sign-in ended. It belongs to the way “In the browser”: its code needs the "
            f"sign-in that made it. {WANTED[generation]}."
        )
    else:
        sentence = f"The address where a browser sign-in begins. {WANTED[generation]}."
    return Recognised(TokenKind.REDIRECT_ADDRESS, landing.code, sentence)
