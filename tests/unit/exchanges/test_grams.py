"""The bits of kept texts never rule out what is there, go with what changes, and come to an older file behind it."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchanges.filter.language import parse
from tui.exchanges.kept import gram_rows
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.gram_rows import Indexing, index_rows
from tui.exchanges.kept.grams import SIZE, bits_of, lacks
from tui.exchanges.kept.schema import MIGRATIONS, NAME, SHARED
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.exchanges.redaction.cover_rows import cover_rows
from tui.exchanges.redaction.needles import needle

LOT = 1 << SHARED
WHEN = datetime(2019, 6, 12, tzinfo=UTC)
SECRET = "opaque-Value_that-was-learned-late"


def exchange(number: int, text: str = "hay") -> Exchange:
    data = f'{{"Id": {number}, "Info": "{text}"}}'.encode()
    url = f"https://x.example/odata/{'Rare%C3%89' if number == 5 else 'Jobs'}({number})"
    return Exchange(
        number, WHEN, Purpose.WATCH, 1, "GET", url, (), Body(), 200, response_body=Body(data, len(data), "text/plain")
    )


def fill(path: Path, texts: list[str]) -> ExchangeStore:
    path.touch(0o600)
    store = ExchangeStore.open(path, version="0", profile="p", complain=pytest.fail)
    assert store is not None
    for number, text in enumerate(texts, 1):
        found = exchange(number, text)
        assert store.keep(found, Entry.of(found))
    return store


def index(path: Path) -> int:
    return index_rows(path, lambda: False, lambda _: None)


def blocks(path: Path) -> dict[int, bytes]:
    connection = sqlite3.connect(path)
    try:
        return dict(connection.execute("SELECT block, bits FROM grams"))
    finally:
        connection.close()


def find(path: Path, text: str) -> list[int]:
    archive = Archive.open(path)
    try:
        return [entry.id for entry in archive.find(1, text)]
    finally:
        archive.close()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gram_rows, "_PAUSE", 60.0)  # only what a test asks for
    return tmp_path / NAME


@given(st.lists(st.binary(max_size=60), max_size=4), st.data())
def test_what_is_there_is_never_ruled_out(bodies: list[bytes], data: st.DataObject) -> None:
    bits = bits_of(bodies)
    assert len(bits) == SIZE
    for body in bodies:
        start = data.draw(st.integers(0, len(body)))
        part = body[start : data.draw(st.integers(start, len(body)))].lower()
        assert not lacks(bits, part)
        assert not lacks(bits, b"\x00\xfe\xff\x01 nowhere", part)


def test_what_is_not_there_is_ruled_out_across_the_pieces_of_a_large_body() -> None:
    data = (b"words and more " * 3_000)[:40_000]
    for at in (16_380, 16_382, 16_383, 16_384, 32_766, 39_990):
        bits = bits_of([data[:at] + b"Needle#" + data[at:]])
        assert not lacks(bits, b"needle#")
        assert not lacks(bits, data[at - 5 : at] + b"needle#" + data[at : at + 5])
        assert lacks(bits, b"needle!")
    assert not lacks(None, b"needle")
    assert not lacks(b"a claim", b"needle")


@pytest.mark.parametrize("text", ["odd", "body:odd", "rareé", "path:rareé", "od", "body:x", '"Id\\": 5"', "RAREÉ", "é"])
def test_the_same_is_found_with_bits_as_without(path: Path, text: str) -> None:
    texts = ["hay"] * (3 * LOT)
    texts[LOT + 7] = texts[-1] = "the odd one"
    fill(path, texts).close()
    before = find(path, text)
    wanted = parse(text)
    archive = Archive.open(path)
    every = [e.id for e in archive.entries(1) if wanted.matches(e, lambda number: archive.exchange(1, number), {})]
    archive.close()
    assert before == every
    assert index(path) == 3
    assert index(path) == 0
    assert find(path, text) == before


def test_rows_that_can_not_hold_it_are_not_read(path: Path) -> None:
    fill(path, ["hay"] * (2 * LOT)).close()
    index(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER grams_UPDATE")
    connection.execute("UPDATE messages SET response_body = CAST('a needle' AS BLOB) WHERE id = 5")
    connection.commit()
    connection.close()
    assert find(path, "body:needle") == []


def test_what_changes_loses_its_bits_and_is_searched_whole(path: Path) -> None:
    texts = ["hay"] * (3 * LOT)
    texts[LOT + 3] = SECRET
    store = fill(path, texts)
    assert index(path) == 3
    with_secret = blocks(path)[1]
    assert not lacks(with_secret, SECRET.lower().encode())
    assert cover_rows(path, 1, [needle(SECRET)]).rewritten == 1
    assert set(blocks(path)) == {0, 2}
    assert find(path, "body:…") == [LOT + 4]
    assert index(path) == 1
    assert lacks(blocks(path)[1], SECRET.lower().encode())
    assert with_secret not in path.read_bytes()
    store.close()


def test_ids_that_are_given_again_lose_the_bits_of_those_before(path: Path) -> None:
    store = fill(path, ["hay"] * (2 * LOT))
    index(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER grams_DELETE")
    connection.execute("DELETE FROM messages WHERE id > ?", (LOT + 2,))
    connection.execute("DELETE FROM exchanges WHERE id > ?", (LOT + 2,))
    connection.commit()
    connection.close()
    assert set(blocks(path)) == {0, 1}
    found = exchange(9_999, "needle")
    assert store.keep(found, Entry.of(found))
    assert set(blocks(path)) == {0}
    assert find(path, "body:needle") == [9_999]
    store.close()


def test_one_that_is_changed_while_it_is_read_stays_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, ["hay"] * (2 * LOT)).close()

    def changed(texts: object) -> bytes:
        other = sqlite3.connect(path)
        other.execute("UPDATE messages SET response_body = x'6e6565646c65' WHERE id = 3")
        other.commit()
        other.close()
        return bytes(SIZE)

    monkeypatch.setattr(gram_rows, "bits_of", changed)
    assert index(path) == 1
    assert 0 not in blocks(path)
    assert find(path, "body:needle") == [3]


def test_a_file_of_the_first_version_is_brought_up_to_date_and_found_in(path: Path) -> None:
    texts = ["hay"] * (2 * LOT)
    texts[4] = "needle"
    fill(path, texts).close()
    connection = sqlite3.connect(path)
    for statement in ("TRIGGER grams_INSERT", "TRIGGER grams_UPDATE", "TRIGGER grams_DELETE", "TABLE grams"):
        connection.execute(f"DROP {statement}")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    store = ExchangeStore.open(path, version="0", profile="p", complain=pytest.fail)
    assert store is not None
    assert not blocks(path)
    assert find(path, "body:needle") == [5]
    assert index(path) == 2
    assert find(path, "body:needle") == [5]
    store.close()
    assert len(MIGRATIONS) == 2


def test_a_session_indexes_behind_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gram_rows, "_PAUSE", 0.01)
    store = fill(path, ["hay"] * (2 * LOT))
    end = time.monotonic() + 10
    while not all(len(bits) == SIZE for bits in blocks(path).values()) or set(blocks(path)) != {0, 1}:
        assert time.monotonic() < end
        time.sleep(0.01)
    store.close()


def test_who_ends_does_not_wait_for_a_large_lot(path: Path) -> None:
    fill(path, ["hay"] * (2 * LOT)).close()
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 9

    assert index_rows(path, stopped, lambda _: None) == 0
    assert len(asked) < 15
    assert len(find(path, "body:hay")) == 2 * LOT
    assert index(path) == 2


def test_a_file_that_is_gone_or_broken_is_no_trouble(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    indexing = Indexing(path)
    indexing.begin()
    indexing.finish()
    indexing.begin()
