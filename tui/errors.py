"""What can go wrong, in words a person can act on. Owns the failure shape, the error tree and the exit codes."""

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command; `EXIT_MEANINGS` says what each means."""

    SUCCESSFUL = 0
    INTERNAL = 1
    USAGE = 2
    SIGN_IN = 3
    NOT_FOUND = 4
    NETWORK = 5
    OUTCOME_UNKNOWN = 6
    REFUSED = 7
    FAULTED = 10
    STOPPED = 11
    UNFINISHED = 12
    INTERRUPTED = 130


EXIT_MEANINGS: dict[Exit, str] = {
    Exit.SUCCESSFUL: "the job ended Successful (or the command did what it was asked)",
    Exit.INTERNAL: "a defect in this program",
    Exit.USAGE: "wrong arguments, or no terminal for a full-screen command",
    Exit.SIGN_IN: "sign-in refused or expired",
    Exit.NOT_FOUND: "account, service instance, folder or release not found",
    Exit.NETWORK: "the server could not be reached or gave no usable answer",
    Exit.OUTCOME_UNKNOWN: "the start was sent but no complete answer came: the job may exist",
    Exit.REFUSED: "the server refused (not started, or not allowed)",
    Exit.FAULTED: "the job ended Faulted",
    Exit.STOPPED: "the job ended Stopped",
    Exit.UNFINISHED: "the job was started and is not finished (not followed, or still suspended)",
    Exit.INTERRUPTED: "interrupted by you; a started job goes on",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed step: what happened, why, what to do now.

    ``server_message``, ``error_code`` and ``trace_id`` are the server's own words, cleaned for the terminal, when it
    gave any. ``status`` is the HTTP status, ``None`` without an answer.
    """

    title: str
    cause: str
    next_step: str
    exit: Exit = Exit.NETWORK
    status: int | None = None
    server_message: str = ""
    error_code: int | str | None = None
    trace_id: str = ""

    def __str__(self) -> str:
        return f"{self.title}: {_sentence(self.cause)} {_sentence(self.next_step)}".rstrip()


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "…")) else text + "."


class UiPathTuiError(Exception):
    """Root of every error this program raises on purpose. Carries the `Failure` to show."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class UsageError(UiPathTuiError):
    """The person asked for something that can't be: a bad argument, a bad address, a missing terminal."""


class SignInError(UiPathTuiError):
    """The server does not accept who we say we are."""


class AnswerError(UiPathTuiError):
    """The server answered, and the answer is an error or not what the call promises."""


class NoAnswerError(UiPathTuiError):
    """No complete answer came. ``sent`` tells whether any byte of the request may have reached the server."""

    def __init__(self, failure: Failure, *, sent: bool) -> None:
        super().__init__(failure)
        self.sent = sent
