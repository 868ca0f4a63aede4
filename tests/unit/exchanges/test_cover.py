"""A secret that is learned late is covered from its first appearance: in memory and in the file, in every encoding."""

import asyncio
import base64
import html
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tui.exchanges.held import Held
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.exchanges.redaction import cover_late
from tui.exchanges.redaction.cover import covered_exchange
from tui.exchanges.redaction.cover_rows import cover_rows
from tui.exchanges.redaction.needles import Needle, needle
from tui.exchanges.redaction.redact import Redactor
from tui.secret import fingerprint

SECRET = "kY7+q/Zw2_late\"arrival'<of&an>=opaque~Token-94"
MARK = fingerprint(SECRET)
NOW = datetime(2019, 6, 12, tzinfo=UTC)
WRITTEN: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": lambda secret: json.dumps(secret)[1:-1],
    "json in json": lambda secret: json.dumps(json.dumps(secret))[3:-3],
    "unicode escapes": lambda secret: "".join(f"\\u{ord(each):04x}" for each in secret),
    "percent": lambda secret: quote(secret, safe=""),
    "all percent": lambda secret: "".join(f"%{ord(each):02X}" for each in secret),
    "form": quote_plus,
    "html": html.escape,
    "base64": lambda secret: base64.b64encode(b"a" + secret.encode() + b"b").decode(),
    "base64 url": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "hex": lambda secret: secret.encode().hex(),
    "shortened": lambda secret: secret[:16],
}


def exchange(number: int, **parts: object) -> Exchange:
    plain = Exchange(
        id=number,
        started_at=NOW,
        purpose=Purpose.WATCH,
        attempt=1,
        method="GET",
        url=f"https://x.example/odata/Jobs({number})",
        request_headers=(("Accept", "application/json"),),
        request_body=Body(),
        status=200,
        reason="OK",
        response_headers=(("Date", "now"),),
        response_body=Body(b'{"State": "Running"}', 20, "application/json"),
    )
    return replace(plain, **parts)


def body(text: str | bytes, kind: str = "text/plain", *, truncated: bool = False) -> Body:
    data = text if isinstance(text, bytes) else text.encode()
    return Body(data, len(data), kind, truncated)


PLACES: dict[str, Callable[[str], dict[str, object]]] = {
    "address": lambda text: {"url": f"https://x.example/a?q={text}"},
    "reason": lambda text: {"reason": text},
    "request header": lambda text: {"request_headers": (("X-Weird", f"a {text} b"), ("A", "b"))},
    "request body": lambda text: {"request_body": body(f"a={text}&b=c")},
    "response header": lambda text: {"response_headers": (("ETag", f"W/{text}"),)},
    "response body": lambda text: {"response_body": body(f'{{"odd": "{text}"}}')},
    "content type": lambda text: {"response_body": body("x", f"text/plain; boundary={text}")},
    "compressed body": lambda text: {"response_body": body(f"{'words ' * 9_000}{text}{' words' * 9_000}")},
}


def leftovers(folder: Path, spelled: str) -> list[str]:
    """Return the files that hold the text in their bytes, as it is or as JSON writes it."""
    wanted = (spelled.encode(), json.dumps(spelled)[1:-1].encode())
    return [
        each.name for each in folder.iterdir() if each.is_file() and any(want in each.read_bytes() for want in wanted)
    ]


def unpacked_leftovers(path: Path, spelled: str) -> int:
    connection = sqlite3.connect(path)
    try:
        packed = connection.execute("SELECT response_body FROM messages WHERE response_packed").fetchall()
    finally:
        connection.close()
    return sum(spelled.encode() in zlib.decompress(data) for (data,) in packed)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def kept(path: Path, complaints: list[str] | None = None, *, cached: int = 10_000) -> tuple[ExchangeLog, ExchangeStore]:
    path.touch(0o600)
    told = complaints if complaints is not None else list[str]()
    store = ExchangeStore.open(path, version="0", profile="p", complain=told.append)
    assert store is not None
    log = ExchangeLog(cached=cached)
    log.attach(store)
    return log, store


def soon(check: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover_late, "FIRST_REST", 0.001)
    monkeypatch.setattr(cover_late, "AGAIN", 0.02)


