"""When a read is tried again, and how long it waits. Sleeps only by the injected clock."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, retry_if_result, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from tui.api.answer import Answer
from tui.api.failures import CallError
from tui.api.limits import Limits
from tui.clock import Clock
from tui.exchanges.reasons import Reason

RETRIED_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
RETRIED_REASONS: Final = frozenset(
    {
        Reason.NAME,
        Reason.REFUSED,
        Reason.UNREACHABLE,
        Reason.CONNECT,
        Reason.CONNECT_TIMEOUT,
        Reason.TLS_CUT,
        Reason.PROXY_NAME,
        Reason.PROXY_UNREACHABLE,
        Reason.PROXY_CLOSED,
        Reason.CLOSED,
        Reason.INCOMPLETE,
    }
)
LONGEST_RETRY_AFTER: Final = 300.0


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, at most 300; ``None`` without a usable one.

    A date counts from the answer's own ``Date``, so a wrong clock on this side does no harm; ``now`` stands in for it.
    """
    value = answer.header("retry-after").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER)
    moment = _http_date(value)
    if moment is None:
        return None
    seconds = (moment - (_http_date(answer.header("date")) or now)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


async def read_with_retries(attempt: Callable[[int], Awaitable[Answer]], *, clock: Clock, limits: Limits) -> Answer:
    """Call ``attempt`` with 1, 2, … until its answer is final. Only for calls that change nothing on the server.

    Returns the last answer whatever its status and raises the last `CallError`. A server that asks for a longer pause
    than ``limits.longest_wait`` is not waited for: its answer is returned at once.
    """
    usual = wait_exponential(multiplier=limits.first_wait, max=limits.longest_wait)
    usual += wait_random(0, limits.first_wait / 2)

    def asked(state: RetryCallState) -> float | None:
        outcome = state.outcome
        if outcome is None or outcome.failed:
            return None
        return retry_after(outcome.result(), clock.now())

    def worth_it(answer: Answer) -> bool:
        return answer.status in RETRIED_STATUSES and (retry_after(answer, clock.now()) or 0) <= limits.longest_wait

    def wait(state: RetryCallState) -> float:
        seconds = asked(state)
        return usual(state) if seconds is None else seconds

    def give_up(state: RetryCallState) -> Answer:
        assert state.outcome is not None  # noqa: S101 - a try has ended when this is called
        return state.outcome.result()

    number = 0

    async def one() -> Answer:
        nonlocal number
        number += 1
        return await attempt(number)

    retrying = AsyncRetrying(
        sleep=clock.sleep,
        stop=stop_after_attempt(limits.tries),
        wait=wait,
        retry=retry_if_exception(_is_worth_it) | retry_if_result(worth_it),
        retry_error_callback=give_up,
    )
    return await retrying(one)


def _is_worth_it(error: BaseException) -> bool:
    return isinstance(error, CallError) and error.reason in RETRIED_REASONS


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else None
