"""From a state of a job to the call that told it."""

from datetime import UTC, datetime, timedelta

from tui.exchanges.brought import bringing, bringing_line, logged_at
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose

NOW = datetime(2026, 11, 24, 9, 28, tzinfo=UTC)
KEY = "4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10"


def told(number: int, state: str, *, job: int = 7, purpose: Purpose = Purpose.WATCH) -> Exchange:
    body = Body(f'{{"Id": {job}, "Key": "{KEY}", "State": "{state}"}}'.encode(), 40, "application/json")
    url = f"https://x.example/odata/Jobs({job})"
    when = NOW + timedelta(seconds=number)
    return Exchange(number, when, purpose, 1, "GET", url, (), Body(), 200, response_body=body)


def log_of(*states: str) -> ExchangeLog:
    log = ExchangeLog()
    for number, state in enumerate(states, 1):
        log.append(told(number, state))
    return log


def find(log: ExchangeLog, state: str, second: float | None, names: tuple[str, ...] = ("7",)) -> int | None:
    at = None if second is None else NOW + timedelta(seconds=second)
    return bringing(log.entries, log.exchange, names, state, at)


def test_the_call_just_before_the_state_was_seen_told_it() -> None:
    log = log_of("Pending", "Pending", "Running", "Running", "Running", "Successful")
    assert find(log, "Pending", 1.2) == 1
    assert find(log, "Running", 3.1) == 3
    assert find(log, "Successful", 6.4) == 6
    assert find(log, "Running", None) == 5


def test_a_state_that_comes_again_is_found_each_time() -> None:
    log = log_of("Running", "Suspended", "Running", "Suspended")
    assert [find(log, "Suspended", at) for at in (2.2, 4.2)] == [2, 4]


def test_other_jobs_and_other_calls_are_passed_over() -> None:
    log = log_of("Pending")
    log.append(told(2, "Running", job=8))
    log.append(told(3, "Running", purpose=Purpose.RELEASES))
    log.append(told(4, "Running"))
    assert find(log, "Running", 3.5) == 4
    assert find(log, "Running", 3.5, ("9",)) is None


def test_where_no_body_tells_it_the_last_call_about_the_job_is_taken() -> None:
    log = log_of("Pending", "Running")
    assert find(log, "Faulted", 2.5) == 2
    assert find(ExchangeLog(), "Faulted", 2.5) is None


def lines(number: int, *seconds: float, job: str = KEY) -> Exchange:
    rows = [(NOW + timedelta(seconds=second)).isoformat().replace("+00:00", "Z") for second in seconds]
    text = ", ".join(f'{{"TimeStamp": "{at}", "Level": "Info", "Message": "m"}}' for at in rows)
    body = Body(f'{{"value": [{text}]}}'.encode(), 40, "application/json")
    url = f"https://x.example/odata/RobotLogs?$filter=JobKey%20eq%20{job}"
    when = NOW + timedelta(seconds=number)
    return Exchange(number, when, Purpose.LOGS, 1, "GET", url, (), Body(), 200, response_body=body)


def test_the_first_call_with_a_line_of_the_robot_log_brought_it() -> None:
    log = log_of("Running")
    other = "11111111-8f0c-4f60-9a6f-4b2f0c5d9a10"
    for each in (lines(2), lines(3, 2.5, job=other), lines(4, 1.5, 2.5), told(5, "Running"), lines(6, 2.5, 4.5)):
        log.append(each)

    def find_line(second: float) -> int | None:
        return bringing_line(log.entries, log.exchange, (KEY,), NOW + timedelta(seconds=second))

    assert [find_line(second) for second in (1.5, 2.5, 4.5, 4.4)] == [4, 4, 6, None]
    log.append(lines(7, 90, 91))
    log.append(lines(8, 91, 92))
    assert [find_line(second) for second in (90, 91, 92)] == [7, 7, 8]  # that robot's clock is ahead
    assert logged_at(log.exchange(8)) == {NOW + timedelta(seconds=91), NOW + timedelta(seconds=92)}
    assert not logged_at(log.exchange(1))