@pytest.mark.parametrize("place", PLACES)
def test_every_encoding_is_covered_in_memory_and_in_the_file(place: str, path: Path) -> None:
    log, _store = kept(path)
    spelled = {name: write(SECRET) for name, write in WRITTEN.items()}
    for number, text in enumerate(spelled.values(), 1):
        log.append(exchange(number, **PLACES[place](text)))
    clean = exchange(len(spelled) + 1)
    log.append(clean)
    redactor = Redactor()
    redactor.subscribe(log.cover)
    redactor.learn(SECRET)
    log.close()
    for name, text in spelled.items():
        assert not leftovers(path.parent, text), name
        assert not unpacked_leftovers(path, text), name
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT url, reason, request_headers, response_headers FROM exchanges JOIN messages USING (id)"
    )
    assert len(rows.fetchall()) == len(spelled) + 1
    connection.close()
    for number, (name, text) in enumerate(spelled.items(), 1):
        found = log.entries[number - 1]
        assert text not in found.url, name
    if place == "address":
        assert all(MARK in entry.url for entry in log.entries[:-1])
    assert log.entries[-1].url == clean.url


def test_what_held_none_comes_back_as_it_was_and_what_held_one_only_without_it(path: Path) -> None:
    log, store = kept(path)
    first, second = exchange(1), exchange(2, response_body=body(f"before {SECRET} after\n\x00\xff".encode("latin-1")))
    log.append(first)
    log.append(second)
    assert store.session is not None
    done = cover_rows(path, store.session, [needle(SECRET)])
    assert (done.rewritten, done.damaged, done.emptied) == (1, 0, True)
    assert cover_rows(path, store.session, [needle(SECRET)]).rewritten == 0
    assert store.exchange(1) == first
    covered = store.exchange(2)
    assert covered is not None
    data = second.response_body.data.replace(SECRET.encode(), MARK.encode())
    assert covered == replace(second, response_body=replace(second.response_body, data=data))
    assert (path.parent / f"{NAME}-wal").stat().st_size == 0
    log.close()


def test_wide_characters_and_a_cut_end_are_covered() -> None:
    wide = exchange(1, response_body=body(f"a{SECRET}b".encode("utf-16"), "text/plain"))
    assert covered_exchange(wide, [needle(SECRET)]).response_body.data == f"a{MARK}b".encode("utf-16")
    cut = exchange(1, response_body=body(f"a{SECRET[:9]}", truncated=True))
    assert covered_exchange(cut, [needle(SECRET)]).response_body.data == f"a{MARK}".encode()
    plain = exchange(1, response_body=body("utf-16".encode("utf-16"), truncated=True))
    assert covered_exchange(plain, [needle(SECRET)]) is plain


def test_nothing_is_looked_at_before_there_is_something(path: Path) -> None:
    log, _ = kept(path)
    redactor = Redactor()
    redactor.subscribe(log.cover)
    redactor.learn(SECRET)
    assert log._covering is None
    log.close()


@pytest.mark.usefixtures("hurried")
async def test_the_session_that_runs_is_covered_soon_and_who_shows_it_hears_in_the_loop(path: Path) -> None:
    log, _ = kept(path, cached=10_000_000)
    log.append(exchange(1, **PLACES["address"](SECRET)))
    log.append(exchange(2, **PLACES["response body"](SECRET[:20])))
    heard = asyncio.Event()
    log.on_renewed(heard.set)
    redactor = Redactor()
    redactor.learn(SECRET)
    redactor.subscribe(log.cover)
    redactor.subscribe(log.cover)
    async with asyncio.timeout(10):
        await heard.wait()
    assert MARK in log.entries[0].url
    assert MARK in log.exchange(1).url
    assert SECRET[:20].encode() not in log.exchange(2).response_body.data
    soon(lambda: not leftovers(path.parent, SECRET))
    assert not leftovers(path.parent, SECRET[:20])
    log.append(exchange(3))
    assert log.exchange(3) == exchange(3)
    log.close()


def test_what_was_learned_together_is_looked_for_together() -> None:
    looks: list[tuple[int, bool]] = []

    def look(needles: object, last: bool) -> int:
        assert isinstance(needles, tuple)
        looks.append((len(needles), last))
        return 0

    covering = cover_late.Covering(look)
    many = [needle(f"a-found-value-{each}") for each in range(cover_late.MOST + 20)]
    for each in (*many, many[-9]):
        covering.add(each)
    covering.finish()
    assert looks == [(cover_late.MOST, True)]
    covering.finish()


