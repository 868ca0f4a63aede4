"""The filter language: what each term means, how terms join, what errors say, and that printing reads back."""

import string
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchanges.filter.error import FilterError
from tui.exchanges.filter.language import Filter, parse
from tui.exchanges.filter.terms import FLAGS, KINDS
from tui.exchanges.model import Body, Entry, Exchange, Purpose, Timing

WHEN = datetime(2026, 11, 23, 9, 28, 12).astimezone()
JOBS = "https://cloud.uipath.com/acme/prod/orchestrator_/odata/Jobs(7)?$filter=Key%20eq%201"


def exchange(**changes: Any) -> Exchange:
    values: dict[str, Any] = {
        "id": 1,
        "started_at": WHEN,
        "purpose": Purpose.START,
        "attempt": 1,
        "method": "POST",
        "url": JOBS,
        "request_headers": (("X-Folder", "Finance"),),
        "request_body": Body('{"startInfo":"Grün"}'.encode()),
        "status": 201,
        "response_body": Body(b'{"State":"Pending","Note":"a \\"b\\""}', 12_000),
        "response_headers": (("Server", "nginx"),),
        "timing": Timing(total=1.2),
    }
    return Exchange(**{**values, **changes})


def fits(text: str, marks: dict[int, str] | None = None, **changes: Any) -> bool:
    job = changes.pop("job", "")
    one = exchange(**changes)
    return parse(text).matches(entry_of(one, job), {one.id: one}.get, marks or {})


@pytest.mark.parametrize(
    "text",
    [
        *("", "method:post", "method:get,POST", "METHOD:Post", "status:201", "status:2xx", "status:200..299"),
        *("status:>=200", "status:<300", "path:jobs", "path:Jobs(7)", 'path:"key eq 1"', "url:cloud.uipath", "jobs(7)"),
        *(
            "body:pending",
            'body:"a \\"b\\""',
            "body:grün",
            'body:"\\"State\\""',
            "request:startinfo",
            "response:pending",
        ),
        *("header:nginx", 'header:"x-folder: fin"', "slow:>1s", "slow:1s", "slow:1s..2s", "slow:>1100ms", "slow:<2min"),
        *("size:>10kb", "size:12kB", "size:..1MB", "step:start", "try:1", "number:1", "number:<5", "time:>09:28"),
        *("time:09:00..10:00", "time:<9:28:13", "pending", '"startInfo"', "!poll", "not failed", "!status:none"),
        *("method:get or step:start", "method:post (path:nothing or path:jobs)", "method:post and path:jobs"),
        *("not (method:get or path:nothing)", "!!method:post", "method:post & path:jobs", "method:get | path:jobs"),
        *("method:get path:jobs or step:start", "job:10173064", "job:4F8b", "step:4"),
    ],
)
def test_it_fits(text: str) -> None:
    assert fits(text, job="10173064 4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10")


@pytest.mark.parametrize(
    "text",
    [
        *("method:get", "status:200", "status:4xx", "status:none", "path:releases", "body:running", "request:pending"),
        *("response:startinfo", "header:apache", "slow:>2s", "size:<1kb", "step:watch", "try:>1", "number:2..", "poll"),
        *("time:>10:00", "failed", "!method:post", "method:post path:nothing", "method:get or path:nothing", "nothing"),
        *("job:9", "job:1017", "step:5", "mark:", '"poll"', "method:get (path:jobs or step:start)"),
    ],
)
def test_it_does_not_fit(text: str) -> None:
    assert not fits(text, job="10173064 4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10")


def test_no_answer_fails_and_has_no_status() -> None:
    assert fits("failed status:none !status:>=0", status=None)
    assert fits("failed", status=404)


def test_marks_and_their_comments() -> None:
    assert fits("mark:", {1: ""})
    assert fits("mark:late", {1: "Much too late"})
    assert not fits("mark:early", {1: "late"})
    assert not fits("mark:", {2: "late"})


def test_polls_are_the_repeated_reads() -> None:
    assert fits("poll", purpose=Purpose.WATCH)
    assert fits("poll step:robot-logs", purpose=Purpose.LOGS)
    assert fits('step:"robot logs"', purpose=Purpose.LOGS)


