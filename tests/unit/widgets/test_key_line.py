"""The keys at the foot: whole ones only, help and quit always, a click presses, one that is off rings the bell."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot

from tui.widgets.key_line import ETC, Key, KeyLine, arranged

HELP, QUIT = Key("f1", "f1", "Help", "help", True, ""), Key("ctrl+q", "^q", "Quit", "app.quit", True, "")
PALETTE = Key("ctrl+p", "^p", "palette", "app.command_palette", True, "")
OWN = tuple(Key(f"f{n}", f"f{n}", word, word.lower(), True, "") for n, word in enumerate(("Start", "Form", "More"), 2))
CLOSE = Key("escape", "esc", "Close", "close", True, "")


def drawn(keys: tuple[Key, ...], width: int) -> str:
    line = [" "] * width
    for at, key in arranged(keys, width):
        text = ETC if key is None else f"{key.display} {key.description}"
        assert line[at : at + len(text)] == [" "] * len(text), "nothing is drawn over or beyond the end"
        line[at : at + len(text)] = text
    return "".join(line)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (43, "f2 Start f3 Form f4 More    f1 Help ^q Quit"),
        (40, "f2 Start f3 Form …       f1 Help ^q Quit"),
        (30, "f2 Start …     f1 Help ^q Quit"),
        (20, "…    f1 Help ^q Quit"),
    ],
)
def test_whole_keys_as_they_fit_and_the_way_out_always(width: int, line: str) -> None:
    assert drawn((*OWN, HELP, QUIT, PALETTE), width) == line


def test_the_palette_has_its_place_where_there_is_room() -> None:
    assert drawn((*OWN, HELP, QUIT, PALETTE), 100).endswith("f1 Help ^q Quit ^p palette ")
    assert "palette" not in drawn((*OWN, HELP, QUIT, PALETTE), 99)


def test_the_way_out_of_what_lies_over_a_step_is_never_left_out() -> None:
    assert drawn((*OWN, CLOSE, HELP), 29) == "f2 Start esc Close …  f1 Help"
    assert drawn((*OWN, CLOSE, HELP), 28) == "esc Close …          f1 Help"
    assert drawn((*OWN, CLOSE), 12) == "esc Close … "


class Bound(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "note('f2')", "Start", tooltip="Sends it"),
        Binding("f3", "off", "Form"),
        Binding("f9", "hidden", "Hidden", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        self.rung = 0
        self.off = True

    def compose(self) -> ComposeResult:
        yield KeyLine()

    def action_note(self, key: str) -> None:
        self.noted.append(key)

    def bell(self) -> None:
        self.rung += 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (None if self.off else False) if action == "off" else super().check_action(action, parameters)


def shown(line: KeyLine) -> list[str]:
    return [each.key.description for each in line.placed if each.key is not None]


async def click(pilot: Pilot[Any], line: KeyLine, words: str) -> None:
    place = next(each for each in line.placed if each.key is not None and each.key.description == words)
    await pilot.hover(line, offset=(place.at, 0))
    await pilot.click(line, offset=(place.end - 1, 0))
    await pilot.pause()


async def test_a_click_presses_the_key_and_one_that_is_off_rings() -> None:
    app = Bound()
    async with app.run_test(size=(110, 10)) as pilot:
        await pilot.pause()
        line = app.query_one(KeyLine)
        assert shown(line) == ["Start", "Form", "palette"]
        await click(pilot, line, "Start")
        assert (app.noted, app.rung) == (["f2"], 0)
        assert line.tooltip == "Sends it"
        await click(pilot, line, "Form")
        assert (app.noted, app.rung) == (["f2"], 1)
        assert not line.tooltip
        await pilot.click(line, offset=(50, 0))
        await pilot.pause()
        assert (app.noted, app.rung) == (["f2"], 1)


async def test_the_key_under_the_pointer_is_marked_and_no_other() -> None:
    app = Bound()
    async with app.run_test(size=(110, 10)) as pilot:
        await pilot.pause()
        line = app.query_one(KeyLine)

        def marks() -> dict[str, str]:
            return {segment.text: str(segment.style and segment.style.bgcolor) for segment in line.render_line(0)}

        before = marks()
        await pilot.hover(line, offset=(4, 0))
        await pilot.pause()
        assert {text for text, colour in marks().items() if colour != before[text]} == {"f2", " Start"}
        assert "000000" not in marks()["f2"]
        await pilot.hover(offset=(4, 2))
        await pilot.pause()
        assert marks() == before


async def test_the_line_follows_what_the_keys_do() -> None:
    app = Bound()
    async with app.run_test(size=(110, 10)) as pilot:
        await pilot.pause()
        line = app.query_one(KeyLine)
        app.off = False
        app.refresh_bindings()
        await pilot.pause()
        assert shown(line) == ["Start", "palette"]
        assert line.render_line(0).text.startswith("f2 Start")
