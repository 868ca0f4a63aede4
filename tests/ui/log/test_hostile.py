"""Hostile server text through the log and many kinds of widget: nothing passes, runs or crashes."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from rich.text import Text
from textual.content import Content
from textual.widget import Widget
from textual.widgets import (
    Button,
    DataTable,
    Input,
    Label,
    Log,
    Markdown,
    OptionList,
    RichLog,
    Static,
    TextArea,
    Tree,
)

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Timing
from tui.widgets.log.exchange_view import ExchangeView
from tui.widgets.log.log_panel import LogPanel

PAYLOADS = [
    "\x1b]0;OWNED\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[6n",
    "\x1b]8;;http://evil\x1b\\t\x1b]8;;\x1b\\",
    "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\",
    "\x1bc",
    "\x9b31m\x9d0;x\x9c",
    "\r\x08\x0b\x0c\x00\x7f",
    "\u202eevil\u2066x",
    "\ud800",
]
ALL = "".join(PAYLOADS)


def raw(lines: list[str]) -> list[str]:
    return [c for line in lines for c in line if unicodedata.category(c) in {"Cc", "Cf", "Cs"}]


def bordered() -> Static:
    widget = Static(Content(ALL))
    widget.border_title = "title" + ALL.replace("[", "")
    widget.styles.border = ("round", "red")
    return widget


CARELESS: list[Callable[[], Widget]] = [
    lambda: Static(ALL, markup=False),
    lambda: Static(Content(ALL)),
    lambda: Static(Text(ALL)),
    lambda: Label(Text(ALL)),
    bordered,
    lambda: Button(Content(ALL)),
    lambda: Input(value=ALL),
    lambda: OptionList(Content(ALL)),
    lambda: TextArea(ALL),
    lambda: Markdown(ALL),
    lambda: Tree(Text(ALL)),
    DataTable[Text],
    Log,
    RichLog,
]
"""Widgets fed as someone would who forgot to clean."""


def fill(widget: Widget) -> None:
    """Hand hostile text to the widgets that take it only when they are shown."""
    if isinstance(widget, Log):
        widget.write_line(ALL)
    elif isinstance(widget, RichLog):
        widget.write(Text(ALL))
    elif isinstance(widget, DataTable):
        widget.add_column(Text("column" + ALL))
        widget.add_row(Text(ALL))


@pytest.mark.parametrize("make", CARELESS)
async def test_the_guard_holds_for_every_kind_of_widget(stage: Any, make: Callable[[], Widget]) -> None:
    app = stage(make)
    async with app.run_test(size=(100, 30)) as pilot:
        for widget in app.screen.walk_children(Widget):
            fill(widget)
        await pilot.pause()
        assert raw(app.lines()) == []
        assert any(line.strip() for line in app.lines())


async def test_the_guard_holds_for_notifications(stage: Any) -> None:
    app = stage(Static("below"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        app.notify(ALL, title=ALL, markup=False)
        await pilot.pause()
        assert raw(app.lines()) == []


async def test_every_text_of_an_exchange_is_shown_and_harmless(
    stage: Any, make_exchange: Any, hostile: str, until: Any
) -> None:
    body = Body(f'{{"{hostile}": "{hostile}"}}'.encode("utf-8", "surrogatepass"), 99, "application/json")
    exchange = make_exchange(
        1,
        method=hostile,
        url=f"https://{hostile}/{hostile}?{hostile}",
        reason=hostile,
        http_version=hostile,
        request_headers=((hostile, hostile),),
        response_headers=((hostile, hostile),),
        request_body=body,
        response_body=body,
        error=hostile,
        status=500,
        timing=Timing(total=1.0),
    )
    log = ExchangeLog()
    log.append(exchange)
    view = ExchangeView(exchange)
    app = stage(LogPanel(log), view)
    async with app.run_test(size=(120, 40)) as pilot:
        for section in ("Request", "Response", "Timing"):
            view.section = section
            for pretty in (True, False):
                view.pretty = pretty
                await pilot.pause()
                assert raw(app.lines()) == []
                if section != "Timing":
                    assert any("[/x][@click=app.boom]go[/]" in line for line in app.lines())
                    assert any("␛]0;OWNED␇" in line for line in app.lines())
            for x in range(2, 120, 13):
                await pilot.click(offset=(x, 22))
        assert app.booms == 0
