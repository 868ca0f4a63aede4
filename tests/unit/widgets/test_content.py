"""Server words as content."""

import pytest
from rich.cells import cell_len

from tui.widgets.content import labelled, plain, state_content, state_look, status_content

STATES = ["Pending", "Running", "Resumed", "Suspended", "Stopping", "Terminating", "Successful", "Faulted", "Stopped"]


def test_states_differ_by_glyph_or_word_and_glyphs_are_one_cell() -> None:
    shown = [state_content(state).plain for state in STATES]
    assert len(set(shown)) == len(STATES)
    assert all(cell_len(state_look(state).glyph) == 1 for state in STATES)
    assert state_content("Faulted").plain == "✘ Faulted"


def test_an_unknown_state_is_shown_as_the_server_wrote_it() -> None:
    assert state_content("Hib[b]ernating\x1b").plain == "? Hib[b]ernating␛"
    assert state_content("").plain == "? unknown"


@pytest.mark.parametrize("text", ["[/x]", "[@click=app.quit]go[/]", "[b]a", "\x1b]0;x\x07", ":skull:"])
def test_markup_stays_text(text: str) -> None:
    for content in (plain(text), labelled("key", text), status_content(500, text)):
        assert content.plain.isprintable()
        assert text.split("\x1b")[0] in content.plain


def test_a_status_is_words_as_well_as_colour() -> None:
    assert status_content(201, "Created").plain == "✓ 201 Created"
    assert status_content(None).plain == "✘ no answer"
    assert status_content(409).plain == "✘ 409"
