"""What the sign-in form says in its line: about what was pasted, the way in, or the sign-in in use. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.api.guids import is_guid
from tui.api.sign_in.token_kinds import TokenKind
from tui.screens.sign_in.fields import TOKEN, explanation

if TYPE_CHECKING:
    from tui.api.sign_in.tokens import Recognised
    from tui.flow.state import Answers, SigningIn
    from tui.screens.sign_in.fields import WayIn


def said(state: SigningIn, way: WayIn, found: Recognised, *, kept: bool, offered: bool, doubt: str) -> Content:
    """Return the line. ``found`` is what was pasted; ``doubt`` what speaks against it, ``""`` for nothing.

    ``kept`` when Enter uses the sign-in that the profile keeps, ``offered`` when the demo's token is there.
    """
    if way is TOKEN and found.kind is not TokenKind.EMPTY:
        mark = ("✓ ", "$success") if found.usable and not doubt else ("! ", "$warning")
        name = found.secret.fingerprint if found.secret else ""
        sentence = f"{found.sentence} {doubt}".rstrip()
        return Content.assemble(mark, sentence, (f"  {name}" if name else "", "$text-muted"))
    if kept:
        profile = state.answers.profile
        who = f" of {profile.who}" if profile is not None else ""
        line = f"The sign-in{who} is kept: Enter uses it. Give another to change it."
        return Content.assemble(("✓ ", "$success"), line)
    if state.forward is not None:
        return Content.assemble(("✓ ", "$success"), "Signed in: Enter goes on. Give something else to change it.")
    if way is not TOKEN:
        return Content.styled(explanation(way, state.redirect_uri), "$text-muted")
    if offered:
        return Content.assemble(("✓ ", "$success"), "The demo's token is filled in: press Enter.")
    return Content.styled(found.sentence, "$text-muted")


def not_sent(why: str) -> Content:
    """Return that nothing was sent, and why."""
    return Content.assemble(("✘ Not sent. ", "$error"), why)


def other_organization(found: Recognised, organization: str, answers: Answers) -> str:
    """Return that a token names another organization than the one it is to open; ``""`` where nothing says so.

    A token tells the id (``prt_id``) and seldom the name; ``organization`` is the name or id typed in the form. Which
    id belongs to a name is known from the last sign-in, of this session or of the profile.
    """
    if not found.usable:
        return ""
    typed = organization.casefold()
    claimed = (found.organization_id if is_guid(organization) else found.organization).casefold()
    if typed and claimed:
        return _differs(organization) if typed != claimed else ""
    account, last = _last(answers)
    same = not typed or typed == account.casefold()
    number = found.organization_id.casefold()
    differs = bool(number and last and same) and number != last.casefold()
    return _differs(account or "last time") if differs else ""


def _last(answers: Answers) -> tuple[str, str]:
    """Return the organization in use, or that of the profile: its logical name and its id."""
    identity, profile = answers.identity, answers.profile
    if identity is not None and identity.organization_id and answers.account is not None:
        return answers.account.account_logical_name, identity.organization_id
    return (profile.account, profile.organization_id) if profile is not None else ("", "")


def _differs(organization: str) -> str:
    return f"It is not of organization {organization}. Enter twice sends it there all the same."
