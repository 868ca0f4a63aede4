"""What the log keeps in memory: every entry, whole exchanges within bounds, the jobs they are about."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui.exchanges.links import jobs_of
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.exchanges.redaction.cover import covered_exchange
from tui.exchanges.redaction.needles import Needle, needle
from tui.secret import fingerprint

KEY = "3c5b8a10-1111-4222-8333-abcdefabcdef"


def exchange(number: int, size: int = 0, url: str = "https://x.example/odata/Jobs(7)") -> Exchange:
    now = datetime(2019, 6, 12, tzinfo=UTC)
    body = Body(b"y" * size, size)
    return Exchange(number, now, Purpose.WATCH, 1, "GET", url, (("A", "b"),), Body(), 200, response_body=body)


class Shelf:
    """A keeper that keeps nothing from ``full`` on."""

    def __init__(self, full: int = 10_000) -> None:
        self.kept: dict[int, Exchange] = {}
        self.full = full

    def prepare(self, data: bytes) -> None:
        del data

    def keep(self, exchange: Exchange, entry: Entry) -> bool:
        assert entry == Entry.of(exchange)
        if exchange.id >= self.full:
            return False
        self.kept[exchange.id] = exchange
        return True

    def exchange(self, number: int) -> Exchange | None:
        return self.kept.get(number)

    def cover(self, needles: Sequence[Needle], *, last: bool) -> int:
        assert last
        self.kept = {number: covered_exchange(found, needles) for number, found in self.kept.items()}
        return 0

    @property
    def where(self) -> None:
        return None

    def close(self) -> None:
        self.full = 0


@pytest.mark.parametrize(
    ("url", "jobs"),
    [
        ("https://x.example/odata/Jobs(12)", "12"),
        ("https://x.example/odata/Jobs(12)/UiPath.Server.Configuration.OData.StopJob", "12"),
        ("https://x.example/odata/Jobs?%24filter=Id+eq+5+or+Id+eq+6&%24top=2", "5 6"),
        ("https://x.example/odata/Jobs?$filter=Id%20in%20(5,6,%207)", "5 6 7"),
        ("https://x.example/odata/Jobs?$filter=Id%20eq%202%20or%20(Id%20ge%205%20and%20Id%20le%207)", "2 5 6 7"),
        (f"https://x.example/odata/RobotLogs?%24filter=JobKey+eq+{KEY.upper()}", KEY),
        ("https://x.example/odata/Releases?$filter=Id eq 5 and Name eq 'Job'", ""),
        ("https://x.example/odata/Jobs?$orderby=Id desc", ""),
        ("https://x.example/api/Account", ""),
    ],
)
def test_the_address_names_the_jobs(url: str, jobs: str) -> None:
    assert jobs_of(url) == jobs


@pytest.mark.parametrize(
    "answer", [b"", b"[", b"[1]", b'{"value": 3}', b'{"value": [1, {}, {"Id": "x"}]}', b"[" * 9999]
)
def test_an_answer_to_a_start_that_names_none(answer: bytes) -> None:
    assert jobs_of("https://x.example/odata/Jobs/StartJobs", answer) == ""


def test_the_answer_to_a_start_names_its_jobs() -> None:
    answer = {"value": [{"Id": 4, "Key": KEY, "Robot": {"Id": 9}}, {"Id": 5, "Key": "no key"}]}
    assert jobs_of("https://x.example/odata/Jobs/StartJobs", json.dumps(answer).encode()) == f"4 {KEY} 5"


def test_an_entry_is_light_and_says_the_same() -> None:
    url = "https://cloud.uipath.com/acme/prod/orchestrator_/odata/Jobs({})?$expand=Robot,Release,Machine"
    entries = [Entry.of(exchange(number, 5_000, url.format(1_000_000 + number))) for number in range(1, 1_001)]
    parts = ("started_at", "url", "total", "request_size", "response_size", "id", "job")
    sizes = [sys.getsizeof(each) + sum(sys.getsizeof(getattr(each, part)) for part in parts) for each in entries]
    assert max(sizes) <= 500
    bare = entries[3].bare()
    assert bare.gave_way
    assert Entry.of(bare) == entries[3]
    assert entries[3].step == 5
    assert not entries[3].failed
    assert replace(entries[3], status=400).failed
    assert replace(entries[3], status=None).failed


def test_without_a_store_the_oldest_bodies_give_way_and_say_so() -> None:
    log = ExchangeLog(held=100_000)
    for number in range(1, 21):
        log.append(exchange(number, 10_000))
    assert len(log) == len(log.entries) == 20
    assert log[0].gave_way
    assert log[0].response_body == Body(size=10_000, truncated=True)
    assert not log[-1].gave_way
    assert log.exchange(20) == exchange(20, 10_000)
    assert [each.id for each in log] == list(range(1, 21))


def test_one_that_alone_is_too_large_stays_while_it_is_the_newest() -> None:
    log = ExchangeLog(held=1_000)
    log.append(exchange(1, 10_000))
    assert not log[0].gave_way
    log.append(exchange(2))
    assert log[0].gave_way


def test_what_memory_gave_up_comes_from_the_store() -> None:
    log, shelf = ExchangeLog(cached=30_000), Shelf()
    log.append(exchange(1, 10_000))
    log.attach(shelf)
    assert list(shelf.kept) == [1]
    heard: list[bool] = []
    log.subscribe(lambda found: heard.append(found.id in shelf.kept))
    for number in range(2, 10):
        log.append(exchange(number, 10_000))
    assert heard == [True] * 8
    assert all(not each.gave_way and len(each.response_body.data) == 10_000 for each in log)


def test_what_the_store_can_not_take_stays_in_memory() -> None:
    log, shelf = ExchangeLog(cached=1), Shelf(full=3)
    log.attach(shelf)
    for number in range(1, 6):
        log.append(exchange(number, 1_000))
    assert list(shelf.kept) == [1, 2]
    assert not any(each.gave_way for each in log)


def test_an_id_that_was_never_given_is_no_exchange() -> None:
    log = ExchangeLog()
    with pytest.raises(KeyError):
        log.exchange(1)
    log.append(exchange(5))
    assert log.exchange(5).id == 5
    for number in (4, 6, 0, -1):
        with pytest.raises(KeyError):
            log.exchange(number)


def covered(log: ExchangeLog, secret: str) -> None:
    log.cover(needle(secret))
    log.close()


def test_who_shows_exchanges_hears_of_a_change_and_of_nothing_else() -> None:
    log, heard = ExchangeLog(), list[str]()
    texts = b"other-secret another-secret"
    first = exchange(1, url="https://x.example/?q=hush-hush-hush")
    log.append(replace(first, response_body=Body(texts, len(texts))))

    def fails() -> None:
        raise LookupError

    log.on_renewed(fails)
    end = log.on_renewed(lambda: heard.append(log.entries[0].url))
    covered(log, "nowhere-to-be-found")
    assert not heard
    covered(log, "hush-hush-hush")
    assert heard == [f"https://x.example/?q={fingerprint('hush-hush-hush')}"]
    assert len(log.failures) == 1
    covered(log, "other-secret")
    assert len(heard) == 2
    end()
    end()
    covered(log, "another-secret")
    assert len(heard) == 2
    assert len(log.failures) == 1
