"""The journal of starts: durable, one open start a release, between processes too, and never a silent failure."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.store.ground import can_mount, full_disk, ground, mode
from tui.errors import Exit
from tui.intent import MOVES, OPEN, Intent, IntentState
from tui.store import journal as journal_module
from tui.store.errors import StoreError
from tui.store.journal import KEPT, NAME, IntentMovedError, IntentOpenError, Journal

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
INTENT = Intent(
    id="3b1d5c9e-0f6a-4f4e-9d43-6a0f6f2b7c11",
    tenant="https://x.test/a/b",
    folder="Finance",
    release_key="r-1",
    release_name="Invoice Intake",
    strategy="Specific",
    count=2,
    robot_ids=(4, 5),
    fence=100,
    body_hash="b" * 64,
    inputs_hash="c" * 64,
    reference="uipath-tui/3b1d5c9e-0f6a-4f4e-9d43-6a0f6f2b7c11",
)
OTHER = replace(INTENT, id="another", release_key="r-2")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state")


def test_a_start_comes_back_as_it_was_written(journal: Journal) -> None:
    journal.prepare(INTENT)
    journal.move(INTENT.id, IntentState.SENDING, tries=1, sent_at=NOW)
    journal.move(INTENT.id, IntentState.UNKNOWN, failed_at=NOW, cause="connection closed")
    wanted = replace(INTENT, state=IntentState.UNKNOWN, tries=1, sent_at=NOW, failed_at=NOW, cause="connection closed")
    again = Journal(journal.path.parent)
    assert again.open_in(INTENT.tenant) == (wanted,)
    assert again.open_for(INTENT.tenant, INTENT.release_key) == wanted
    assert again.open_for(INTENT.tenant, "r-9") is None
    assert again.open_in("https://elsewhere.test") == ()
    assert wanted.exact


def test_nothing_is_created_by_looking(journal: Journal) -> None:
    assert journal.open_in(INTENT.tenant) == ()
    assert journal.late(INTENT.tenant, NOW) == ()
    assert not journal.path.parent.exists()


def test_the_file_and_those_beside_it_are_the_persons_alone(journal: Journal) -> None:
    previous = os.umask(0)
    try:
        journal.prepare(INTENT)
    finally:
        os.umask(previous)
    if os.name == "posix":
        assert mode(journal.path.parent) == 0o700
        assert {mode(path) for path in journal.path.parent.iterdir()} == {0o600}


def test_commits_reach_the_disk_before_they_return(journal: Journal) -> None:
    journal.prepare(INTENT)
    with journal._transaction() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_second_start_is_refused_while_one_is_open(journal: Journal, state: IntentState) -> None:
    journal.prepare(INTENT)
    walk(journal, state)
    with pytest.raises(IntentOpenError) as refused:
        journal.prepare(replace(INTENT, id="second"))
    assert refused.value.intent.id == INTENT.id
    assert refused.value.failure.exit is Exit.REFUSED
    journal.prepare(OTHER)


@pytest.mark.parametrize("state", sorted(set(IntentState) - OPEN))
def test_another_start_is_let_through_once_one_is_settled(journal: Journal, state: IntentState) -> None:
    journal.prepare(INTENT)
    walk(journal, state)
    journal.prepare(replace(INTENT, id="second"))


def test_the_index_refuses_too(journal: Journal) -> None:
    journal.prepare(INTENT)
    connection = sqlite3.connect(journal.path)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(intents)")]
    rest = ", ".join(name for name in columns if name != "id")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"INSERT INTO intents (id, {rest}) SELECT 'second', {rest} FROM intents")  # noqa: S608
    connection.close()


def test_the_same_decision_is_written_once(journal: Journal) -> None:
    journal.prepare(INTENT)
    walk(journal, IntentState.REJECTED)
    with pytest.raises(StoreError, match="Not started"):
        journal.prepare(INTENT)


def walk(journal: Journal, state: IntentState) -> None:
    """Bring the sample to ``state`` by lawful moves."""
    ways: dict[IntentState, tuple[IntentState, ...]] = {
        IntentState.PREPARED: (),
        IntentState.NOT_SENT: (IntentState.NOT_SENT,),
        IntentState.SENDING: (IntentState.SENDING,),
        IntentState.ACCEPTED: (IntentState.SENDING, IntentState.ACCEPTED),
        IntentState.REJECTED: (IntentState.SENDING, IntentState.REJECTED),
        IntentState.UNKNOWN: (IntentState.SENDING, IntentState.UNKNOWN),
    }
    for step in ways.get(state, (IntentState.SENDING, IntentState.UNKNOWN, state)):
        journal.move(INTENT.id, step)


@pytest.mark.parametrize("before", IntentState)
@pytest.mark.parametrize("after", IntentState)
def test_only_lawful_arrows_are_written(journal: Journal, before: IntentState, after: IntentState) -> None:
    journal.prepare(INTENT)
    walk(journal, before)
    if after in MOVES[before] or after is before:
        assert journal.move(INTENT.id, after).state is after
    else:
        with pytest.raises(IntentMovedError):
            journal.move(INTENT.id, after)
        assert journal.find(INTENT.id).state is before


def test_what_an_ended_program_left_is_settled(journal: Journal) -> None:
    journal.prepare(INTENT)
    journal.prepare(OTHER)
    journal.move(OTHER.id, IntentState.SENDING, sent_at=NOW)
    journal.close()
    (left,) = Journal(journal.path.parent).open_in(INTENT.tenant)
    assert (left.id, left.state) == (OTHER.id, IntentState.UNKNOWN)
    assert left.failed_at is not None
    assert left.failed_at > NOW
    assert Journal(journal.path.parent).find(INTENT.id).state is IntentState.NOT_SENT


def test_what_a_living_program_is_at_is_left_to_it(journal: Journal) -> None:
    journal.prepare(INTENT)
    journal.move(INTENT.id, IntentState.SENDING)
    other = Journal(journal.path.parent)
    (seen,) = other.open_in(INTENT.tenant)
    assert (seen.state, seen.busy) == (IntentState.SENDING, True)
    with pytest.raises(IntentOpenError, match="right now"):
        other.prepare(replace(INTENT, id="second"))
    journal.move(INTENT.id, IntentState.ACCEPTED, jobs=(7,))
    other.prepare(replace(INTENT, id="second"))
    assert other.claimed(INTENT.tenant, "second") == {7}


def test_what_was_prepared_and_given_up_is_not_sent_any_more(journal: Journal) -> None:
    journal.prepare(INTENT)
    journal.done(INTENT.id)
    assert journal.open_for(INTENT.tenant, INTENT.release_key) is None
    with pytest.raises(IntentMovedError):
        journal.move(INTENT.id, IntentState.SENDING)


def test_a_killed_program_is_known_to_have_ended(journal: Journal) -> None:
    code = f"""
