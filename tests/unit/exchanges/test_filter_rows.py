"""Conditions on rows let through everything that fits the filter, and find the same in the end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.exchanges.filter.language import parse
from tui.exchanges.filter.rows import condition
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.gram_rows import index_rows
from tui.exchanges.kept.schema import NAME, SHARED, opened
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose, Timing

TERMS = (
    "method:get", "method:post,put", "status:>=400", "status:5xx", "status:none", "status:200..299", "status:<300",
    "path:jobs", "path:%41", "path:a", "step:start", "step:robot-logs", "job:7", "job:77", "slow:>1s", "slow:2s",
    "slow:<500ms", "size:>1kb", "size:10", "try:>1", "number:3", "number:>10", "failed", "poll", "body:hay", "hay",
    "HAY", "request:hay", "response:hÄY", "body:packed", "nowhere", "hay status:5xx", "hay or !post",
    "mark:", "header:x", "url:x.example", "time:>09:00",
)  # fmt: skip
BODIES = (b"", b"hay", b"\xff\x00HAY\x80", "hÄy".encode(), b"packed" * 9_000, b"\xc3hay")
ROWS = 140
WHEN = datetime(2019, 6, 12, tzinfo=UTC)


def exchange(number: int) -> Exchange:
    purposes = tuple(Purpose)
    return Exchange(
        id=number,
        started_at=WHEN + timedelta(hours=number),
        purpose=purposes[number % len(purposes)],
        attempt=1 + number % 3,
        method=("GET", "POST", "put")[number % 3],
        url=f"https://x.example/odata/{'Jobs' if number % 2 else '%4Aobs%41'}({number % 9})",
        request_headers=(("X", "x"),) if number % 4 else (),
        request_body=Body(),
        status=(None, 200, 299, 400, 503)[number % 5],
        error="It timed out" if number % 5 == 0 else "",
        response_body=Body(BODIES[number % len(BODIES)], number * 100, "text/plain"),
        timing=Timing(total=number / 10),
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    path = tmp_path_factory.mktemp("rows") / NAME
    path.touch()
    store = ExchangeStore.open(path, version="", profile="", complain=pytest.fail)
    assert store is not None
    log = ExchangeLog()
    log.attach(store)
    store.follow(log.marks)
    for number in range(1, ROWS + 1):
        log.append(exchange(number))
    log.marks.set(7, "here")
    index_rows(path, lambda: False, lambda _: None)
    store.close()
    connection = opened(path)
    assert connection.execute("SELECT count(*) FROM grams WHERE length(bits) > 8").fetchone() == (ROWS >> SHARED,)
    connection.close()
    return Archive.open(path)


def texts() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(TERMS),
        lambda inner: st.one_of(
            st.builds("({} {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("!({})".format, inner),
        ),
        max_leaves=4,
    )


@settings(deadline=None)  # every exchange is read for each example
@given(texts())
def test_the_same_exchanges_are_found(archive: Archive, text: str) -> None:
    wanted, marks = parse(text), archive.marks(1)
    expected = [
        entry.id
        for entry in archive.entries(1)
        if wanted.matches(entry, lambda number: archive.exchange(1, number), marks)
    ]
    assert [entry.id for entry in archive.find(1, text)] == expected


@pytest.mark.parametrize(
    "text", ["status:5xx", "!poll", "step:start", "job:7", "slow:>1s", "failed", "method:post,put", "body:hay"]
)
def test_what_can_be_said_in_rows_leaves_others_out(archive: Archive, text: str) -> None:
    assert condition(parse(text).root).sql != "1"
    assert 0 < len(list(archive.find(1, text))) < ROWS
