"""Settings from the file and the environment, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui import theme
from tui.errors import Exit, UsageError
from tui.settings import THEMES, Settings, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_nothing_set_gives_the_defaults(file: Path) -> None:
    assert load(file, {}) == Settings()


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text('deployment = "cloud-2019"\ntheme = "uipath-light"\n', encoding="utf-8")
    settings = load(file, {"UIPATH_TUI_DEPLOYMENT": "standalone", "UIPATH_TUI_TOKEN": "ignored here"})
    assert (settings.deployment, settings.theme) == ("standalone", "uipath-light")


def test_numbers_may_stand_bare_or_in_quotes(file: Path) -> None:
    file.write_text('log = "off"\nlog_days = 7\nlog_megabytes = "20"\n', encoding="utf-8")
    settings = load(file, {"UIPATH_TUI_LOG_DAYS": "8"})
    assert (settings.log, settings.log_days, settings.log_megabytes) == ("off", 8, 20)


def test_a_table_says_which_argument_carries_the_mark_of_a_releases_starts(file: Path) -> None:
    file.write_text(
        'theme = "uipath-light"\n[correlation]\n"Payroll Export" = "in_Note"\nr-1 = "in_Ref"\n', encoding="utf-8"
    )
    settings = load(file, {"UIPATH_TUI_CORRELATION": "no table"})
    assert settings.correlation == (("Payroll Export", "in_Note"), ("r-1", "in_Ref"))
    assert settings.theme == "uipath-light"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'correlation = "in_Note"', "no table of releases"),
        (b"correlation = 3", "no table of releases"),
        (b'[correlation]\n"Payroll" = 3', "no table of releases"),
        (b'[correlation]\n"Payroll" = ""', "no table of releases"),
        (b'[correlation]\n"" = "in_Note"', "no table of releases"),
        (b"deployment = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b'deploymint = "x"', "does not exist"),
        (b"theme = 3", "not text"),
        (b'theme = "solarized"', "Use one of uipath-dark, uipath-light"),
        (b'address_form = "sideways"', "sideways"),
        (b'log = "perhaps"', "perhaps"),
        (b"log = true", "not text"),
        (b"log_days = 0", "whole number"),
        (b"log_days = true", "not text"),
        (b'log_megabytes = "12e4"', "whole number"),
        (b'log_arguments = "all"', "all"),
    ],
)
def test_a_wrong_file_is_explained(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        load(file, {})
    assert caught.value.failure.exit is Exit.USAGE
    assert caught.value.failure.next_step


def test_the_themes_to_choose_from_are_those_there_are() -> None:
    assert {known.name for known in theme.THEMES} == set(THEMES)


def test_an_unreadable_file_is_explained(file: Path) -> None:
    file.mkdir()
    with pytest.raises(UsageError, match="can't be read"):
        load(file, {})
