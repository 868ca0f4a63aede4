from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.api.raw_servers import ManualClock
from tui.api.answer import Answer
from tui.api.failures import CallError, failure_for
from tui.api.limits import Limits
from tui.api.retry import RETRIED_REASONS, read_with_retries, retry_after
from tui.exchanges.reasons import Reason

NOW = datetime(2019, 6, 12, 9, 28, tzinfo=UTC)
DATE = "Wed, 12 Jun 2019 09:00:00 GMT"


def make(status: int, **headers: str) -> Answer:
    return Answer(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), b"", "https://x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0),
        ("5", 5.0),
        (" 7 ", 7.0),
        ("300", 300.0),
        ("301", 300.0),
        ("9" * 400, 300.0),
        ("٣", None),
        ("²", None),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("Wed, 12 Jun 2019 09:00:10 GMT", 10.0),
        ("Wed, 12 Jun 2019 08:00:00 GMT", 0.0),
        ("Wed, 12 Jun 2099 08:00:00 GMT", 300.0),
        ("Wed, 99 Jun 2019 09:00:10 GMT", None),
        ("Wednesday, 12-Jun-19 09:00:10 GMT", 10.0),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    assert retry_after(make(429, Retry_After=value, Date=DATE), NOW) == expected


def test_a_date_without_the_servers_own_counts_from_this_clock() -> None:
    assert retry_after(make(429, Retry_After="Wed, 12 Jun 2019 09:28:30 GMT"), NOW) == 30.0


def scripted(*outcomes: Answer | Exception) -> tuple[Callable[[int], object], list[int]]:
    calls: list[int] = []

    async def attempt(number: int) -> Answer:
        calls.append(number)
        outcome = outcomes[number - 1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return attempt, calls


def broken(reason: Reason) -> CallError:
    return CallError(failure_for(reason, "x"), sent=True, reason=reason)


async def run(*outcomes: Answer | Exception) -> tuple[Answer, list[int], list[float]]:
    clock = ManualClock()
    attempt, calls = scripted(*outcomes)
    answer = await read_with_retries(attempt, clock=clock, limits=Limits())  # type: ignore[arg-type]
    return answer, calls, clock.slept


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_three_tries_on_passing_trouble(status: int) -> None:
    answer, calls, slept = await run(make(status), make(status), make(status))
    assert answer.status == status
    assert calls == [1, 2, 3]
    assert 0.5 <= slept[0] <= 0.8
    assert 1.0 <= slept[1] <= 1.3


@pytest.mark.parametrize("status", [200, 201, 301, 400, 401, 403, 404, 409, 425, 501])
async def test_one_try_otherwise(status: int) -> None:
    answer, calls, slept = await run(make(status))
    assert (answer.status, calls, slept) == (status, [1], [])


async def test_the_servers_own_wait_is_kept() -> None:
    answer, calls, slept = await run(make(503, Retry_After="7"), make(200))
    assert (answer.status, calls, slept) == (200, [1, 2], [7.0])


async def test_a_long_wait_is_left_to_the_person() -> None:
    answer, calls, slept = await run(make(429, Retry_After="120"))
    assert (answer.status, calls, slept) == (429, [1], [])


@pytest.mark.parametrize("reason", sorted(RETRIED_REASONS))
async def test_broken_connections_are_tried_again(reason: Reason) -> None:
    answer, calls, _ = await run(broken(reason), make(200))
    assert (answer.status, calls) == (200, [1, 2])


@pytest.mark.parametrize("reason", sorted(set(Reason) - RETRIED_REASONS))
async def test_what_will_not_pass_is_not(reason: Reason) -> None:
    with pytest.raises(CallError) as error:
        await run(broken(reason))
    assert error.value.reason is reason


async def test_the_last_error_is_raised() -> None:
    with pytest.raises(CallError, match="broke off"):
        await run(broken(Reason.REFUSED), broken(Reason.REFUSED), broken(Reason.INCOMPLETE))
