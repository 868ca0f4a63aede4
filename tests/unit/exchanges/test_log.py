"""The log and its file: no listener reaches the recorder, no line is cut in silence."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.exchanges.share.jsonl import writing


def exchange(number: int, size: int = 0) -> Exchange:
    now = datetime(2019, 6, 12, tzinfo=UTC)
    return Exchange(number, now, Purpose.WATCH, 1, "GET", "https://x.example/", (), Body(b"x" * size, size))


def test_a_failing_listener_is_dropped_and_its_error_kept() -> None:
    log = ExchangeLog()
    heard: list[int] = []
    calls: list[int] = []

    def broken(found: Exchange) -> None:
        calls.append(found.id)
        raise ValueError("x")

    end = log.subscribe(broken)
    log.subscribe(lambda found: heard.append(found.id))
    log.append(exchange(1))
    log.append(exchange(2))
    end()
    assert calls == [1]
    assert heard == [1, 2]
    assert len(log) == 2
    assert [type(error) for error in log.failures] == [ValueError]


def test_an_interruption_in_a_listener_passes() -> None:
    log = ExchangeLog()

    def interrupted(_: Exchange) -> None:
        raise KeyboardInterrupt

    log.subscribe(interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.append(exchange(1))
    assert len(log) == 1
    assert log.failures == []


def test_large_lines_are_whole(tmp_path: Path) -> None:
    log, said = ExchangeLog(), list[str]()
    with writing(str(tmp_path / "log"), log, said.append):
        log.append(exchange(1, 3_000_000))
        log.append(exchange(2))
    lines = (tmp_path / "log").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert said == []


FULL_AT_10000 = """
import resource, sys
sys.path.insert(0, {here!r})
from test_log import ExchangeLog, exchange, writing
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
log, said = ExchangeLog(), []
with writing({path!r}, log, said.append):
    log.append(exchange(1, 20_000))
    assert len(said) == 1, said
    log.append(exchange(2))
print(*said)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
def test_a_line_that_is_written_in_part_is_complained_about_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    code = FULL_AT_10000.format(here=str(Path(__file__).parent), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{path} is incomplete: File too large"
    assert path.stat().st_size == 10_000