import os, signal
from pathlib import Path
from tests.unit.store.test_journal import INTENT
from tui.intent import IntentState
from tui.store.journal import Journal
journal = Journal(Path({str(journal.path.parent)!r}))
journal.prepare(INTENT)
journal.move(INTENT.id, IntentState.SENDING)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=60)
    (left,) = journal.open_in(INTENT.tenant)
    assert (left.state, left.busy) == (IntentState.UNKNOWN, False)


def test_starts_that_were_not_found_are_listed_for_a_day(journal: Journal) -> None:
    journal.prepare(INTENT)
    walk(journal, IntentState.UNKNOWN)
    journal.move(INTENT.id, IntentState.CLOSED, failed_at=NOW, again=True)
    assert [each.id for each in journal.late(INTENT.tenant, NOW)] == [INTENT.id]
    assert journal.late(INTENT.tenant, NOW.replace(hour=10)) == ()
    assert journal.open_in(INTENT.tenant) == ()


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\x07" * 4096])
def test_a_damaged_file_is_said_to_be_damaged(journal: Journal, content: bytes) -> None:
    journal.path.parent.mkdir(mode=0o700)
    journal.path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged") as failed:
        journal.prepare(INTENT)
    assert "Orchestrator" in failed.value.failure.next_step
    assert journal.path.read_bytes() == content


