"""The log beside a job: from a state to the call that told it and back, and a comment on it."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from datetime import timedelta

from scripted_runtime import NOW, ScriptedRuntime, at, make_app, on_screen, to_job, until

from tui.exchanges.model import Body, Exchange, Purpose


def call(number, url, purpose=Purpose.WATCH, text=b""):
    when = NOW + timedelta(seconds=number - 10)
    return Exchange(number, when, purpose, 1, "GET", url, (), Body(), 200, response_body=Body(text, len(text)))


async def test_from_a_state_to_its_call_and_back_with_a_comment_on_it():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        for number in range(1, 4):
            app.exchanges.append(call(number, f"https://x.test/odata/Releases?n={number}", Purpose.RELEASES))
        app.exchanges.append(call(4, "https://x.test/odata/Jobs(1)", text=b'{"Id":1,"State":"Pending"}'))
        app.exchanges.append(call(5, "https://x.test/odata/Releases?n=5", Purpose.RELEASES))
        await to_job(pilot)
        await until(pilot, lambda: app.screen.query("#log ExchangeList"))
        await pilot.press("g")
        log = app.screen.query_one("#log ExchangeList")
        await until(pilot, lambda: log.has_focus and log.highlighted_entry.id == 4)
        await pilot.press("M", "x", "enter")
        await until(pilot, lambda: "“x”" in on_screen(app))
        assert dict(app.exchanges.marks) == {4: "x"}
        await pilot.press("g")
        await until(pilot, lambda: app.screen.query_one("#robot-log").has_focus)
        log.focus()
        await pilot.press("home", "slash", *"number:5", "enter")
        await until(pilot, lambda: "1 of 5 calls" in on_screen(app))
        await pilot.press("g")
        assert log.has_focus  # the call is about no job
        app.screen.query_one("#robot-log").focus()
        await pilot.press("g")
        await until(pilot, lambda: log.has_focus and log.highlighted_entry and log.highlighted_entry.id == 4)
        assert "of 5 calls" not in on_screen(app)
        await until(pilot, at(pilot, "Watching"))


async def test_the_time_line_shown_in_place_of_the_facts_has_the_keys_and_begins_at_its_end():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(60, 15)) as pilot:
        await to_job(pilot)
        lines = app.screen.query_one("#robot-log")
        lines.set_rows([("09:00:00", "Info", f"line {number}") for number in range(40)])
        if lines.display and lines.has_focus:
            await pilot.press("v")
        await pilot.press("v")
        await until(pilot, lambda: lines.has_focus and lines.following and "line 39" in on_screen(app))
        await pilot.press("v")
        await until(pilot, lambda: app.screen.query_one("#job-left").has_focus)
