"""Orchestrator's address stands among the job's facts, and a key says or opens it."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import pytest
from scripted_runtime import ScriptedRuntime, job, make_app, on_screen, to_job, until

from tui.settings import Settings


@pytest.mark.parametrize("told_by", ["ssh", "settings"])
async def test_the_address_is_shown_and_told_where_no_browser_can_be_opened(
    told_by: str, monkeypatch: pytest.MonkeyPatch
):
    if told_by == "ssh":
        monkeypatch.setenv("SSH_CONNECTION", "made-up")
    settings = Settings(open_browser="never" if told_by == "settings" else "auto")
    app = make_app(ScriptedRuntime(jobs=(job(state="Successful"),)), settings=settings)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await to_job(pilot)
        await until(pilot, lambda: "Server" in on_screen(app) and "https://h" in on_screen(app))
        await pilot.press("b")
        await until(pilot, lambda: "Open this in a browser: https://h" in on_screen(app))