def test_a_file_of_a_newer_program_is_left_alone(journal: Journal) -> None:
    journal.prepare(INTENT)
    connection = sqlite3.connect(journal.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer uipath-tui"):
        Journal(journal.path.parent).open_in(INTENT.tenant)


def test_a_file_of_the_first_version_goes_on_with_what_it_holds(journal: Journal) -> None:
    marked = replace(INTENT, id="another", release_key="r-2", reference="uipath-tui/another", carrier="in_Note")
    journal.prepare(INTENT)
    connection = sqlite3.connect(journal.path)
    connection.execute("ALTER TABLE intents DROP COLUMN carrier")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    journal.close()
    again = Journal(journal.path.parent)
    assert again.find(INTENT.id) == replace(INTENT, state=IntentState.NOT_SENT)
    again.prepare(marked)
    assert again.find(marked.id) == marked
    assert Journal(journal.path.parent).find(INTENT.id).carrier == ""


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_in_its_place_is_refused(journal: Journal, tmp_path: Path) -> None:
    journal.path.parent.mkdir(mode=0o700)
    target = tmp_path / "elsewhere"
    target.touch()
    journal.path.symlink_to(target)
    with pytest.raises(StoreError, match="is a link"):
        journal.prepare(INTENT)
    assert target.read_bytes() == b""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_can_not_be_written_is_said() -> None:
    with ground() as made, made.unprivileged():
        journal = Journal(made.folder / "state")
        journal.prepare(INTENT)
        journal.close()
        for path in journal.path.parent.iterdir():
            path.chmod(0o400)
        journal.path.parent.chmod(0o500)
        with pytest.raises(StoreError):
            Journal(journal.path.parent).prepare(OTHER)


@pytest.mark.skipif(not can_mount(), reason="needs a disk of its own")
def test_a_full_disk_is_said_and_nothing_is_open() -> None:
    with ground() as made:
        place = made.folder / "disk"
        place.mkdir(mode=0o700)
        with full_disk(made, place) as fill:
            journal = Journal(place / "state")
            made.own(place)
            with made.unprivileged():
                fill()
                with pytest.raises(StoreError, match=r"full|written"):
                    journal.prepare(INTENT)


def test_a_temporary_journal_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    journal = Journal.temporary()
    journal.prepare(INTENT)
    assert journal.path.name == NAME
    journal.close()
    assert list(tmp_path.iterdir()) == []


def kept(journal: Journal) -> list[str]:
    with sqlite3.connect(journal.path) as connection:
        ids = [name for (name,) in connection.execute("SELECT id FROM intents ORDER BY rowid")]
    connection.close()
    return ids


def write(journal: Journal, name: str, *states: IntentState, at: datetime, tenant: str = INTENT.tenant) -> None:
    """Write down a start of a release of its own that went through ``states``."""
    journal.prepare(replace(INTENT, id=name, release_key=name, tenant=tenant))
    for state in states:
        journal.move(name, state, **({"sent_at": at} if state is IntentState.SENDING else {}))


SENT = (IntentState.SENDING, IntentState.ACCEPTED)


def test_settled_starts_go_after_their_time_and_open_ones_never(journal: Journal) -> None:
    old, young = NOW - KEPT - timedelta(seconds=1), NOW - KEPT + timedelta(seconds=1)
    write(journal, "accepted", *SENT, at=old)
    write(journal, "rejected", IntentState.SENDING, IntentState.REJECTED, at=old)
    write(journal, "unknown", IntentState.SENDING, IntentState.UNKNOWN, at=old)
    write(journal, "missing", IntentState.SENDING, IntentState.UNKNOWN, IntentState.NOT_FOUND, at=old)
    write(journal, "closed", IntentState.SENDING, IntentState.UNKNOWN, IntentState.CLOSED, at=old)
    write(journal, "young", *SENT, at=young)
    write(journal, "elsewhere", *SENT, at=old, tenant="https://other.test")
    write(journal, "unsent", IntentState.NOT_SENT, at=old)
    write(journal, "new", *SENT, at=NOW)
    assert kept(journal) == ["unknown", "missing", "young", "elsewhere", "unsent", "new"]


def test_too_many_settled_starts_go_and_those_still_looked_for_stay(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_KEPT", 3)
    write(journal, "closed", IntentState.SENDING, IntentState.UNKNOWN, IntentState.CLOSED, at=NOW)
    write(journal, "open", IntentState.SENDING, IntentState.UNKNOWN, at=NOW)
    for number in range(6):
        write(journal, str(number), *SENT, at=NOW)
    assert kept(journal) == ["closed", "open", "3", "4", "5"]
