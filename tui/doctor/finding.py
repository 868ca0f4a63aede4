"""What a check of ``uipath-tui doctor`` finds: status, words, next step. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tui.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.errors import Failure

SET_UP: Final = "`uipath-tui setup` signs in and keeps the answers"


class Status(StrEnum):
    """How a check ended; the value is the word that is printed."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``words`` say it to a person; ``next_step`` is never empty for WARN and FAIL.

    ``details`` are facts for programs, JSON values by name; ``exit`` is the exit code that a FAIL asks for. Nothing in
    it is a secret.
    """

    name: str
    status: Status
    words: str
    next_step: str = ""
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    exit: Exit = Exit.SUCCESSFUL

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` says about it."""
        return {
            "name": self.name,
            "status": self.status.value,
            "finding": self.words,
            "next_step": self.next_step,
            **self.details,
        }


def ok(name: str, words: str, **details: Any) -> Finding:
    """Return the finding that all is well."""
    return Finding(name, Status.OK, words, details=details)


def warned(name: str, words: str, next_step: str, **details: Any) -> Finding:
    """Return the finding of something that works and should be looked after."""
    return Finding(name, Status.WARN, words, next_step, details)


def skipped(name: str, why: str, next_step: str = "", **details: Any) -> Finding:
    """Return the finding that nothing could be found out, and why."""
    return Finding(name, Status.SKIP, why, next_step, details)


def failed(name: str, failure: Failure, **details: Any) -> Finding:
    """Return the finding of something that does not work, in the words of ``failure``."""
    return _of_failure(Status.FAIL, name, failure, details)


def doubted(name: str, failure: Failure, **details: Any) -> Finding:
    """Return the finding of something that does not work and that the program can do without."""
    return _of_failure(Status.WARN, name, failure, details)


def _of_failure(status: Status, name: str, failure: Failure, details: Mapping[str, Any]) -> Finding:
    said = f". The server said: {failure.server_message}" if failure.server_message else ""
    known = {"http_status": failure.status, "error_code": failure.error_code, "trace_id": failure.trace_id or None}
    told = {key: value for key, value in known.items() if value is not None}
    words = f"{failure.title}: {failure.cause.rstrip('.')}{said}"
    return Finding(name, status, words, failure.next_step, {**told, **details}, failure.exit)


def exit_code(findings: Iterable[Finding]) -> Exit:
    """Return the exit code of the first FAIL, `Exit.SUCCESSFUL` without one."""
    return next((finding.exit for finding in findings if finding.status is Status.FAIL), Exit.SUCCESSFUL)


def summary(findings: Iterable[Finding]) -> str:
    """Return one sentence about all of them."""
    statuses = [finding.status for finding in findings]
    failures, warnings = statuses.count(Status.FAIL), statuses.count(Status.WARN)
    skipped_count = statuses.count(Status.SKIP)
    checks = "check was" if skipped_count == 1 else "checks were"
    left = f" {skipped_count} {checks} skipped." if skipped_count else ""
    if not failures and not warnings:
        return f"Nothing is wrong.{left}"
    counts = [
        f"{count} {word if count == 1 else word + 's'}"
        for count, word in ((failures, "failure"), (warnings, "warning"))
        if count
    ]
    return f"{' and '.join(counts)}.{left}"
