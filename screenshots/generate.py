"""Draws every step of the demo into ``screenshots/*.svg``: ``uv run python screenshots/generate.py [THEME]``.

The demo world and its ids are the same in every run; times of day and durations are pinned in the drawing.
The job screen in each state (``job-*.svg``) is drawn too, in dark alone; ``states`` draws nothing else. The variable
``SCREENSHOTS`` names another folder.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from drawing import SIZE, runtime_for, save, until, use_greenwich
from job_states import draw_job_states
from textual.widgets import Input

from tui.app import UiPathApp
from tui.cli.demo import demo_settings, demo_tokens, serving
from tui.clock import SystemClock
from tui.exchanges.log import ExchangeLog
from tui.flow.state import Here
from tui.flow.states import Answers, SigningIn
from tui.settings import Settings
from tui.widgets.log.exchange_list import ExchangeList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot


async def draw(theme: str, suffix: str) -> None:
    """Walk through the demo and draw each step."""
    with serving("happy", 2.0) as summary:
        settings = demo_settings(replace(Settings(), deployment="cloud-2019"), summary)
        log = ExchangeLog()
        answers = Answers(deployment="cloud-2019", base_url=settings.base_url)
        state = SigningIn(answers=answers, prefilled=demo_tokens(summary))
        app = UiPathApp(
            state=state, load_runtime=lambda: runtime_for(settings, log, SystemClock()), log=log, theme=theme
        )
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
        app = UiPathApp(
            state=state, load_runtime=lambda: runtime_for(settings, log, SystemClock()), log=log, theme=theme
        )
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.screen.query("#save-as"))
            save(app, f"9-signing-in{suffix}")
            await pilot.press("shift+tab", "right", "enter")
            app.screen.query_one("#client-id", Input).value = summary["automation_cloud"]["public_client_id"]
            with patch("secrets.token_urlsafe", lambda size: "Simulated-" + "x" * size):
                await pilot.press("enter")
                await until(pilot, lambda: type(app.state).__name__ == "AwaitingBrowser")
            await pilot.press("ctrl+l")
            save(app, f"10-browser{suffix}")


async def walk(app: UiPathApp, pilot: Pilot[Any], suffix: str) -> None:
    """Press the keys of the whole job."""

    def reached(name: str) -> Callable[[], bool]:
        return lambda: type(app.state).__name__ == name and not (name != "Watching" and app.state.pending)

    await until(pilot, lambda: app.screen.query("#tenant"))
    save(app, f"1-sign-in{suffix}")
    await pilot.press("enter")
    await until(pilot, reached("ChoosingInstance"))
    save(app, f"2-instance{suffix}")
    await pilot.press("enter")
    await until(pilot, reached("ChoosingRelease"))
    await pilot.press("down", "down", "down", "down")
    await until(pilot, lambda: True)
    save(app, f"3-release{suffix}")
    await pilot.press("enter")
    await until(pilot, reached("PreparingStart"))
    save(app, f"4-start{suffix}")
    await pilot.press("f5")
    await until(pilot, lambda: reached("ConfirmingStart")() or app.state.__dict__.get("problems"))
    if not reached("ConfirmingStart")():
        await pilot.press(*"Inbox", "f5")
        await until(pilot, reached("ConfirmingStart"))
    save(app, f"5-question{suffix}")
    await pilot.press("enter")
    await until(pilot, lambda: "Running" in job_states(app))
    save(app, f"6-job-running{suffix}")
    await until(pilot, lambda: set(job_states(app)) == {"Successful"})
    app.clear_notifications()
    await until(pilot, lambda: True)
    save(app, f"7-job-ended{suffix}")
    app.screen.query_one(ExchangeList).focus()
    await pilot.press("home", *["down"] * 6, "enter")
    await until(pilot, lambda: True)
    save(app, f"8-exchange{suffix}")


def job_states(app: UiPathApp) -> list[str]:
    """Return the states of the watched jobs."""
    return [watched.job.state for watched in getattr(app.state, "jobs", ())]


if __name__ == "__main__":
    light = "light" in sys.argv[1:]
    wanted = ("uipath-light" if light else "uipath-dark", "-light" if light else "")
    use_greenwich()
    if "states" not in sys.argv[1:]:
        asyncio.run(draw(*wanted))
        asyncio.run(draw_signing_in(*wanted))
    if not light:
        asyncio.run(draw_job_states())
