"""Looking through the kept exchanges in a thread: what fits, called off, and a file that is gone."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

import pytest

from tui.exchanges.filter.candidates import LOOKED_AT, known_values
from tui.exchanges.filter.language import parse
from tui.exchanges.filter.search import Search, Where
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose

NOW = datetime(2026, 11, 24, 9, 28, tzinfo=UTC)


def exchange(number: int, text: str = "nothing") -> Exchange:
    body = Body(text.encode(), len(text), "text/plain")
    url = f"https://x.example/odata/Jobs({number % 3})"
    return Exchange(number, NOW, Purpose.WATCH, 1, "GET", url, (), Body(), 200, response_body=body)


@pytest.fixture
def kept(tmp_path: Path) -> ExchangeLog:
    path = tmp_path / "log.sqlite3"
    path.touch()
    store = ExchangeStore.open(path, version="1", profile="", complain=pytest.fail)
    assert store is not None
    log = ExchangeLog()
    log.append(exchange(1, "before the store"))
    log.attach(store)
    store.follow(log.marks)
    for number in range(2, 30):
        log.append(exchange(number, "an œuvre" if number % 5 == 0 else "nothing"))
    log.marks.set(7, "look")
    return log


def look(log: ExchangeLog, text: str) -> frozenset[int] | None:
    told: Queue[frozenset[int] | None] = Queue()
    assert log.keeper is not None
    assert log.keeper.where is not None
    search = Search(log.keeper.where, text, told.put)
    search.start()
    search.join(10)
    return told.get_nowait()


@pytest.mark.parametrize("text", ["body:ŒUVRE", "before", "mark: or body:œuvre", "!body:nothing", "Jobs(1) header:x"])
def test_what_a_thread_finds_is_what_the_filter_says(kept: ExchangeLog, text: str) -> None:
    wanted = parse(text)
    expected = {entry.id for entry in kept.entries if wanted.matches(entry, kept.exchange, kept.marks)}
    assert look(kept, str(wanted)) == expected
    assert kept.unkept == frozenset()


def test_what_the_store_does_not_take_is_known(kept: ExchangeLog, make_full: Callable[[ExchangeLog], None]) -> None:
    make_full(kept)
    kept.append(exchange(30))
    assert kept.unkept == {30}


@pytest.fixture
def make_full() -> Callable[[ExchangeLog], None]:
    def make(log: ExchangeLog) -> None:
        assert log.keeper is not None
        log.keeper.close()

    return make


def test_one_that_is_called_off_tells_nothing(kept: ExchangeLog) -> None:
    told: list[object] = []
    assert kept.keeper is not None
    assert kept.keeper.where is not None
    search = Search(kept.keeper.where, "body:x", told.append)
    search.call_off()
    search.start()
    search.join(10)
    assert told == []


def test_a_file_that_is_gone_is_told_as_nothing_known(tmp_path: Path) -> None:
    told: list[object] = []
    Search(Where(tmp_path / "gone", 1), "body:x", told.append).run()
    assert told == [None]


def test_a_closed_store_is_nowhere(kept: ExchangeLog) -> None:
    kept.close()
    assert kept.keeper is not None
    assert kept.keeper.where is None


def test_the_values_of_the_newest_calls_are_known(kept: ExchangeLog) -> None:
    known = known_values(kept.entries)
    assert known["job"] == ("2", "1", "0")
    assert known["status"] == ("200",)
    assert known["method"] == ("GET",)
    log = ExchangeLog()
    for number in range(1, LOOKED_AT + 3):
        log.append(Exchange(number, NOW, Purpose.WATCH, 1, f"M{number}", "", (), Body()))
    assert len(known_values(log.entries)["method"]) == LOOKED_AT
    assert known_values(())["job"] == ()
