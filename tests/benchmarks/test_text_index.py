"""The index of texts in the kept log against SQLite's own (FTS5, trigrams), over the same rows."""

import random
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.gram_rows import index_rows
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Body, Entry, Exchange, Purpose

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
MANY = 100_000
PAGE = 50
LOT = 128
"""Rows that both index in one transaction."""
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
ONCE = "a-needle-in-the-hay"
TERMS = ("nowhere-at-all", ONCE, "Running", "zz", "z")
LEAST_SMALLER = 3.0
"""FTS5's index is so many times larger, at least: the price of answering from the index alone."""


def bodies() -> Iterator[bytes]:
    chance = random.Random(7)
    for number in range(1, MANY + 1):
        key = uuid.UUID(int=chance.getrandbits(128))
        info = ONCE if number == MANY * 7 // 9 else "words of a robot"
        yield (
            f'{{"Id": {number}, "Key": "{key}", "State": "Running", "CreationTime": "{WHEN}", "Info": "{info}", '
            f'"ReleaseName": "Invoice Intake", "HostMachineName": "PC-{number % 40}", "RobotId": {number % 97}}}'
        ).encode()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float, int]:
    """The kept log with its index, microseconds a row to index it, and bytes of the index."""
    path = tmp_path_factory.mktemp("kept") / NAME
    path.touch()
    store = ExchangeStore.open(path, version="", profile="", complain=pytest.fail)
    assert store is not None
    store._indexing.finish()  # pyright: ignore[reportPrivateUsage] - it is measured apart
    for number, data in enumerate(bodies(), 1):
        said = Body(data, len(data), "application/json")
        url = f"https://x.example/odata/Jobs({number % 97})"
        when = WHEN + timedelta(seconds=number)
        found = Exchange(number, when, Purpose.WATCH, 1, "GET", url, (), Body(), 200, response_body=said)
        assert store.keep(found, Entry.of(found))
    store.close()
    begin = time.perf_counter()
    index_rows(path, lambda: False, lambda _: None)
    cost = (time.perf_counter() - begin) / MANY * 1e6
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("SELECT sum(length(bits)) FROM grams").fetchone()
    return path, cost, int(size)


@pytest.fixture(scope="module")
def trigrams(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float, int]:
    """The same of FTS5 over the same bodies, which it doesn't keep itself."""
    path = tmp_path_factory.mktemp("trigrams") / "fts"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            connection.execute("CREATE VIRTUAL TABLE texts USING fts5(body, content='', tokenize='trigram')")
        except sqlite3.OperationalError as error:
            pytest.skip(f"this SQLite has no FTS5 with trigrams: {error}")
        every, spent = enumerate(bodies(), 1), 0.0
        while lot := [(number, data.decode()) for number, data in islice(every, LOT)]:
            begin = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", lot)
            connection.execute("COMMIT")
            spent += time.perf_counter() - begin
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, spent / MANY * 1e6, path.stat().st_size


def test_size_and_cost_of_a_row(
    kept: tuple[Path, float, int], trigrams: tuple[Path, float, int], report: Callable[[str], None]
) -> None:
    (_, ours, small), (_, theirs, large) = kept, trigrams
    text = sum(map(len, bodies()))
    report(
        f"index of {text / 1e6:.0f} MB in {MANY:,} bodies: bits {small / 1e6:.1f} MB and {ours:.0f} µs a row, "
        f"FTS5 trigrams {large / 1e6:.1f} MB and {theirs:.0f} µs a row ({large / small:.1f}× as large)"
    )
    assert large / small >= LEAST_SMALLER


@pytest.mark.parametrize("term", TERMS)
def test_the_first_page_of_a_term(
    term: str, kept: tuple[Path, float, int], trigrams: tuple[Path, float, int], report: Callable[[str], None]
) -> None:
    bits, theirs = list[float](), list[float]()
    page, rows = list[Entry](), list[tuple[int]]()
    with closing(Archive.open(kept[0])) as archive, closing(sqlite3.connect(trigrams[0])) as connection:
        for _ in range(3):
            begin = time.perf_counter()
            page = list(islice(archive.find(1, f'body:"{term}"'), PAGE))
            bits.append((time.perf_counter() - begin) * 1e3)
            begin = time.perf_counter()
            matching = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid LIMIT ?"
            rows = connection.execute(matching, (f'"{term}"', PAGE)).fetchall()
            theirs.append((time.perf_counter() - begin) * 1e3)
    found = f"{min(theirs):.1f} ms" if len(term) > 2 else "finds nothing: it knows no fewer than three letters"
    report(f"first page of “{term}” over {MANY:,}: bits {min(bits):.1f} ms, {len(page)} rows; FTS5 {found}")
    if len(term) > 2:
        assert [entry.id for entry in page] == [number for (number,) in rows]
    else:
        assert not rows
