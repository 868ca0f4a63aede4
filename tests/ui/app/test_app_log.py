"""The log beside a job: from a line of it to the call that brought it and back, and a comment on it."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from datetime import timedelta

from scripted_runtime import NOW, ScriptedRuntime, at, make_app, on_screen, to_job, until

from tui.api.models import Job, RobotLog
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


KEY = "4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10"


async def test_from_a_line_of_the_robot_log_to_the_call_that_brought_it_and_back_to_that_line():
    at_second = [NOW + timedelta(seconds=second) for second in range(4)]
    running = Job(id=1, key=KEY, state="Running", release_name="Process", creation_time=NOW, start_time=NOW)
    logs = tuple(RobotLog(time_stamp=each, level="Info", message=f"said at {each:%S}") for each in at_second[1:])
    app = make_app(ScriptedRuntime(jobs=(running,), logs=logs))

    def brought(number, *times):
        rows = ",".join(f'{{"TimeStamp":"{each.isoformat()}","Message":"x"}}' for each in times)
        url = f"https://x.test/odata/RobotLogs?$filter=JobKey%20eq%20{KEY}"
        return call(number, url, Purpose.LOGS, f'{{"value":[{rows}]}}'.encode())

    async with app.run_test(size=(120, 36)) as pilot:
        app.exchanges.append(call(1, "https://x.test/odata/Jobs(1)", text=b'{"Id":1,"State":"Running"}'))
        app.exchanges.append(call(12, "https://x.test/odata/Jobs(1)", text=b'{"Id":1,"State":"Running"}'))
        app.exchanges.append(brought(13, at_second[1], at_second[2]))
        app.exchanges.append(brought(15, at_second[2], at_second[3]))
        await to_job(pilot)
        await until(pilot, lambda: "said at 15" in on_screen(app) and app.screen.query("#log ExchangeList"))
        lines, log = app.screen.query_one("#robot-log"), app.screen.query_one("#log ExchangeList")

        def marked():
            return lines.row_text(lines.cursor).split()[-1]

        for said, number in (("15", 15), ("14", 13), ("13", 13)):
            lines.focus()
            await pilot.press("end", "up") if number == 13 else await pilot.press("end")
            if said == "13":
                await pilot.press("up")
            await until(pilot, lambda said=said: marked() == said)
            await pilot.press("g")
            await until(pilot, lambda number=number: log.has_focus and log.highlighted_entry.id == number)
            await pilot.press("g")
            await until(pilot, lambda: lines.has_focus)
            assert marked() == said
        lines.action_first()
        log.focus()
        log.select(15)
        await pilot.press("g")
        await until(pilot, lambda: lines.has_focus and marked() == "14")
