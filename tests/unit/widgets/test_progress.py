"""Which terminals are told of progress, what they are told, and which settings say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flow_samples import sample

from tui.api.models import Job
from tui.errors import UsageError
from tui.flow import states as st
from tui.screens.job.announce import progress
from tui.settings import Settings, load
from tui.widgets.terminal import PROGRESS, shows_progress


@pytest.mark.parametrize(
    ("environment", "shows"),
    [
        ({}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"WT_SESSION": "a-guid"}, True),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM_PROGRAM": "ghostty"}, True),
        ({"ConEmuANSI": "ON"}, True),
        ({"ConEmuANSI": "OFF"}, False),
        ({"WT_SESSION": "a-guid", "TMUX": "/tmp/socket"}, False),
    ],
)
def test_only_terminals_known_to_show_progress_are_told(environment: dict[str, str], shows: bool) -> None:
    assert shows_progress(environment) is shows


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        (["Pending"], "wait"),
        (["Pending", "Running"], "busy"),
        (["Successful", "Running"], "busy"),
        (["Successful"], "good"),
        (["Successful", "Faulted"], "bad"),
        (["Teleported"], "busy"),
    ],
)
def test_progress_follows_the_states(states: list[str], kind: str) -> None:
    jobs = tuple(st.WatchedJob(job=Job(id=n, state=state)) for n, state in enumerate(states))
    assert progress(replace(sample(st.Watching), jobs=jobs)) == kind
    assert kind in PROGRESS


def test_announcements_are_set_by_name(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('announce_bell = "off"\n', encoding="utf-8")
    settings = load(file, {"UIPATH_TUI_ANNOUNCE_PROGRESS": "on"})
    assert settings == replace(Settings(), announce_bell="off", announce_progress="on")
    with pytest.raises(UsageError, match="announce_title"):
        load(file, {"UIPATH_TUI_ANNOUNCE_TITLE": "auto"})