def test_what_the_session_uses_is_covered_however_much_an_answer_names() -> None:
    looks: list[tuple[bytes, ...]] = []

    def look(needles: Sequence[Needle], last: bool) -> int:
        looks.append(tuple(each.value for each in needles))
        return 0

    covering = cover_late.Covering(look)
    for each in (
        needle(SECRET, thorough=True),
        *(needle(f"found-value-{each}") for each in range(cover_late.MOST + 5)),
    ):
        covering.add(each)
    covering.finish()
    assert SECRET.encode() in looks[0]


@pytest.mark.usefixtures("hurried")
def test_what_could_not_be_covered_is_tried_again() -> None:
    looks: list[bool] = []

    def look(needles: object, last: bool) -> int | None:
        looks.append(last)
        return None if len(looks) < 3 else 5

    covering = cover_late.Covering(look)
    covering.add(needle(SECRET))
    soon(lambda: covering._thread is None)
    assert looks == [False, False, False]


@pytest.mark.usefixtures("hurried")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_fails_by_a_defect_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover_late, "FIRST_REST", 0.0)
    looks: list[bytes] = []

    def look(needles: Sequence[Needle], last: bool) -> int:
        del last
        looks.extend(each.value for each in needles)
        if len(looks) == 1:
            raise LookupError
        return 0

    covering = cover_late.Covering(look)
    covering.add(needle("the-first-one"))
    soon(lambda: looks == [b"the-first-one"] and covering._thread is None)  # pyright: ignore[reportPrivateUsage]
    covering.add(needle("the-second-one"))
    covering.finish()
    assert looks == [b"the-first-one", b"the-second-one"]


def test_a_reader_holds_it_up_until_it_is_gone(path: Path) -> None:
    complaints: list[str] = []
    log, _ = kept(path, complaints)
    log.append(exchange(1, **PLACES["response body"](SECRET)))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    log.cover(needle(SECRET, thorough=True))
    covering = log._covering
    assert covering is not None
    time.sleep(0.3)
    assert leftovers(path.parent, SECRET)
    reader.execute("ROLLBACK")
    soon(lambda: covering._thread is None)
    assert not leftovers(path.parent, SECRET)
    reader.close()
    log.close()
    assert not complaints


def test_a_file_that_stays_locked_is_told_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.exchanges.kept.schema.BUSY", 0.05)
    complaints: list[str] = []
    log, _ = kept(path, complaints)
    log.append(exchange(1, **PLACES["response body"](SECRET)))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    log.cover(needle(SECRET))
    log.close()
    assert complaints == [f"A secret may stand in the log of this session: {path} is held by another program"]
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("damage", ["response_body = x'00112233'", "response_body = 7", "reason = x'ff'"])
def test_a_damaged_row_is_told_and_the_others_are_covered(path: Path, damage: str) -> None:
    complaints: list[str] = []
    log, store = kept(path, complaints, cached=1)
    for number, place in ((1, "compressed body"), (2, "response body"), (3, "compressed body"), (4, "reason")):
        log.append(exchange(number, **PLACES[place](SECRET)))
    other = sqlite3.connect(path)
    other.execute(f"UPDATE messages SET {damage} WHERE id = 3")  # noqa: S608 - our own text
    other.commit()
    other.close()
    log.cover(needle(SECRET))
    log.close()
    assert complaints == [f"A secret may stand in the log of this session: {path} is damaged"]
    assert store.exposed == complaints[0]
    assert not leftovers(path.parent, SECRET)


def test_two_sessions_cover_their_own(path: Path) -> None:
    mine, _ = kept(path)
    theirs, _ = kept(path)
    for log in (mine, theirs):
        log.append(exchange(1, **PLACES["response body"](SECRET)))
    mine.cover(needle(SECRET))
    theirs.append(exchange(2, **PLACES["reason"](SECRET)))
    mine.close()
    assert leftovers(path.parent, SECRET)
    theirs.cover(needle(SECRET))
    theirs.close()
    assert not leftovers(path.parent, SECRET)


def test_a_row_that_is_read_while_it_is_covered_is_read_again(path: Path) -> None:
    log, store = kept(path, cached=1)
    for number in (1, 2):
        log.append(exchange(number, **PLACES["response body"](SECRET)))
    read = store.exchange

    def slowly(number: int) -> Exchange | None:
        found = read(number)
        if log._covering is None:
            log.cover(needle(SECRET))
            covering = log._covering
            assert covering is not None
            covering.finish()
        return found

    store.exchange = slowly
    assert SECRET.encode() not in log.exchange(1).response_body.data
    log.close()


