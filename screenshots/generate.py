"""Draws every step of the demo into ``screenshots/*.svg``: ``uv run python screenshots/generate.py [THEME]``.

The demo world and its ids are the same in every run; times of day and durations are pinned in the drawing.
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from textual.widgets import Input

from tui.app import UiPathApp
from tui.clock import SystemClock
from tui.demo import demo_settings, demo_tokens, serving
from tui.exchanges.log import ExchangeLog
from tui.flow.state import Here
from tui.flow.states import Answers, SigningIn
from tui.settings import Settings
from tui.widgets.exchange_list import ExchangeList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

FOLDER = Path(__file__).parent
SIZE = (120, 36)
PATIENCE = 20.0
MOMENTS = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")
DATES = re.compile(r"\b[A-Z][a-z]{2},(&#160;|\s)\d\d(?:&#160;|\s)[A-Z][a-z]{2}(?:&#160;|\s)\d{4}")
TIMES = re.compile(r"\b\d\d:\d\d:\d\d\b")
MILLISECONDS = re.compile(r"\b\d+(?=(?:&#160;|\s)ms\b)")
PORT = re.compile(r"127\.0\.0\.1(:|%3A)\d{5}")
NAMES = re.compile(r"terminal-\d+")


def pinned(drawing: str) -> str:
    """Return ``drawing`` with everything that differs from run to run made the same, width kept."""
    drawing = MOMENTS.sub("2026-03-04T09:28:12.5000000Z", drawing)
    drawing = DATES.sub(r"Wed,\g<1>04\g<1>Mar\g<1>2026", drawing)
    drawing = TIMES.sub("09:28:12", drawing)
    drawing = MILLISECONDS.sub(lambda found: "42424"[: len(found[0])], drawing)
    drawing = PORT.sub(r"127.0.0.1\g<1>50412", drawing)
    return NAMES.sub("terminal-1", drawing)


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait for ``condition``, at most `PATIENCE` seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not condition():
        if loop.time() > deadline:
            raise TimeoutError("the demo did not come this far")
        await pilot.pause(0.05)
    await pilot.pause(0.3)


async def draw(theme: str, suffix: str) -> None:
    """Walk through the demo and draw each step."""
    with serving("happy", 2.0) as summary:
        settings = demo_settings(replace(Settings(), deployment="cloud-2019"), summary)
        log = ExchangeLog()
        answers = Answers(deployment="cloud-2019", base_url=settings.base_url)
        state = SigningIn(answers=answers, prefilled=demo_tokens(summary))
        app = UiPathApp(state=state, load_runtime=lambda: runtime_for(settings, log), log=log, theme=theme)
        async with app.run_test(size=SIZE) as pilot:
            await walk(app, pilot, suffix)


async def draw_signing_in(theme: str, suffix: str) -> None:
    """Draw the form as a first session shows it, where secrets can be kept, and the browser sign-in."""
    with serving("happy", 2.0) as summary:
        settings = demo_settings(Settings(redirect_uri="http://127.0.0.1:0/", open_browser="never"), summary)
        here = Here(looked=True, key_store="Secret Service")
        answers = Answers(base_url=settings.base_url, here=here, save_as="default")
        state = SigningIn(answers=answers, redirect_uri="http://127.0.0.1:8765/")
        log = ExchangeLog()
        app = UiPathApp(state=state, load_runtime=lambda: runtime_for(settings, log), log=log, theme=theme)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.screen.query("#save-as"))
            save(app, "9-signing-in", suffix)
            await pilot.press("shift+tab", "right", "enter")
            app.screen.query_one("#client-id", Input).value = summary["automation_cloud"]["public_client_id"]
            with patch("secrets.token_urlsafe", lambda size: "Simulated-" + "x" * size):
                await pilot.press("enter")
                await until(pilot, lambda: type(app.state).__name__ == "AwaitingBrowser")
            await pilot.press("ctrl+l")
            save(app, "10-browser", suffix)


def runtime_for(settings: Settings, log: ExchangeLog) -> Any:
    """Return a runtime that keeps nothing."""
    from tui.runtime import Runtime
    from tui.session import Session

    clock = SystemClock()
    return Runtime(settings=settings, session=Session(settings=settings, log=log, clock=clock), clock=clock)


def save(app: UiPathApp, name: str, suffix: str) -> None:
    """Write the screen as it is now."""
    drawing = pinned(app.export_screenshot(title="uipath-tui"))
    (FOLDER / f"{name}{suffix}.svg").write_text(drawing, encoding="utf-8")


async def walk(app: UiPathApp, pilot: Pilot[Any], suffix: str) -> None:
    """Press the keys of the whole job."""

    def reached(name: str) -> Callable[[], bool]:
        return lambda: type(app.state).__name__ == name and not (name != "Watching" and app.state.pending)

    await until(pilot, lambda: app.screen.query("#tenant"))
    save(app, "1-sign-in", suffix)
    await pilot.press("enter")
    await until(pilot, reached("ChoosingInstance"))
    save(app, "2-instance", suffix)
    await pilot.press("enter")
    await until(pilot, reached("ChoosingRelease"))
    await pilot.press("down", "down", "down", "down")
    await until(pilot, lambda: True)
    save(app, "3-release", suffix)
    await pilot.press("enter")
    await until(pilot, reached("PreparingStart"))
    save(app, "4-start", suffix)
    await pilot.press("f5")
    await until(pilot, lambda: reached("ConfirmingStart")() or app.state.__dict__.get("problems"))
    if not reached("ConfirmingStart")():
        await pilot.press(*"Inbox", "f5")
        await until(pilot, reached("ConfirmingStart"))
    save(app, "5-question", suffix)
    await pilot.press("enter")
    await until(pilot, lambda: "Running" in job_states(app))
    save(app, "6-job-running", suffix)
    await until(pilot, lambda: set(job_states(app)) == {"Successful"})
    app.clear_notifications()
    await until(pilot, lambda: True)
    save(app, "7-job-ended", suffix)
    app.screen.query_one(ExchangeList).focus()
    await pilot.press("home", *["down"] * 6, "enter")
    await until(pilot, lambda: True)
    save(app, "8-exchange", suffix)


def job_states(app: UiPathApp) -> list[str]:
    """Return the states of the watched jobs."""
    return [watched.job.state for watched in getattr(app.state, "jobs", ())]


if __name__ == "__main__":
    light = "light" in sys.argv[1:]
    wanted = ("uipath-light" if light else "uipath-dark", "-light" if light else "")
    asyncio.run(draw(*wanted))
    asyncio.run(draw_signing_in(*wanted))
