"""The error shapes that UiPath's servers send, made into one `Problem`, and what to tell a person about it.

Shapes in the order in which they are tried: Orchestrator, ABP, ``errorMessage``, identity, RFC 7807, PascalCase, HTML
or nothing (UiPathOrch ``ErrorMessageExtraction.tsv``). Nothing here does I/O.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast
from urllib.parse import urlsplit

from tui.api.answer import Answer
from tui.api.rights import Holder, Lack, not_allowed
from tui.errors import AnswerError, Exit, Failure
from tui.text import clean

_MESSAGE_LIMIT: Final = 1_000
_NO_ADVICE: Final = "Read the server's words; the log has the whole answer"


class Kind(StrEnum):
    """What sort of problem an answer is."""

    SIGN_IN = "sign-in"
    NOT_ALLOWED = "not allowed"
    NOT_FOUND = "not found"
    FOLDER = "folder"
    CONFLICT = "conflict"
    BAD_REQUEST = "bad request"
    LIMIT = "rate limit"
    SERVER = "server"
    REDIRECT = "redirect"
    WRONG_ADDRESS = "wrong address"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. Texts are the server's own words, harmless to a terminal; ``retry_after`` in seconds."""

    status: int
    kind: Kind
    message: str = ""
    error_code: int | str | None = None
    trace_id: str = ""
    retry_after: float | None = None
    lacks: Lack = Lack.NOTHING
    holder: Holder = Holder.UNKNOWN


class ProblemError(AnswerError):
    """An answer that is an error, with its `Problem`."""

    def __init__(self, failure: Failure, problem: Problem) -> None:
        super().__init__(failure)
        self.problem = problem

    @property
    def kind(self) -> Kind:
        """What sort of problem it is."""
        return self.problem.kind


def problem_of(answer: Answer, retry_after: float | None = None) -> Problem:
    """Return the problem that an answer without success, or with a page instead of data, reports. Never raises.

    Of a redirect only the place is told: the rest of its address may hold secrets.
    """
    if 300 <= answer.status < 400:
        return Problem(answer.status, Kind.REDIRECT, _place(answer.header("location")))
    if answer.looks_like_html:
        kind = Kind.WRONG_ADDRESS if answer.ok else _kind(answer.status, None)
        return Problem(answer.status, kind, retry_after=retry_after, holder=answer.holder)
    fields = _fields(answer.content)
    if fields is None:
        text = answer.content[: _MESSAGE_LIMIT * 4].decode("utf-8", "replace")
        kind = _kind(answer.status, None)
        return Problem(answer.status, kind, _text(text), retry_after=retry_after, holder=answer.holder)
    message, code = _message_and_code(fields)
    trace_id = _first(fields, "traceId", "TraceId", "trace_id")
    kind = _kind(answer.status, code)
    lacks = _lack(fields, message, code) if kind is Kind.NOT_ALLOWED else Lack.NOTHING
    return Problem(answer.status, kind, _text(message), _code(code), _text(trace_id), retry_after, lacks, answer.holder)


def failure_of(problem: Problem, doing: str) -> Failure:
    """Return what to tell a person. ``doing`` completes the title, such as ``list the releases``."""
    cause, next_step, exit_code = _ADVICE[problem.kind]
    if problem.kind is Kind.REDIRECT:
        cause = f"the server tried to send us to {problem.message or 'another address'}; this is never followed"
    elif problem.kind is Kind.SERVER:
        cause = f"the server failed (status {problem.status})"
    elif problem.kind is Kind.LIMIT and problem.retry_after is not None:
        next_step = f"Try again in {problem.retry_after:.0f} seconds"
    elif problem.kind is Kind.NOT_ALLOWED:
        cause, next_step = not_allowed(problem.lacks, problem.message, problem.holder)
    if isinstance(problem.error_code, int) and problem.error_code in _CODES:
        cause, next_step = _CODES[problem.error_code]
    return Failure(
        title=f"Could not {doing}",
        cause=cause,
        next_step=next_step,
        exit=exit_code,
        status=problem.status,
        server_message="" if problem.kind is Kind.REDIRECT else problem.message,
        error_code=problem.error_code,
        trace_id=problem.trace_id,
    )


def problem_error(answer: Answer, doing: str) -> ProblemError:
    """Return the error to raise for ``answer``."""
    problem = problem_of(answer, answer.retry_after)
    return ProblemError(failure_of(problem, doing), problem)