def test_comments_are_covered_in_memory_and_in_the_file(path: Path) -> None:
    log, store = kept(path)
    store.follow(log.marks)
    for number in (1, 2, 3):
        log.append(exchange(number))
        log.marks.set(number, f"look at {SECRET[:20]} in {number}")
    log.marks.set(2, "only words")
    log.marks.drop(3)
    log.cover(needle(SECRET, thorough=True))
    log.close()
    assert dict(log.marks) == {1: f"look at {MARK} in 1", 2: "only words"}
    log.marks.restore(3)
    assert log.marks[3] == f"look at {MARK} in 3"
    assert not leftovers(path.parent, SECRET[:20])
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT comment FROM marks ORDER BY number").fetchall() == [
        (f"look at {MARK} in 1",),
        ("only words",),
    ]
    connection.close()


def test_what_was_lent_is_covered_also_when_the_log_holds_it_no_more() -> None:
    log = ExchangeLog(held=1)
    log.append(exchange(1, **PLACES["response body"](SECRET)))
    lent = log.lend(log.exchange(1))
    log.append(exchange(2))
    assert log.exchange(1).gave_way
    heard: list[bool] = []
    log.on_renewed(lambda: heard.append(True))
    log.cover(needle(SECRET))
    log.close()
    found = lent.get(1)
    assert found is not None
    assert found.response_body.data == f'{{"odd": "{MARK}"}}'.encode()
    assert heard == [True]


def test_what_is_lent_after_it_was_taken_from_the_log_and_covered_there_is_covered() -> None:
    for held in (1, 1_000_000):
        log = ExchangeLog(held=held)
        log.append(exchange(1, **PLACES["response body"](SECRET)))
        taken = log.exchange(1)
        log.append(exchange(2))
        log.cover(needle(SECRET))
        log.close()
        found = log.lend(taken).get(1)
        assert found is not None
        assert SECRET.encode() not in found.response_body.data
        assert MARK.encode() in found.response_body.data


def test_a_store_that_is_attached_between_two_looks_keeps_no_secret(path: Path) -> None:
    log = ExchangeLog()
    log.append(exchange(1, **PLACES["response body"](SECRET)))
    path.touch(0o600)
    store = ExchangeStore.open(path, version="0", profile="p", complain=pytest.fail)
    assert store is not None
    keep = store.keep

    def slowly(exchange: Exchange, entry: Entry) -> bool:
        log.cover(needle(SECRET))  # what was taken from memory is written after the look
        covering = log._covering
        assert covering is not None
        soon(lambda: covering._thread is None)
        return keep(exchange, entry)

    store.keep = slowly
    log.attach(store)
    log.close()
    assert log.exchange(1).response_body.data == f'{{"odd": "{MARK}"}}'.encode()
    assert not leftovers(path.parent, SECRET)


def test_two_threads_that_change_what_is_held_lose_nothing() -> None:
    held = Held(1_000_000)
    held.add(exchange(1, **PLACES["response body"](f"{SECRET} another-secret")))

    def meanwhile(found: Exchange) -> Exchange:
        if SECRET.encode() in found.response_body.data:
            held.change(lambda each: covered_exchange(each, [needle(SECRET)]))
        return covered_exchange(found, [needle("another-secret")])

    assert held.change(meanwhile)
    (found,) = held
    assert found.response_body.data == f'{{"odd": "{MARK} {fingerprint("another-secret")}"}}'.encode()


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from test_cover_made import PLACES, SECRET, exchange, kept
from tui.exchanges.redaction.needles import needle
log, _ = kept(Path(sys.argv[1]))
for number in range(1, 400):
    log.append(exchange(number, **PLACES["response body"](SECRET)))
log.cover(needle(SECRET))
print("covering", flush=True)
log.close()
print("covered", flush=True)
"""


@pytest.fixture
def ending(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    (made / "test_cover_made.py").write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
    return made


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize(
    "number", [pytest.param(each, marks=() if each < 2 else pytest.mark.full) for each in range(20)]
)
def test_a_kill_in_the_middle_leaves_a_file_that_opens(path: Path, ending: Path, number: int) -> None:
    script = KILLED.format(paths=[str(ending), os.getcwd()])
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "covering\n"
    time.sleep(random.Random(number).uniform(0, 0.15))
    child.kill()
    child.wait()
    child.stdout.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM exchanges JOIN messages USING (id)").fetchone() == (399,)
    connection.close()
    done = cover_rows(path, 1, [needle(SECRET)], empties=True)
    assert done.damaged == 0
    assert not leftovers(path.parent, SECRET)
