"""Text that a terminal can't be harmed by, and the formats of durations, sizes and times."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import text

DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Invoice Intake", "Invoice Intake"),
        ("\x1b]0;OWNED\x07", "␛]0;OWNED␇"),
        ("\x1b[2J", "␛[2J"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\x7fb", "a␡b"),
        ("a\tb", "a    b"),
        ("one\ntwo", "one␊two"),
        ("exe\u202ecod", "exe<U+202E>cod"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("lone \udce4", "lone <U+DCE4>"),
        ("[b]bold[/b]", "[b]bold[/b]"),
        ("Zażółć 🙂 ünï", "Zażółć 🙂 ünï"),
    ],
)
def test_clean_shows_what_would_be_interpreted(raw: str, shown: str) -> None:
    assert text.clean(raw) == shown


def test_many_lines_keep_their_breaks_and_one_line_does_not() -> None:
    assert text.clean("a\r\nb\nc\rd", multiline=True) == "a\nb\nc␍d"
    assert "\n" not in text.clean("a\nb")


def test_combining_marks_and_length_are_bounded() -> None:
    assert text.clean("a" + "\u0301" * 50) == "a" + "\u0301" * 4
    assert text.clean("x" * 5000, limit=100) == "x" * 100 + "…"


def test_colour_sequences_are_dropped_and_nothing_else() -> None:
    assert text.without_colours("\x1b[1;31mred\x1b[0m \x1b]0;t\x07") == "red \x1b]0;t\x07"


@given(st.text(alphabet=st.characters(), max_size=200), st.booleans())
def test_nothing_dangerous_is_left(raw: str, multiline: bool) -> None:
    allowed = {"\n"} if multiline else set[str]()
    shown = text.clean(raw, multiline=multiline)
    assert not [character for character in set(shown) - allowed if unicodedata.category(character) in DANGEROUS]
    assert text.clean(shown, multiline=multiline) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-1, "0 ms"),
        (0.0871, "87 ms"),
        (0.9996, "1.0 s"),
        (4.24, "4.2 s"),
        (59.97, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.9, "1 h 00 min"),
        (7800, "2 h 10 min"),
        (90_000, "1 d 01 h"),
    ],
)
def test_durations(seconds: float, shown: str) -> None:
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, "0 B"), (999, "999 B"), (4_700, "4.7 kB"), (31_200_000, "31.2 MB")])
def test_sizes(count: int, shown: str) -> None:
    assert text.size(count) == shown


def test_counts_and_missing_times() -> None:
    assert (text.counted(1, "job"), text.counted(2, "job"), text.counted(0, "try", "tries")) == (
        "1 job",
        "2 jobs",
        "0 tries",
    )
    assert (text.clock_time(None), text.day_and_time(None)) == ("–", "–")
    assert text.short_duration(3.6) == "4 s"
