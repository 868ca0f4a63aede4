"""The formats of an export: whole, readable by other programs, harmless to whoever prints them, safely written."""

import base64
import io
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.errors import UsageError
from tui.exchanges.model import Body, Exchange, Purpose, Timing
from tui.exchanges.share.export import ENDINGS, FORMATS, export_to
from tui.exchanges.share.har import as_entry
from tui.text import clean

WHEN = datetime(2026, 3, 4, 9, 28, 12, 345000, tzinfo=UTC)
START = Exchange(
    id=7,
    started_at=WHEN,
    purpose=Purpose.START,
    attempt=1,
    method="POST",
    url="https://x.test/odata/Jobs/Start?a=1&b=%20",
    request_headers=(("Authorization", "Bearer …a3f1"), ("Content-Type", "application/json")),
    request_body=Body(b'{"a":"\xc3\xa9"}', 10, "application/json"),
    status=201,
    reason="Created",
    http_version="HTTP/1.1",
    response_headers=(("Content-Type", "application/json"),),
    response_body=Body(b"\xff\x00", 2, "application/json"),
    timing=Timing(connect=0.010, tls=0.020, send=0.001, wait=0.2, receive=0.003, total=0.25),
)
LOST = Exchange(
    8, WHEN, Purpose.WATCH, 2, "GET", "https://x.test/odata/Jobs(1)", (), Body(), error="the server hung up"
)
CUT = Exchange(
    9, WHEN, Purpose.LOGS, 1, "GET", "https://x.test/l", (), Body(), 200, response_body=Body(b"ab", 9, "", True)
)
ANY_TEXT = st.text(st.characters(codec=None), max_size=40)
exchanges = st.builds(
    Exchange,
    id=st.integers(1, 99),
    started_at=st.just(WHEN),
    purpose=st.sampled_from(Purpose),
    attempt=st.integers(1, 3),
    method=ANY_TEXT,
    url=ANY_TEXT.map(lambda path: f"https://x.test/{path}"),
    request_headers=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3).map(tuple),
    request_body=st.builds(Body, st.binary(max_size=40), st.integers(0, 99), ANY_TEXT, st.booleans()),
    status=st.none() | st.integers(100, 599),
    reason=ANY_TEXT,
    response_headers=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3).map(tuple),
    response_body=st.builds(Body, st.binary(max_size=40), st.integers(0, 99), ANY_TEXT, st.booleans()),
    error=ANY_TEXT,
)


def written(form: str, *given: Exchange) -> str:
    file = io.StringIO()
    FORMATS[form](iter(given), file)
    return file.getvalue()


def test_a_har_entry_says_everything() -> None:
    entry = as_entry(START)
    assert entry["startedDateTime"] == "2026-03-04T09:28:12.345+00:00"
    assert entry["request"]["postData"]["text"] == '{"a":"é"}'
    assert entry["request"]["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": " "}]
    assert entry["response"]["content"]["encoding"] == "base64"
    assert base64.b64decode(entry["response"]["content"]["text"]) == b"\xff\x00"
    assert entry["timings"] == {
        "blocked": -1, "dns": -1, "connect": 30.0, "ssl": 20.0, "send": 1.0, "wait": 200.0, "receive": 3.0
    }  # fmt: skip
    assert entry["time"] == 234.0


def test_har_tells_a_lost_answer_and_a_cut_body() -> None:
    lost, cut = json.loads(written("har", LOST, CUT))["log"]["entries"]
    assert (lost["response"]["status"], lost["_error"], lost["comment"]) == (0, "the server hung up", "watch, try 2")
    assert cut["response"]["content"]["comment"] == "cut: 2 of 9 bytes were kept"


@given(st.lists(exchanges, max_size=4))
@settings(max_examples=150, deadline=None)
def test_har_and_lines_are_ascii_json_whatever_was_said(found: list[Exchange]) -> None:
    har = written("har", *found)
    assert har.isascii()
    assert [entry["_id"] for entry in json.loads(har)["log"]["entries"]] == [each.id for each in found]
    lines = written("jsonl", *found).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [each.id for each in found]


@given(st.lists(exchanges, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_report_holds_nothing_but_text_and_its_own_headings(found: list[Exchange]) -> None:
    report = written("markdown", *found)
    assert clean(report, multiline=True, limit=len(report)) == report
    outside, fence = [], ""
    for line in report.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("http")
        else:
            outside.append(line)
    assert not fence
    assert sum(line.startswith("#") for line in outside) == len(found) + 2


def test_a_report_can_be_read() -> None:
    report = written("markdown", START, LOST, CUT)
    assert "| 7 | 2026-03-04T09:28:12.345+00:00 | POST /odata/Jobs/Start | 201 Created | 2 B | 250 ms |" in report
    assert "Authorization: Bearer …a3f1" in report
    assert '  "a": "é"\n' in report
    assert "**the server hung up**" in report
    assert "Cut: 2 B of 9 B were kept." in report


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_belongs_to_its_owner_and_is_never_replaced_unasked(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"log{ENDINGS[form]}"
    size = export_to(str(path), [START, LOST], form)
    assert path.read_text(encoding="utf-8") == written(form, START, LOST)
    assert path.stat().st_size == size
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="already"):
        export_to(str(path), [CUT], form)
    export_to(str(path), [CUT], form, replace=True)
    assert path.read_text(encoding="utf-8") == written(form, CUT)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("replace", [False, True])
def test_an_export_never_goes_through_a_link(replace: bool, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for name, target in (("link", precious), ("dangling", tmp_path / "new")):
        (tmp_path / name).symlink_to(target)
        with pytest.raises(UsageError, match="can't be written"):
            export_to(str(tmp_path / name), [START], "har", replace=replace)
    assert precious.read_text() == "precious"
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs limits of the operating system")
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(UsageError, match="File too large"):
            export_to(str(tmp_path / "log.har"), [START], "har")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not (tmp_path / "log.har").exists()
