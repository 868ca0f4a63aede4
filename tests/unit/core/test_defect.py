"""A defect is told by its places and its messages, and no message brings a secret with it."""

import pytest

from tui.secret import fingerprint
from tui.system.defect import lines_of, report_defect, without_secrets

TOKEN = "8xNotAToken0fAnybody-only_long_and_mixed_42"
HIDDEN = [
    TOKEN,
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ",
    f"rt_{'1f2e3d4c' * 8}-1",
    "Ym9ndXM6Ym9ndXM/Ym9ndXM+Ym9ndXM1MjM0NTY3ODk=",
    "0123456789abcdef0123456789abcdef",
]
NAMED = [
    ("Authorization: Bearer {}", "abc.def"),
    ("{{'access_token': '{}'}}", "short"),
    ('{{"refresh_token": "{}"}}', "short"),
    ("client_secret={}", "short"),
    ("at http://{}@proxy.example:3128/", "user:word"),
]
HARMLESS = [
    "be33946f-9337-5b59-849b-8822fd27e545",
    "[Errno 2] No such file or directory: '/home/somebody2/.config/uipath-tui/settings.toml'",
    "invalid literal for int() with base 10: 'x1'",
    "an_identifier_that_is_long_but_has_no_digit",
    "job 10173064 of 2019-06-12T09:28:12Z",
]


@pytest.mark.parametrize("secret", HIDDEN)
@pytest.mark.parametrize("around", ["{}", "no way with {}", "'{}' is unknown", "https://x.example/{}?a=1", "C:\\{}"])
def test_what_looks_like_a_secret_is_replaced(secret: str, around: str) -> None:
    told = without_secrets(around.format(secret))
    assert not any(secret[start : start + 12] in told for start in range(len(secret) - 11)), told
    assert without_secrets(told) == told


@pytest.mark.parametrize(("around", "secret"), NAMED)
def test_what_is_named_a_secret_is_replaced_however_short(around: str, secret: str) -> None:
    assert without_secrets(around.format(secret)) == around.format(fingerprint(secret))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_helps_stays(text: str) -> None:
    assert without_secrets(text) == text


def fail(held: str) -> None:
    local = f"{held} held"
    raise ValueError(f"no way with {local}")


def fail_in_two_ways(held: str) -> None:
    try:
        fail(held)
    except ValueError as error:
        error.add_note(f"noted {held}")
        raise ExceptionGroup("several", [error, KeyError(held)]) from OSError(held)


def test_everything_that_led_to_it_is_told_without_values() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        fail_in_two_ways(TOKEN)
    told = report_defect(caught.value)
    assert TOKEN not in told
    for kind in ("ExceptionGroup: several", "ValueError: no way with", "KeyError: ", "OSError: ", "noted "):
        assert kind in told
    assert "in fail\n" in told
    assert 'raise ValueError(f"no way with {local}")' in told, "places are told"


def test_the_last_line_says_what_to_do() -> None:
    group = ExceptionGroup("unhandled", [ValueError(f"Bearer {TOKEN}")])
    assert report_defect(group).splitlines()[-1] == (
        f"uipath-tui stopped over a defect of its own: ValueError: Bearer {fingerprint(TOKEN)}. "
        "Report it with the lines above."
    )


def test_a_message_can_not_reach_the_terminal_or_break_the_report() -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "a message that can't be read" in lines_of(BrokenError())
    assert lines_of(ValueError("\x1b]0;OWNED\x07")) == "ValueError: ␛]0;OWNED␇"
    assert len(report_defect(ValueError("word " * 100_000))) < 5_000
    looped = ValueError("a")
    looped.__cause__ = TypeError("b")
    looped.__cause__.__cause__ = looped
    assert lines_of(looped).count("ValueError") == 1


def test_a_secret_is_known_before_a_message_is_cut() -> None:
    told = lines_of(ValueError("." * 1_990 + " " + TOKEN))
    assert not any(TOKEN[start : start + 6] in told for start in range(len(TOKEN) - 5))
