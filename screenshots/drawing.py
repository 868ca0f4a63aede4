"""What every picture shares: its size, where it is written, how the program is opened, and how it is waited for."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tui.app import UiPathApp
    from tui.clock import Clock
    from tui.exchanges.log import ExchangeLog
    from tui.settings import Settings

FOLDER = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parent)
SIZE = (120, 36)
PATIENCE = 20.0
MOMENTS = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")
DATES = re.compile(r"\b[A-Z][a-z]{2},(&#160;|\s)\d\d(?:&#160;|\s)[A-Z][a-z]{2}(?:&#160;|\s)\d{4}")
TIMES = re.compile(r"\b\d\d:\d\d:\d\d\b")
MILLISECONDS = re.compile(r"\b\d+(?=(?:&#160;|\s)ms\b)")
PORT = re.compile(r"127\.0\.0\.1(:|%3A)\d{5}")
NAMES = re.compile(r"terminal-\d+")


def pinned(drawing: str, *, times: bool = True) -> str:
    """Return ``drawing`` with everything that differs from run to run made the same, width kept.

    ``times`` of day are left alone where a clock of our own tells them.
    """
    if times:
        drawing = MOMENTS.sub("2026-03-04T09:28:12.5000000Z", drawing)
        drawing = DATES.sub(r"Wed,\g<1>04\g<1>Mar\g<1>2026", drawing)
        drawing = TIMES.sub("09:28:12", drawing)
    drawing = MILLISECONDS.sub(lambda found: "42424"[: len(found[0])], drawing)
    drawing = PORT.sub(r"127.0.0.1\g<1>50412", drawing)
    return NAMES.sub("terminal-1", drawing)


def save(app: UiPathApp, name: str, *, times: bool = True) -> None:
    """Write the screen as it is now."""
    drawing = pinned(app.export_screenshot(title="uipath-tui"), times=times)
    (FOLDER / f"{name}.svg").write_text(drawing, encoding="utf-8")


async def until(pilot: Pilot[Any], condition: Callable[[], object], *, rest: float = 0.3) -> None:
    """Wait for ``condition``, at most `PATIENCE` seconds, then for a ``rest``."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not condition():
        if loop.time() > deadline:
            raise TimeoutError("the demo did not come this far")
        await pilot.pause(0.02)
    await pilot.pause(rest)


def runtime_for(settings: Settings, log: ExchangeLog, clock: Clock) -> Any:
    """Return a runtime that keeps nothing."""
    from tui.runtime.performer import Runtime
    from tui.runtime.session import Session

    return Runtime(settings=settings, session=Session(settings=settings, log=log, clock=clock), clock=clock)


def use_greenwich() -> None:
    """Tell every time of day in one zone, wherever the pictures are drawn."""
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()
