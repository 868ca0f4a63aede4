"""Sends StartJobs exactly once and says what is known afterwards. Never repeats it.

The classes of answers: a complete success with readable jobs is accepted; a refusal that proves nothing was done is
rejected; before the first byte it was not sent; everything else is unknown, 408, 425, 499, 3xx, every 5xx (a gateway
may answer for a server that has already acted) and a success that can't be read included.
"""

from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.caller import Caller
from tui.api.failures import CallError
from tui.api.models import Folder, Job, Wire
from tui.api.names import raw_of
from tui.api.outcome import Accepted, NotSent, Rejected, RequestPreview, StartOutcome, Unknown
from tui.api.parsing import parsed
from tui.api.problems import ProblemError, problem_error
from tui.api.start import START_PATH, StartInfo
from tui.errors import Exit, Failure, SignInError, UiPathTuiError
from tui.exchanges.model import Purpose

PROVES_NOTHING_STARTED: Final = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429})
_DOING: Final = "start the job"
SHORT_WAIT: Final = 10.0
"""Seconds of ``Retry-After`` that a refused start is sent again after, by itself and once."""


class StartedJobs(Wire):
    """The answer to StartJobs. Without a list under ``value``, or beside an error, it proves nothing."""

    value: tuple[Job, ...]
    error: Any = None


_JOBS: Final = TypeAdapter(StartedJobs)


def preview(caller: Caller, info: StartInfo, folder: Folder | None) -> RequestPreview:
    """Return the request that `start` would send now, the token as its fingerprint."""
    token = caller.credentials.access.reveal()
    return caller.connection.preview(caller.post_call(START_PATH, info.body(), Purpose.START, _DOING, folder, token))


async def start(caller: Caller, info: StartInfo, folder: Folder | None, *, renew: bool = False) -> StartOutcome:
    """Send the start once, on a fresh connection, and return what is known. No `Exception` leaves it once it is sent.

    A token about to end is renewed before, with ``renew`` also one that looks good; a 401 to the start itself is a
    rejection. Cancellation passes: then too the outcome is unknown if the request had left.
    """
    try:
        if renew:
            await caller.credentials.renew(caller.credentials.access)
        token = await caller.credentials.ready()
        call = caller.post_call(START_PATH, info.body(), Purpose.START, _DOING, folder, token.reveal())
    except UiPathTuiError as error:
        return NotSent(_not_sent(error))
    try:
        answer = replace(await caller.connection.send(call, fresh=True), holder=caller.credentials.holder)
        outcome = classify(answer, info.reference)
        if isinstance(outcome, Rejected):
            return replace(outcome, again_after=_worth_again(answer, renewable=caller.credentials.can_renew))
        return outcome
    except CallError as error:
        return Unknown(_unknown(error.failure)) if error.sent else NotSent(_not_sent(error))
    except UiPathTuiError as error:
        return NotSent(_not_sent(error))
    except Exception as error:  # noqa: BLE001 - a defect here must not hide that the request may have been acted on
        return Unknown(_unknown(Failure("", f"this program failed meanwhile ({type(error).__name__})", "")))


def _worth_again(answer: Answer, *, renewable: bool) -> float | None:
    """Return the pause after which a refused start is worth sending once more: a new token, or a short wait, helps."""
    if answer.status == 401 and renewable:
        return 0.0
    wait = answer.retry_after if answer.status == 429 else None
    return wait if wait is not None and wait <= SHORT_WAIT else None


def classify(answer: Answer, reference: str = "") -> StartOutcome:
    """Return what a complete answer to StartJobs proves.

    Only a list of jobs with id and key, and with the ``reference`` that was sent, is a success. An empty one proves
    nothing: no definition says what it means. How many were asked for proves nothing either: what the server made
    counts.
    """
    if answer.status in PROVES_NOTHING_STARTED:
        failure = problem_error(answer, _DOING).failure
        return Rejected(replace(failure, title=f"Not started. The server said {answer.status}"))
    if answer.status not in (200, 201):
        return Unknown(_unknown(problem_error(answer, _DOING).failure))
    try:
        started = parsed(answer, _JOBS, _DOING, unique_names=True)
    except ProblemError as error:
        return Unknown(_unknown(error.failure))
    if not started.value:
        return Unknown(_unknown(Failure("", "the server took the request and named no job", "", status=answer.status)))
    if started.error is not None or not all(job.id > 0 and job.key for job in started.value):
        return Unknown(_unknown(Failure("", "the answer names no job with id and key", "", status=answer.status)))
    if reference and any(raw_of(job.reference) != raw_of(reference) for job in started.value):
        return Unknown(_unknown(Failure("", "the answer names jobs without our mark", "", status=answer.status)))
    return Accepted(started.value)


def _not_sent(error: UiPathTuiError) -> Failure:
    failure = error.failure
    return Failure(
        title="Not started: nothing was sent",
        cause=failure.cause,
        next_step=failure.next_step,
        exit=Exit.SIGN_IN if isinstance(error, SignInError) else failure.exit,
        server_message=failure.server_message,
        error_code=failure.error_code,
        trace_id=failure.trace_id,
    )


def _unknown(failure: Failure) -> Failure:
    return Failure(
        title="The start was sent, but no complete answer came",
        cause=failure.cause,
        next_step="The job may exist. Do not start it again; look for it first",
        exit=Exit.OUTCOME_UNKNOWN,
        status=failure.status,
        server_message=failure.server_message,
        error_code=failure.error_code,
        trace_id=failure.trace_id,
    )