def test_what_json_escapes_is_found_as_it_reads() -> None:
    assert fits("body:grün", request_body=Body(b'{"a":"GR\\u00FCN"}'))
    assert fits('body:"say \\"hi\\""', request_body=Body(b'{"a":"say \\"hi\\""}'))


def test_bodies_are_asked_last_and_only_where_they_decide() -> None:
    asked: list[int] = []

    def load(number: int) -> None:
        asked.append(number)

    found = parse("body:x method:get")
    assert found.deep
    assert not found.matches(entry_of(exchange()), load)
    assert not asked
    assert not parse("method:post slow:>1s").deep


def test_a_body_that_is_not_kept_fits_nothing() -> None:
    assert not parse("body:pending").matches(entry_of(exchange()), lambda _: None)


@pytest.mark.parametrize(
    ("text", "place", "wrong", "possible"),
    [
        ("path:a metod:get", "metod:get", "no term metod:", "Did you mean method:?"),
        ("status:abc", "status:abc", "“abc” is no status", ">=400"),
        ("status:>4xx", "status:>4xx", "“4xx” is no status", ">=400"),
        ("slow:>1parsec", "slow:>1parsec", "no duration", "200ms"),
        ("size:big", "size:big", "no size", "10kb"),
        ("time:25:00", "time:25:00", "no time of day", "09:28"),
        ("number:x", "number:x", "no number", ">=2"),
        ("step:strat", "step:strat", "no step", "Did you mean start?"),
        ("path:", "path:", "needs a value", "path:Jobs"),
        ("path:>3", "path:>3", "compares nothing", 'path:">3"'),
        ('method:get body:"x', 'body:"x', "never closed", 'Write "'),
        ('""', '""', "nothing between", "Write a text"),
        ("(method:get", "(", "never closed", "Write )"),
        ("method:get)", ")", "closes nothing", "Remove it"),
        ("method:get or", "r", "missing at the end", "Write one"),
        ("or x", "or", "missing before “or”", "remove it"),
        ("a () b", ")", "missing before “)”", "remove it"),
        ("not", "t", "missing at the end", "Write one"),
        ("https://example.test", "https://example.test", "no term https:", "in quotes"),
    ],
)
def test_errors_point_at_the_term(text: str, place: str, wrong: str, possible: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    error = caught.value
    assert text[error.start : error.end] == place
    assert wrong in error.wrong
    assert possible in error.possible


def test_too_long_and_too_deep_are_refused() -> None:
    for text in ("x" * 1_001, "(" * 300 + "x" + ")" * 300, "!" * 999 + "x"):
        with pytest.raises(FilterError):
            parse(text)


FRAGMENTS = st.sampled_from(
    [
        *(f"{name}:" for name in KINDS),
        *FLAGS,
        *("(", ")", "!", "not ", "and ", "or ", " ", '"', "\\", ">", ">=", "..", "4xx", "200", "1s", "a(b", "x)", ":"),
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=4), max_size=14).map("".join)


@given(TEXTS | st.text(max_size=40))
def test_reading_raises_nothing_else_and_printing_reads_back(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        at_a_place(error, text)
    else:
        again = parse(str(found))
        assert again == found
        assert str(again) == str(found)


def at_a_place(error: FilterError, text: str) -> None:
    assert 0 <= error.start <= error.end <= len(text)
    assert error.wrong
    assert error.possible


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
TERMS = st.one_of(
    WORDS.map(lambda word: '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.text(string.ascii_letters, min_size=1, max_size=5).map("path:{}".format),
    st.integers(0, 999).map("status:>={}".format),
    st.sampled_from(["method:get", "poll", "failed", "step:start", "mark:"]),
)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} or ({two[1]})"),
    ),
    max_leaves=8,
)


@given(QUERIES)
def test_every_built_filter_is_read_and_printed_the_same(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Filter)
    assert parse(str(found)) == found
    one = exchange()
    assert found.matches(entry_of(one), {1: one}.get) == parse(str(found)).matches(entry_of(one), {1: one}.get)


def entry_of(one: Exchange, job: str = "") -> Entry:
    return replace(Entry.of(one), job=job)
