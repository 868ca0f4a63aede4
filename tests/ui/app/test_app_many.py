"""500 jobs at once: what is read by turns is told, rows and counter follow, and a look costs little."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import time
from statistics import median

from scripted_runtime import ScriptedRuntime, job, make_app, on_screen, to_job, until

from tui.widgets.job_rows import JobRows

JOBS = 500
BUSY = 0.08
"""Seconds of a processor that one look may take, everything painted: 1.4 % of a core at one look in six seconds."""


async def cost_of_a_look(pilot, runtime):
    """Return the seconds of a processor that a look takes which brings 100 new states, everything painted."""
    app, costs = pilot.app, []
    for number in range(5):
        runtime.jobs = tuple(job(each, ("Running", "Pending")[number % 2]) for each in range(1, JOBS + 1))
        looks = app.state.polls
        began = time.process_time()
        await until(pilot, lambda looks=looks: app.state.polls >= looks + 2)
        costs.append((time.process_time() - began) / (app.state.polls - looks))
    print(f"{median(costs) * 1000:.0f} ms a look")
    return median(costs)


async def test_rows_and_counter_follow_what_is_read_by_turns():
    runtime = ScriptedRuntime(jobs=tuple(job(number, "Pending") for number in range(1, JOBS + 1)))
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        rows = app.screen.query_one(JobRows)
        rows.focus()
        rows.cursor = 300
        await until(pilot, lambda: app.state.selected == 300 and app.state.turns == 5)
        await until(pilot, lambda: "of 500 checked" in on_screen(app))
        assert "by turns, all in 30 s" in on_screen(app)
        offset = rows.scroll_offset.y
        runtime.jobs = tuple(job(number, "Running") for number in range(1, JOBS + 1))
        await until(pilot, lambda: 0 < sum(each.job.state == "Running" for each in app.state.jobs) < JOBS)
        await until(pilot, lambda: all(each.job.state == "Running" for each in app.state.jobs))
        await until(pilot, lambda: "500 jobs: ▸ 500 Running" in on_screen(app))
        assert await cost_of_a_look(pilot, runtime) < BUSY
        runtime.jobs = tuple(job(number, "Successful" if number > 90 else "Running") for number in range(1, JOBS + 1))
        await until(pilot, lambda: "410 Successful" in on_screen(app))
        await until(pilot, lambda: app.state.turns == 1)
        assert "by turns" not in on_screen(app)
        assert (app.focused, rows.cursor, rows.scroll_offset.y) == (rows, 300, offset)
