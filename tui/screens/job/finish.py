"""The end of a setup in a few lines: who, where, how much, until when, where the secret is, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.text import counted, day_and_time

if TYPE_CHECKING:
    from tui.flow.state import Answers, Identity


def finish_card(answers: Answers, total: int | None, loaded: int) -> Content:
    """Return what was set up; ``total`` is how many releases the server counts, ``None`` when it does not say."""
    identity = answers.identity
    if identity is None:
        return Content("")
    where = f"{answers.account.name} / {answers.instance.name}" if answers.account and answers.instance else ""
    folder = f", folder {answers.folder.path}" if answers.folder is not None else ""
    count = counted(total if total is not None else loaded, "release")
    lines = [
        Content.assemble(
            ("✓ ", "bold $success"), (f"Signed in as {identity.who}", "bold"), f" to {where}{folder}: {count}."
        ),
        Content.assemble("  ", access(identity), " ", kept(answers, identity)),
    ]
    if identity.warning:
        lines.append(Content.styled(f"  ! {identity.warning}", "$warning"))
    lines.append(Content.styled("  F3 shows names, keys and calls to paste elsewhere.", "$text-muted"))
    return Content("\n").join(lines)


def access(identity: Identity) -> str:
    """Return when access ends, as a sentence."""
    if identity.renewable:
        return "Access renews itself."
    if identity.expires_at is not None:
        return f"Access ends {day_and_time(identity.expires_at)}."
    return "Nobody said when access ends."


def kept(answers: Answers, identity: Identity) -> Content:
    """Return where the secret is and how to come back."""
    words = f"The secret is {identity.kept}."
    if not answers.save_as:
        return Content(words)
    name = "" if answers.save_as == "default" else f" --profile {answers.save_as}"
    again = " opens here again." if identity.keeping.lasts else " asks for it again; all else is kept."
    return Content.assemble(words, " Next time ", (f"uipath-tui{name}", "bold"), again)
