"""The filter's field: no letter lays the screen out, and a text longer than the field still scrolls."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from tui.widgets.filter_field import FilterField


class OneField(App[None]):
    """A field of 20 cells."""

    CSS = "FilterField { width: 20; border: none; height: 1; padding: 0; }"

    def compose(self) -> ComposeResult:
        yield FilterField()


async def test_no_letter_lays_the_screen_out(monkeypatch: pytest.MonkeyPatch) -> None:
    layouts: list[object] = []
    whole = Screen._refresh_layout

    def counted(screen: Screen[None], *arguments: object, **named: object) -> None:
        layouts.append(screen)
        whole(screen, *arguments, **named)  # pyright: ignore[reportArgumentType]

    app = OneField()
    async with app.run_test() as pilot:
        await pilot.pause()
        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await pilot.press(*"claims")
        await pilot.pause()
        assert app.query_one(FilterField).value == "claims"
        assert not layouts


async def test_a_long_text_scrolls_to_the_cursor_and_back() -> None:
    app = OneField()
    async with app.run_test() as pilot:
        await pilot.press(*("abcdefghij" * 4))
        await pilot.pause()
        field = app.query_one(FilterField)
        assert field.scroll_offset.x > 0
        assert field.render_line(0).text.rstrip().endswith("j")
        await pilot.press("home")
        await pilot.pause()
        assert field.scroll_offset.x == 0
        assert field.render_line(0).text.startswith("abc")
