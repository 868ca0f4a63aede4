"""What to say when a call is refused: which scope the token lacks, or which permission the role, and who adds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.api.problems import Kind, ProblemError
from tui.api.rights import Lack, adding, holder_of
from tui.doctor.finding import Finding, Status, doubted, failed
from tui.errors import Exit

if TYPE_CHECKING:
    from tui.api.sign_in.scopes import Scope
    from tui.api.sign_in.token_set import SignInRecord
    from tui.errors import UiPathTuiError


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked. ``record`` is the sign-in, ``scoped`` whether its server knows scopes at all (2019 knows none).

    ``then`` completes “make a new token, then”.
    """

    record: SignInRecord
    scoped: bool
    then: str

    def adding(self, scope: str) -> str:
        """Return how the scope is added to this kind of sign-in."""
        holder = holder_of(self.record.kind, scoped=self.scoped)
        return f"{adding(holder, scope, like=' beside its other scopes')}, then {self.then}"


def denied(name: str, error: UiPathTuiError, need: Scope, where: str, asking: Asking, *, vital: bool) -> Finding:
    """Return the finding of a call that failed. ``need`` is what it takes, ``where`` the place where a role is given.

    What is not ``vital`` is a warning: the program can do without it.
    """
    problem = error.problem if isinstance(error, ProblemError) else None
    if problem is None or problem.kind is not Kind.NOT_ALLOWED:
        return failed(name, error.failure) if vital else doubted(name, error.failure)
    lacks = problem.lacks if asking.scoped else Lack.ROLE
    ask = f"Ask an administrator for a role with {need.permission} in {where}"
    match lacks:
        case Lack.SCOPE:
            words, step = f"the token lacks the scope {need.name}", asking.adding(need.name)
        case Lack.ROLE:
            words, step = f"your role lacks the permission {need.permission}; the token is fine", ask
        case _:
            words = f"your role lacks the permission {need.permission}, or the token the scope {need.name}"
            step = f"{ask}. If the role has it: {asking.adding(need.name)}"
    details = {
        "scope": need.name if asking.scoped else None,
        "permission": need.permission,
        "lacks": lacks.value or "unknown",
        "http_status": problem.status,
        "trace_id": problem.trace_id or None,
    }
    status = Status.FAIL if vital else Status.WARN
    return Finding(name, status, f"refused, so it can't {need.purpose}: {words}", step, details, Exit.REFUSED)
