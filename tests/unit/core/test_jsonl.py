"""The log file: one JSON object a line, owner's eyes only, never through a link."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.errors import UsageError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.exchanges.redaction.needles import needle
from tui.exchanges.share.jsonl import as_line, writing
from tui.secret import fingerprint

EXCHANGE = Exchange(
    id=1,
    started_at=datetime(2026, 3, 4, 9, 28, tzinfo=UTC),
    purpose=Purpose.WATCH,
    attempt=1,
    method="GET",
    url="https://x.test/odata/Jobs(1)",
    request_headers=(("Authorization", "Bearer …a3f1"),),
    request_body=Body(),
    status=200,
    reason="\x1b]0;x",
    response_body=Body(b'{"a": "\xff\x1b"}', 11, "application/json"),
)


def test_a_line_is_plain_ascii_json() -> None:
    line = as_line(EXCHANGE)
    assert line.isascii()
    assert line.strip().isprintable()
    data = json.loads(line)
    assert (data["status"], data["purpose"], data["reason"]) == (200, "watch", "\x1b]0;x")
    assert data["response_body"]["text"] == '{"a": "\\xff\x1b"}'


def test_lines_are_written_as_they_happen(tmp_path: Path) -> None:
    log, path = ExchangeLog(), tmp_path / "log.jsonl"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    with writing(str(path), log, pytest.fail):
        log.append(EXCHANGE)
        assert json.loads(path.read_text(encoding="utf-8"))["id"] == 1
    log.append(EXCHANGE)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_is_learned_late_is_taken_out_of_the_file(tmp_path: Path) -> None:
    log, path, secret = ExchangeLog(), tmp_path / "log.jsonl", 'plain"Secret\n-1234\u00e9'
    inner = json.dumps({"inner": json.dumps({"value": secret})}).encode()
    with writing(str(path), log, pytest.fail):
        log.append(replace(EXCHANGE, response_body=Body(inner, len(inner))))
        log.append(replace(EXCHANGE, id=2))
        clean = path.read_bytes().splitlines()[1]
        log.cover(needle(secret))
        log.append(replace(EXCHANGE, id=3))
        log.close()
    first, second, third = path.read_bytes().splitlines()
    assert json.loads(json.loads(json.loads(first)["response_body"]["text"])["inner"]) == {"value": fingerprint(secret)}
    assert second == clean
    assert json.loads(third)["id"] == 3


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious", encoding="utf-8")
    (tmp_path / "link").symlink_to(target)
    with (
        pytest.raises(UsageError, match="can't be written"),
        writing(str(tmp_path / "link"), ExchangeLog(), pytest.fail),
    ):
        pass
    assert target.read_text(encoding="utf-8") == "precious"


def test_no_file_is_written_for_no_name() -> None:
    log = ExchangeLog()
    with writing("", log, pytest.fail):
        log.append(EXCHANGE)


@pytest.mark.skipif(os.name != "posix", reason="needs limits of the operating system")
def test_a_full_disk_is_told_once_and_never_stops_the_job(tmp_path: Path) -> None:
    import resource

    log, path = ExchangeLog(), tmp_path / "log.jsonl"
    said: list[str] = []
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with writing(str(path), log, said.append):
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
        try:
            log.append(EXCHANGE)
            log.append(EXCHANGE)
            log.append(EXCHANGE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said == [f"{path} is incomplete: File too large"]
    assert len(log) == 3


@pytest.mark.skipif(os.name != "posix", reason="needs files of other kinds")
def test_other_kinds_of_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "one").write_text("precious", encoding="utf-8")
    os.link(tmp_path / "one", tmp_path / "two")
    for name in ("pipe", "folder", "two", "missing/log.jsonl"):
        with (
            pytest.raises(UsageError, match="can't be written"),
            writing(str(tmp_path / name), ExchangeLog(), pytest.fail),
        ):
            pass
    assert (tmp_path / "one").read_text(encoding="utf-8") == "precious"