_ADVICE: Final[dict[Kind, tuple[str, str, Exit]]] = {
    Kind.SIGN_IN: ("the server does not accept the token: it has ended, was revoked, or is another organization's",
                   "Sign in again", Exit.SIGN_IN),
    Kind.NOT_ALLOWED: ("it is not allowed", _NO_ADVICE, Exit.REFUSED),
    Kind.NOT_FOUND: ("the server has no such thing, or not in this folder",
                     "Check the folder and reload the list", Exit.NOT_FOUND),
    Kind.FOLDER: ("the folder does not exist, is not open to you, or was not named",
                  "Choose the folder again", Exit.NOT_FOUND),
    Kind.CONFLICT: ("nothing can run it as things stand", "Read the server's words below", Exit.REFUSED),
    Kind.BAD_REQUEST: ("the server does not accept the request", _NO_ADVICE, Exit.REFUSED),
    Kind.LIMIT: ("too many requests for now", "Wait a minute and try again", Exit.NETWORK),
    Kind.SERVER: ("the server failed", "Try again in a while; if it stays, ask who runs the server", Exit.NETWORK),
    Kind.REDIRECT: ("the server tried to send us elsewhere", "Check the base address, the account and the instance",
                    Exit.NETWORK),
    Kind.WRONG_ADDRESS: ("the server sent a page for people instead of data: the address is probably wrong",
                         "Check the base address, the account and the instance", Exit.NETWORK),
    Kind.UNREADABLE: ("the answer is not what this call promises", _NO_ADVICE, Exit.NETWORK),
}  # fmt: skip
_CODES: Final[dict[int, tuple[str, str]]] = {
    1002: ("there is no such item in this folder, or no folder was named", "Check the folder and reload the list"),
    1100: ("the folder does not exist any more or is not open to you",
           "Choose the folder again, or ask an administrator to assign you to it"),
    1101: ("the server wants to know the folder, and none was named", "Choose a folder first"),
    1230: ("a foreground job needs an unattended robot", "Assign an unattended robot with a foreground account"),
    1671: ("no user with unattended robot permissions is in this folder",
           "Assign an unattended robot to the folder, or choose another folder"),
    2818: ("no machine with an Unattended or NonProduction runtime is in this folder",
           "Assign a machine template with a runtime to the folder"),
}  # fmt: skip
_KINDS: Final = {
    401: Kind.SIGN_IN,
    403: Kind.NOT_ALLOWED,
    404: Kind.NOT_FOUND,
    409: Kind.CONFLICT,
    429: Kind.LIMIT,
}


def _kind(status: int, code: object) -> Kind:
    if status >= 500 or status == 408:
        return Kind.SERVER
    if code in (1100, 1101) and status != 401:
        return Kind.FOLDER
    if 200 <= status < 300:
        return Kind.UNREADABLE
    return _KINDS.get(status, Kind.BAD_REQUEST)


def _lack(fields: dict[str, Any], message: str, code: object) -> Lack:
    """Tell a missing scope, which stands alone in ``errorMessage``, from a missing permission, which ABP tells."""
    if _first(fields, "errorMessage") and not _first(fields, "message"):
        return Lack.SCOPE
    is_role = code == 1108 or fields.get("unAuthorizedRequest") is True or "not authorized" in message.lower()
    return Lack.ROLE if is_role else Lack.NOTHING


def _fields(content: bytes) -> dict[str, Any] | None:
    try:
        data: Any = json.loads(content.removeprefix(b"\xef\xbb\xbf"), strict=False)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", data) if isinstance(data, dict) else None


def _message_and_code(fields: dict[str, Any]) -> tuple[str, object]:
    """Return the most telling text and the code, whatever the shape."""
    inner = fields.get("error")
    code = fields.get("errorCode", fields.get("ErrorCode"))
    if isinstance(inner, dict):
        return _abp(fields, cast("dict[str, Any]", inner), code)
    if isinstance(inner, str):
        described = _first(fields, "error_description")
        return (f"{inner}: {described}" if described else inner), code if code is not None else inner
    if message := _first(fields, "message", "errorMessage"):
        return message, code
    if isinstance(fields.get("errors"), dict):
        return _validation(fields), code
    message = _first(fields, "Message", "StatusDescription", "title", "detail")
    return message, code


def _abp(fields: dict[str, Any], inner: dict[str, Any], code: object) -> tuple[str, object]:
    parts = [_first(inner, "message"), _first(inner, "details")]
    if not any(parts):
        parts = [_first(fields, "message")]
    if code is None:
        code = inner.get("code")
    first, *more = dict.fromkeys(part for part in parts if part) or [""]
    return ": ".join([first.rstrip(".:") if more else first, *more]), code


def _validation(fields: dict[str, Any]) -> str:
    errors = cast("dict[str, Any]", fields["errors"])
    parts = [_first(fields, "title").rstrip(".")]
    for name, texts in list(errors.items())[:10]:
        listed = cast("list[Any]", texts) if isinstance(texts, list) else [texts]
        parts.append(f"{name}: {' '.join(str(text) for text in listed[:5])}")
    return "; ".join(part for part in parts if part)


def _first(fields: dict[str, Any], *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _code(code: object) -> int | str | None:
    if isinstance(code, bool) or not isinstance(code, (int, str)) or code in (0, ""):
        return None
    return _text(code) if isinstance(code, str) else code


def _place(location: str) -> str:
    """Return scheme, host and port of an absolute address, ``""`` when it is none that can be read."""
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or not parts.scheme:
        return ""
    return _text(f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}")


def _text(text: str) -> str:
    return clean(" ".join(text.split()), limit=_MESSAGE_LIMIT)
