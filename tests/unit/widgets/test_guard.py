"""The filter before the terminal: nothing hostile passes, nothing harmless changes, no line grows."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from tui.widgets.guard import TerminalGuard

BLACK = Color(0, 0, 0)
PAYLOADS = [
    "\x1b]0;OWNED\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[6n",
    "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\",
    "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\",
    "\x1bc",
    "\x9b31m",
    "\x9d0;x\x9c",
    "a\rb\x08c\x00\x7f",
    "\u202eevil\u202c",
    "\u2066iso\u2069\u200b",
    "\ud800\udfff",
    "line\u2028break\n\t",
]


def guarded(*segments: Segment) -> list[Segment]:
    return TerminalGuard().apply(list(segments), BLACK)


def dangerous(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202e\u2066\u200b"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_every_payload_becomes_visible_symbols(payload: str) -> None:
    out = guarded(Segment(payload), Segment(" " * 30))
    assert not dangerous("".join(segment.text for segment in out))


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_a_line_keeps_its_width_with_and_without_blanks_to_take(payload: str) -> None:
    for rest in (" " * 30, "│"):
        before = [Segment("│"), Segment(payload), Segment(rest)]
        after = guarded(*before)
        assert sum(cell_len(s.text) for s in after) == sum(cell_len(s.text) for s in before)
        assert after[0].text == "│"
        assert after[-1].text.endswith(rest.strip())


@given(st.text(alphabet=st.characters(), max_size=40), st.integers(0, 10))
def test_any_text_passes_harmless_and_as_wide(text: str, blanks: int) -> None:
    before = [Segment(text), Segment(" " * blanks)]
    after = guarded(*before)
    assert not dangerous("".join(segment.text for segment in after))
    assert sum(cell_len(s.text) for s in after) == sum(cell_len(s.text) for s in before)


def test_harmless_segments_are_returned_as_they_are() -> None:
    segments = [Segment("[b]plain[/b] "), Segment("日本語 ✔ │"), Segment("👩\u200d💻 ".rstrip())]
    assert guarded(*segments) == segments


def test_control_segments_of_the_toolkit_stay() -> None:
    control = Segment("\x1b[H", None, [(ControlType.HOME,)])
    assert guarded(Segment("\x1b"), control, Segment("  "))[-2] is control


def test_a_link_that_carries_an_escape_is_dropped() -> None:
    (segment,) = guarded(Segment("click", Style(link="http://x\x1b]0;OWNED\x07")))
    assert segment.style is not None
    assert segment.style.link is None
