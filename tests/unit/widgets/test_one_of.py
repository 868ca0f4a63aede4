"""A few alternatives on one line: exactly one holds, whatever is offered, pressed or clicked."""

# pyright: basic, reportAttributeAccessIssue=false
import pytest
from textual.app import App

from tui.widgets.one_of import OneOf

ENTRIES = (("a", "First"), ("b", "Second [b]"), ("c", "Third"))


class Shown(App):
    """One line of alternatives, and what it said."""

    def __init__(self, entries=ENTRIES, width: int = 60) -> None:
        super().__init__()
        self.one = OneOf(entries, id="one")
        self.one.styles.width = width
        self.one.styles.height = 1
        self.said: list[str] = []

    def compose(self):
        yield self.one

    def on_one_of_changed(self, message: OneOf.Changed) -> None:
        self.said.append(f"changed {message.control.key}")

    def on_one_of_settled(self, message: OneOf.Settled) -> None:
        self.said.append(f"settled {message.control.key}")


def text(app: Shown) -> str:
    return app.one.render().plain


async def test_arrows_choose_at_once_and_go_round():
    app = Shown()
    async with app.run_test() as pilot:
        app.one.focus()
        await pilot.press("right", "space", "right", "left", "enter")
        assert app.said == ["changed b", "changed c", "changed a", "changed c", "settled c"]
        assert text(app) == "○ First   ○ Second [b]   ● Third"


async def test_choosing_by_program_says_nothing_and_an_unknown_key_changes_nothing():
    app = Shown()
    async with app.run_test() as pilot:
        app.one.choose("b")
        app.one.choose("nobody")
        await pilot.pause()
        assert (app.one.key, app.said) == ("b", [])


async def test_what_holds_stays_when_others_are_offered():
    app = Shown()
    async with app.run_test() as pilot:
        app.one.choose("c")
        app.one.offer([("c", "Third"), ("d", "Fourth")])
        assert app.one.key == "c"
        app.one.offer([("d", "Fourth"), ("e", "Fifth")])
        assert app.one.key == "d"
        app.one.offer([])
        await pilot.pause()
        assert (app.one.key, text(app)) == ("", "")
        app.one.focus()
        await pilot.press("right", "enter")
        assert app.said == ["settled "]


@pytest.mark.parametrize("width", [14, 20, 26])
async def test_what_holds_is_never_cut_off(width: int):
    app = Shown(width=width)
    async with app.run_test() as pilot:
        for key, title in ENTRIES:
            app.one.choose(key)
            await pilot.pause()
            assert f"● {title}" in text(app)[:width]
            assert text(app).startswith("‹ ") is ("First" not in text(app))


@pytest.mark.parametrize(
    ("width", "chosen", "column", "key"), [(60, "a", 11, "b"), (60, "a", 27, "c"), (20, "c", 3, "c")]
)
async def test_a_click_chooses_what_is_under_it(width: int, chosen: str, column: int, key: str):
    app = Shown(width=width)
    async with app.run_test() as pilot:
        app.one.choose(chosen)
        await pilot.pause()
        await pilot.click("#one", offset=(column, 0))
        await pilot.pause()
        assert app.one.key == key


async def test_a_click_between_two_chooses_nothing():
    app = Shown()
    async with app.run_test() as pilot:
        await pilot.click("#one", offset=(8, 0))
        await pilot.pause()
        assert (app.one.key, app.said) == ("a", [])
