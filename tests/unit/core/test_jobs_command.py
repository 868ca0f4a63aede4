"""What ``uipath-tui jobs`` is asked to do: arguments in, an order for the line-by-line twin out."""

import io
import sys
from pathlib import Path

import pytest

from tui import paths
from tui.cli import options
from tui.cli.jobs import jobs_order
from tui.errors import Exit, UsageError
from tui.settings import Settings
from tui.twin.choices_jobs import JobsWish
from tui.twin.orders import Order

KEY = "3249d346-7bce-5b09-8abe-690f76180b34"


@pytest.fixture(autouse=True)
def piped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile file of one's own, and a token on standard input."""
    monkeypatch.setattr(paths, "profiles_file", lambda: tmp_path / "profiles.toml")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"an-invented-token-77"), encoding="utf-8"))


def ordered(*arguments: str) -> Order:
    return jobs_order(options.parser().parse_args(["jobs", "--token-stdin", *arguments]), Settings())


def test_without_a_token_it_says_how_to_pipe_one_into_this_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n"), encoding="utf-8"))
    with pytest.raises(UsageError, match="uipath-tui jobs --token-stdin < FILE"):
        ordered()


@pytest.mark.parametrize(
    ("arguments", "wish"),
    [
        ((), JobsWish()),
        (("--state", "faulted", "--limit", "5"), JobsWish("Faulted", 5)),
        (("--state", "Unfinished"), JobsWish("unfinished")),
        (("--watch", "10173064"), JobsWish(job_id=10173064)),
        (("--watch", "{" + KEY.upper() + "}"), JobsWish(key=KEY)),
        (("--compare", KEY), JobsWish(key=KEY, compare=True)),
    ],
)
def test_what_is_wanted(arguments: tuple[str, ...], wish: JobsWish) -> None:
    assert ordered(*arguments).wishes.jobs == wish


def test_the_place_is_named_as_for_a_start() -> None:
    found = ordered("--account", "acme", "--instance", "main", "--folder", "Fin/In", "--json", "--log", "x.jsonl")
    wishes = found.wishes
    assert (wishes.account, wishes.instance, wishes.folder) == ("acme", "main", "Fin/In")
    assert (found.as_json, found.log_file, found.follow) == (True, "x.jsonl", True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--state", "Broken"),
        ("--limit", "0"),
        ("--limit", "101"),
        ("--watch", "abc"),
        ("--compare", "0"),
        ("--watch", " "),
    ],
)
def test_what_can_t_be_meant_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as error:
        ordered(*arguments)
    assert error.value.failure.exit is Exit.USAGE


def test_one_job_at_a_time() -> None:
    with pytest.raises(SystemExit):
        ordered("--watch", "1", "--compare", "2")
