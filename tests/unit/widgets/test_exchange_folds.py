"""Which polls share a row."""

from collections.abc import Callable

import pytest

from tui.exchanges.model import Entry, Exchange, Purpose
from tui.widgets.log.exchange_folds import ExchangeFolds

MakeExchange = Callable[..., Exchange]
BASE = "https://cloud.uipath.com/a/b/orchestrator_/odata"


@pytest.fixture
def watch(make_exchange: MakeExchange) -> MakeExchange:
    def make(number: int, job: int = 1, status: int | None = 200) -> Exchange:
        return make_exchange(number, purpose=Purpose.WATCH, url=f"{BASE}/Jobs({job})", status=status)

    return make


def folded(exchanges: list[Exchange]) -> list[tuple[int, int]]:
    folds = ExchangeFolds()
    for index, exchange in enumerate(exchanges):
        folds.append(index, Entry.of(exchange))
    return [(exchanges[folds.last(row)].id, folds.count(row)) for row in range(len(folds))]


def test_polls_of_one_job_share_a_row_that_shows_the_last(watch: MakeExchange) -> None:
    assert folded([watch(n) for n in range(1, 13)]) == [(12, 12)]


def test_two_polls_that_take_turns_keep_one_row_each(watch: MakeExchange, make_exchange: MakeExchange) -> None:
    exchanges: list[Exchange] = []
    for number in range(1, 9, 2):
        since = f"2026-11-23T09:28:{number:02d}.1Z"
        exchanges.append(watch(number))
        url = f"{BASE}/RobotLogs?$filter=TimeStamp gt {since}&$skip={number}"
        exchanges.append(make_exchange(number + 1, purpose=Purpose.LOGS, url=url))
    assert folded(exchanges) == [(7, 4), (8, 4)]


def test_another_status_begins_a_new_row_and_ends_the_old(watch: MakeExchange) -> None:
    answers = [200, 200, 503, None, 200, 200]
    assert folded([watch(n, status=status) for n, status in enumerate(answers, 1)]) == [(2, 2), (3, 1), (4, 1), (6, 2)]


def test_other_jobs_and_other_calls_do_not_fold(watch: MakeExchange, make_exchange: MakeExchange) -> None:
    exchanges = [
        watch(1),
        watch(2, job=2),
        make_exchange(3, purpose=Purpose.STOP),
        watch(4),
        make_exchange(5),
        make_exchange(6),
    ]
    assert folded(exchanges) == [(n, 1) for n in range(1, 7)]


def test_the_row_of_any_exchange_is_found(watch: MakeExchange, make_exchange: MakeExchange) -> None:
    exchanges = [make_exchange(1), watch(2), watch(3, job=2), watch(4), watch(5, job=2), make_exchange(6), watch(7)]
    folds = ExchangeFolds()
    rows = [folds.append(index, Entry.of(exchange)) for index, exchange in enumerate(exchanges)]
    assert [folds.row_of(index) for index in range(len(exchanges))] == rows == [0, 1, 2, 1, 2, 3, 4]
    with pytest.raises(IndexError):
        folds.row_of(7)
