"""Answers into models, and nothing else gets out of here than an `AnswerError`. Owns every use of pydantic's parser."""

import json
import re
from dataclasses import replace
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from tui.api.answer import Answer
from tui.api.problems import Kind, Problem, ProblemError, failure_of, problem_error
from tui.text import clean

Parsed = TypeVar("Parsed")
_SHOWN_ERRORS: Final = 3
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


def parsed(answer: Answer, kind: TypeAdapter[Parsed], doing: str, *, unique_names: bool = False) -> Parsed:
    """Return the body of a successful answer as ``kind``.

    A UTF-8 byte order mark is dropped, half a surrogate pair becomes U+FFFD. Raises `ProblemError` for an error status,
    a page instead of data, another encoding, no JSON, or JSON of another shape; with ``unique_names`` also for a name
    given twice in one object.
    """
    if not answer.ok or answer.looks_like_html:
        raise problem_error(answer, doing)
    content = answer.content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unreadable(answer.status, doing, "the answer is UTF-16; only UTF-8 is accepted")
    try:
        if unique_names:
            json.loads(content, object_pairs_hook=_refuse_twice)
        return kind.validate_json(_paired(content))
    except ValidationError as error:
        # Inputs may hold secrets and escape sequences: only places and kinds are told.
        details = "; ".join(
            f"{'.'.join(str(part) for part in each['loc']) or 'the answer'}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False, include_context=False)[:_SHOWN_ERRORS]
        )
        raise unreadable(answer.status, doing, details) from None
    except _GivenTwiceError as error:
        raise unreadable(answer.status, doing, str(error)) from None
    except (ValueError, RecursionError):
        raise unreadable(answer.status, doing, "no JSON that can be read") from None


def _paired(content: bytes) -> bytes:
    """Replace halves of surrogate pairs: names typed on a broken keyboard must not make a whole list unreadable."""
    if not _SURROGATE.search(content):
        return content
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["lone"] else match[0], content)


class _GivenTwiceError(Exception):
    """A name stands twice in one JSON object."""


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _GivenTwiceError("a name is given twice in one object, which two programs may read in two ways")
    return found


def unreadable(status: int, doing: str, why: str) -> ProblemError:
    """Return the error for an answer that is not what its call promises; ``why`` are this program's words."""
    problem = Problem(status, Kind.UNREADABLE)
    failure = failure_of(problem, doing)
    return ProblemError(replace(failure, cause=f"{failure.cause}: {clean(why, limit=400)}"), problem)
