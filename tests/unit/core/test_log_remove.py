"""``uipath-tui log remove``: the named sessions go for good, one that may still run stays, a wrong number is told."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tui import paths
from tui.cli import options
from tui.cli.log import run
from tui.clock import SystemClock
from tui.errors import UiPathTuiError
from tui.exchanges.kept.archive import Archive
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.model import Body, Entry, Exchange, Purpose
from tui.runtime.keeping_log import log_file
from tui.settings import Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "state_folder", lambda: tmp_path)
    log_file().touch(0o600)
    for days in (3, 2, 0):
        store = ExchangeStore.open(log_file(), version="0", profile="p", complain=pytest.fail)
        assert store is not None
        when = SystemClock().now().astimezone(UTC) - timedelta(days=days)
        url = f"https://x.example/removed-{days}"
        found = Exchange(1, when, Purpose.WATCH, 1, "GET", url, (), Body(), 200)
        assert store.keep(found, Entry.of(found))
        store.close()
    return tmp_path


def left() -> list[int]:
    archive = Archive.open(log_file())
    try:
        return [session.id for session in archive.sessions()]
    finally:
        archive.close()


def remove(*numbers: str) -> int:
    return run(options.parser().parse_args(["log", "remove", *numbers]), Settings())


def test_sessions_go_and_nothing_of_them_stays_in_the_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert remove("1", "3") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Removed 1 session.",
        "3 may still run: those of the last hour always stay.",
    ]
    assert left() == [2, 3]
    assert not any(b"removed-3" in file.read_bytes() for file in home.iterdir())
    assert any(b"removed-2" in file.read_bytes() for file in home.iterdir())


def test_a_number_that_is_none_removes_nothing() -> None:
    with pytest.raises(UiPathTuiError):
        remove("1", "9")
    with pytest.raises(SystemExit):
        remove("0")
    assert left() == [1, 2, 3]
