"""A hundred thousand attacking texts through what makes text harmless, and through the guard behind it."""

import random
import unicodedata

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.content import Content

from tests.e2e.hostile.payloads import PAYLOADS, attack
from tui.api.names import clean_name, raw_of
from tui.text import clean, without_colours
from tui.widgets.content import plain
from tui.widgets.guard import TerminalGuard

BANNED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}
COUNT = 100_000
SAMPLE = 2_000


def dangerous(text: str) -> list[str]:
    return [letter for letter in text if unicodedata.category(letter) in BANNED]


def kept_brackets(text: str) -> str:
    """Return what of ``text`` no cleaning has a reason to change."""
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable())


def check(text: str, guard: TerminalGuard) -> None:
    shown = clean(text)
    assert dangerous(shown) == []
    rest = iter(shown)
    assert all(letter in rest for letter in kept_brackets(text)), "every printable letter, in order"
    assert clean(shown) == shown, "harmless text stays as it is"
    assert set(dangerous(clean(without_colours(text), multiline=True))) <= {"\n"}
    assert raw_of(clean_name(text)) == text
    assert plain(text).plain == shown, "brackets are letters"
    assert Content(shown).plain == shown
    (guarded,) = guard.apply([Segment(text)], Color(0, 0, 0)) or [Segment("")]
    assert set(dangerous(guarded.text)) <= JOINERS
    # How wide a joiner makes its neighbours is the toolkit's guess; cleaned text has none.
    assert set(text) & JOINERS or cell_len(guarded.text) <= cell_len(text)


def run(count: int) -> None:
    rng, guard = random.Random(20190612), TerminalGuard()
    for _ in range(count):
        check(attack(rng), guard)


def test_there_are_thirty_payloads_and_each_is_made_harmless() -> None:
    assert len(set(PAYLOADS)) == 30
    for payload in PAYLOADS:
        check(payload, TerminalGuard())


def test_random_texts_are_harmless() -> None:
    run(SAMPLE)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_100000_random_texts_are_harmless() -> None:
    run(COUNT)


def test_the_check_finds_what_is_not_cleaned() -> None:
    for payload in PAYLOADS:
        assert payload.isprintable() or dangerous(payload) or clean(payload) != payload
    assert dangerous("\x1b]0;x\x07") == ["\x1b", "\x07"]
