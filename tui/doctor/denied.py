"""What to say when a call is refused: which scope the token lacks, or which permission the role, and who adds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.api.advice import PERSONAL_ACCESS_TOKEN
from tui.api.problems import Kind, Lack, ProblemError
from tui.doctor.finding import SET_UP_AGAIN, Finding, Status, doubted, failed
from tui.errors import Exit

if TYPE_CHECKING:
    from tui.api.auth import Credentials
    from tui.api.scopes import Scope
    from tui.api.token_set import SignInRecord
    from tui.errors import UiPathTuiError


def denied(
    name: str, error: UiPathTuiError, need: Scope, where: str, credentials: Credentials, *, vital: bool
) -> Finding:
    """Return the finding of a call that failed. ``need`` is what it takes, ``where`` the place where a role is given.

    What is not ``vital`` is a warning: the program can do without it.
    """
    problem = error.problem if isinstance(error, ProblemError) else None
    if problem is None or problem.kind is not Kind.NOT_ALLOWED:
        return failed(name, error.failure) if vital else doubted(name, error.failure)
    scope_step = adding_scope(need.name, credentials.record)
    role_step = f"Ask an administrator for a role with {need.permission} in {where}"
    match problem.lacks:
        case Lack.SCOPE:
            words, step = f"refused: the token lacks the scope {need.name} (your role may well allow it)", scope_step
        case Lack.ROLE:
            words, step = f"refused: the token is fine, but your role lacks {need.permission}", role_step
        case _:
            words = f"refused: your role lacks {need.permission}, or the token the scope {need.name}"
            step = f"{role_step}; or: {scope_step[:1].lower()}{scope_step[1:]}"
    details = {
        "scope": need.name,
        "permission": need.permission,
        "lacks": problem.lacks.value or "unknown",
        "http_status": problem.status,
        "trace_id": problem.trace_id or None,
    }
    status = Status.FAIL if vital else Status.WARN
    return Finding(name, status, f"{words}; it is needed to {need.purpose}", step, details, Exit.REFUSED)


def adding_scope(scope: str, record: SignInRecord) -> str:
    """Return how the scope is added to the kind of sign-in that ``record`` is."""
    if record.kind == PERSONAL_ACCESS_TOKEN:
        how = f"Make a new personal access token that has {scope} beside the others"
    else:
        kind = "an application" if record.own_grant else "a user"
        how = f"Add {scope} as {kind} scope of the application (Admin, External applications)"
    return f"{how}, then sign in again: {SET_UP_AGAIN}"
