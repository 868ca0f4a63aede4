"""What the application prints when it ends over a defect."""

from tui.secret import fingerprint
from tui.widgets.terminal import traceback_without_locals

TOKEN = "8xNotAToken0fAnybody-only_long_and_mixed_42"


def test_a_crash_report_has_places_and_no_secrets() -> None:
    try:
        held = f"no way with {TOKEN}"
        raise ValueError(held)
    except ValueError:
        (segment,) = traceback_without_locals().segments
    assert "in test_a_crash_report_has_places_and_no_secrets" in segment.text
    assert f"ValueError: no way with {fingerprint(TOKEN)}\n" in segment.text
    assert TOKEN not in segment.text


def test_without_a_crash_there_is_nothing_to_tell() -> None:
    (segment,) = traceback_without_locals().segments
    assert segment.text == "\n"
