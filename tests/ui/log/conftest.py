"""Made-up exchanges, hostile ones among them, and an app that shows the log's widgets behind the guard."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from tui.exchanges.model import Body, Exchange, Purpose, Timing
from tui.widgets.guard import TerminalGuard
from tui.widgets.log.exchange_list import ExchangeList
from tui.widgets.log.log_panel import LogPanel

BASE = "https://cloud.uipath.com/acme/prod/orchestrator_/odata"
HOSTILE = "\x1b]0;OWNED\x07\x9b31m[/x][@click=app.boom]go[/]\u202e\ud800"


class Stage(App[None]):
    """Shows widgets, keeps the messages that reach it, counts an action no text may run."""

    def __init__(self, *widgets: Widget | Callable[[], Widget]) -> None:
        super().__init__()
        self.shown = widgets
        self.heard: list[Message] = []
        self.booms = 0
        self._guard = TerminalGuard()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._guard]

    def compose(self) -> ComposeResult:
        for shown in self.shown:
            yield shown if isinstance(shown, Widget) else shown()

    def action_boom(self) -> None:
        self.booms += 1

    @on(ExchangeList.Highlighted)
    @on(ExchangeList.Opened)
    @on(LogPanel.OpenRequested)
    @on(LogPanel.ExportRequested)
    @on(LogPanel.Highlighted)
    def hear(self, message: Message) -> None:
        self.heard.append(message)

    def lines(self) -> list[str]:
        """The screen as the terminal gets it, line by line."""
        strips = self.screen._compositor.render_strips(self.size)  # pyright: ignore[reportPrivateUsage]
        return [strip.text.rstrip() for strip in strips]


async def wait_until(pilot: Pilot[None], condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let the app work until ``condition`` holds; fail at the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        await pilot.pause()


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    return wait_until


@pytest.fixture
def stage() -> type[Stage]:
    return Stage


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def make_exchange() -> Callable[..., Exchange]:
    def make(number: int = 1, **changes: Any) -> Exchange:
        values: dict[str, Any] = {
            "id": number,
            "started_at": datetime(2026, 11, 23, 9, 28, 12, tzinfo=UTC) + timedelta(seconds=number),
            "purpose": Purpose.RELEASES,
            "attempt": 1,
            "method": "GET",
            "url": f"{BASE}/Releases?$top={number}",
            "request_headers": (("Accept", "application/json"),),
            "request_body": Body(),
            "status": 200,
            "reason": "OK",
            "http_version": "HTTP/1.1",
            "response_headers": (("Content-Type", "application/json"),),
            "timing": Timing(send=0.001, wait=0.08, receive=0.01, total=0.091),
        }
        return Exchange(**{**values, **changes})

    return make


@pytest.fixture
def make_poll(make_exchange: Callable[..., Exchange]) -> Callable[..., Exchange]:
    def make(number: int, **changes: Any) -> Exchange:
        return make_exchange(number, **{"purpose": Purpose.WATCH, "url": f"{BASE}/Jobs(7)", **changes})

    return make
